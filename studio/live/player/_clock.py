"""MIDI clock: 24 ticks a quarter at absolute deadlines, with start, continue and song position."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

TICK, START, CONTINUE, STOP = b"\xf8", b"\xfa", b"\xfb", b"\xfc"
PER_BEAT = 24
_SIXTEENTH = 6
"""Ticks. Song position counts sixteenths, so a listener can join at these only."""
_POSITIONS = 1 << 14

GRACE_S = 0.05
"""A start that reaches us this late is still a start from its first tick."""
LATE_S = 0.25
"""After a longer gap (a suspended machine) listeners are put right instead of flooded."""
_JOIN_LEAD_S = 0.002
"""Start and continue go this much before the tick that they speak of."""


@dataclass(frozen=True, slots=True)
class Line:
    """The transport as a straight line: at `at_s` it is at `beat`."""

    beat: float
    at_s: float
    bpm: float

    def ticks_at(self, seconds: float) -> float:
        return PER_BEAT * (self.beat + (seconds - self.at_s) * self.bpm / 60)

    def time_of(self, tick: int) -> float:
        return self.at_s + (tick / PER_BEAT - self.beat) * 60 / self.bpm


class Clock:
    """Which clock message is due when, and to whom. Pure: `due` is told the time."""

    def __init__(self) -> None:
        self._line: Line | None = None
        self._coming: list[tuple[float, Line]] = []
        """Lines to go over to, each with the moment from which it can be kept."""
        self._tick = 0
        self._keys: tuple[str, ...] = ()
        self._joined: set[str] = set()

    @property
    def running(self) -> bool:
        return self._line is not None

    @property
    def next_due_s(self) -> float:
        """When `due` has something to say next; infinity when the clock is stopped."""
        if self._line is None:
            return math.inf
        lead = _JOIN_LEAD_S if self._joining() else 0.0
        return self._line.time_of(self._tick) - lead

    def run(
        self, keys: Sequence[str], line: Line, now_s: float, *, resume: bool = False
    ) -> list[tuple[str, bytes]]:
        """Start, or while running: change to `line` from its `at_s` on. What to say at once.

        One that resumes has lost its beginning already and begins with the next tick.
        """
        leaving = sorted(self._joined - set(keys))
        self._keys, self._joined = tuple(keys), self._joined & set(keys)
        if self._line is None:
            self._line, self._coming, self._joined = line, [], set()
            from_s = now_s if resume else now_s - GRACE_S
            self._tick = _up(max(PER_BEAT * line.beat, line.ticks_at(from_s)))
        else:
            earlier = [coming for coming in self._coming if coming[1].at_s < line.at_s]
            self._coming = [*earlier, (max(now_s, line.at_s), line)]
        return [(key, STOP) for key in leaving] + self._follow()

    def stop(self) -> list[tuple[str, bytes]]:
        """No more ticks; what to say to those that ran along."""
        said = [(key, STOP) for key in self._keys if key in self._joined]
        self._line, self._coming, self._joined = None, [], set()
        return said

    def left(self, key: str) -> None:
        """This port was lost or has come anew: it is to be told the position again."""
        self._joined.discard(key)

    def due(self, now_s: float) -> list[tuple[float, str, bytes]]:
        """All that is due by `now_s`, in order, each with its due time."""
        said: list[tuple[float, str, bytes]] = []
        if self._line is not None and now_s - self.next_due_s > LATE_S:
            self._tick = _up(self._line.ticks_at(now_s))
            said += [(now_s, key, STOP) for key in self._dismiss()]
        while (due_s := self.next_due_s) <= now_s:
            if joining := self._joining():
                said += [(due_s, key, data) for key in joining for data in self._position()]
                self._joined.update(joining)
                continue
            said += [(due_s, key, TICK) for key in self._keys]
            self._tick += 1
            said += [(now_s, *message) for message in self._follow()]
        return said

    def _joining(self) -> list[str]:
        if self._tick % _SIXTEENTH or self._tick < 0:
            return []
        return [key for key in self._keys if key not in self._joined]

    def _position(self) -> list[bytes]:
        if self._tick == 0:
            return [START]
        sixteenths = self._tick // _SIXTEENTH % _POSITIONS
        return [bytes((0xF2, sixteenths & 127, sixteenths >> 7)), CONTINUE]

    def _follow(self) -> list[tuple[str, bytes]]:
        """Go over to a line whose time has come; a jump of a sixteenth or more is announced.

        The two are compared where they meet: at 20 bpm the next tick is up to 125 ms away, and by
        then a line at 300 bpm is fifteen ticks ahead, without any jump.
        """
        said: list[tuple[str, bytes]] = []
        while self._line and self._coming:
            if self._line.time_of(self._tick) < self._coming[0][1].at_s:
                break
            from_s, line = self._coming.pop(0)
            before, self._line = self._line.ticks_at(from_s), line
            there = line.ticks_at(from_s)
            if abs(there - before) >= _SIXTEENTH:
                self._tick = _up(max(PER_BEAT * line.beat, there))
                said += [(key, STOP) for key in self._dismiss()]
        return said

    def _dismiss(self) -> list[str]:
        dismissed = [key for key in self._keys if key in self._joined]
        self._joined.clear()
        return dismissed


def _up(ticks: float) -> int:
    """The next whole tick; what is whole but for rounding is that tick."""
    return math.ceil(ticks - 1e-6)
