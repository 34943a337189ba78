"""The drawn faces as an inker learns them: which flat colour is where, and where the ink is.

The style is flat colours under black ink, so a face is two things: a map of fills, as it would be
without the ink (under a line each fill reaches to the line's middle), and the ink. Both are kept as
signed distances. Where two *lined* fills meet there is a line in every drawing (of 150 faces, on
99.5 to 100 % of those borders), so most outlines need not be learnt: they follow from the fills.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace

import cv2
import numpy as np
import resvg_py
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from torch import Tensor

from engines.vae_images.data_sets.faces import Face, Rgb, svg

Bytes = NDArray[np.uint8]

FILLS_PX, FINER = 128, 2
"""Cells of the fills' grid along a side, and of the ink's along one of those: a line is finer than
a fill."""
FAR_PX, NEAR_PX, INK_REACH_PX = 20.0, 4.0, 1.0
"""How far from its edge a fill or the ink is told, in pixels of the fills' grid. Half-way between
two heads of hair the distances are about the mean of both: told far, that has a slope everywhere,
and with it an edge; told near, it is nought wherever one has hair and the other none. But what one
face wears and the other does not is gone half-way if its absence is told far: a mouth, a line."""
DRAWN_PX = 768
"""As large as faces are drawn to be measured: a multiple of both grids."""

INK = "#000000"


@dataclass(frozen=True, slots=True)
class Fill:
    """One of the flat colours."""

    name: str
    colour: str = ""
    """As the style writes it; empty for what each face has a colour of its own for."""
    lined: bool = True
    """Whether a line runs where it meets another lined one."""
    reach_px: float = NEAR_PX


FILLS = (
    Fill("paper", reach_px=FAR_PX),
    Fill("skin", reach_px=FAR_PX),
    Fill("hair", reach_px=FAR_PX),
    Fill("shaved", lined=False),
    Fill("white", "#ffffff"),
    Fill("mouth", "#8f2e45"),
    Fill("lips", "#d31e1e", lined=False),
    Fill("tongue", "#ea869e"),
    Fill("blush", "#ca8d87", lined=False),
    Fill("freckles", "#7a624e", lined=False),
    Fill("orange", "#e67e5e"),
    Fill("lilac", "#c0aceb"),
    Fill("green", "#a0cc59"),
    Fill("yellow", "#f0df83"),
)
SHADE = 0.9
"""How light shaved skin is beside the rest of it."""
_SHAVED = 3
_ALIKE = {"#d32020": "#d31e1e", "#e57e5e": "#e67e5e", "#6fa942": "#a0cc59"}
"""Colours that the style has in two versions that the eye can hardly tell apart."""
_STEP = 16
"""Between the greys that stand for the fills in a drawing to be measured."""


def distances(face: Face) -> Bytes:
    """Of one face the fills' distances, then the ink's, of whose cells 2 x 2 lie in one of theirs:
    (F + 4, S, S) bytes, 127.5 at an edge, more inside, 0 and 255 at the reach (see `unpacked`)."""
    fills, inked = _measured(face)
    nearest = ndimage.distance_transform_edt(
        inked, return_distances=False, return_indices=True
    )  # what a line covers belongs to what is beside it
    fills = fills[tuple(nearest)]
    parts = [_distance(fills == n, FILLS_PX, fill.reach_px) for n, fill in enumerate(FILLS)]
    ink = _distance(inked, FINER * FILLS_PX, INK_REACH_PX)
    cells = ink.reshape(FILLS_PX, FINER, FILLS_PX, FINER).transpose(1, 3, 0, 2)
    return np.concatenate([np.stack(parts), cells.reshape(-1, FILLS_PX, FILLS_PX)])


def unpacked(distances: Tensor) -> Tensor:
    """Bytes -> float32 in -1..1, shares of the reach. Roots are kept: near an edge a step of a byte
    is a thousandth of a pixel, far from all a seventh."""
    roots = distances.float().div(127.5).sub(1)
    return roots * roots.abs()


def colours(face: Face) -> tuple[Rgb, Rgb, Rgb, Rgb]:
    """What the first fills, which have no colour of the style's, are filled with in one face."""
    red, green, blue = (round(SHADE * part) for part in face.skin_rgb)
    return face.paper_rgb, face.skin_rgb, face.hair_rgb, (red, green, blue)


def _measured(face: Face) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Which fill is where, and whether there is ink: both (DRAWN_PX, DRAWN_PX)."""
    told = {fill.colour: n for n, fill in enumerate(FILLS) if fill.colour}
    told[INK] = len(FILLS)

    def marked(found: re.Match[str]) -> str:
        colour = _long(found.group(1).lower())
        return f'fill="{_mark(told[_ALIKE.get(colour, colour)])}"'

    # The skin's and the hair's own colours are replaced first: a hair may be any colour there is.
    plain = replace(face, skin_rgb=(1, 1, 1), hair_rgb=(2, 2, 2))
    told |= {"#010101": 1, "#020202": 2}
    body = re.sub(r'fill="(#[0-9a-fA-F]{3,6})"', marked, svg(plain))
    body = body.replace('opacity=".1"', f'fill="{_mark(_SHAVED)}"')
    png = resvg_py.svg_to_bytes(
        svg_string=body.replace("<svg ", '<svg shape-rendering="crispEdges" ', 1),
        width=DRAWN_PX,
        height=DRAWN_PX,
        background=_mark(0),
        skip_system_fonts=True,
    )
    grey = np.asarray(Image.open(io.BytesIO(bytes(png))).convert("RGB"))[..., 0]
    marks = grey // _STEP
    return marks, marks == len(FILLS)


def _mark(number: int) -> str:
    return "#" + f"{_STEP * number + _STEP // 2:02x}" * 3


def _long(colour: str) -> str:
    """``#fff`` as ``#ffffff``."""
    return colour if len(colour) == 7 else "#" + "".join(2 * c for c in colour[1:])


def _distance(there: NDArray[np.bool_], side_px: int, reach_px: float) -> Bytes:
    """How far each cell of a grid is within what is `there` (DRAWN_PX, DRAWN_PX), as bytes."""
    if not there.any():
        return np.zeros((side_px, side_px), np.uint8)
    finer = len(there) // side_px
    inside, outside = (
        np.maximum(cv2.distanceTransform(part.astype(np.uint8), cv2.DIST_L2, 5) - 0.5, 0)
        for part in (there, ~there)
    )
    cells = (inside - outside).reshape(side_px, finer, side_px, finer).mean((1, 3))
    share = np.clip(cells * FILLS_PX / len(there) / reach_px, -1, 1)
    roots = np.sign(share) * np.sqrt(np.abs(share))
    return np.asarray(np.rint(127.5 + 127.5 * roots), np.uint8)
