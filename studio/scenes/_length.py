"""How long a morph takes, and the fader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from studio.document.parameters import Float, Value
from studio.settings.declared import MORPH_BARS, MORPH_SECONDS, MORPH_UNIT

FADER = Float(
    name="morph_fader",
    label="Morph",
    low=0,
    high=1,
    default=0,
    help="Where between the scenes on the left (0) and on the right (1) the instrument stands.",
)

Unit = Literal["seconds", "bars"]


@dataclass(frozen=True)
class Length:
    """How long a morph takes."""

    amount: float
    unit: Unit = "seconds"


def length_of(settings: Mapping[str, Value]) -> Length:
    """What the values of `studio.settings.declared.MORPH_PARAMETERS` say."""
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
