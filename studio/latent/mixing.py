"""From a deck to the point that it shows: the slots blended by the pad, then steered."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from studio.document.arrays import Latent
from studio.document.scene import SLOT_COUNT, Deck, Place, Slot
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


def with_shares(
    own: tuple[float, ...], slots: tuple[Slot | None, ...], wanted: Mapping[int, float]
) -> tuple[float, ...]:
    """The shares of a blend that has `own`, where some slots are to have what is `wanted`: the
    others share the rest as they did. Empty slots have none. They sum to 1 unless all are empty."""
    given = {i: share for i, share in wanted.items() if slots[i] is not None}
    whole = sum(given.values())
    rest = sum(share for i, share in enumerate(own) if i not in given)
    if not given or (not rest and not whole):
        return own
    if whole >= 1 or not rest:
        return tuple(given.get(i, 0.0) / whole for i in range(len(own)))
    left = (1 - whole) / rest
    return tuple(given[i] if i in given else share * left for i, share in enumerate(own))


def blended(deck: Deck, shares: tuple[float, ...]) -> Latent:
    """The point between the deck's filled slots, of which there are some, at these shares."""
    filled = [(slot.latent, w) for slot, w in zip(deck.slots, shares, strict=True) if slot]
    points = np.asarray([latent for latent, _ in filled], np.float32)
    return blend(points, [share for _, share in filled], deck.interpolation)


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
    if not any(deck.slots):
        return np.zeros(latent_size, np.float32)
    return blended(deck, weights_of(deck))


def steered_by(point: Latent, deck: Deck, directions: Directions) -> Latent:
    """`point` moved as the deck's sliders and locks say."""
    amounts = {name: float(deck.parameters.get(name, 0.0)) for name in directions}
    if not deck.fixed and not any(amounts.values()):
        return point
    return steered(point, amounts, deck.fixed, directions)
