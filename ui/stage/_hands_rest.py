"""Tells when a hand has left the mouse alone, for a stage that an audience sees."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication

REST_S = 2.0
_LOOK_MS = 100
"""The pointer is looked at rather than listened for: a filter would see every event there is."""


class HandsRest(QObject):
    """While it watches, the pointer vanishes with a hand that rests for `REST_S`."""

    changed = Signal(bool)
    """True when the hand has come to rest, False when it moves again."""

    def __init__(
        self,
        parent: QObject,
        pointer: Callable[[], QPoint] = QCursor.pos,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        super().__init__(parent)
        self.pointer, self.clock = pointer, clock
        self._resting = False
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self.look)

    def watch(self, on: bool) -> None:
        """Begin or end; at the end the pointer is back."""
        self._at, self._moved_s = self.pointer(), self.clock()
        if on:
            self._timer.start()
        else:
            self._timer.stop()
            self._rest(False)

    def look(self) -> None:
        """See where the pointer is."""
        at = self.pointer()
        if at != self._at or QApplication.mouseButtons() != Qt.MouseButton.NoButton:
            self._at, self._moved_s = at, self.clock()
        self._rest(self.clock() - self._moved_s >= REST_S)

    def _rest(self, resting: bool) -> None:
        if resting == self._resting:
            return
        self._resting = resting
        if resting:
            QApplication.setOverrideCursor(Qt.CursorShape.BlankCursor)
        else:
            QApplication.restoreOverrideCursor()
        self.changed.emit(resting)
