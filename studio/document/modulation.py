"""What moves by itself, as a scene keeps it: modulators, and connections from them to controls.

What the kinds are and what they do is in `studio.modulation`.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, FiniteFloat

from studio.document.frozen import Frozen
from studio.document.parameters import Choice, Float, Value

MODULATOR_LIMIT = 32
CONNECTION_LIMIT = 128
STEP_LIMIT = 64
POINT_LIMIT = 4096
"""Points of a recorded gesture."""

Polarity = Literal["bipolar", "unipolar"]
ConnectionCurve = Literal["linear", "exponential", "S"]
Axis = Literal["x", "y"]

DEPTH = Float(
    name="depth",
    label="Depth",
    low=-1,
    high=1,
    default=0.5,
    help="How far it moves the control, as a share of the control's travel; below zero, the other "
    "way.",
)
POLARITY = Choice(
    name="polarity",
    label="Direction",
    options=get_args(Polarity),
    default="bipolar",
    words=("both ways", "one way"),
    help="Both ways: to either side of where the control is set. One way: from there on.",
)
CURVE = Choice(
    name="curve",
    label="Curve",
    options=get_args(ConnectionCurve),
    default="linear",
    help="Linear: as it comes. Exponential: small movements stay small. S: it rests at the ends.",
)
MASTER_DEPTH = Float(
    name="master_depth",
    label="Master depth",
    low=0,
    high=1,
    default=1,
    help="How much of all modulation is shown and played; at 0 everything is as the hand set it.",
)

Share = Annotated[FiniteFloat, Field(ge=0, le=1)]
_Offset = Annotated[FiniteFloat, Field(ge=-1, le=1)]

GesturePoint = tuple[Annotated[FiniteFloat, Field(ge=0)], _Offset, _Offset]
"""Beats from the gesture's beginning; how far the hand has come since, as shares of the travel."""


class Step(Frozen):
    """One step of a modulator that is drawn by hand."""

    value: Share = 0.5
    glide: Share = 0.0
    """The share of the step in which it slides there from the one before."""
    chance: Share = 1.0
    """How likely it is played; else the one before goes on."""


class Modulator(Frozen):
    """Something that moves. `id` is its number and names it for as long as it lives."""

    id: Annotated[int, Field(ge=1, le=MODULATOR_LIMIT)]
    kind: str = Field(min_length=1, max_length=40)
    """One of `studio.modulation.kinds.KINDS`."""
    name: str = Field(default="", max_length=60)
    """What the artist calls it; empty: it goes by its kind."""
    settings: dict[str, Value] = Field(default_factory=dict)
    """Those that its kind declares, by name."""
    steps: tuple[Step, ...] = Field(
        default=(), max_length=STEP_LIMIT, exclude_if=lambda steps: not steps
    )
    points: tuple[GesturePoint, ...] = Field(
        default=(), max_length=POINT_LIMIT, exclude_if=lambda points: not points
    )
    """A recorded gesture, by time."""
    on: bool = True
    solo: bool = False


class Connection(Frozen):
    """From a modulator to a control. `id` is its number and names it for as long as it lives."""

    id: Annotated[int, Field(ge=1, le=CONNECTION_LIMIT)]
    modulator: Annotated[int, Field(ge=1, le=MODULATOR_LIMIT)]
    target: str = Field(min_length=2, max_length=200, pattern="^/")
    """The control's address, such as "/deck/1/contrast"."""
    depth: _Offset = DEPTH.default
    polarity: Polarity = "bipolar"
    curve: ConnectionCurve = "linear"
    axis: Axis = "x"
    """Which of a gesture's two axes."""
    on: bool = True
    """False: muted."""
