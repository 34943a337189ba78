"""Following somebody else's clock: what a transport asks of a leader, and MIDI clock as one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Protocol

from studio.live.clock._ticks import TickLoop
from studio.live.clock.timeline import Timeline
from studio.processes.messages import Received

TICKS = 24
"""MIDI clocks in a quarter note."""

_SILENCE_S = 2.0
"""A clock unheard for so long is lost: its tempo is held while playing, forgotten otherwise."""


@dataclass(frozen=True, slots=True)
class Cue:
    """What a leader last said about moving. `number` rises with each; 0: nothing yet."""

    number: int = 0
    playing: bool = False
    beat: float = 0.0
    """Where it starts, goes on, or has stopped."""


class Leader(Protocol):
    """Somebody whose beat is followed. Read on any thread."""

    grid_beats: float
    """Playing that is begun by hand falls in at a multiple of so many of the leader's beats."""

    @property
    def line(self) -> Timeline | None:
        """Which of its beats is when; None while it is unheard."""

    @property
    def cue(self) -> Cue:
        """Its last start or stop. A leader that gives none stays at number 0."""

    @property
    def sentence(self) -> str:
        """How it stands, for the artist."""


class ClockFollower:
    """MIDI clock in: tempo and phase from its ticks, place and movement from start, continue, stop
    and song position. `feed` is for one thread, the one on which messages arrive; the rest is read
    on any.
    """

    grid_beats = 1.0

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._loop = TickLoop()
        self._origin = 0.0  # the beat of tick 0
        self._armed: float | None = None  # the beat of the next tick, when it is to start the music
        self._begins: float | None = None  # the same, once that tick has come
        self._heard_s = float("-inf")
        self._line: Timeline | None = None
        self._cue = Cue()

    # -- what it says --------------------------------------------------------------------------

    @property
    def line(self) -> Timeline | None:
        return self._line

    @property
    def cue(self) -> Cue:
        return self._cue

    @property
    def heard(self) -> bool:
        """Whether the clock ticks, or did a moment ago."""
        return self._clock() - self._heard_s < _SILENCE_S

    @property
    def locked(self) -> bool:
        """Whether tempo and phase are sure: one to two beats after the first tick."""
        return self._loop.locked and self.heard

    @property
    def phase_error_ms(self) -> float:
        """How far the clock's recent ticks were off the beat that is kept, on average."""
        return 1000 * abs(self._loop.phase_error_s)

    @property
    def jitter_ms(self) -> float:
        """How unevenly the clock's ticks arrive (root of the mean square)."""
        return 1000 * self._loop.jitter_s

    @property
    def sentence(self) -> str:
        line = self._line
        if line is None:
            return "No MIDI clock is heard yet."
        if not self.heard:
            return f"The MIDI clock is not heard any more; {line.bpm:.1f} bpm is held."
        if not self.locked:
            return "Finding the beat of the MIDI clock."
        return (
            f"Follows {line.bpm:.1f} bpm, phase error {self.phase_error_ms:.1f} ms, "
            f"jitter {self.jitter_ms:.1f} ms."
        )

    # -- what it hears -------------------------------------------------------------------------

    def feed(self, message: Received) -> bool:
        """Take one message; whether it was for the clock."""
        match message.data[0] if message.data else 0:
            case 0xF8:
                self._tick(message.at_s)
            case 0xFA:
                self._armed = 0.0
            case 0xFB if not self._cue.playing:
                self._armed = self._cue.beat
            case 0xFC:
                self._stand(self._reached())
            case 0xF2 if len(message.data) == 3:
                self._place((message.data[1] | message.data[2] << 7) / 4)
            case status:
                return status == 0xFB
        return True

    def _tick(self, at_s: float) -> None:
        if at_s - self._heard_s > _SILENCE_S and not self._cue.playing:
            self._loop = TickLoop()  # another clock, as far as anybody knows
        self._heard_s = at_s
        if self._armed is not None and self._loop.steady:
            self._loop.rephase(at_s)
        else:
            self._loop.hear(at_s)
        if self._armed is not None:
            self._origin = self._armed - self._loop.index / TICKS
            self._begins, self._armed = self._armed, None
        if self._loop.steady:
            self._draw()

    def _draw(self) -> None:
        """Say where the beat is; and that the music has begun, where it has."""
        loop = self._loop
        beat = self._origin + loop.index / TICKS
        self._line = Timeline(beat, loop.at_s, 60 / (TICKS * loop.gap_s))
        if self._begins is not None:  # after the line, which the reader of the cue will look at
            self._say(True, self._begins)
            self._begins = None

    def _place(self, beat: float) -> None:
        if self._cue.playing:
            self._armed = beat  # some sequencers jump so, without a stop
        else:
            self._stand(beat)

    def _stand(self, beat: float) -> None:
        self._armed = self._begins = None
        self._say(False, beat)

    def _reached(self) -> float:
        """The beat of the tick that would come next."""
        if self._armed is not None:
            return self._armed
        if not self._cue.playing:
            return self._cue.beat
        return self._origin + (self._loop.index + 1) / TICKS

    def _say(self, playing: bool, beat: float) -> None:
        self._cue = Cue(self._cue.number + 1, playing, beat)
