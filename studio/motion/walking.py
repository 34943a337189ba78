"""How far round a walk is, while time goes on and its length may change."""

from __future__ import annotations


class Walking:
    """A walk under way, from `phase` on. Seconds are those of any steady clock."""

    def __init__(self, now_s: float, seconds: float, phase: float = 0.0) -> None:
        self.phase = phase
        self.is_recorded = False
        """Whether the scene before the walk is in the history."""
        self._last_s = now_s
        self._seconds = seconds

    def step(self, now_s: float, seconds: float) -> None:
        """It is `now_s`; from here on once round takes `seconds`."""
        self.phase = (self.phase + (now_s - self._last_s) / self._seconds) % 1.0
        self._last_s, self._seconds = now_s, seconds
