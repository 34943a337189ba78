"""Tempo from a tapping foot."""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from statistics import median

from studio.document.score import TEMPO

_FORGET_S = 2.0
"""A pause of this length ends a row of taps; the next tap begins another."""

_BOUNCE_S = 0.1
"""A switch that bounces is one tap: nobody taps 600 bpm."""

_COUNT = 8
"""The taps that count."""


class Taps:
    """A row of taps; each moment is told once, in order."""

    def __init__(self) -> None:
        self._moments: deque[float] = deque(maxlen=_COUNT)

    def tap(self, at_s: float) -> float | None:
        """The tempo after one more tap: the median of the last seven gaps, within the range of
        `TEMPO`. None on the first tap of a row, and on a bounce.
        """
        gap = at_s - self._moments[-1] if self._moments else _FORGET_S
        if gap < _BOUNCE_S:
            return None
        if gap >= _FORGET_S:
            self._moments.clear()
        self._moments.append(at_s)
        gaps = [b - a for a, b in pairwise(self._moments)]
        return min(TEMPO.high, max(TEMPO.low, 60 / median(gaps))) if gaps else None
