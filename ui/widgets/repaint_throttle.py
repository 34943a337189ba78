"""Repaints no faster than a display shows: a hand may move four times within one frame."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

_FRAME_MS = 16


class RepaintThrottle(QObject):
    """Call it instead of `widget.update()`. The first call paints at once, the last one surely."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._waiting = False
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(_FRAME_MS)
        self._frame.setTimerType(Qt.TimerType.PreciseTimer)
        self._frame.timeout.connect(self._next_frame)

    def __call__(self) -> None:
        if self._frame.isActive():
            self._waiting = True
        else:
            self._widget.update()
            self._frame.start()

    def _next_frame(self) -> None:
        if self._waiting:
            self._waiting = False
            self._widget.update()
            self._frame.start()
