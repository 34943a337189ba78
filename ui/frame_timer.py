"""Steps whatever moves by itself, once for every picture of the display, and rests otherwise."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer

FRAME_MS = 16


class FrameTimer(QObject):
    """Lives as long as the window. Call `look` when something may have begun to move."""

    def __init__(self, parent: QObject, clock: Callable[[], float] = perf_counter) -> None:
        super().__init__(parent)
        self._clock = clock
        self._stepped_s = 0.0
        self._movers: list[tuple[Callable[[], object], Callable[[float], object]]] = []
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.step)

    def add(self, moves: Callable[[], object], step: Callable[[float], object]) -> None:
        """Call `step` with the time, in seconds, for as long as `moves()` is true."""
        self._movers.append((moves, step))

    @property
    def at_rest(self) -> bool:
        return not self._timer.isActive()

    def look(self, *_: object) -> None:
        """See whether anything moves now. What begins to move waits for no picture: 16 ms less from
        a sound to what it changes."""
        if not any(moves() for moves, _ in self._movers):
            self._timer.stop()
        elif not self._timer.isActive():
            gone_ms = 1000 * (self._clock() - self._stepped_s)
            self._timer.start(min(FRAME_MS, max(0, round(FRAME_MS - gone_ms))))

    def step(self) -> None:
        """Move all that moves to where it is now."""
        now_s = self._stepped_s = self._clock()
        if self._timer.interval() != FRAME_MS:
            self._timer.setInterval(FRAME_MS)
        for moves, step in self._movers:
            if moves():
                step(now_s)
        self.look()
