"""From a deck to the point that it shows: the slots blended by the pad, then steered."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from studio.document.arrays import Latent
from studio.document.scene import SLOT_COUNT, Deck, Place
from studio.latent.blending import Points, blend, loop, pad_weights
from studio.latent.steering import Directions, steered

_PHASES = 240


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
    return steered_by(_bare_point(deck, latent_size), deck, directions or {})


def walk_point(deck: Deck, phase: float) -> Latent | None:
    """The point at `phase` (0 to 1, both the same) of the deck's walk; None with fewer than two
    slots to walk through."""
    stops = walk_stops(deck)
    if len(stops) < 2:
        return None
    return loop(stops, phase, deck.interpolation, rests=deck.walk.easing == "rest")


def phase_of(deck: Deck) -> float:
    """How far round its walk a deck was that was kept while it walked, in steps of 1 / 240; 0 for
    one that was not."""
    if deck.held is None or "walk" not in deck.moving:
        return 0.0
    held, phases = np.asarray(deck.held, np.float32), np.arange(_PHASES) / _PHASES
    points = (walk_point(deck, phase) for phase in phases.tolist())
    far = [np.linalg.norm(point - held) for point in points if point is not None]
    return float(phases[np.argmin(far)]) if far else 0.0


def walk_stops(deck: Deck) -> list[Points]:
    """The points that the deck's walk goes through, in order."""
    wanted = deck.walk.slots or range(SLOT_COUNT)
    held = [deck.slots[index] for index in wanted]
    return [np.asarray(slot.latent, np.float32) for slot in held if slot is not None]


def _bare_point(deck: Deck, latent_size: int) -> Latent:
    if deck.held is not None:
        return np.asarray(deck.held, np.float32)
    filled = [slot.latent for slot in deck.slots if slot is not None]
    if not filled:
        return np.zeros(latent_size, np.float32)
    shares = [w for w, slot in zip(weights_of(deck), deck.slots, strict=True) if slot is not None]
    return blend(np.asarray(filled, np.float32), shares, deck.interpolation)


def steered_by(point: Latent, deck: Deck, directions: Directions) -> Latent:
    """`point` moved as the deck's sliders and locks say."""
    amounts = {name: float(deck.parameters.get(name, 0.0)) for name in directions}
    if not deck.fixed and not any(amounts.values()):
        return point
    return steered(point, amounts, deck.fixed, directions)
