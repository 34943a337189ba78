"""What a 3-D artist needs of a picture that tiles: the seam's figure, a height and a normal map.

Both maps are derived from the picture's luminance: a guess about relief, not a measurement of it.
They wrap round as the picture does.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from studio.document.arrays import Pixels
from studio.document.parameters import Float

TileMap = Literal["tile", "height", "normal"]

Heights = NDArray[np.uint16]
"""Heights over the whole range of 16 bits, (H, W)."""

RELIEF = Float(
    name="relief",
    label="Relief",
    low=0.1,
    high=20,
    default=4,
    curve="log",
    decimals=1,
    help="How steep the normal map is: the height of white over black, in hundredths of the side.",
)

DERIVED = "Derived from the luminance of the picture, not measured."

_LUMA = np.asarray((0.2126, 0.7152, 0.0722), np.float32)
"""Rec. 709, on sRGB values as they are: they are about as even as brightness looks."""


def seam(pixels: Pixels) -> tuple[float, float]:
    """How much a picture (H, W, 3) shows where it meets itself: across, and down.

    The mean step over the edge, over the mean step between neighbours inside along the same axis:
    1 is no seam at all. A picture without any step has 1, one that has them at the edge alone inf.
    """
    values = pixels.astype(np.float32)
    return _seam(values.swapaxes(0, 1)), _seam(values)


def _seam(rows: NDArray[np.float32]) -> float:
    edge = float(np.abs(rows[0] - rows[-1]).mean())
    inside = float(np.abs(np.diff(rows, axis=0)).mean()) if len(rows) > 1 else 0.0
    if inside:
        return edge / inside
    return float("inf") if edge else 1.0


def seam_words(pixels: Pixels) -> str:
    """The seam's figures as they stand in a tile's file."""
    across, down = seam(pixels)
    return f"{across:.3f} across, {down:.3f} down (edge step over mean neighbour step)"


def luminance(pixels: Pixels) -> NDArray[np.float32]:
    """How bright each place is, (H, W) in [0, 1]."""
    found: NDArray[np.float32] = pixels.astype(np.float32) @ _LUMA / np.float32(255)
    return found


def height_map(pixels: Pixels) -> Heights:
    """A height for every place: the darkest is 0, the brightest 65535; a flat picture is 32768."""
    light = luminance(pixels)
    low, high = float(light.min()), float(light.max())
    if high - low < 1 / 1024:  # rounding in the luma of one flat colour
        return np.full(light.shape, 32768, np.uint16)
    return np.round((light - low) / (high - low) * 65535).astype(np.uint16)


def normal_map(pixels: Pixels, relief: float = RELIEF.default) -> Pixels:
    """The surface's direction at every place, uint8 (H, W, 3), as OpenGL has it: red to the right,
    green up, blue towards the eye.

    The slopes are Sobel's (Sobel and Feldman 1968), which here go on over the edges. `relief` is
    how high the brightest stands over the darkest, in hundredths of the shorter side.
    """
    heights = height_map(pixels).astype(np.float32) / np.float32(65535)
    heights *= np.float32(relief / 100 * min(heights.shape))
    right, down = _slope(heights, 1), _slope(heights, 0)
    normals = np.stack([-right, down, np.ones_like(heights)], axis=-1)
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    return np.round(127.5 + 127.5 * normals).astype(np.uint8)


def _slope(heights: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """Height gained for one pixel along `axis`, smoothed over the neighbours on both sides."""
    steps = (np.roll(heights, -1, axis) - np.roll(heights, 1, axis)) / 2
    beside = np.roll(steps, 1, 1 - axis) + np.roll(steps, -1, 1 - axis)
    smooth: NDArray[np.float32] = np.asarray((beside + 2 * steps) / 4, np.float32)
    return smooth
