"""Somebody else's MIDI clock in fake time: even or not, with gaps, and its true beat."""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Callable, Iterator

from studio.processes.messages import Received

START, CONTINUE, STOP = b"\xfa", b"\xfb", b"\xfc"
BEGIN_S = 1000.0


def position(beat: float) -> bytes:
    """Song position: `beat` in sixteenths."""
    sixteenths = round(4 * beat)
    return bytes((0xF2, sixteenths & 127, sixteenths >> 7))


class Master:
    """A clock that ticks from `BEGIN_S` on; tick 0 is its beat 0. `bpm` may follow its beat."""

    def __init__(
        self,
        bpm: float | Callable[[float], float] = 120.0,
        *,
        jitter_s: float = 0.0,
        lost: Callable[[int], bool] = lambda tick: False,
        seed: int = 0,
    ) -> None:
        self._bpm = bpm if callable(bpm) else lambda beat: bpm
        self._jitter_s = jitter_s
        self._lost = lost
        self._random = random.Random(seed)
        self._times = [BEGIN_S]

    def time_of_tick(self, tick: int) -> float:
        while len(self._times) <= tick:
            beat = (len(self._times) - 1) / 24
            self._times.append(self._times[-1] + 60 / self._bpm(beat) / 24)
        return self._times[tick]

    def beat_at(self, t_s: float) -> float:
        """Where its beat truly is."""
        while self._times[-1] <= t_s:
            self.time_of_tick(len(self._times))
        tick = max(0, bisect_right(self._times, t_s) - 1)
        begin, end = self.time_of_tick(tick), self.time_of_tick(tick + 1)
        return (tick + (t_s - begin) / (end - begin)) / 24

    def ticks(self, beats: float) -> Iterator[Received]:
        """The ticks of so many beats as they arrive, in order."""
        arrivals = [
            self.time_of_tick(tick) + self._random.gauss(0, self._jitter_s)
            for tick in range(round(24 * beats))
            if not self._lost(tick)
        ]
        return (tick_at(t_s) for t_s in sorted(arrivals))


def tick_at(t_s: float) -> Received:
    return Received(t_s, "clock", b"\xf8")


def said(data: bytes, t_s: float) -> Received:
    return Received(t_s, "clock", data)
