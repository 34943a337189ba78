"""Where strokes stand on the page: lines of text, rows of drawings, how far the pen has come."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from engines.strokes.drawings import Strokes, bounds, moved

SPACE = 0.4
"""Between two words."""
LEADING = 1.35
"""From one line to the next, where x is 0.45 high."""
PAGE = 0.88
"""What stands on the page reaches so far from its middle at most."""
LARGEST_LETTERS = 0.75
"""Scale of a line of few letters."""
SHEER = 3.0
"""The most that a line is wider than all lines are high before it is broken."""
WHOLE = 0.06
"""How long, on either side of the middle of the progress, the drawing is there as a whole."""


def lined(words: Sequence[Strokes]) -> Strokes:
    """Words, each from (0, 0) along y = 0, as lines in the middle of the page."""
    given = [(word, _length(word)) for word in words if word]
    if not given:
        return ()
    lines = _broken([length for _, length in given])
    out: list[Strokes] = []
    for row, line in enumerate(lines):
        x = -_width([given[n][1] for n in line]) / 2
        for n in line:
            word, length = given[n]
            out.append(moved(word, (x - bounds(word)[0], row * LEADING)))
            x += length + SPACE
    return fitted(tuple(s for word in out for s in word), LARGEST_LETTERS)


def _length(word: Strokes) -> float:
    left, _, right, _ = bounds(word)
    return right - left


def _width(lengths: Sequence[float]) -> float:
    return sum(lengths) + SPACE * max(0, len(lengths) - 1)


def _broken(lengths: Sequence[float]) -> list[list[int]]:
    """The words of each line: as few lines as keep the page from being a strip."""
    for count in range(1, len(lengths) + 1):
        lines = _filled(lengths, count)
        widest = max(_width([lengths[n] for n in line]) for line in lines)
        if widest <= SHEER * LEADING * len(lines) or count == len(lengths):
            return lines
    return []


def _filled(lengths: Sequence[float], count: int) -> list[list[int]]:
    """In so many lines at most, each as full as the mean of what is left."""
    lines: list[list[int]] = [[]]
    for n in range(len(lengths)):
        left = count - len(lines) + 1
        mean = (_width(lengths[lines[-1][0] if lines[-1] else n :])) / left
        here = _width([lengths[m] for m in [*lines[-1], n]])
        if lines[-1] and left > 1 and here - lengths[n] / 2 > mean:
            lines.append([])
        lines[-1].append(n)
    return lines


def in_rows(drawings: Sequence[Strokes]) -> Strokes:
    """Drawings in -1..1 side by side, in as many rows as columns or one fewer."""
    columns = math.ceil(math.sqrt(len(drawings)))
    rows = math.ceil(len(drawings) / columns)
    out: list[Strokes] = []
    for n, drawing in enumerate(drawings):
        row, column = divmod(n, columns)
        at = (2 * column + 1 - columns) / columns, (2 * row + 1 - rows) / columns
        out.append(moved(drawing, at, 0.94 / columns))
    return tuple(s for drawing in out for s in drawing)


def fitted(strokes: Strokes, largest: float) -> Strokes:
    """In the middle, as large as there is room for."""
    left, top, right, bottom = bounds(strokes)
    scale = min(largest, 2 * PAGE / max(right - left, bottom - top, 1e-3))
    return moved(strokes, (-scale * (left + right) / 2, -scale * (top + bottom) / 2), scale)


def leant(strokes: Strokes, degrees: float, zoom: float) -> Strokes:
    """Slanted about the middle, then larger or smaller."""
    lean = math.tan(math.radians(degrees))
    matrix = zoom * np.asarray([[1, 0], [-lean, 1]], np.float32)
    return tuple(s @ matrix for s in strokes)


def so_far(lines: Strokes, progress: float) -> Strokes:
    """The part of all lines that is there: first ever more from the beginning, at the end ever
    less of it."""
    start = max(0.0, (progress - 0.5 - WHOLE) / (0.5 - WHOLE))
    end = min(1.0, progress / (0.5 - WHOLE))
    if start <= 0 and end >= 1:
        return lines
    lengths = [max(_way(line)[-1], 0.02) for line in lines]
    total, done = sum(lengths), 0.0
    out: list[Strokes] = []
    for line, length in zip(lines, lengths, strict=True):
        low, high = (start * total - done) / length, (end * total - done) / length
        done += length
        if high > 0 and low < 1:
            out.append((_between(line, max(0.0, low), min(1.0, high)),))
    return tuple(s for one in out for s in one)


def _way(line: np.ndarray) -> np.ndarray:
    steps = np.diff(line, axis=0)
    return np.concatenate([[0.0], np.cumsum(np.hypot(steps[:, 0], steps[:, 1]))])


def _between(line: np.ndarray, low: float, high: float) -> np.ndarray:
    """The part of a line between two shares of its length."""
    way = _way(line)
    if way[-1] <= 0:
        return line
    ends = np.asarray([low, high]) * way[-1]
    inside = line[(way > ends[0]) & (way < ends[1])]
    first, last = (np.asarray([[np.interp(e, way, line[:, k]) for k in (0, 1)]]) for e in ends)
    return np.concatenate([first, inside, last]).astype(np.float32)
