"""What a layer does to what lies below it, pixel by pixel.

    seen = under + (blended(under, over) - under) * weight

in whole steps of a byte. By OpenCV: it is a third of what numpy and Pillow take and does without
Python's lock, so that neither an engine nor the window waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.document.mix import Layer
from studio.outputs import opencv as cv2
from studio.outputs._placing import Mask, Placed
from studio.outputs.sink import Pixels

_SOFT = 0.1
"""How far below the key level of a luma key something is still seen, faintly."""


def blend(out: Pixels, placed: Placed, layer: Layer) -> None:
    """Lay a picture over `out`, (height, width, 3), in place."""
    x0, y0, x1, y1 = placed.box
    under = out[y0:y1, x0:x1]
    seen = _BLENDED[layer.blend](under, placed.pixels)
    if layer.blend == "luma key":
        key = _key_of(placed.pixels, layer.key)
        mask = key if placed.covers is None else cv2.multiply(placed.covers, key, scale=1 / 255)
        _lerp_by(under, seen, cv2.convertScaleAbs(mask, alpha=layer.opacity))
    elif placed.covers is None:
        _lerp(under, seen, layer.opacity)
    else:
        _lerp_inside(under, seen, layer.opacity, placed.covers)


def dimmed(pixels: Pixels, level: float) -> Pixels:
    """`pixels` darkened to `level` in [0, 1]."""
    return np.asarray(cv2.convertScaleAbs(pixels, alpha=level), np.uint8)


def faded(a: Pixels, b: Pixels, share: float) -> Pixels:
    """The picture at `share` of the way from `a` to `b`, both of one shape."""
    return np.asarray(cv2.addWeighted(b, share, a, 1 - share, 0), np.uint8)


def _lerp(under: Pixels, seen: Any, share: float) -> None:
    """Move `under` towards `seen`, in place."""
    if share < 1:
        cv2.addWeighted(seen, share, under, 1 - share, 0, dst=under)
    else:
        under[:] = seen


def _lerp_by(under: Pixels, seen: Any, mask: Any) -> None:
    """The same, by as much as a mask says."""
    weights = cv2.cvtColor(mask, cv2.COLOR_GRAY2RGB)
    coming = cv2.multiply(seen, weights, scale=1 / 255)
    staying = cv2.multiply(under, cv2.bitwise_not(weights, dst=weights), scale=1 / 255)
    cv2.add(coming, staying, dst=under)


def _lerp_inside(under: Pixels, seen: Any, share: float, mask: Mask) -> None:
    """The same within a shape, of whose pixels only those at its edges are covered in part."""
    whole = seen if share >= 1 else cv2.addWeighted(seen, share, under, 1 - share, 0)
    edges = cv2.findNonZero(cv2.inRange(mask, 1, 254))
    across, down = np.empty((2, 0), int) if edges is None else edges.reshape(-1, 2).T
    before = under[down, across].astype(np.float32)
    shares = mask[down, across, None] / np.float32(255)
    edge = before + (whole[down, across] - before) * shares
    cv2.copyTo(whole, cv2.inRange(mask, 255, 255), under)
    under[down, across] = np.round(edge)


def _key_of(over: Pixels, key: float) -> Mask:
    """How much of each pixel is seen: nothing at `_SOFT` below the key, all from the key on."""
    levels = np.arange(256) / 255
    table = np.round(255 * np.clip((levels - key) / _SOFT + 1, 0, 1)).astype(np.uint8)
    return np.asarray(cv2.LUT(cv2.cvtColor(over, cv2.COLOR_RGB2GRAY), table), np.uint8)


def _screen(under: Any, over: Any) -> Any:
    dark = cv2.multiply(cv2.bitwise_not(under), cv2.bitwise_not(over), scale=1 / 255)
    return cv2.bitwise_not(dark, dst=dark)


_BLENDED: Mapping[str, Callable[[Any, Any], npt.NDArray[Any]]] = {
    "normal": lambda _, over: over,
    "luma key": lambda _, over: over,
    "add": lambda under, over: cv2.add(under, over),
    "multiply": lambda under, over: cv2.multiply(under, over, scale=1 / 255),
    "screen": _screen,
    "lighten": np.maximum,
    "darken": np.minimum,
    "difference": lambda under, over: cv2.absdiff(under, over),
}
