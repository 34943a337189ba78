"""The latent space as the instrument sees it: white, with a density to sample from.

The decoder's own latents are not handed out. What the studio blends are *white* points: the
training set's posterior means, moved to the origin, turned to their principal axes and scaled to
unit variance. So a great circle keeps the norm that a real picture has, and coordinate i is the
i-th principal axis.

Samples do not come from N(0, I) either: the posterior means of a training set fill that space
unevenly (Tomczak & Welling, "VAE with a VampPrior", 2018), and pictures drawn from the holes are
frayed. They come from a kernel density over those means, shrunk so that its variance stays one
(West, "Approximating Posterior Distributions by Mixtures", 1993). A mixture of 96 Gaussians was
tried too: its hair was as clean, but eyes and mouths were washed out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from engines.common.seeding import generators

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Kernels:
    """A Gaussian around each of some white points (K, L), `width` (0..1) wide in every axis."""

    points: Array
    width: float

    def sample(self, seed: int, count: int) -> Array:
        """Points (count, L) float32; point i depends on `seed` and i alone."""
        size = self.points.shape[1]
        shrunk = math.sqrt(1 - self.width**2)
        rows = []
        for rng in generators(seed, count):
            kernel = self.points[rng.integers(len(self.points))]
            rows.append(shrunk * kernel + self.width * rng.standard_normal(size))
        return np.asarray(rows, np.float32).reshape(count, size)


@dataclass(frozen=True)
class LatentSpace:
    """The way between white points and the decoder's latents."""

    centre: Array
    """(L,) the mean of the posterior means."""
    axes: Array
    """(L, L) principal axes as rows, each as long as one standard deviation along it."""
    density: Kernels
    """Of white points."""
    directions: dict[str, Array] = field(default_factory=dict)
    """Named attributes: adding the (L,) vector to a white point takes it from without to with."""
    places: Array | None = None
    """(K, 2) in [-1, 1]: where the density's points stand on a map."""
    lines: Array = field(default_factory=lambda: np.zeros((0, 2), np.float32))
    """(C, 2), for letterforms: between which rows of the field a letter usually stands."""

    def step(self, name: str) -> Array:
        """The (L,) step of a slider: a stored direction, or a unit along `axis_1`, `axis_2`...

        Raises KeyError for any other name.
        """
        if name.startswith("axis_") and name[5:].isdecimal():
            step = np.zeros_like(self.centre)
            step[int(name[5:]) - 1] = 1
            return step
        return self.directions[name]

    def to_decoder(self, white: Array) -> Array:
        """(..., L) white -> (..., L) as the decoder takes them, float32."""
        return np.asarray(self.centre + white @ self.axes, np.float32)

    def to_white(self, latents: Array) -> Array:
        """(..., L) as the encoder gives them -> (..., L) white, float32."""
        lengths = np.square(self.axes).sum(1)
        return np.asarray((latents - self.centre) @ self.axes.T / lengths, np.float32)


def fit(means: Array, *, kernels: int, width: float, least: float = 0.0) -> LatentSpace:
    """The space of posterior `means` (N, L), with a density of `kernels` of them, evenly chosen.
    No axis is shorter than the share `least` of the longest."""
    centre = means.mean(0, dtype=np.float64)
    variances, vectors = np.linalg.eigh(np.cov(means, rowvar=False, dtype=np.float64))
    order = np.argsort(variances)[::-1]
    shortest = max(1e-8, least**2 * float(variances.max()))
    lengths = np.sqrt(np.maximum(variances[order], shortest))
    axes = vectors[:, order].T * lengths[:, None]
    chosen = means[:: max(1, len(means) // kernels)][:kernels]
    bare = LatentSpace(centre.astype(np.float32), axes.astype(np.float32), Kernels(chosen, width))
    return replace(bare, density=Kernels(bare.to_white(chosen), width))


def direction(white: Array, label: Array) -> Array:
    """The way from without to with: (L,), from points (N, L) and a label (N,).

    In white coordinates Fisher's discriminant is the difference of the class means, and the slope
    of a least-squares fit is the covariance with the label. A label of two values gives the former,
    any other is standardised and gives the latter (one standard deviation of it).
    """
    values = np.unique(label)
    if len(values) == 2:
        with_it = label == values[1]
        return np.asarray(white[with_it].mean(0) - white[~with_it].mean(0), np.float32)
    standard = (label - label.mean()) / label.std()
    return np.asarray((white * standard[:, None]).mean(0), np.float32)


def directions_apart(white: Array, labels: dict[str, Array]) -> dict[str, Array]:
    """A step for each of several labels (N,) that leaves the others where they are: (L,) each.

    A least-squares fit of the points on all labels at once, each standardised: what two labels
    share, as weight and width do, goes to neither twice. One step is one standard deviation.
    """
    columns = np.stack([(v - v.mean()) / max(float(v.std()), 1e-6) for v in labels.values()], 1)
    steps, *_ = np.linalg.lstsq(columns.astype(np.float64), white.astype(np.float64), rcond=None)
    return {name: np.asarray(step, np.float32) for name, step in zip(labels, steps, strict=True)}
