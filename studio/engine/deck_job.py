"""From a deck to the picture that it asks its engine for."""

from __future__ import annotations

from types import MappingProxyType

from studio.document.parameters import Value
from studio.document.scene import Deck
from studio.engine.contract import Job
from studio.latent.mixing import point_of, steered_by
from studio.latent.steering import Directions
from studio.painting.blend_maps import blend_map_of


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
    painted = blend_map_of(deck, latent, lambda p: steered_by(p, deck, directions or {}), aspect)
    return Job(
        latent=latent,
        parameters=parameters,
        seed=deck.seed,
        blend_map=painted,
        own_files=own_files_of(deck),
    )


def own_files_of(deck: Deck, *, slots_only: bool = False) -> tuple[str, ...]:
    """The own pictures of a deck, each once: copies of a slot share theirs."""
    named = [slot.own_picture for slot in deck.slots if slot is not None]
    named += () if slots_only else deck.own_pictures
    return tuple(dict.fromkeys(file for file in named if file is not None))
