"""A mark beside the scene's name while something about it should be known."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from ui.icons import pixmap
from ui.theme import ALARM

_SIDE_PX = 18


class SceneWarning(QToolButton):
    """Hidden while there is nothing to say; a click says it at full length."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentences: tuple[str, ...] = ()
        self.setIcon(QIcon(pixmap("alert-octagon", _SIDE_PX, ALARM, self.devicePixelRatio())))
        self.setIconSize(QSize(_SIDE_PX, _SIDE_PX))
        self.clicked.connect(self._tell)
        self.show_sentences(())

    def show_sentences(self, sentences: Sequence[str]) -> None:
        """Show that there are these to be read."""
        self.sentences = tuple(sentences)
        self.setVisible(bool(self.sentences))
        self.setToolTip("\n".join(self.sentences) or "All is well with this scene")
        self.setAccessibleName(f"About this scene: {' '.join(self.sentences) or 'all is well'}")

    def _tell(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for sentence in self.sentences:
            menu.addAction(sentence)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
