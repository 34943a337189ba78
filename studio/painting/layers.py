"""What strokes leave on a picture, kept so that a brush at work costs next to nothing.

A stroke that grows is painted on from where it was, and the strokes before it are not painted
again. What is kept is a pure function of the strokes, to the bit: whichever way they came.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np

from studio.document.scene import SLOT_COUNT, Stroke
from studio.painting._brushes import Field, Grid, cover, far, grid_of, painted

_KEPT_LINES = 600
"""Distances of strokes kept, 16 KiB each: more than one scene holds."""

_SEEN = 1 / 50
"""What takes less than this of every place is hidden: soft brushes hide nothing altogether."""


@dataclass
class _Line:
    """The squared distances to a stroke's line, and the stroke itself, which must not change."""

    stroke: Stroke
    near: Field


class PaintLayers:
    """Paints for one proportion of pictures. For one thread."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._lines: OrderedDict[int, _Line] = OrderedDict()
        self._newest: _Line | None = None
        self._below: tuple[tuple[Stroke, ...], Field] = ((), self._bare())
        """The paint under the last stroke."""
        self._shown: tuple[tuple[Stroke, ...], Field] = ((), self._below[1])

    def layer(self, strokes: tuple[Stroke, ...]) -> Field:
        """The paint (rows, columns, slots): every slot's share; what is missing to 1 is bare."""
        if not _same(strokes, self._shown[0]):
            self._shown = (strokes, self._paint(strokes))
        return self._shown[1]

    def seen(self, strokes: tuple[Stroke, ...]) -> tuple[Stroke, ...]:
        """Those of `strokes` that are not hidden by those above them."""
        clear, kept = self._grid.empty(1.0), []
        for stroke in reversed(strokes):
            taken = cover(self._near(stroke), stroke, self._grid)
            if float((clear * taken).max()) >= _SEEN:
                kept.append(stroke)
                clear *= 1 - taken
        while kept and kept[-1].slot is None:
            kept.pop()  # there is nothing under it to be rubbed out
        return tuple(reversed(kept))

    def _paint(self, strokes: tuple[Stroke, ...]) -> Field:
        if not strokes:
            return self._bare()
        *_, last = strokes
        return self._over(self._layer_below(strokes[:-1]), last)

    def _layer_below(self, strokes: tuple[Stroke, ...]) -> Field:
        """The paint of all strokes but the one at work, from the nearest that is at hand."""
        for known, layer in (self._below, self._shown):
            if _same(known, strokes[: len(known)]):
                begun, made = len(known), layer
                break
        else:
            begun, made = 0, self._bare()
        for stroke in strokes[begun:]:
            made = self._over(made, stroke)
        self._below = (strokes, made)
        return made

    def _over(self, layer: Field, stroke: Stroke) -> Field:
        return painted(layer, cover(self._near(stroke), stroke, self._grid), stroke.slot)

    def _near(self, stroke: Stroke) -> Field:
        known = self._lines.get(id(stroke))
        if known is None or known.stroke is not stroke:
            known = _Line(stroke, self._measured(stroke))
            self._lines[id(stroke)] = known
            while len(self._lines) > _KEPT_LINES:
                self._lines.popitem(last=False)
        self._newest = known
        return known.near

    def _measured(self, stroke: Stroke) -> Field:
        """Distances, going on from the newest line if `stroke` is that one drawn further."""
        points = stroke.points
        if (old := self._newest) is not None and stroke.radius == old.stroke.radius:
            begun = len(old.stroke.points)
            if points[:begun] == old.stroke.points:
                self._lines.pop(id(old.stroke), None)
                if begun == len(points):
                    return old.near
                return np.minimum(old.near, far(points, stroke.radius, self._grid, begun - 1))
        return far(points, stroke.radius, self._grid)

    def _bare(self) -> Field:
        return np.zeros((self._grid.rows, self._grid.columns, SLOT_COUNT), np.float32)


def _same(some: tuple[Stroke, ...], others: tuple[Stroke, ...]) -> bool:
    """Whether these are the very same strokes; comparing every point would take longer."""
    return len(some) == len(others) and all(a is b for a, b in zip(some, others, strict=True))


_layers: dict[tuple[str, float], PaintLayers] = {}
_KEPT_LAYERS = 16


def paint_of(strokes: tuple[Stroke, ...], aspect: float, deck: str = "") -> Field:
    """The paint of a deck's strokes on pictures of `aspect`; shared, so do not write to it.

    The deck's key only says whose strokes these probably were before.
    """
    return _layers_of(aspect, deck).layer(strokes)


def seen(strokes: tuple[Stroke, ...], aspect: float, deck: str = "") -> tuple[Stroke, ...]:
    """Those of a deck's strokes that are not hidden by later ones."""
    return _layers_of(aspect, deck).seen(strokes)


def forget() -> None:
    """Keep nothing of what was painted, as in the beginning."""
    _layers.clear()


def _layers_of(aspect: float, deck: str) -> PaintLayers:
    if (deck, aspect) not in _layers:
        if len(_layers) >= _KEPT_LAYERS:
            _layers.clear()
        _layers[deck, aspect] = PaintLayers(grid_of(aspect))
    return _layers[deck, aspect]
