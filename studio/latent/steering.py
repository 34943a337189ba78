"""Moving a point along named directions, and keeping it where a direction is locked.

A direction d is a step: adding it takes a point from without the feature to with it. A point's
*coordinate* along d is `point · d / |d|²`, so that adding d adds one to it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from studio.document.arrays import Latent

Directions = Mapping[str, Latent]
"""Steps by name, each float32 (latent_size,)."""


def coordinate(point: Latent, direction: Latent) -> float:
    """How many steps of `direction` there are in `point`."""
    length = float(direction @ direction)
    return float(point @ direction) / length if length else 0.0


def steered(
    point: Latent,
    amounts: Mapping[str, float],
    fixed: Mapping[str, float],
    directions: Directions,
) -> Latent:
    """`point` moved by `amounts` of the directions, float32 (latent_size,).

    Along those that are `fixed` the result has the fixed coordinate plus the amount, whatever the
    point had; it changes as little as that allows. Names that are no directions are passed over.
    """
    moved = np.asarray(point, np.float64)
    for name, amount in amounts.items():
        if amount and name in directions:
            moved = moved + amount * directions[name]
    names = [name for name in fixed if name in directions and directions[name].any()]
    if names:
        steps = np.asarray([directions[name] for name in names], np.float64)
        wanted = [fixed[name] + amounts.get(name, 0.0) for name in names]
        missing = np.square(steps).sum(1) * wanted - steps @ moved
        moved = moved + np.linalg.lstsq(steps, missing, rcond=None)[0]  # the least change
    return np.asarray(moved, np.float32)
