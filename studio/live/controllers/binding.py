"""What a source plays, and how; and all such of one device."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from studio.document.frozen import Frozen
from studio.live.controllers._relative import CODINGS, Coding
from studio.live.controllers._source import Source

Mode = Literal[
    "absolute",
    "two's complement",
    "binary offset",
    "sign bit",
    "momentary",
    "toggle",
    "next",
    "number",
]
"""`absolute`: a knob's place is the value's. The three codings: an endless encoder's clicks move
it. `momentary`: the range's high end while pressed, the low end after. `toggle`: a press goes from
one end to the other. `next`: a press goes one on, and round. `number`: a program is the value."""
MODES: tuple[Mode, ...] = get_args(Mode)

Takeover = Literal["pick up", "jump"]
"""`pick up`: a knob moves nothing until it has come by where the value is; `jump`: at once."""

Unit = Annotated[float, Field(ge=0, le=1)]


class Binding(Frozen):
    """One source plays one address."""

    source: Source
    address: str = Field(max_length=200, pattern="^/")
    mode: Mode = "absolute"
    takeover: Takeover = "pick up"
    invert: bool = False
    low: Unit = 0.0
    high: Unit = 1.0
    """The part of the control's travel that is played, `low` < `high`."""
    speed: Annotated[float, Field(ge=0.01, le=100)] = 1.0
    """Of an encoder: steps for each click; a hundred cross a continuous control."""

    @model_validator(mode="after")
    def _ordered(self) -> Binding:
        if not self.low < self.high:
            raise ValueError("the range is empty")
        return self

    @property
    def coding(self) -> Coding | None:
        """How an encoder counts; None in the other modes."""
        return self.mode if self.mode in CODINGS else None

    def travel(self, knob: float) -> float:
        """The control's position for a knob at `knob`, both in [0, 1]."""
        share = 1 - knob if self.invert else knob
        return self.low + (self.high - self.low) * share

    def knob(self, position: float) -> float:
        """Where the knob would stand for a control at `position`, held inside [0, 1]."""
        share = min(1.0, max(0.0, (position - self.low) / (self.high - self.low)))
        return 1 - share if self.invert else share

    def held(self, position: float) -> float:
        """`position` held inside the range."""
        return min(self.high, max(self.low, position))

    def __str__(self) -> str:
        words = [str(self.source)]
        if self.mode != "absolute":
            words.append(self.mode)
        if self.invert:
            words.append("inverted")
        if (self.low, self.high) != (0, 1):
            words.append(f"from {self.low:.0%} to {self.high:.0%}")
        return ", ".join(words)


class Map(Frozen):
    """The bindings of one device, as they are kept and shared."""

    schema_version: Literal[1] = 1
    device: str = Field(min_length=1, max_length=200)
    """Its stable name (see `studio.live._ports`)."""
    feedback: bool = False
    """Whether the device has lamps or motors that shall follow. Off until asked for: a keyboard
    with a sound of its own would change that."""
    bindings: tuple[Binding, ...] = Field(default=(), max_length=2000)

    def with_binding(self, binding: Binding) -> Map:
        """This map with `binding` in the place of what played its address."""
        return self._having((*self.without(binding.address).bindings, binding))

    def replaced(self, old: Binding, new: Binding) -> Map:
        """This map with `new` where `old` is."""
        return self._having(tuple(new if b == old else b for b in self.bindings))

    def without(self, address: str) -> Map:
        """This map with nothing that plays `address`."""
        return self._having(tuple(b for b in self.bindings if b.address != address))

    def of(self, address: str) -> tuple[Binding, ...]:
        """What plays `address`."""
        return tuple(b for b in self.bindings if b.address == address)

    def _having(self, bindings: tuple[Binding, ...]) -> Map:
        return self.but(bindings=bindings)
