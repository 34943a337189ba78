"""Which slot holds which place of a picture: what an engine is told of a deck's pins and strokes.

From the bottom up: the point that the deck shows, everywhere; the pins, each around its place; the
strokes, in their order.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from studio.document.arrays import BlendMap, Latent
from studio.document.scene import SLOT_COUNT, Deck, Pin
from studio.painting._brushes import Field, filled, grid_of, pinned
from studio.painting.layers import paint_of

Steer = Callable[[Latent], Latent]


def blend_map_of(deck: Deck, shown: Latent, steer: Steer, aspect: float = 1.0) -> BlendMap | None:
    """Which point holds which place of `deck`'s picture; None where one holds them all.

    `shown` is the point that the deck shows, (latent_size,); `steer` moves a slot's point as the
    deck's sliders and locks along directions say; `aspect` is the picture's width over its height.
    """
    if not deck.pins and not deck.strokes:
        return None
    slots = tuple(i for i, slot in enumerate(deck.slots) if slot is not None)
    paint, pins = paint_of(deck.strokes, aspect, deck.key), filled(deck.pins, slots)
    used, shares = _shares(_Same(paint), tuple(pins.items()), slots, aspect)
    if not used:
        return None
    held = (deck.slots[slot] for slot in used)
    points = [steer(np.asarray(slot.latent, np.float32)) for slot in held if slot is not None]
    return BlendMap(points=np.asarray([shown, *points], np.float32), shares=shares)


class _Same:
    """A field as a key: equal to itself alone. It keeps the field alive, so that none takes its
    place in memory."""

    def __init__(self, field: Field) -> None:
        self.field = field

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.field is self.field

    def __hash__(self) -> int:
        return id(self.field)


@lru_cache(maxsize=8)  # a puck that moves asks again and again about the same picture
def _shares(
    paint: _Same, pins: tuple[tuple[int, Pin], ...], slots: tuple[int, ...], aspect: float
) -> tuple[tuple[int, ...], Field]:
    """The slots that hold some place, and the shares (rows, columns, 1 + such slots)."""
    ground = _pins(pins, aspect)
    brushed = np.zeros_like(ground)
    for slot in slots:
        brushed[..., 1 + slot] = paint.field[..., slot]
    bare = np.maximum(1 - brushed.sum(-1, keepdims=True), 0)  # rounding may lead below
    shares = ground * bare + brushed
    used = tuple(slot for slot in slots if shares[..., 1 + slot].any())
    kept = shares[..., [0, *(1 + slot for slot in used)]]
    kept.setflags(write=False)
    return used, kept


@lru_cache(maxsize=8)
def _pins(pins: tuple[tuple[int, Pin], ...], aspect: float) -> Field:
    return pinned(dict(pins), SLOT_COUNT, grid_of(aspect))
