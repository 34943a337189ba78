"""Metres: time signatures as arithmetic on beats, which are quarter notes as in MIDI."""

from __future__ import annotations

import math
from dataclasses import dataclass

from studio.document.score import METRE_BEATS, METRE_UNIT

_EDGE = 1e-9
"""Beats nearer than this are the same: sums of floats do not land on the dot."""


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

    @classmethod
    def parse(cls, text: str) -> Metre:
        """The metre that `text` names: "6/8". Raises ValueError where it is none that can be."""
        beats, unit = text.split("/")
        return cls(int(beats), int(unit))

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
