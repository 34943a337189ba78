"""Something between 0 and 1 that goes from where it is to an end in a chosen time."""

from __future__ import annotations


class Fade:
    """Times are seconds of any steady clock."""

    def __init__(self, at: float = 0.0) -> None:
        self._from, self._to = at, at
        self._begun_s, self._seconds = 0.0, 0.0

    @property
    def goal(self) -> float:
        """Where it is going, or stands."""
        return self._to

    def go(self, to: float, seconds: float, now_s: float) -> None:
        """Set out for `to`; the whole way from 0 to 1 would take `seconds`."""
        here = self.at(now_s)
        self._from, self._to, self._begun_s = here, to, now_s
        self._seconds = seconds * abs(to - here)

    def at(self, now_s: float) -> float:
        """Where it is."""
        if not self.moves(now_s):
            return self._to
        return self._from + (self._to - self._from) * (now_s - self._begun_s) / self._seconds

    def moves(self, now_s: float) -> bool:
        """Whether it is still on its way."""
        return now_s < self._begun_s + self._seconds
