"""From a deck to the point that it shows: the slots blended by the pad, then steered."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

import numpy as np

from studio.blending import Points, blend, loop, pad_weights
from studio.engine import Job, Latent
from studio.painting import blend_map_of
from studio.parameters import Value
from studio.scene import SLOT_COUNT, Deck, Place
from studio.steering import Directions, steered


def weights_of(deck: Deck) -> tuple[float, ...]:
    """Each slot's share of the blend; 0 for an empty one. They sum to 1 unless all are empty."""
    return _shares(deck.pad, tuple(None if slot is None else slot.place for slot in deck.slots))


@lru_cache(maxsize=64)  # the engine's job and the window's views ask about the same movement
def _shares(pad: Place, places: tuple[Place | None, ...]) -> tuple[float, ...]:
    filled = {i: place for i, place in enumerate(places) if place is not None}
    shares = [0.0] * SLOT_COUNT
    if filled:
        found = pad_weights(pad, list(filled.values()))
        for index, share in zip(filled, found.tolist(), strict=True):
            shares[index] = share
    return tuple(shares)


def point_of(deck: Deck, latent_size: int, directions: Directions | None = None) -> Latent:
    """The point that the deck shows, float32 (latent_size,).

    It is the held one or the blend at the puck (the origin while all slots are empty), moved as
    the deck's sliders along `directions` say.
    """
    return _steered(_bare_point(deck, latent_size), deck, directions or {})


def walk_point(deck: Deck, phase: float, directions: Directions | None = None) -> Latent | None:
    """The point at `phase` (0 to 1, both the same) of the deck's walk; None with fewer than two
    slots to walk through."""
    stops = walk_stops(deck)
    if len(stops) < 2:
        return None
    at = loop(stops, phase, deck.interpolation, rests=deck.walk.easing == "rest")
    return _steered(at, deck, directions or {})


def walk_stops(deck: Deck) -> list[Points]:
    """The points that the deck's walk goes through, in order."""
    wanted = deck.walk.slots or range(SLOT_COUNT)
    held = [deck.slots[index] for index in wanted]
    return [np.asarray(slot.latent, np.float32) for slot in held if slot is not None]


def job_of(
    deck: Deck,
    latent_size: int,
    directions: Directions | None = None,
    values: dict[str, Value] | None = None,
    aspect: float = 1.0,
) -> Job:
    """The picture that `deck` asks for now, with `values` in the place of some of its own.

    `aspect` is the picture's width over its height; it matters to what is painted on it.
    """
    merged = {**deck.parameters, **values} if values else deck.parameters
    parameters = MappingProxyType(merged)  # an engine may read the scene's values, not write
    latent = point_of(deck, latent_size, directions)
    painted = blend_map_of(deck, latent, lambda p: _steered(p, deck, directions or {}), aspect)
    return Job(latent=latent, parameters=parameters, seed=deck.seed, blend_map=painted)


def _bare_point(deck: Deck, latent_size: int) -> Latent:
    if deck.held is not None:
        return np.asarray(deck.held, np.float32)
    filled = [slot.latent for slot in deck.slots if slot is not None]
    if not filled:
        return np.zeros(latent_size, np.float32)
    shares = [w for w, slot in zip(weights_of(deck), deck.slots, strict=True) if slot is not None]
    return blend(np.asarray(filled, np.float32), shares, deck.interpolation)


def _steered(point: Latent, deck: Deck, directions: Directions) -> Latent:
    amounts = {name: float(deck.parameters.get(name, 0.0)) for name in directions}
    if not deck.fixed and not any(amounts.values()):
        return point
    return steered(point, amounts, deck.fixed, directions)
