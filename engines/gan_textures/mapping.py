"""A map of the materials, and of what lies between neighbours."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from engines.gan_textures.shipped import Shipped
from engines.gan_textures.styles import Array
from studio.engine import Atlas

NEIGHBOURS = 4


def atlas(model: Shipped) -> Atlas:
    """The materials at their places, and for each a blend with its neighbours, half-way."""
    points, places = model.points, model.places
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    near = np.argsort(apart, axis=1)[:, 1 : 1 + NEIGHBOURS]
    pairs = [(a, b) for a, b in combinations(range(len(points)), 2) if b in near[a] or a in near[b]]
    first, other = np.array(pairs, int).reshape(-1, 2).T
    points, places = (
        np.concatenate([x, (x[first] + x[other]) / 2]).astype(np.float32) for x in (points, places)
    )
    return Atlas(points, places)


def placed(features: Array) -> Array:
    """Places for N materials by what is told of them (N, F): (N, 2) in [-1, 1].

    The first two axes of classical scaling, each as evenly filled as the order allows: materials
    would otherwise crowd in the middle.
    """
    centred = features - features.mean(0)
    if len(centred) < 3:
        return np.linspace((-0.5, -0.5), (0.5, 0.5), len(centred)).astype(np.float32)
    u, s, _ = np.linalg.svd(centred, full_matrices=False)
    axes = u[:, :2] * s[:2]
    ranks = axes.argsort(0).argsort(0) / (len(axes) - 1) * 2 - 1
    return np.asarray(0.9 * ranks, np.float32)
