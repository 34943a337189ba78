"""Looking around a point: its neighbours, and the children of two. Pure functions on points."""

from __future__ import annotations

import math

import numpy as np

from studio.document.arrays import Latent
from studio.document.parameters import Float
from studio.latent.blending import drift

SHEET_SIDE = 3
"""A sheet of variations has this many rows and columns."""
MIDDLE = SHEET_SIDE * SHEET_SIDE // 2
"""Where on a sheet the point itself stands."""

BREADTH = Float(
    name="breadth",
    label="Amount",
    low=0.05,
    high=1.0,
    default=0.35,
    help="How different the variations are, from close relatives to strangers.",
)


def variations(point: Latent, breadth: float, seed: int) -> list[Latent]:
    """Nine points, row by row: `point` in the middle and eight neighbours around it.

    A neighbour is the point after one step of the drift that never leaves the prior (see
    `blending.drift`); opposite neighbours go opposite ways. Same arguments, same points.
    """
    around = []
    for pair in range(MIDDLE):
        rng = np.random.default_rng((seed, pair))
        there = drift(point, rng, breadth)
        back = 2 * math.sqrt(1 - breadth * breadth) * np.asarray(point, np.float64) - there
        around.append((there, np.asarray(back, np.float32)))
    first, second = (list(side) for side in zip(*around, strict=True))
    return [*first, np.asarray(point, np.float32), *reversed(second)]


def children(first: Latent, second: Latent, breadth: float, seed: int) -> list[Latent]:
    """Nine points that mix two parents, each coordinate from one of them.

    Uniform crossover (Syswerda 1989) along the axes of the space, which in a model with white
    coordinates are its principal axes; then a quarter of `breadth` as mutation.
    """
    made = []
    for child in range(SHEET_SIDE * SHEET_SIDE):
        rng = np.random.default_rng((seed, child))
        mixed = np.where(rng.random(np.shape(first)) < 0.5, first, second)
        made.append(drift(mixed, rng, breadth / 4))
    return made
