"""Where on a device a movement comes from, and the movement itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field, model_validator

from studio.document.frozen import Frozen

Kind = Literal["cc", "cc 14", "nrpn", "rpn", "note", "program", "bend", "pressure", "key pressure"]

_WORDS: dict[Kind, str] = {
    "cc": "CC",
    "cc 14": "CC (14 bit)",
    "nrpn": "NRPN",
    "rpn": "RPN",
    "note": "Note",
    "program": "Program",
    "bend": "Pitch bend",
    "pressure": "Pressure",
    "key pressure": "Key pressure",
}
_LARGEST: dict[Kind, int] = {"cc": 119, "cc 14": 31, "nrpn": 16383, "rpn": 16383}
_WIDE = ("cc 14", "nrpn", "rpn", "bend")
_UNNUMBERED = ("bend", "pressure")


class Source(Frozen):
    """One knob, fader, key or pad, as the device sends it."""

    kind: Kind
    channel: Annotated[int, Field(ge=1, le=16)]
    number: Annotated[int, Field(ge=0, le=16383)] | None = None
    """Of the controller, note or program. None for a program means whichever it is."""

    @model_validator(mode="after")
    def _numbered(self) -> Source:
        if (self.number is None) != (self.kind in _UNNUMBERED) and self.kind != "program":
            raise ValueError(f"{self.kind} is numbered or not, and this is the other way")
        if self.number is not None and self.number > _LARGEST.get(self.kind, 127):
            raise ValueError(f"{self.kind} has no number {self.number}")
        return self

    @property
    def top(self) -> int:
        """The largest value that comes from here: 127 or 16383."""
        return 16383 if self.kind in _WIDE else 127

    def __str__(self) -> str:
        number = "" if self.number is None else f" {self.number}"
        return f"{_WORDS[self.kind]}{number}, channel {self.channel}"


@lru_cache(maxsize=4096)
def source(kind: Kind, channel: int, number: int | None = None) -> Source:
    """The same object for the same place: knobs send hundreds of messages a second."""
    return Source(kind=kind, channel=channel, number=number)


@dataclass(frozen=True, slots=True)
class Move:
    """A movement at a source."""

    at_s: float
    """`perf_counter` seconds."""
    source: Source
    value: int
    """0 to `source.top`; a note that is let go has 0, a program is its number."""
    step: int | None = None
    """For an NRPN's increment and decrement: 1 or -1, and then `value` means nothing."""
    fine: bool = False
    """Whether both halves of a 14-bit value came, one right after the other."""

    @property
    def position(self) -> float:
        """The value's place in [0, 1]; MIDI's middle (64, 8192) is exactly 0.5."""
        return position_of(self.value, self.source.top)


def position_of(value: int, top: int) -> float:
    """Where `value` of 0 to `top` stands in [0, 1], with MIDI's middle at 0.5."""
    middle = (top + 1) // 2
    if value <= middle:
        return value / (2 * middle)
    return 0.5 + (value - middle) / (2 * (top - middle))


def value_at(position: float, top: int) -> int:
    """The value nearest to `position`, which is held inside [0, 1]; undoes `position_of`."""
    middle = (top + 1) // 2
    position = min(1.0, max(0.0, position))
    if position <= 0.5:
        return round(position * 2 * middle)
    return middle + round((position - 0.5) * 2 * (top - middle))
