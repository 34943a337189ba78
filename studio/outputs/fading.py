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


class Curtain:
    """Blackout and freeze of a picture: how dark it is, and how much of it is what is played."""

    def __init__(self) -> None:
        self._dark, self._live = Fade(0.0), Fade(1.0)
        self._frozen_s: float | None = None

    def go(self, what: str, on: bool, seconds: float, now_s: float, seen_s: float) -> None:
        """Begin or end a `"blackout"`, fading; or a `"freeze"`, of which only the end fades, of
        the picture that was mixed at `seen_s`."""
        if what == "blackout":
            self._dark.go(float(on), seconds, now_s)
            return
        if on and self._live.at(now_s) >= 1:
            self._frozen_s = seen_s
        self._live.go(float(not on), 0.0 if on else seconds, now_s)

    @property
    def is_dark(self) -> bool:
        """Whether it is blacked out, or on the way there."""
        return self._dark.goal == 1

    @property
    def is_frozen(self) -> bool:
        """Whether it stands still, whatever is played."""
        return self._live.goal == 0

    def moves(self, now_s: float) -> bool:
        """Whether something of it is on its way."""
        return self._dark.moves(now_s) or self._live.moves(now_s)

    def level(self, now_s: float) -> float:
        """How bright it is, 1 to 0."""
        return 1 - self._dark.at(now_s)

    def live(self, now_s: float) -> float:
        """How much of it is what is played now, 0 to 1; the rest is what was frozen."""
        return self._live.at(now_s)

    def frozen_at(self, now_s: float) -> float | None:
        """The moment whose picture is held, wholly or in part."""
        return None if self.live(now_s) >= 1 else self._frozen_s
