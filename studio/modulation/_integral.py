"""How often something has gone round whose rate changes on the way.

The rate is taken at the points of a fixed grid and holds until the next one, so that the sum is
the same whether one plays up to a moment or jumps there.
"""

from __future__ import annotations

import math
from collections.abc import Callable

GRID = 1 / 16
"""In beats, or in seconds."""
_MOST = 1 << 14
"""Points that a jump adds up at most, which takes a fifth of a second: 1,024 beats. From before
that, the rate of the first of them is taken to have held."""


class Integral:
    """The sum up to the point of the grid that was asked for last."""

    def __init__(self, before: Integral | None = None) -> None:
        """`before` has been counting until now: it goes on from there, so that nothing jumps where
        a hand changes how it is modulated."""
        self._point: int = 0 if before is None else before._point
        self._sum: float = 0.0 if before is None else before._sum
        self._rate: float | None = None

    def join(self, now: float, rate: float) -> None:
        """`rate` has held up to `now`, when it began to be moved."""
        self._point, self._rate = max(0, math.floor(now / GRID)), None
        self._sum = rate * self._point * GRID

    def until(self, now: float, rate: Callable[[float], float]) -> float:
        """The sum up to `now`; `rate` says how fast it goes at an earlier moment."""
        point = max(0, math.floor(now / GRID))
        if point < self._point:
            self._point, self._sum, self._rate = 0, 0.0, None
        if point - self._point > _MOST:
            self._point, self._sum = (
                point - _MOST,
                rate((point - _MOST) * GRID) * (point - _MOST) * GRID,
            )
            self._rate = None
        while self._point < point:
            self._sum += self._now(rate) * GRID
            self._point, self._rate = self._point + 1, None
        return self._sum + self._now(rate) * (now - point * GRID)

    def _now(self, rate: Callable[[float], float]) -> float:
        if self._rate is None:
            self._rate = rate(self._point * GRID)
        return self._rate
