"""What a point in the latent space says: a pattern, colours, and how much there is of it.

A point is (pattern, colour means, contrast, weight). Blends on a great circle keep a point's
length, and so lift what its ends have in common: half-way between two dark materials would be a
darker one. The last number undoes that. It is `WEIGHT` for every material, and all others are
read as shares of it, so a blend on any curve is an ordinary mean of what was blended.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

COLOURS = 5
"""Numbers after the pattern: three means, contrast, weight."""
WEIGHT = 8.0
LEAST_WEIGHT = 2.0
"""Points far from all materials may have none; they are read as if they had this much."""
MOST_PATTERN = 1.3
"""How far out a pattern may lie, as a multiple of the usual sqrt(size)."""

MEAN_UNIT, GREY = 0.2, 0.42
CONTRAST_UNIT, USUAL_CONTRAST = 0.6, 0.12
"""What one unit is: of a channel's mean around grey, and of the contrast's logarithm."""


@dataclass(frozen=True)
class Styles:
    """N points, read."""

    patterns: Array
    """(N, size), what the generator was taught with."""
    means: Array
    """(N, 3), RGB in 0..1."""
    contrasts: Array
    """(N, 1), the luminance's deviation."""


def read(points: Array) -> Styles:
    """Points (N, size + COLOURS) -> what they say; never fails, however far out they lie."""
    weights = np.maximum(points[:, -1:], LEAST_WEIGHT) / WEIGHT
    told = points[:, :-1] / weights
    patterns = told[:, : 1 - COLOURS]
    most = MOST_PATTERN * patterns.shape[1] ** 0.5
    lengths = np.linalg.norm(patterns, axis=1, keepdims=True)
    patterns = patterns * np.minimum(1, most / np.maximum(lengths, 1e-6))
    means = np.clip(GREY + MEAN_UNIT * told[:, -4:-1], 0, 1)
    contrasts = USUAL_CONTRAST * np.exp(np.clip(CONTRAST_UNIT * told[:, -1:], -4, 1.5))
    return Styles(*(np.asarray(part, np.float32) for part in (patterns, means, contrasts)))


def written(styles: Styles) -> Array:
    """The points that say `styles`: (N, size + COLOURS)."""
    means = (styles.means - GREY) / MEAN_UNIT
    contrasts = np.log(np.maximum(styles.contrasts, 1e-3) / USUAL_CONTRAST) / CONTRAST_UNIT
    weights = np.full((len(means), 1), WEIGHT)
    return np.concatenate([styles.patterns, means, contrasts, weights], 1).astype(np.float32)


def directions(size: int) -> dict[str, Array]:
    """Steps of a point: lighter, warmer, deeper."""
    ways = {"light": (1, 1, 1, 0), "warmth": (0.6, 0, -0.8, 0), "contrast": (0, 0, 0, 0.6)}
    found = {}
    for name, way in ways.items():
        found[name] = np.zeros(size + COLOURS, np.float32)
        found[name][-5:-1] = 0.5 * np.array(way)
    return found


def samples(materials: Array, seed: int, count: int) -> Array:
    """(count, latent size): materials in a shuffled order, every other one leaning to the next.

    Point i depends on `seed` and i alone.
    """
    order = np.random.default_rng(seed).permutation(len(materials))
    rows = []
    for number in range(count):
        rng = np.random.default_rng((seed, number))
        first, other = order[number % len(order)], order[(number + 1) % len(order)]
        lean = rng.uniform(0.1, 0.5) if number % 2 or number >= len(order) else 0.0
        point = (1 - lean) * materials[first] + lean * materials[other]
        shake = 0.1 * rng.standard_normal(len(point) - COLOURS)
        point[: 1 - COLOURS - 1] += shake
        rows.append(point)
    return np.asarray(rows, np.float32).reshape(count, materials.shape[1])
