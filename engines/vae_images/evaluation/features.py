"""How far two sets of pictures are apart: a Frechet distance between features that nobody trained.

The usual space is that of a classifier of photographs (Heusel et al., "GANs Trained by a Two
Time-Scale Update Rule", 2017), which is neither here nor made for drawings; and our own encoder
would favour our own decoder. So it is counted what is there to be seen: colours, and the strength
of edges in eight directions at three scales, each in sixteen places (after Dalal & Triggs,
"Histograms of Oriented Gradients", 2005). Blur, holes and doubled lines weaken edges or turn them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

Array = NDArray[np.float64]

SIZE_PX = 64
PLACES = 4
DIRECTIONS = 8
SCALES = 3
COUNT = PLACES**2 * (3 + DIRECTIONS * SCALES)
KEPT = 48
"""Of the features' principal axes, so many are compared: more would need more pictures."""


@torch.inference_mode()
def features(pictures: Tensor) -> Array:
    """(N, 3, S, S) in 0..1 -> (N, COUNT)."""
    pictures = pictures.float().clamp(0, 1)
    if pictures.shape[-1] != SIZE_PX:
        pictures = F.interpolate(pictures, size=(SIZE_PX, SIZE_PX), mode="area")
    parts = [_in_places(pictures)]
    light = pictures.mean(1, keepdim=True)
    for _ in range(SCALES):
        across = F.pad(light[..., 2:] - light[..., :-2], (1, 1))
        down = F.pad(light[..., 2:, :] - light[..., :-2, :], (0, 0, 1, 1))
        turns = [2 * math.pi * k / DIRECTIONS for k in range(DIRECTIONS)]
        edges = [(math.cos(t) * across + math.sin(t) * down).clamp(min=0) for t in turns]
        # The root keeps one bold line from counting for more than many fine ones.
        parts.append(_in_places(torch.cat(edges, 1)).sqrt())
        light = F.avg_pool2d(light, 2)
    return np.concatenate([p.cpu().numpy() for p in parts], 1).astype(np.float64)


def _in_places(maps: Tensor) -> Tensor:
    return F.adaptive_avg_pool2d(maps, PLACES).flatten(1)


@dataclass(frozen=True)
class FeatureStatistics:
    """Mean (F,) and covariance (F, F) of a set's features."""

    mean: Array
    covariance: Array

    @classmethod
    def of(cls, seen: Array) -> FeatureStatistics:
        return cls(seen.mean(0), np.cov(seen, rowvar=False))

    def on(self, axes: Array) -> FeatureStatistics:
        """The same along `axes` (K, F)."""
        return FeatureStatistics(axes @ self.mean, axes @ self.covariance @ axes.T)


def main_axes(real: FeatureStatistics, count: int = KEPT) -> Array:
    """The principal axes of real pictures' features, as rows, each scaled to unit variance."""
    variances, vectors = np.linalg.eigh(real.covariance)
    chosen = np.argsort(variances)[::-1][:count]
    lengths = np.sqrt(np.maximum(variances[chosen], 1e-8))
    return np.asarray((vectors[:, chosen] / lengths).T, np.float64)


def distance(one: FeatureStatistics, other: FeatureStatistics) -> float:
    """The squared Frechet distance of two Gaussians (Dowson & Landau, 1982)."""
    root = _root(one.covariance)
    both = _root(root @ other.covariance @ root)
    apart = np.square(one.mean - other.mean).sum()
    spread = np.trace(one.covariance) + np.trace(other.covariance) - 2 * np.trace(both)
    return float(apart + spread)


def _root(matrix: Array) -> Array:
    """The square root of a symmetric positive matrix."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T, np.float64)
