"""A tab that opens under the mouse, and by itself when something is dragged on to it."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent
from PySide6.QtWidgets import QPushButton, QWidget

_REST_MS = 300
"""Passing over a tab opens nothing."""


class TabButton(QPushButton):
    """One of several; what is dragged may be dropped on the page that it opens."""

    def __init__(self, words: str, about: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.setObjectName("tab")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setToolTip(about)
        self.setAccessibleName(f"Tab {words}")
        self.setAcceptDrops(True)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.click)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.accept()
        if not self.isChecked():
            self._rest.start()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._rest.stop()
