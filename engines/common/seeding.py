"""Randomness that is the same again: always drawn on the CPU, whatever the device."""

from __future__ import annotations

import numpy as np


def generators(seed: int, count: int) -> list[np.random.Generator]:
    """One generator per point; the i-th depends on `seed` and i alone, so that asking for more
    points never changes the first ones."""
    return [np.random.default_rng((seed, index)) for index in range(count)]
