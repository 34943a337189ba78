"""When a block of sound will be heard, without the jitter of the moments at which it is asked for.

A callback comes when the system gets round to it; the device plays at an even pace. A loop follows
the pace and averages the jitter away, so a note lands on its own sample. It is the delay-locked
loop of F. Adriaensen, "Using a DLL to filter time" (Linux Audio Conference 2005), of first order:
crystals are true to some 0.01%, for which it lags 0.05 ms, and it never overshoots.
"""

from __future__ import annotations

import math
from collections import deque

_FAST_HZ, _SLOW_HZ = 3.0, 0.3
_SETTLED_S = 0.3
"""How long the loop follows fast after it has begun anew."""
_OUTLIER_S = 1e-3
"""A block later than this counts as if it were so much late."""
_JUMP_S = 0.5e-3
"""When all of the last blocks were off by more, to the same side, the device itself has jumped."""
_WINDOW_S = 0.04


class BlockClock:
    """Turns measured starts of blocks into even ones. A device that is opened gets a new one."""

    def __init__(self, rate_hz: float) -> None:
        self.frame_s = 1 / rate_hz
        """How long a frame lasts."""
        self.jumps = 0
        self._next_s: float | None = None
        self._age_s = 0.0
        self._errors_s: deque[float] = deque()

    def block(self, measured_s: float, frames: int) -> float:
        """When the first frame of the next block of `frames` is heard, by our own clock.

        `measured_s` is the same, as the system tells it now.
        """
        if self._next_s is None:
            self._begin(measured_s)
        else:
            self._follow(measured_s - self._next_s, frames * self.frame_s)
        start_s = self._next_s or 0.0
        self._next_s = start_s + frames * self.frame_s
        self._age_s += frames * self.frame_s
        return start_s

    def _begin(self, measured_s: float) -> None:
        self._next_s, self._age_s = measured_s, 0.0
        self._errors_s.clear()

    def _follow(self, error_s: float, length_s: float) -> None:
        assert self._next_s is not None
        if self._has_jumped(error_s, length_s):
            self.jumps += 1
            self._begin(self._next_s + min(self._errors_s, key=abs))
            return
        settled = self._age_s > _SETTLED_S
        if settled:
            error_s = max(-_OUTLIER_S, min(_OUTLIER_S, error_s))
        hertz = _SLOW_HZ if settled else _FAST_HZ
        self._next_s += min(0.5, 2 * math.pi * hertz * length_s) * error_s

    def _has_jumped(self, error_s: float, length_s: float) -> bool:
        """Jitter comes and goes; what all of the last blocks agree on is the device."""
        self._errors_s.append(error_s)
        if len(self._errors_s) <= max(4, _WINDOW_S / length_s):
            return False
        self._errors_s.popleft()
        return min(self._errors_s) > _JUMP_S or max(self._errors_s) < -_JUMP_S
