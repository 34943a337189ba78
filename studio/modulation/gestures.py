"""Points of recorded gestures: fewer of them, and one gesture on top of another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studio.document.modulation import POINT_LIMIT, GesturePoint

TOLERANCE = 1e-4
"""Of the travel: a point that lies so near to the line between its neighbours is left out."""


def thinned(
    points: Sequence[GesturePoint], tolerance: float = TOLERANCE
) -> tuple[GesturePoint, ...]:
    """`points`, by time, without those that are not missed: none is further from what is left than
    `tolerance`. Of more than a gesture can have, one in so many is kept.

    Numbers are what 32 bits hold, as files keep them.
    """
    rows = np.asarray(points, np.float32).astype(np.float64).reshape(-1, 3)
    last_of_its_time = np.diff(rows[:, 0], append=np.inf) > 0
    rows = rows[last_of_its_time]
    kept = rows[_needed(rows, tolerance)]
    if len(kept) > POINT_LIMIT:
        kept = np.append(kept[: -1 : -(-len(kept) // (POINT_LIMIT - 1))], kept[-1:], axis=0)
    return tuple((float(t), _within(x), _within(y)) for t, x, y in kept)


def added(below: Sequence[GesturePoint], above: Sequence[GesturePoint]) -> tuple[GesturePoint, ...]:
    """Both at once: at every moment of either, the sum, no further than the travel goes."""
    a, b = (np.asarray(points, np.float64).reshape(-1, 3) for points in (below, above))
    times = np.union1d(a[:, 0], b[:, 0])
    columns = [np.interp(times, p[:, 0], p[:, axis]) for axis in (1, 2) for p in (a, b)]
    x, y = columns[0] + columns[1], columns[2] + columns[3]
    together = np.stack([times, np.clip(x, -1, 1), np.clip(y, -1, 1)], axis=1)
    return thinned([(t, x, y) for t, x, y in together.tolist()])


def _needed(rows: NDArray[np.float64], tolerance: float) -> NDArray[np.bool_]:
    """Ramer 1972, Douglas and Peucker 1973, measured along the values: time is not bent."""
    needed = np.zeros(len(rows), bool)
    needed[[0, -1]] = True
    spans = [(0, len(rows) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        inner = rows[first + 1 : last]
        share = (inner[:, :1] - rows[first, 0]) / (rows[last, 0] - rows[first, 0])
        line = rows[first, 1:] + share * (rows[last, 1:] - rows[first, 1:])
        apart = np.abs(inner[:, 1:] - line).max(axis=1)
        worst = int(apart.argmax())
        if apart[worst] > tolerance:
            middle = first + 1 + worst
            needed[middle] = True
            spans += [(first, middle), (middle, last)]
    return needed


def _within(offset: float) -> float:
    return min(1.0, max(-1.0, float(offset)))
