"""From a deck to the point that it shows: the pad's weights over the filled slots, blended."""

from __future__ import annotations

from functools import lru_cache
from types import MappingProxyType

import numpy as np

from studio.blending import blend, pad_weights
from studio.engine import Job, Latent
from studio.scene import SLOT_COUNT, Deck, Place


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


def point_of(deck: Deck, latent_size: int) -> Latent:
    """The point at the puck, float32 (latent_size,); the origin while all slots are empty."""
    filled = [slot.latent for slot in deck.slots if slot is not None]
    if not filled:
        return np.zeros(latent_size, np.float32)
    shares = [w for w, slot in zip(weights_of(deck), deck.slots, strict=True) if slot is not None]
    return blend(np.asarray(filled, np.float32), shares, deck.interpolation)


def job_of(deck: Deck, latent_size: int) -> Job:
    """The picture that `deck` asks for now."""
    values = MappingProxyType(deck.parameters)  # an engine may read the scene's values, not write
    return Job(latent=point_of(deck, latent_size), parameters=values, seed=deck.seed)
