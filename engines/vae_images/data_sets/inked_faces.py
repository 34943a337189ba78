"""The drawn faces as an inker draws them: the style's parts as distances, and what each face wears.

The style is flat colours under black ink. Under the ink a fill reaches to the middle of its line,
and where two *lined* fills meet there is a line in every drawing (of 150 faces, on 99.5 to 100 % of
those borders).
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

from engines.vae_images.data_sets.faces import Face, face, style, svg
from engines.vae_images.inking.parts import FINER, INK, Bytes, KnownLayer, Parts, packed_distances

SIZE_PX = 128
FAR_PX, NEAR_PX, INK_REACH_PX = 20.0, 4.0, 1.0
"""How far from its edge a fill or the ink is told, in cells. Half-way between two heads of hair the
distances are the mean of both: told far, that has a slope everywhere, and with it an edge; told
near, it is nought wherever one has hair and the other none. But what one face wears and the other
does not is gone half-way if its absence is told far: a mouth, a line."""
DRAWN_PX = 768
"""As large as parts are drawn to be measured: a multiple of both grids."""


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
LAYERS = ("base", "eyes", "eyebrows", "mouth", "features", "glasses", "hair", "earrings")
"""The lowest first."""
INK_NEAR = {"hair": 1.5}
"""Nearly all ink of all hair is so near to it (see `KnownLayer`)."""
OPTIONAL = ("features", "glasses", "earrings")
"""What a face may go without: that is the first kind of each."""

_ALIKE = {"#d32020": "#d31e1e", "#e57e5e": "#e67e5e", "#6fa942": "#a0cc59"}
"""Colours that the style has in two versions that the eye can hardly tell apart."""
_SHAVED = 3
_INKED, _NOTHING = len(FILLS), len(FILLS) + 1
_STEP = 16
"""Between the greys that stand for the fills in a drawing to be measured."""


def kinds(layer: str) -> list[str | None]:
    """What a face can wear there."""
    return [*([None] if layer in OPTIONAL else []), *style()["parts"][layer]]


def worn(wears: Face) -> list[int]:
    """Which kind of each layer."""
    return [0 if n == "base" else kinds(n).index(getattr(wears, n)) for n in LAYERS]


def colours(wears: Face) -> NDArray[np.float32]:
    """What each fill of a face is filled with: (F, 3) in 0..1."""
    skin = np.array(wears.skin_rgb) / 255
    own = [np.array(wears.paper_rgb) / 255, skin, np.array(wears.hair_rgb) / 255, SHADE * skin]
    fixed = [rgb(fill.colour) for fill in FILLS if fill.colour]
    return np.concatenate([own, fixed]).astype(np.float32)


def rgb(colour: str) -> tuple[float, float, float]:
    """``#rrggbb`` in 0..1."""
    red, green, blue = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return red, green, blue


def parts() -> Parts:
    """All that the style has, measured: a quarter of a minute."""
    layers = []
    for layer in LAYERS:
        shapes = {}
        for number, kind in enumerate(kinds(layer)):
            for fill, shape in _measured(layer, kind).items() if kind else ():
                shapes[number, fill] = shape
        layers.append(KnownLayer(layer, len(kinds(layer)), INK_NEAR.get(layer, 0.0), shapes))
    reaches = tuple(fill.reach_px for fill in FILLS)
    return Parts(SIZE_PX, reaches, INK_REACH_PX, tuple(layers))


def _measured(layer: str, kind: str) -> dict[int, Bytes]:
    """The shapes of one part, by their fills or `INK`."""
    marks = _marks(layer, kind)
    inked = marks == _INKED
    # What a line covers belongs to what is beside it, be that the part or what is beneath.
    nearest = ndimage.distance_transform_edt(inked, return_distances=False, return_indices=True)
    fills = marks[tuple(nearest)]
    shapes = {
        int(n): _distances(fills == n, SIZE_PX, FILLS[n].reach_px)
        for n in np.unique(fills)
        if n != _NOTHING
    }
    if inked.any():
        shapes[INK] = _distances(inked, FINER * SIZE_PX, INK_REACH_PX)
    return shapes


def _marks(layer: str, kind: str) -> NDArray[np.uint8]:
    """Which fill of a part is where, or ink, or nothing: (DRAWN_PX, DRAWN_PX)."""
    told = {fill.colour: n for n, fill in enumerate(FILLS) if fill.colour} | {"#000000": _INKED}
    # The skin's and the hair's own colours go first: a hair may be any colour there is.
    told |= {"#010101": 1, "#020202": 2}

    def marked(found: re.Match[str]) -> str:
        colour = found.group(1).lower()
        colour = colour if len(colour) == 7 else "#" + "".join(2 * c for c in colour[1:])
        return f'fill="{_mark(told[_ALIKE.get(colour, colour)])}"'

    bare = replace(face(0), skin_rgb=(1, 1, 1), hair_rgb=(2, 2, 2))
    body = re.sub(r'fill="(#[0-9a-fA-F]{3,6})"', marked, svg(bare, {layer: kind}))
    body = body.replace('opacity=".1"', f'fill="{_mark(_SHAVED)}"')
    png = resvg_py.svg_to_bytes(
        svg_string=body.replace("<svg ", '<svg shape-rendering="crispEdges" ', 1),
        width=DRAWN_PX,
        height=DRAWN_PX,
        background=_mark(_NOTHING),
        skip_system_fonts=True,
    )
    grey = np.asarray(Image.open(io.BytesIO(bytes(png))).convert("RGB"))[..., 0]
    return np.asarray(grey // _STEP, np.uint8)


def _mark(number: int) -> str:
    return "#" + f"{_STEP * number + _STEP // 2:02x}" * 3


def _distances(there: NDArray[np.bool_], side_px: int, reach_px: float) -> Bytes:
    """How far each cell of a grid is within what is `there` (DRAWN_PX, DRAWN_PX)."""
    finer = len(there) // side_px
    inside, outside = (
        np.maximum(cv2.distanceTransform(part.astype(np.uint8), cv2.DIST_L2, 5) - 0.5, 0)
        for part in (there, ~there)
    )
    cells = (inside - outside).reshape(side_px, finer, side_px, finer).mean((1, 3))
    return packed_distances(cells * SIZE_PX / len(there) / reach_px)
