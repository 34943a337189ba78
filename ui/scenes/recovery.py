"""One quiet line at the start, where a session did not end as it should."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from studio.presets.autosave import SavedState
from studio.scenes.repertoire import Repertoire
from ui import theme
from ui.theme import ACCENT, HAIRLINE, RAISED, STEP

_SHEET = f"""
#recovery {{ background: {RAISED}; border-bottom: 1px solid {HAIRLINE}; }}
#recovery QLabel {{ color: {ACCENT}; }}
"""


class Recovery(QWidget):
    """Offers the newest state that was left; when the artist has chosen, the one before it."""

    def __init__(self, repertoire: Repertoire, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._repertoire = repertoire
        self.setObjectName("recovery")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme.dress(self, _SHEET)
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.back = QPushButton("Restore")
        self.gone = QPushButton("Discard")
        for button in (self.back, self.gone):
            button.setObjectName("tool")
            button.setAccessibleName(button.text())
        self.back.setToolTip("Show the scene as it was; Undo goes back")
        self.gone.setToolTip("Delete what was kept, and go on with this scene")
        self.back.clicked.connect(self._bring_back)
        self.gone.clicked.connect(self._let_go)
        line = QHBoxLayout(self)
        line.setContentsMargins(2 * STEP, STEP // 2, 2 * STEP, STEP // 2)
        line.addWidget(self.words, 1)
        line.addWidget(self.back)
        line.addWidget(self.gone)
        repertoire.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what was left, or nothing."""
        left = self._newest()
        self.setVisible(left is not None)
        if left is not None:
            at = f"{left.saved_at.astimezone():%H:%M on %d %B}"
            self.words.setText(f"Latent Loom closed unexpectedly at {at}. Your work was kept.")

    def _newest(self) -> SavedState | None:
        return self._repertoire.recovery.left[0] if self._repertoire.recovery.left else None

    def _bring_back(self) -> None:
        left = self._newest()
        if left is not None:
            self._repertoire.recovery.bring_back(left)

    def _let_go(self) -> None:
        left = self._newest()
        if left is not None:
            self._repertoire.recovery.let_go(left)

    def close_down(self) -> None:
        """Listen to nothing any more."""
        self._repertoire.changed.disconnect(self.refresh, missing_ok=True)
