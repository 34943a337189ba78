"""What is set for a screen that the output is shown on: it belongs to the place, not to a scene."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, FiniteFloat

from studio.document.frozen import Frozen
from studio.document.parameters import Choice, Float, Parameter, Toggle


def _crop(side: str) -> Float:
    return Float(
        name=f"crop_{side}",
        label=f"Crop {side}",
        low=0,
        high=0.45,
        default=0,
        help=f"How much of the picture is cut off at the {side}.",
    )


TURN = Choice(
    name="turn",
    label="Turned by",
    options=("0", "90", "180", "270"),
    default="0",
    unit="°",
    help="Clockwise, for a screen that stands upright or hangs upside down.",
)
FLIP_X = Toggle(
    name="flip_x", label="Flip left-right", default=False, help="For projection from behind."
)
FLIP_Y = Toggle(
    name="flip_y", label="Flip up-down", default=False, help="For a projector on the ceiling."
)
GAMMA = Float(
    name="gamma",
    label="Gamma",
    low=0.3,
    high=3,
    default=1,
    curve="log",
    help="Above 1 dark parts come out brighter, black and white stay what they are.",
)
BRIGHTNESS = Float(
    name="brightness",
    label="Brightness",
    low=-0.5,
    high=0.5,
    default=0,
    help="Added to all of the picture.",
)
SCREEN_PARAMETERS: tuple[Parameter, ...] = (
    *(TURN, FLIP_X, FLIP_Y, GAMMA, BRIGHTNESS),
    *(_crop(side) for side in ("left", "top", "right", "bottom")),
)
"""Each called as the field of `ScreenSettings` that it sets."""

_Crop = Annotated[FiniteFloat, Field(ge=0, le=0.45)]
_Shift = Annotated[FiniteFloat, Field(ge=-1, le=1)]
Corner = tuple[_Shift, _Shift]
"""How far a corner is moved to the right and down, as shares of the screen's sides."""
Corners = tuple[Corner, Corner, Corner, Corner]
"""Upper left, upper right, lower right, lower left."""
SQUARE: Corners = ((0.0, 0.0),) * 4


class ScreenSettings(Frozen):
    """How the output lies on a screen."""

    corners: Corners = SQUARE
    turn: Annotated[str, AfterValidator(TURN.validate)] = TURN.default
    flip_x: bool = False
    flip_y: bool = False
    gamma: Annotated[float, AfterValidator(GAMMA.validate)] = GAMMA.default
    brightness: Annotated[float, AfterValidator(BRIGHTNESS.validate)] = BRIGHTNESS.default
    crop_left: _Crop = 0.0
    crop_top: _Crop = 0.0
    crop_right: _Crop = 0.0
    crop_bottom: _Crop = 0.0
