"""The transport: whether it plays, how fast, and at which beat it is.

It may be told things on any thread: the window's (play, stop, tap), the player's reader (MIDI
clock) and the conductor's. What it says is a frozen `Movement`, replaced as a whole.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import RLock
from time import perf_counter

from psygnal import Signal

from studio.document.score import COUNT_IN, TEMPO
from studio.live.clock.following import Cue, Leader
from studio.live.clock.movement import Movement, State, bent, led, nudged
from studio.live.clock.timeline import Timeline
from studio.music.metres import Metre, next_multiple
from studio.music.taps import Taps

LEAD_S = 0.03
"""From the hand that starts to the first beat: what its notes need to reach the ports in time."""

NUDGE_LIMIT_S = 0.25
"""The most that one nudge shifts."""

_JOIN_BEATS = 0.25
"""A leader heard to play for longer than this is joined where it is, not where it began."""


class Transport:
    """Signals, each on the thread that caused it: `changed()` when it moves in another way or has
    another setting; `noticed(sentence)` for the artist.
    """

    changed = Signal()
    noticed = Signal(str)

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self.clock = clock
        self.lead_s = LEAD_S
        """From `play` to the first beat; more where an output has a latency to make up for."""
        self._lock = RLock()
        self._bpm = TEMPO.default
        self._metre = Metre()
        self._count_in = COUNT_IN.default
        self._taps = Taps()
        self._leader: Leader | None = None
        self._cue = Cue()  # the leader's, as far as it was obeyed
        self._shift_beats: float | None = None  # from the leader's beats to ours, once joined
        self._offset_s = 0.0  # ahead of the leader
        self._home = 0.0
        self._movement = Movement(False, Timeline(0.0, clock(), self._bpm))

    # -- how it stands -------------------------------------------------------------------------

    @property
    def movement(self) -> Movement:
        """How it moves now, as one frozen whole."""
        return self._movement

    @property
    def state(self) -> State:
        """Stopped, counting in, or playing."""
        return self._movement.state_at(self.clock())

    @property
    def place(self) -> float:
        """The beat now, in quarter notes; a count-in comes from below."""
        return self._movement.beat_at(self.clock())

    @property
    def home(self) -> float:
        """The beat from which `play` begins."""
        return self._home

    @property
    def bpm(self) -> float:
        """The tempo, in quarter notes a minute: a leader's while one is heard."""
        line = self._leader.line if self._leader else None
        return self._bpm if line is None else line.bpm

    @property
    def metre(self) -> Metre:
        return self._metre

    @property
    def count_in_bars(self) -> int:
        return self._count_in

    @property
    def leader(self) -> Leader | None:
        """Who is followed; None: nobody."""
        return self._leader

    # -- moving --------------------------------------------------------------------------------

    def play(self) -> None:
        """From home (beat 0, or where it was last located), after the count-in."""
        with self._changing():
            self._go(self._home, self._count_in * self._metre.bar_beats)

    def stop(self) -> None:
        """Stop and stand there; what is queued is silenced. Nothing while it stands."""
        with self._changing():
            if self._movement.playing:
                reached = max(self._movement.music_beat, self.place)
                self._movement = self._movement.standing(reached)

    def resume(self) -> None:
        """Go on where it stopped, without a count-in; nothing while it plays."""
        with self._changing():
            if not self._movement.playing:
                self._go(self._movement.music_beat, 0.0)

    def locate(self, beat: float) -> None:
        """Stand at, or go on playing from, `beat`. Raises ValueError unless it is a place."""
        if not (math.isfinite(beat) and beat >= 0):
            raise ValueError(f"{beat} is no place in the music.")
        with self._changing():
            self._home = beat
            if self._movement.playing:
                self._go(beat, 0.0)
            else:
                self._movement = self._movement.standing(beat)

    # -- tempo and metre -----------------------------------------------------------------------

    def set_tempo(self, bpm: float) -> None:
        """A new tempo, the phase kept. Raises `ParameterError`. While a leader is heard, its tempo
        is the one that counts, and the artist is told."""
        bpm = TEMPO.validate(bpm)
        with self._changing():
            self._bpm = bpm
            led = self._leader is not None and self._leader.line is not None
            if self._movement.playing and not led:
                line = bent(self._movement.line, self.clock(), bpm)
                self._movement = self._movement.along(line)
        if led:
            self.noticed.emit("The tempo comes from the clock that is followed.")

    def tap(self, at_s: float | None = None) -> None:
        """A tap of the foot, now or at `at_s`: from the second on, the median sets the tempo."""
        bpm = self._taps.tap(self.clock() if at_s is None else at_s)
        if bpm is not None:
            self.set_tempo(bpm)

    def nudge(self, ahead_s: float) -> None:
        """Shift the phase by so many seconds (negative: back), gently, and return to the tempo;
        0.25 s at most. A leader is followed with so much lead from then on."""
        ahead_s = min(NUDGE_LIMIT_S, max(-NUDGE_LIMIT_S, ahead_s))
        with self._changing():
            if self._leader is not None:
                self._offset_s += ahead_s
            elif self._movement.playing and ahead_s:
                line = nudged(self._movement.line, self.clock(), ahead_s)
                self._movement = self._movement.along(line)

    def set_metre(self, beats: int, unit: int) -> None:
        """Another time signature; bars are counted from beat 0. Raises `ParameterError`."""
        with self._changing():
            self._metre = Metre(beats, unit)

    def set_count_in(self, bars: int) -> None:
        """So many bars before the music. Raises `ParameterError`."""
        with self._changing():
            self._count_in = COUNT_IN.validate(bars)

    # -- following -----------------------------------------------------------------------------

    def follow(self, leader: Leader | None) -> None:
        """Take beat and tempo (and, from a MIDI clock, start and stop) from `leader`. With None,
        go on at the tempo reached."""
        with self._changing():
            self._bpm = min(TEMPO.high, max(TEMPO.low, self.bpm))
            self._leader, self._cue = leader, Cue()
            self._shift_beats, self._offset_s = None, 0.0
            if leader is None and self._movement.playing:
                line = bent(self._movement.line, self.clock(), self._bpm)
                self._movement = self._movement.along(line)
        self.turn()

    def turn(self) -> None:
        """Take what the leader says now. The conductor calls it all the time, and whoever feeds
        the leader after each start, continue, stop or position."""
        with self._lock:
            leader, before = self._leader, (self._movement.cut, f"{self.bpm:.1f}")
            if leader is None:
                return
            cue, line = leader.cue, leader.line
            if cue.number != self._cue.number:
                self._obey(cue, line)
            elif line is not None and self._movement.playing:
                self._keep_up(line)
            after = (self._movement.cut, f"{self.bpm:.1f}")
        if before != after:
            self.changed.emit()

    # -- inside --------------------------------------------------------------------------------

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Under the lock; afterwards everybody hears of it."""
        with self._lock:
            yield
        self.changed.emit()

    def _go(self, music_beat: float, count_in_beats: float) -> None:
        """Play from `music_beat` on, after the count-in, as soon as may be."""
        start_beat = music_beat - count_in_beats
        first_s = self.clock() + self.lead_s
        leader = self._leader.line if self._leader else None
        if self._leader is None or leader is None:
            line = Timeline(start_beat, first_s, self._bpm)
        else:
            falls_in = next_multiple(leader.beat_at(first_s), self._leader.grid_beats)
            self._shift_beats = start_beat - falls_in
            line = self._ours(leader)
        self._movement = self._movement.going(line, music_beat, count_in_beats)

    def _obey(self, cue: Cue, leader: Timeline | None) -> None:
        """The leader starts, goes on, stops or has jumped."""
        self._cue = cue
        if not cue.playing:
            self._movement = self._movement.standing(cue.beat)
        elif leader is not None:
            self._shift_beats = 0.0
            line = self._ours(leader)
            here = line.beat_at(self.clock())
            beat = cue.beat if here - cue.beat < _JOIN_BEATS else here
            self._movement = self._movement.going(line, beat)

    def _keep_up(self, leader: Timeline) -> None:
        """Playing: our line becomes the leader's. Joined on the way, it keeps its place in beats
        as near as the leader's grid lets it."""
        now_s = self.clock()
        if self._shift_beats is None and self._leader is not None:
            grid = self._leader.grid_beats
            apart = self._movement.beat_at(now_s) - leader.beat_at(now_s)
            self._shift_beats = round(apart / grid) * grid
        line = led(self._movement.line, now_s, self._ours(leader))
        if line is not self._movement.line:
            self._movement = self._movement.along(line)

    def _ours(self, leader: Timeline) -> Timeline:
        """The leader's line in our beats, as much ahead as the artist has nudged it."""
        shift = self._shift_beats or 0.0
        return replace(leader, beat=leader.beat + shift, at_s=leader.at_s - self._offset_s)
