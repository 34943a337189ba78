"""Strokes and pins as shares of a picture's places: pure functions on a grid that wraps round.

A grid has about 4096 cells in the picture's proportions; the middle of cell (row, column) stands at
((column + 0.5) / columns, (row + 0.5) / rows) of the picture. All lengths are shares of the
picture's shorter side, all distances the shortest on the torus: what is painted over one edge goes
on at the opposite one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from studio.document.scene import Pin, Spot, Stroke

Field = NDArray[np.float32]

_SIDE = 64
_FINEST = 1.2
"""Cells that the finest brush reaches, so that a touch between four cells leaves a mark."""
_BATCH = 16
_FULL = 1e-4


class Grid:
    """The places of a picture that is `aspect` times as wide as high."""

    def __init__(self, aspect: float = 1.0) -> None:
        self.rows = max(4, round(_SIDE / math.sqrt(aspect)))
        self.columns = max(4, round(_SIDE * math.sqrt(aspect)))
        shorter = min(aspect, 1.0)
        self.width, self.height = aspect / shorter, 1 / shorter
        """Of the picture, in shares of its shorter side."""
        self.across = ((np.arange(self.columns) + 0.5) / self.columns).astype(np.float32)
        self.down = ((np.arange(self.rows) + 0.5) / self.rows).astype(np.float32)[:, None]

    @property
    def cell(self) -> float:
        """The longer side of a cell."""
        return max(self.width / self.columns, self.height / self.rows)

    def empty(self, value: float = 0.0) -> Field:
        """A field (rows, columns) of one value."""
        return np.full((self.rows, self.columns), value, np.float32)


@lru_cache(maxsize=8)
def grid_of(aspect: float) -> Grid:
    """The grid for pictures of `aspect`; shared."""
    return Grid(aspect)


# -- strokes ---------------------------------------------------------------------------------------


def far(points: tuple[Spot, ...], radius: float, grid: Grid, begun: int = 0) -> Field:
    """Squared distances (rows, columns) to the line through `points`; exact as far as a brush of
    `radius` reaches. With `begun`, to what of the line comes after the point so numbered."""
    # A stroke begins with a touch: so a line that grew is what it is drawn at once, to the bit.
    line = np.asarray(points[begun:] if begun else (points[0], *points), np.float32)
    ends = line[1:]
    way = ends - line[:-1]
    way -= np.round(way)  # the short way round
    halves = np.asarray(way / 2, np.float32)
    middles = line[:-1] + halves
    near, reach = grid.empty(np.inf), reach_of(radius, grid)
    for first in range(0, len(ends), _BATCH):
        batch = slice(first, first + _BATCH)
        columns = _Window(middles[batch, 0], halves[batch, 0], reach, grid.width, grid.columns)
        rows = _Window(middles[batch, 1], halves[batch, 1], reach, grid.height, grid.rows)
        cells = rows.cells[:, :, None] * grid.columns + columns.cells[:, None, :]
        np.minimum.at(near.reshape(-1), cells.ravel(), _squared(columns, rows).ravel())
    return near


class _Window:
    """Along one axis, the cells that stretches reach: further than once round, if need be."""

    def __init__(
        self, middles: Field, halves: Field, reach: float, side: float, count: int
    ) -> None:
        room = reach / side + float(np.abs(halves).max())
        begun = np.floor((middles - room) * count - 0.5).astype(np.int64)
        numbers = begun[:, None] + np.arange(math.ceil(2 * room * count) + 2)
        self.cells = numbers % count
        """(stretches, cells), numbers of cells on the grid."""
        places = ((numbers + 0.5) / count).astype(np.float32)
        self.away = (places - middles[:, None]) * np.float32(side)
        """How far each is from the stretch's middle."""
        self.half = (halves * np.float32(side))[:, None]
        """(stretches, 1), half of the stretch."""


def _squared(columns: _Window, rows: _Window) -> Field:
    """Squared distances (stretches, rows, columns) to straight stretches."""
    x, y = columns.away[:, None, :], rows.away[:, :, None]
    half_x, half_y = columns.half[:, None, :], rows.half[:, None, :]
    length = np.maximum(half_x * half_x + half_y * half_y, np.float32(1e-12))
    along = np.clip(x * (half_x / length) + y * (half_y / length), -1, 1)
    away_x, away_y = x - along * half_x, y - along * half_y
    found: Field = away_x * away_x + away_y * away_y
    return found


def reach_of(radius: float, grid: Grid) -> float:
    """How far a brush is felt on a grid that knows nothing finer than its cells."""
    return max(radius, _FINEST * grid.cell)


def cover(near: Field, stroke: Stroke, grid: Grid) -> Field:
    """How much of each place the stroke takes, (rows, columns) in [0, 1], from squared distances.

    All of `strength` on the line, nothing from the radius on, and without an edge between.
    """
    t = np.maximum(1 - near / np.float32(reach_of(stroke.radius, grid) ** 2), 0)
    taken: Field = np.asarray(t * t * np.float32(stroke.strength), np.float32)
    return taken


def painted(layer: Field, taken: Field, slot: int | None) -> Field:
    """The paint (rows, columns, slots) after a stroke of `slot`; None rubs out."""
    after: Field = layer * (1 - taken)[..., None]
    if slot is not None:
        after[..., slot] += taken
    return after


# -- pins ------------------------------------------------------------------------------------------


def pinned(pins: Mapping[int, Pin], slots: int, grid: Grid) -> Field:
    """Shares (rows, columns, 1 + slots): first of what is nobody's, then of every slot.

    A pin's pull is 1 at its place and 1/2 at its reach, a bump without an edge on the torus (the
    von Mises density's shape). Pulls are weighed as odds, pull / (1 - pull), against one part of
    nobody's, so that each pin has all of its own place and the pulls of several never add up
    beyond it.
    """
    odds = np.zeros((grid.rows, grid.columns, 1 + slots), np.float32)
    odds[..., 0] = 1
    for slot, pin in pins.items():
        pull = _pull(pin, grid)
        odds[..., 1 + slot] = pull / (1 - pull + np.float32(_FULL))
    shares: Field = odds / odds.sum(-1, keepdims=True)
    return shares


def _pull(pin: Pin, grid: Grid) -> Field:
    x, y = pin.place
    away = _bowl(grid.across - np.float32(x), grid.width) + _bowl(
        grid.down - np.float32(y), grid.height
    )
    pull: Field = np.exp2(-away / np.float32(max(pin.reach, grid.cell) ** 2))
    return pull


def _bowl(way: Field, side: float) -> Field:
    """Nearly the squared way, but smooth all round a circle of length `side`."""
    circle = np.float32(2 * math.pi)
    bowl: Field = (1 - np.cos(circle * way)) * np.float32(2 * (side / (2 * math.pi)) ** 2)
    return bowl


def filled(pins: Mapping[int, Pin], slots: Iterable[int]) -> dict[int, Pin]:
    """The pins of `slots`, those that hold a point."""
    return {slot: pins[slot] for slot in sorted(slots) if slot in pins}
