"""A tab that opens under the mouse, and by itself when something is dragged on to it."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QIcon
from PySide6.QtWidgets import QPushButton, QWidget

from ui import theme
from ui.icons import pixmap
from ui.theme import QUIET, TEXT

_REST_MS = 300
"""Passing over a tab opens nothing."""


class TabButton(QPushButton):
    """One of several; what is dragged may be dropped on the page that it opens."""

    def __init__(
        self, words: str, about: str, mark: str = "", parent: QWidget | None = None
    ) -> None:
        """With the name of an icon as its `mark`, it stands in place of the words."""
        super().__init__("" if mark else words, parent)
        if mark:
            self._show_mark(mark)
        self.setObjectName("tab")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setToolTip(about)
        self.setAccessibleName(f"Tab {words}")
        self.setAcceptDrops(True)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.click)

    def _show_mark(self, mark: str) -> None:
        made = QIcon()
        for state, tint in ((QIcon.State.Off, QUIET), (QIcon.State.On, TEXT)):
            made.addPixmap(pixmap(mark, 18, tint, 2), QIcon.Mode.Normal, state)
        self.setIcon(made)
        theme.set_size(self, width=24)

    def rest(self, on: bool) -> None:
        """Something is dragged over it, or no longer."""
        if on and not self.isChecked():
            self._rest.start()
        else:
            self._rest.stop()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.accept()
        self.rest(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.rest(False)
