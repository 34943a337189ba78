"""What has just been done, with a button that undoes it; else how much there is to see."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from ui.widgets.form import quiet


class UndoLine(QWidget):
    """What was offered stays until it is taken or something newer is done."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._take_back: Callable[[], object] | None = None
        self.words = quiet()
        self.undo = QPushButton("Undo")
        self.undo.setObjectName("tool")
        self.undo.setAccessibleName("Undo")
        self.undo.setToolTip("Undo what was just done on the shelf")
        self.undo.hide()
        self.undo.clicked.connect(self._undo)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.words, 1)
        line.addWidget(self.undo)

    def say(self, words: str) -> None:
        """Show how much there is, unless something can be undone."""
        if self._take_back is None:
            self.words.setText(words)

    def offer(self, words: str, take_back: Callable[[], object]) -> None:
        """Say what has been done, and that `take_back` undoes it."""
        self._take_back = take_back
        self.words.setText(words)
        self.undo.setAccessibleName(f"Undo: {words}")
        self.undo.setToolTip(f"Undo: {words}")
        self.undo.show()

    def _undo(self) -> None:
        take_back, self._take_back = self._take_back, None
        self.undo.hide()
        self.words.setText("")
        if take_back is not None:
            take_back()
