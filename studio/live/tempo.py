"""Tempo as straight lines from seconds to beats, and metres as arithmetic on beats.

Beats are quarter notes, as in MIDI, counted from the transport's beat 0; a count-in has negative
ones. Seconds are those of `time.perf_counter`. Tempi are quarter notes a minute.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from studio.parameters import Choice, Float, Int, Parameter

AHEAD_S = 0.1
"""How far ahead of their moment notes go to the player. What is nearer is settled: a change of
tempo bends the line only behind it, so that no note overtakes one that has gone already."""

TEMPO = Float(
    name="tempo",
    label="Tempo",
    low=20,
    high=300,
    default=120,
    decimals=1,
    unit="bpm",
    help="Quarter notes a minute.",
)
COUNT_IN = Int(
    name="count_in",
    label="Count-in",
    low=0,
    high=4,
    default=0,
    unit="bars",
    help="How many bars are counted before the music begins.",
)
METRE_BEATS = Int(
    name="metre_beats",
    label="Beats in a bar",
    low=1,
    high=16,
    default=4,
    help="The upper number of the time signature.",
)
METRE_UNIT = Choice(
    name="metre_unit",
    label="Beat",
    options=("2", "4", "8", "16"),
    default="4",
    help="The lower number of the time signature: which note is one beat.",
)
TEMPO_PARAMETERS: tuple[Parameter, ...] = (TEMPO, COUNT_IN, METRE_BEATS, METRE_UNIT)

_EDGE = 1e-9
"""Beats nearer than this are the same: sums of floats do not land on the dot."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """`beat` is at `at_s`, and from there `bpm` holds; what was until `at_s` is in `before`."""

    beat: float
    at_s: float
    bpm: float
    before: Timeline | None = None

    def beat_at(self, t_s: float) -> float:
        """The beat at the moment `t_s`."""
        piece = self.piece_at(t_s)
        return piece.beat + (t_s - piece.at_s) * piece.bpm / 60

    def time_of(self, beat: float) -> float:
        """The moment of `beat`, in seconds; a later beat never has an earlier moment."""
        if self.before is not None and beat < self.beat:
            return min(self.before.time_of(beat), self.at_s)
        return self.at_s + (beat - self.beat) * 60 / self.bpm

    def piece_at(self, t_s: float) -> Timeline:
        """The piece of the line that holds at `t_s`."""
        piece = self
        while piece.before is not None and t_s < piece.at_s:
            piece = piece.before
        return piece

    def then(self, bpm: float, at_s: float) -> Timeline:
        """This line until `at_s`, and from the beat that it has reached then, `bpm`."""
        held = self.until(at_s)
        return Timeline(held.beat_at(at_s), at_s, bpm, held)

    def until(self, t_s: float) -> Timeline:
        """This line without the pieces that begin at `t_s` or later."""
        piece = self
        while piece.before is not None and piece.at_s >= t_s:
            piece = piece.before
        return piece

    def since(self, t_s: float) -> Timeline:
        """This line without the pieces that are over at `t_s`."""
        if self.before is None or self.at_s <= t_s:
            return replace(self, before=None)
        return replace(self, before=self.before.since(t_s))

    def pieces(self) -> tuple[Timeline, ...]:
        """All pieces, the first one first."""
        found: list[Timeline] = []
        piece: Timeline | None = self
        while piece is not None:
            found.append(piece)
            piece = piece.before
        return tuple(reversed(found))


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `number` 0 begins at beat 0; bars before it, in a count-in, are negative."""

    number: int
    start_beats: float
    length_beats: float

    @property
    def end_beats(self) -> float:
        """Where the next bar begins."""
        return self.start_beats + self.length_beats


@dataclass(frozen=True, slots=True)
class Metre:
    """A time signature: `beats` of a `unit`-th note in a bar."""

    beats: int = METRE_BEATS.default
    unit: int = int(METRE_UNIT.default)

    def __post_init__(self) -> None:
        METRE_BEATS.validate(self.beats)
        METRE_UNIT.validate(str(self.unit))

    @property
    def pulse_beats(self) -> float:
        """One beat of the metre, in quarter notes: 0.5 in 6/8."""
        return 4 / self.unit

    @property
    def bar_beats(self) -> float:
        """One bar, in quarter notes: 3 in 6/8."""
        return self.beats * self.pulse_beats

    def bar(self, number: int) -> Bar:
        """The bar called `number`."""
        return Bar(number, number * self.bar_beats, self.bar_beats)

    def bar_at(self, beat: float) -> Bar:
        """The bar that `beat` lies in; a bar's first beat is its own."""
        return self.bar(math.floor(beat / self.bar_beats + _EDGE))

    def __str__(self) -> str:
        return f"{self.beats}/{self.unit}"


def next_multiple(beat: float, step: float) -> float:
    """The first multiple of `step` at or after `beat`."""
    return math.ceil(beat / step - _EDGE) * step
