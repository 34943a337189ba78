"""The outlines of a field as smooth closed paths.

Marching squares (Lorensen & Cline, 1987, in two dimensions) finds where the field crosses its
level, to a fraction of a cell; the points are thinned out, corners kept as corners, and Catmull-Rom
curves laid through the rest, written as SVG's cubic Béziers.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""(N, 2), x and y; the last is joined to the first."""

CORNER_DEG = 38.0
"""A path that turns by more than this from one point to the next has a corner there."""
TOLERANCE = 0.1
"""How far a thinned path may be from the original, in cells of the field."""


def contours(field: NDArray[np.float32], level: float) -> list[Points]:
    """Closed paths round what is above `level` in (H, W); pixel (0, 0)'s centre is at (0, 0).

    What is above lies to the right of the way, so holes run the other way round.
    """
    padded = np.pad(field.astype(np.float64) - level, 1, constant_values=-1.0)
    padded[padded == 0] = 1e-9
    following = _segments(padded)
    paths = []
    while following:
        start, here = following.popitem()
        path = [start]
        while here != start:
            path.append(here)
            here = following.pop(here)
        if len(path) > 2:
            paths.append(np.array([_crossing(padded, edge) for edge in path]) - 1)
    return paths


Edge = tuple[int, int, bool]
"""A side of a cell: the row and column where it begins, and whether it runs downwards."""


def _segments(field: NDArray[np.float64]) -> dict[Edge, Edge]:
    """For every crossed side, the side by which the path leaves the cell that it enters there."""
    above = field > 0
    corners = (above[:-1, :-1], above[:-1, 1:], above[1:, 1:], above[1:, :-1])
    cases = np.zeros(above[1:, 1:].shape, np.int64)
    for bit, corner in enumerate(corners):
        cases |= corner.astype(np.int64) << bit
    following: dict[Edge, Edge] = {}
    for row, column in zip(*np.nonzero((cases > 0) & (cases < 15)), strict=True):
        y, x = int(row), int(column)
        sides = ((y, x, False), (y, x + 1, True), (y + 1, x, False), (y, x, True))
        middle = field[y : y + 2, x : x + 2].sum() > 0
        for first, last in _WAYS[int(cases[row, column]), bool(middle)]:
            following[sides[first]] = sides[last]
    return following


def _ways() -> dict[tuple[int, bool], list[tuple[int, int]]]:
    """For each case (corners clockwise from the top left) and whether the middle is above: from
    which side to which the path goes (clockwise from the top), what is above on its right."""
    ways = {}
    for case in range(16):
        above = [bool(case >> bit & 1) for bit in range(4)]
        # Walking round the cell clockwise, side i lies between corners i and i + 1.
        entries = [i for i in range(4) if above[i] and not above[(i + 1) % 4]]
        exits = [i for i in range(4) if not above[i] and above[(i + 1) % 4]]
        plain = list(zip(entries, exits, strict=True))
        if len(plain) == 2:
            # Either each corner above is cut off by itself, or both hold together.
            together = [(entry, (entry + 1) % 4) for entry in entries]
            apart = [(entry, (entry - 1) % 4) for entry in entries]
            ways[case, True], ways[case, False] = together, apart
        else:
            ways[case, True] = ways[case, False] = plain
    return ways


_WAYS = _ways()


def _crossing(field: NDArray[np.float64], edge: Edge) -> tuple[float, float]:
    row, column, down = edge
    here = field[row, column]
    there = field[row + 1, column] if down else field[row, column + 1]
    share = here / (here - there)
    return (column, row + share) if down else (column + share, row)


def thinned(path: Points, tolerance: float = TOLERANCE) -> Points:
    """As few of the points as come within `tolerance` of the rest (Douglas & Peucker, 1973)."""
    far = int(np.argmax(((path - path[0]) ** 2).sum(1)))
    kept = {0, far}
    closed = np.concatenate([path, path[:1]])
    spans = [(0, far), (far, len(path))]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        chord = closed[last] - closed[first]
        away = closed[first + 1 : last] - closed[first]
        length = math.hypot(*chord)
        if length > 0:
            gaps = np.abs(chord[0] * away[:, 1] - chord[1] * away[:, 0]) / length
        else:
            gaps = np.hypot(away[:, 0], away[:, 1])
        worst = int(np.argmax(gaps))
        if gaps[worst] > tolerance:
            split = first + 1 + worst
            kept.add(split)
            spans += [(first, split), (split, last)]
    return path[sorted(kept)]


def svg_path(path: Points) -> str:
    """A closed path as SVG path data: straight lines to and from corners, curves elsewhere."""
    before, after = np.roll(path, 1, 0), np.roll(path, -1, 0)
    arriving, leaving = path - before, after - path
    turn = np.arctan2(
        arriving[:, 0] * leaving[:, 1] - arriving[:, 1] * leaving[:, 0],
        (arriving * leaving).sum(1),
    )
    corner = np.abs(np.degrees(turn)) > CORNER_DEG
    lengths = np.hypot(leaving[:, 0], leaving[:, 1])
    earlier = np.roll(lengths, 1)
    # The nearer neighbour has the more say: of three points on a circle that is its tangent.
    tangent = arriving * (lengths / earlier)[:, None] + leaving * (earlier / lengths)[:, None]
    reach = np.hypot(tangent[:, 0], tangent[:, 1])
    unit = tangent / np.maximum(reach, 1e-9)[:, None]
    unit[corner] = 0
    words = [f"M{_pair(path[0])}"]
    for i in range(len(path)):
        j = (i + 1) % len(path)
        if corner[i] and corner[j]:
            words.append(f"L{_pair(path[j])}")
            continue
        first, last = path[i] + unit[i] * lengths[i] / 3, path[j] - unit[j] * lengths[i] / 3
        words.append(f"C{_pair(first)} {_pair(last)} {_pair(path[j])}")
    return "".join(words) + "Z"


def _pair(point: NDArray[np.float64]) -> str:
    return f"{point[0]:.2f},{point[1]:.2f}"
