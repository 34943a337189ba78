"""What an ONNX file is to us: what each input stands for, and how its output is a picture."""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import Field

from studio.document.frozen import Frozen
from studio.document.scene import POINT_LIMIT

LIMIT_FILE_BYTES = 1_000_000_000
LIMIT_SIDE_PX = 2048
LIMIT_LABELS = 1000
_LIMIT_NUMBERS = 1 << 24
"""In one input: a noise map of 4096 x 4096."""

Role = Literal["latent", "truncation", "label", "classes", "noise", "seed", "fixed"]
"""`label` is a number, `classes` as many numbers as there are classes, all 0 but one."""
Kind = Literal["float16", "float32", "float64", "int32", "int64", "bool"]
Order = Literal["NCHW", "NHWC"]
_Line = Annotated[str, Field(max_length=200, pattern=r"^[^\p{Cc}\p{Zl}\p{Zp}]*$")]
_Words = Annotated[tuple[_Line, ...], Field(max_length=LIMIT_LABELS)]
_Size = Annotated[int, Field(ge=0, le=_LIMIT_NUMBERS)]
_Shape = Annotated[tuple[_Size, ...], Field(max_length=6)]
_Side = Annotated[int, Field(ge=1, le=LIMIT_SIDE_PX)]
_Finite = Annotated[float, Field(allow_inf_nan=False)]


class Input(Frozen):
    """One input: what it stands for, and what it wants to be given."""

    name: Annotated[str, Field(max_length=1000)]
    role: Role
    kind: Kind
    shape: _Shape
    """With the batch, where it has one."""
    value: _Finite = 0.0
    """Of an input that is `fixed`."""

    @property
    def own_shape(self) -> tuple[int, ...]:
        """Of one picture's part of it: without the batch."""
        return self.shape[1:] if len(self.shape) > 1 else self.shape


class Description(Frozen):
    """All that is needed to draw with a graph."""

    title: _Line = ""
    licence: _Line = ""
    credit: _Line = ""
    inputs: Annotated[tuple[Input, ...], Field(max_length=100)]
    output: Annotated[str, Field(max_length=1000)]
    order: Order
    channels: Literal[1, 3]
    height: _Side
    width: _Side
    range: tuple[_Finite, _Finite]
    """What is black and what is white."""
    labels: Annotated[int, Field(ge=0, le=LIMIT_LABELS)] = 0
    """How many classes there are to choose from."""
    words: _Words = ()
    """What they are called, where somebody has said it."""
    shrinks: bool = False
    """Whether a point drawn nearer to the origin is another picture: then that is its truncation,
    where no input stands for it."""

    @property
    def latent(self) -> Input:
        """The input that is the point. Raises StopIteration where there is none."""
        return next(i for i in self.inputs if i.role == "latent")

    @property
    def latent_size(self) -> int:
        return math.prod(self.latent.own_shape)

    @property
    def truncates(self) -> bool:
        return self.shrinks or any(i.role == "truncation" for i in self.inputs)

    def fault(self) -> str:
        """What makes it unusable, however it came about; "" where nothing does."""
        roles = [i.role for i in self.inputs]
        if roles.count("latent") != 1:
            return "it has no one input that is a point"
        if not 1 <= self.latent_size <= POINT_LIMIT:
            return f"its points have {self.latent_size} numbers, and {POINT_LIMIT} are the most"
        if sum(math.prod(i.shape) for i in self.inputs) > _LIMIT_NUMBERS:
            return "its inputs are too large"
        if not self.range[0] < self.range[1]:
            return "its range ends where it begins"
        if self.words and len(set(self.words)) != self.labels:
            return f"{len(set(self.words))} names are given to {self.labels} classes"
        return "" if all(self.words) else "a class has an empty name"


class Declared(Frozen):
    """What an artist may say of a file, in a JSON of its name beside it, where it is not found out
    or found out wrongly. All of it may be left out."""

    title: _Line = ""
    licence: _Line = ""
    credit: _Line = ""
    roles: dict[str, Role] = Field(default_factory=dict)
    """Of inputs, by name."""
    fixed: dict[str, _Finite] = Field(default_factory=dict)
    """Numbers for inputs that never change, by name."""
    shapes: dict[str, _Shape] = Field(default_factory=dict)
    """Of inputs whose shape the file leaves open, by name; with the batch."""
    output: str = ""
    order: Order | None = None
    range: tuple[_Finite, _Finite] | None = None
    labels: Annotated[int, Field(ge=1, le=LIMIT_LABELS)] | _Words = ()
    """How many classes there are, or what they are called."""
