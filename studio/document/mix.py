"""How decks are mixed into the output picture, as a scene keeps it: a layer for each, and the rest.

A scene that nobody has mixed has no layers: its output is the deck in front, alone. With the first
touch of a layer all of them are written down as they were seen, so that nothing jumps; a deck that
comes later has opacity 0 until a hand raises it. What is seen of a scene's layers, whether they are
written down or not, is in `Scene.layer` and `studio.outputs.mixing.visible`.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, FiniteFloat

from studio.document.frozen import Frozen
from studio.document.parameters import Choice, Float, Parameter, Toggle

ROLL, TEXT = "/roll", "/text"
"""The keys of the layers that are no decks: the piano roll, and the text of the preset."""
LAYER_LIMIT = 32

Blend = Literal[
    "normal", "add", "multiply", "screen", "lighten", "darken", "difference", "luma key"
]
Fit = Literal["fit", "fill", "stretch", "original"]

OPACITY = Float(
    name="opacity",
    label="Opacity",
    low=0,
    high=1,
    default=1,
    help="How much of the layer is seen; at 0 it costs nothing.",
)
BLEND = Choice(
    name="blend",
    label="Blend",
    options=get_args(Blend),
    default="normal",
    help="What the layer does to those below it.",
)
FIT = Choice(
    name="fit",
    label="Fit",
    options=get_args(Fit),
    default="fit",
    help="Fit shows all of it, fill leaves no border, stretch gives it the output's shape, "
    "original shows it pixel by pixel.",
)
X = Float(
    name="x",
    label="Left-right",
    low=-1,
    high=1,
    default=0,
    help="Where its middle is, from the output's middle: at 1 by a whole width to the right.",
)
Y = Float(
    name="y",
    label="Down-up",
    low=-1,
    high=1,
    default=0,
    help="Where its middle is, from the output's middle: at 1 by a whole height up.",
)
SCALE = Float(
    name="scale",
    label="Scale",
    low=0.1,
    high=10,
    default=1,
    curve="log",
    unit="x",
    help="How large it is, beside what the fit makes of it.",
)
ROTATION = Float(
    name="rotation",
    label="Rotation",
    low=-180,
    high=180,
    default=0,
    decimals=0,
    unit="°",
    cyclic=True,
    help="Clockwise.",
)
FLIP_X = Toggle(name="flip_x", label="Flip left-right", default=False, help="Mirrors it.")
FLIP_Y = Toggle(name="flip_y", label="Flip up-down", default=False, help="Turns it over.")
SOLO = Toggle(name="solo", label="Solo", default=False, help="Only layers that are solo are seen.")
MUTE = Toggle(name="mute", label="Mute", default=False, help="Hides the layer.")
KEY = Float(
    name="key",
    label="Key level",
    low=0,
    high=1,
    default=0.2,
    help="With luma key: what is darker than this is see-through.",
)
LAYER_PARAMETERS: tuple[Parameter, ...] = (
    *(OPACITY, BLEND, KEY, FIT, X, Y, SCALE, ROTATION, FLIP_X, FLIP_Y, SOLO, MUTE),
)
"""The controls of a layer, each called as the field of `Layer` that it sets."""

MASTER_OPACITY = Float(
    name="opacity",
    label="Master opacity",
    low=0,
    high=1,
    default=1,
    help="How bright the output is; at 0 it is black.",
)


def _background(name: str, label: str) -> Float:
    about = f"How much {name} is behind all layers."
    return Float(name=name, label=label, low=0, high=1, default=0, help=about)


MIX_PARAMETERS: tuple[Parameter, ...] = (
    MASTER_OPACITY,
    _background("red", "Background red"),
    _background("green", "Background green"),
    _background("blue", "Background blue"),
)
"""The controls of the whole output, each called as the field of `Mix` that it sets."""

_Share = Annotated[FiniteFloat, Field(ge=0, le=1)]
_Offset = Annotated[FiniteFloat, Field(ge=-1, le=1)]
_Key = Annotated[str, Field(min_length=1, max_length=40)]


class Layer(Frozen):
    """How one picture lies in the output."""

    opacity: _Share = OPACITY.default
    blend: Blend = "normal"
    key: _Share = KEY.default
    fit: Fit = "fit"
    x: _Offset = 0.0
    y: _Offset = 0.0
    scale: Annotated[FiniteFloat, Field(ge=SCALE.low, le=SCALE.high)] = 1.0
    rotation: Annotated[FiniteFloat, Field(ge=ROTATION.low, le=ROTATION.high)] = 0.0
    flip_x: bool = False
    flip_y: bool = False
    solo: bool = False
    mute: bool = False


class Mix(Frozen):
    """The layers of the output, by the keys of their decks, `ROLL` or `TEXT`; and the rest."""

    layers: dict[_Key, Layer] = Field(default_factory=dict, max_length=LAYER_LIMIT)
    order: tuple[_Key, ...] = Field(default=(), max_length=LAYER_LIMIT)
    """From the lowest layer up; what is not in it lies above, in the order of the decks."""
    opacity: _Share = MASTER_OPACITY.default
    red: _Share = 0.0
    green: _Share = 0.0
    blue: _Share = 0.0


HIDDEN = Layer(opacity=0.0)
"""A deck that has come into a mix."""
OVERLAY = Layer(opacity=0.0, blend="screen")
"""The roll and the text at first: what is black in them is see-through."""


def first_layer(key: str, *, alone: bool) -> Layer:
    """The layer of `key` before a hand has touched it; `alone`: it is all that is seen."""
    if key in (ROLL, TEXT):
        return OVERLAY
    return Layer() if alone else HIDDEN
