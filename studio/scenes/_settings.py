"""How long a morph takes, and the fader: each control declared once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from studio.document.parameters import Choice, Float, Int, Parameter, Value

MORPH_SECONDS = Float(
    name="morph_seconds",
    label="Morph for",
    low=0.1,
    high=300,
    default=8,
    curve="log",
    decimals=1,
    unit="s",
    help="How long a morph takes that is counted in seconds.",
)
MORPH_BARS = Int(
    name="morph_bars",
    label="Morph for",
    low=1,
    high=64,
    default=4,
    unit="bars",
    help="How long a morph takes that is counted in bars.",
)
MORPH_UNIT = Choice(
    name="morph_unit",
    label="Counted in",
    options=("seconds", "bars"),
    default="seconds",
    help="Whether a morph's length is in seconds or in bars of the present tempo.",
)
FADER = Float(
    name="morph_fader",
    label="Morph",
    low=0,
    high=1,
    default=0,
    help="Where between the scenes A (0) and B (1) the instrument stands.",
)

MORPH_PARAMETERS: tuple[Parameter, ...] = (MORPH_SECONDS, MORPH_BARS, MORPH_UNIT)

Unit = Literal["seconds", "bars"]


@dataclass(frozen=True)
class Length:
    """How long a morph takes."""

    amount: float
    unit: Unit = "seconds"


def length_of(settings: Mapping[str, Value]) -> Length:
    """What the values of `MORPH_PARAMETERS` say."""
    if settings[MORPH_UNIT.name] == "bars":
        return Length(float(settings[MORPH_BARS.name]), "bars")
    return Length(float(settings[MORPH_SECONDS.name]))


@dataclass(frozen=True)
class Pace:
    """Shares of a way in a second or, where it is counted in bars, in a beat."""

    share: float
    by_beats: bool

    @staticmethod
    def of(length: Length, bar_beats: float) -> Pace:
        """The pace of a way of this length, in bars of so many quarter notes."""
        by_beats = length.unit == "bars"
        whole = length.amount * (bar_beats if by_beats else 1.0)
        return Pace(1 / max(1e-3, whole), by_beats)

    def after(self, seconds: float, bpm: float) -> float:
        """The share that `seconds` bring at this tempo."""
        return self.share * max(0.0, seconds) * (bpm / 60 if self.by_beats else 1.0)
