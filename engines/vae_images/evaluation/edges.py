"""Edges of pictures: how wide, by their rise from 10 to 90 per cent, and how steep.

The rise distance of optics (ISO 12233 measures cameras by it), taken at every edge that is there
instead of on a test chart: along rows and columns, each stretch that only rises or only falls is
one edge, if it is strong enough and nearly square to the line it is met on.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

LEAST_RISE = 0.25
"""Of black to white. Weaker steps, as from skin to cheeks, have no line that would be sharp."""
LEAST_COSINE = 0.7
"""Of the angle between an edge's slope and the row or column that it is met on: under 45 degrees,
since steeper ones are met squarely by the other direction."""
LOW, HIGH = 0.1, 0.9


def edge_width_px(pictures: NDArray[np.uint8]) -> float:
    """The median 10-90 per cent rise over all edges of pictures (N, S, S, 3) uint8, in pixels; NaN
    where there is none."""
    lights = [_light(picture) for picture in pictures]
    widths = np.concatenate([_widths(way) for light in lights for way in (light, light.T)])
    return float(np.median(widths)) if len(widths) else float("nan")


def steepness(pictures: NDArray[np.uint8]) -> float:
    """The slope of light that one place in a hundred of pictures (N, S, S, 3) uint8 exceeds, of
    black to white in a pixel. For drawings whose edges are too soft or too many to be told apart.
    """
    slopes = [np.hypot(*np.gradient(_light(picture))) for picture in pictures]
    return float(np.quantile(np.stack(slopes), 0.99))


def _light(picture: NDArray[np.uint8]) -> Array:
    """(S, S, 3) uint8 -> (S, S) 0..1, by Rec. 601."""
    return np.asarray(picture @ np.array([0.299, 0.587, 0.114]) / 255, np.float32)


def _widths(light: Array) -> Array:
    """The rise of each edge met along the rows of (H, W)."""
    steps = np.diff(light, axis=1)
    sign = np.sign(steps).ravel()
    column = np.tile(np.arange(steps.shape[1]), len(steps))
    begins = (np.diff(sign, prepend=sign[:1] + 1) != 0) | (column == 0)
    run = np.cumsum(begins) - 1
    size = np.abs(steps).ravel()
    total = np.bincount(run, size)
    strong = total[run] >= LEAST_RISE
    run, size = run[strong], size[strong]
    if not len(run):
        return np.zeros(0, np.float32)
    _, run = np.unique(run, return_inverse=True)
    total = np.bincount(run, size)
    # How far each step climbs, as shares of its run's whole rise: from `before` to `after`.
    climbed = np.cumsum(size / total[run])
    after = climbed - run  # every run before it climbed 1
    before = after - size / total[run]
    inside = np.clip(np.minimum(after, HIGH) - np.maximum(before, LOW), 0, None)
    rise = np.bincount(run, inside / np.maximum(after - before, 1e-9))
    cosine = np.bincount(run, size * _cosine(light, steps).ravel()[strong]) / total
    square = cosine >= LEAST_COSINE
    return np.asarray((rise * cosine)[square], np.float32)


def _cosine(light: Array, steps: Array) -> Array:
    """Of the angle between the slope at each step (H, W - 1) and the row: (H, W - 1)."""
    down = np.gradient(light, axis=0)
    across = (down[:, 1:] + down[:, :-1]) / 2
    return np.asarray(np.abs(steps) / np.sqrt(steps**2 + across**2 + 1e-12), np.float32)
