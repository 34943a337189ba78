"""Signed distance fields of letters, and letters in a picture. Numpy only: artists have no scipy.

A field is (S, S) bytes or floats in 0..1: the distance to the outline, positive inside, in pixels
of the field over twice `REACH_PX`, with the outline in the middle (Green, "Improved Alpha-Tested
Magnification", 2007).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from engines.vae_images.alphabet import REACH_PX, SIZE_PX
from studio.engine import Pixels

Ink = npt.NDArray[np.bool_]
FloatArray = npt.NDArray[np.float32]

FINER = 4
"""Ink is measured on a grid so many times as fine as the field."""
FAINTEST = 24.0
"""A picture whose tones differ by less than this (of 255) shows no letter."""


def to_field(ink: Ink, size_px: int = SIZE_PX) -> npt.NDArray[np.uint8]:
    """(k S, k S) ink or none -> the field (S, S) of bytes: 127.5 at the edge, more inside.

    `size_px` is S. A finer field than the usual reaches as far: it is the same one, sampled more
    closely.
    """
    finer, reach_px = ink.shape[0] // size_px, REACH_PX * size_px / SIZE_PX
    reach = int(np.ceil(reach_px * finer)) + finer
    signed = np.full(ink.shape, -float(reach), np.float32)
    near = tuple(_around(np.asarray(ink.any(axis)), reach) for axis in (1, 0))
    part = ink[near]
    # A pixel's own half belongs to it: the edge runs between two pixels, not through one.
    inside = np.maximum(distance(part, reach) - 0.5, 0)
    outside = np.maximum(distance(~part, reach) - 0.5, 0)
    signed[near] = inside - outside
    mean = (signed / finer).reshape(size_px, finer, size_px, finer).mean((1, 3))
    return np.asarray(np.rint(127.5 + 127.5 * np.clip(mean / reach_px, -1, 1)), np.uint8)


def _around(inked: Ink, reach: int) -> slice:
    """The stretch of a line (N,) within `reach` of its ink."""
    there = np.flatnonzero(inked)
    return slice(max(0, there[0] - reach), there[-1] + reach + 1) if len(there) else slice(0, 0)


def distance(ink: Ink, reach: int) -> FloatArray:
    """How far each ink pixel's centre is from the nearest without ink; 0 there, at most `reach`.

    First along the rows, then over the rows nearby (Saito & Toriwaki, 1994); the picture's border
    bounds nothing.
    """
    along = np.full(ink.shape, reach, np.float32)
    for columns in (range(ink.shape[1]), range(ink.shape[1] - 1, -1, -1)):
        run = np.full(ink.shape[0], reach, np.float32)
        for column in columns:
            run = np.where(ink[:, column], np.minimum(run + 1, reach), 0)
            along[:, column] = np.minimum(along[:, column], run)
    squared = along**2
    nearest = squared.copy()
    for rows in range(1, reach):
        for here, there in ((nearest[rows:], squared[:-rows]), (nearest[:-rows], squared[rows:])):
            np.minimum(here, there + rows**2, out=here)
    return np.asarray(np.minimum(np.sqrt(nearest), reach), np.float32)


def find_ink(pixels: Pixels) -> FloatArray:
    """(H, W, 3) uint8 -> (H, W) float: above 0 where there is ink, whatever its colour.

    Paper is what the border shows; ink is what differs from it by more than half as much as most
    of what differs does. A picture of one tone has none.
    """
    tones = pixels.astype(np.float32)
    border = np.concatenate([tones[0], tones[-1], tones[:, 0], tones[:, -1]])
    away = np.abs(tones - np.median(border, 0)).max(-1)
    strong = float(np.quantile(away[away > FAINTEST], 0.7)) if (away > FAINTEST).any() else 0.0
    return np.asarray(away - max(FAINTEST, strong / 2), np.float32)


def letters_in(pixels: Pixels, wanted: int) -> list[FloatArray]:
    """The inked boxes of `wanted` letters from left to right; one box of all that cannot be told
    apart; none where there is no ink."""
    ink = find_ink(pixels)
    columns = np.flatnonzero((ink > 0).any(0))
    if not len(columns):
        return []
    gaps = np.flatnonzero(np.diff(columns) > 1)
    runs = np.split(columns, gaps + 1)
    if len(runs) != wanted:
        runs = [columns]
    boxes = []
    for run in runs:
        rows = np.flatnonzero((ink[:, run] > 0).any(1))
        boxes.append(ink[rows[0] : rows[-1] + 1, run[0] : run[-1] + 1])
    return boxes


def placed(ink: FloatArray, top_px: float, bottom_px: float) -> npt.NDArray[np.uint8]:
    """The field of one inked box, scaled to reach from `top_px` to `bottom_px` of the field.

    A letter too wide for that is made smaller, down to the line that it stands on.
    """
    height = FINER * (bottom_px - top_px)
    scale = min(height / ink.shape[0], FINER * (SIZE_PX - 3) / ink.shape[1])
    width_px, height_px = (max(1, round(scale * n)) for n in (ink.shape[1], ink.shape[0]))
    box = Image.fromarray(ink).resize((width_px, height_px), Image.Resampling.BICUBIC)
    canvas = np.zeros((FINER * SIZE_PX, FINER * SIZE_PX), np.bool_)
    left = (canvas.shape[1] - width_px) // 2
    first = max(0, min(canvas.shape[0] - height_px, round(FINER * bottom_px) - height_px))
    canvas[first : first + height_px, left : left + width_px] = np.asarray(box) > 0
    return to_field(canvas)
