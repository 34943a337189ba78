"""What lines have in common before a pen learns from them or goes on with them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engines.strokes.drawings import Stroke, Strokes, bounds, moved

HALF = 0.9
"""Half of the longer side of a drawing, as pictures are -1..1."""

Points = npt.NDArray[np.float64]


def in_order(strokes: Strokes) -> Strokes:
    """The longest stroke first, each from its upper left end; what is closed from its upper left
    knot, clockwise. One picture is then drawn in one way, which the encoder can see."""
    legs = [np.diff(s, axis=0) for s in strokes]
    lengths = [float(np.hypot(leg[:, 0], leg[:, 1]).sum()) for leg in legs]
    order = np.argsort([-length for length in lengths], kind="stable")
    return tuple(_turned(strokes[n]) for n in order)


def from_above(strokes: Strokes) -> Strokes:
    """As characters are written: what begins further up and to the left comes first."""
    return tuple(sorted(map(_turned, strokes), key=lambda s: float(s[0].sum())))


def _turned(stroke: Stroke) -> Stroke:
    first = stroke.sum(1)
    if len(stroke) < 4 or np.abs(stroke[0] - stroke[-1]).max() > 0.08:
        return stroke[::-1] if first[-1] < first[0] else stroke
    ring = np.roll(stroke[:-1], -int(first[:-1].argmin()), axis=0)
    x, y = ring[:, 0], ring[:, 1]
    if float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) < 0:
        ring = np.roll(ring[::-1], 1, axis=0)
    return np.concatenate([ring, ring[:1]])


def framed(strokes: Strokes) -> Strokes:
    """In the middle, the longer side as long as in all drawings."""
    left, top, right, bottom = bounds(strokes)
    scale = 2 * HALF / max(right - left, bottom - top, 1e-3)
    return moved(strokes, (-scale * (left + right) / 2, -scale * (top + bottom) / 2), scale)


def thinned(line: Points, tolerance: float) -> Points:
    """The knots of a line that are needed (Douglas & Peucker 1973)."""
    start, end = line[0], line[-1]
    along = end - start
    length = float(np.hypot(*along))
    away = line - start
    if length < 1e-9:
        apart = np.hypot(away[:, 0], away[:, 1])
    else:
        apart = np.abs(along[0] * away[:, 1] - along[1] * away[:, 0]) / length
    far = int(apart.argmax())
    if len(line) < 3 or apart[far] <= tolerance:
        return np.asarray([start, end])
    left, right = thinned(line[: far + 1], tolerance), thinned(line[far:], tolerance)
    return np.concatenate([left[:-1], right])
