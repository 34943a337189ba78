"""Finding one's way on a map of a latent space (see `studio.engine.Atlas`). Pure functions."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from studio.document.arrays import Atlas, Latent
from studio.document.scene import Place
from studio.latent.blending import blend, pad_weights

NEIGHBOURS = 4
"""So many points of the map speak for a place between them."""

_NEARLY_ZERO = 1e-6


def places_of(points: ArrayLike, atlas: Atlas) -> list[Place]:
    """Where each of `points` (M, L) belongs on the map.

    The mean of the places of its nearest neighbours in the latent space, each weighted by the
    inverse of its distance (Shepard 1968): a point of the map stands exactly at its own place.
    """
    wanted = np.atleast_2d(np.asarray(points, np.float32))
    known = atlas.points
    # |a - b|² = |a|² - 2ab + |b|²: one matrix product for all pairs.
    squares = np.square(wanted).sum(1)[:, None] - 2 * wanted @ known.T + np.square(known).sum(1)
    count = min(NEIGHBOURS, len(known))
    near = np.argpartition(squares, count - 1, axis=1)[:, :count]
    return [_mean_place(p, near[i], atlas) for i, p in enumerate(wanted)]


def _mean_place(point: Latent, near: NDArray[np.intp], atlas: Atlas) -> Place:
    away = np.linalg.norm(atlas.points[near] - point, axis=1)  # exact where the product rounds
    if away.min() < _NEARLY_ZERO:
        x, y = atlas.places[near[int(away.argmin())]]
    else:
        x, y = (1 / away) @ atlas.places[near] / (1 / away).sum()
    return float(x), float(y)


def point_at(place: Place, atlas: Atlas) -> Latent:
    """The point at a place of the map, float32 (L,).

    The great-circle blend of the nearest points there, weighted as the pad weights its anchors, so
    that the way across the map has no steps but where the neighbours change.
    """
    near = np.argsort(_distances(place, atlas))[:NEIGHBOURS]
    return blend(atlas.points[near], pad_weights(place, atlas.places[near]))


def nearest(place: Place, atlas: Atlas) -> tuple[int, float]:
    """The map's point that is nearest to `place`, by its number, and how far away it is."""
    away = _distances(place, atlas)
    index = int(away.argmin())
    return index, float(away[index])


def _distances(place: Place, atlas: Atlas) -> NDArray[np.float32]:
    return np.asarray(np.hypot(*(atlas.places - np.asarray(place)).T), np.float32)
