"""Small pictures of points, kept by what they show, so that undo has them at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator

import numpy as np

from studio.document.scene import Deck, Slot
from studio.engine import Job, Latent, Pixels
from studio.engine.deck_job import own_files_of

_Key = tuple[str, str, tuple[str, ...], bytes]


class Thumbnails:
    """The most recently used, by engine, model, own pictures and point."""

    def __init__(self, limit: int = 512) -> None:
        self._limit = limit
        self._kept: OrderedDict[_Key, Pixels] = OrderedDict()

    def at(self, deck: Deck, latent: Latent) -> Pixels | None:
        """The small picture of a point; None while it is not rendered yet."""
        key = _key(deck, latent)
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def get(self, deck: Deck, slot: int) -> Pixels | None:
        """The thumbnail of a slot; None while it is empty or not rendered yet."""
        held = deck.slots[slot]
        return None if held is None else self.at(deck, _latent(held))

    def keep(self, deck: Deck, latent: Latent, pixels: Pixels) -> None:
        self._kept[_key(deck, latent)] = pixels
        while len(self._kept) > self._limit:
            self._kept.popitem(last=False)

    def forget(self, engine: str, model: str) -> None:
        """The model draws otherwise from now on."""
        for key in [key for key in self._kept if key[:2] == (engine, model)]:
            del self._kept[key]

    def missing(self, deck: Deck) -> Iterator[tuple[int, Latent]]:
        """Slots without a thumbnail, each with its point."""
        for index, slot in enumerate(deck.slots):
            if slot is not None and self.get(deck, index) is None:
                yield index, _latent(slot)


def small_job(deck: Deck, latent: Latent) -> Job:
    """The job for the small picture of a point."""
    own_files = own_files_of(deck, slots_only=True)
    return Job(latent=latent, seed=deck.seed, thumbnail=True, own_files=own_files)


def _latent(slot: Slot) -> Latent:
    return np.asarray(slot.latent, np.float32)


def _key(deck: Deck, latent: Latent) -> _Key:
    return deck.engine, deck.model, own_files_of(deck, slots_only=True), latent.tobytes()
