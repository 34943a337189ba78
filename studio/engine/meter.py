"""The figures of the status bar: pictures a second, time from hand to picture, dropped jobs."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from statistics import median
from time import perf_counter

_WINDOW_S = 1.0


class Meter:
    """Counts pictures as they reach the screen. Times are `perf_counter` seconds."""

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._shown_at: deque[float] = deque(maxlen=1000)
        self._hand_to_picture_s: deque[float] = deque(maxlen=500)

    def shown(self, asked_at: float) -> None:
        """A new picture is on the screen; a hand asked for it at `asked_at`."""
        now = self._clock()
        self._shown_at.append(now)
        self._hand_to_picture_s.append(now - asked_at)

    @property
    def pictures_per_s(self) -> float:
        """Pictures shown within the last second."""
        since = self._clock() - _WINDOW_S
        return sum(1 for t in self._shown_at if t > since) / _WINDOW_S

    def hand_to_picture_ms(self) -> float:
        """The median of recent times from hand to picture; 0 before the first."""
        times = self._hand_to_picture_s
        return 1000 * median(times) if times else 0.0

    def clear(self) -> None:
        self._shown_at.clear()
        self._hand_to_picture_s.clear()
