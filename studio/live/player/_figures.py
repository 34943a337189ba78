"""Lateness over a whole evening in a fixed room."""

from __future__ import annotations

import math

_STEPS = 64
"""Bins for each factor of e: quantiles are right to 1.6 %."""
_BINS = 1024


class Histogram:
    """Counts of times in logarithmic bins from 0 to about 9 s; adding costs a microsecond."""

    def __init__(self) -> None:
        self._bins = [0] * _BINS
        self.count = 0
        self.max_s = 0.0

    def add(self, seconds: float) -> None:
        """Count one time; what is below zero counts as zero."""
        us = max(0.0, 1e6 * seconds)
        self._bins[min(_BINS - 1, int(_STEPS * math.log1p(us)))] += 1
        self.count += 1
        self.max_s = max(self.max_s, seconds)

    def quantile_s(self, share: float) -> float:
        """The time that `share` of all stay within; 0 when there are none."""
        wanted, seen = share * self.count, 0
        for index, count in enumerate(self._bins):
            seen += count
            if seen >= wanted and seen:
                return min(self.max_s, math.expm1((index + 1) / _STEPS) / 1e6)
        return 0.0
