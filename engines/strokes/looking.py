"""Pictures as the encoder knows them: the ink alone, in the middle, as large as it can be."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from engines.strokes.drawings import Strokes, bounds, moved
from studio.engine import Pixels

SIDE_PX = 48
"""Height of what the encoder sees."""
MARGIN_PX = 3

Seen = npt.NDArray[np.uint8]
"""(SIDE_PX, SIDE_PX * width), 255 is ink."""


def seen(strokes: Strokes, width: int = 1, pen_px: float = 2.0) -> Seen:
    """Drawn with straight lines, four times larger and then made smaller."""
    fine = 4
    left, top, right, bottom = bounds(strokes)
    scale = min(
        (SIDE_PX - 2 * MARGIN_PX) / max(bottom - top, 1e-3),
        (width * SIDE_PX - 2 * MARGIN_PX) / max(right - left, 1e-3),
    )
    middle = np.asarray([width * SIDE_PX, SIDE_PX]) / 2
    shift = middle - scale * np.asarray([left + right, top + bottom]) / 2
    canvas = np.zeros((SIDE_PX * fine, width * SIDE_PX * fine), np.uint8)
    placed = moved(strokes, (float(shift[0]), float(shift[1])), scale)
    lines = [np.rint(s * fine * 16).astype(np.int32).reshape(-1, 1, 2) for s in placed]
    cv2.polylines(canvas, lines, False, 255, max(1, round(pen_px * fine)), cv2.LINE_8, 4)
    small = cv2.resize(canvas, (width * SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def cut_out(pixels: Pixels) -> npt.NDArray[np.float32] | None:
    """(H, W) in 0..1: the ink of a picture from outside, no larger than it reaches; the colour of
    the picture's edge is taken for the paper. None where there is no ink."""
    grey = pixels.astype(np.float32).mean(2)
    edge = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    ink = np.abs(grey - np.median(edge))
    ink = ink / max(float(ink.max()), 1.0)
    rows, columns = np.nonzero(ink > 0.35)
    if not len(rows):
        return None
    cut = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    return np.asarray(cut, np.float32)


def looked_at(pixels: Pixels, width: int = 1) -> Seen:
    """A picture from outside in the same frame (see `cut_out`)."""
    cut = cut_out(pixels)
    if cut is None:
        return np.zeros((SIDE_PX, width * SIDE_PX), np.uint8)
    high, wide = cut.shape
    # strokes are seen along their middles: about one pixel lies outside on each side
    room = SIDE_PX - 2 * MARGIN_PX + 2
    scale = min(room / high, (room + (width - 1) * SIDE_PX) / wide)
    size = (max(1, round(wide * scale)), max(1, round(high * scale)))
    kind = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(cut, size, interpolation=kind)
    page = np.zeros((SIDE_PX, width * SIDE_PX), np.float32)
    x, y = (page.shape[1] - size[0]) // 2, (page.shape[0] - size[1]) // 2
    page[y : y + size[1], x : x + size[0]] = small
    return np.asarray(np.rint(255 * page.clip(0, 1)), np.uint8)
