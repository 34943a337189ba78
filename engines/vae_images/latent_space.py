"""The latent space as the instrument sees it: white, with a density to sample from.

The decoder's own latents are not handed out. What the studio blends are *white* points: the
training set's posterior means, moved to the origin, turned to their principal axes and scaled to
unit variance. So a great circle keeps the norm that a real picture has, and coordinate i is the
i-th principal axis.

Samples do not come from N(0, I) either: the posterior means of a training set fill that space
unevenly (Tomczak & Welling, "VAE with a VampPrior", 2018), and pictures drawn from the holes are
frayed. They come from a mixture of Gaussians fitted to those means (Ghosh et al., "From
Variational to Deterministic Autoencoders", 2020).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engines.common.seeding import generators

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Mixture:
    """Gaussians with diagonal covariance: shares (K,), means (K, L), deviations (K, L)."""

    shares: Array
    means: Array
    deviations: Array

    def sample(self, seed: int, count: int) -> Array:
        """Points (count, L) float32; point i depends on `seed` and i alone."""
        edges = np.cumsum(self.shares, dtype=np.float64)
        rows = []
        for rng in generators(seed, count):
            chosen = int(np.searchsorted(edges, rng.random() * edges[-1], side="right"))
            chosen = min(chosen, len(edges) - 1)
            noise = rng.standard_normal(self.means.shape[1])
            rows.append(self.means[chosen] + self.deviations[chosen] * noise)
        return np.asarray(rows, np.float32).reshape(count, self.means.shape[1])


@dataclass(frozen=True)
class LatentSpace:
    """The way between white points and the decoder's latents."""

    centre: Array
    """(L,) the mean of the posterior means."""
    axes: Array
    """(L, L) principal axes as rows, each as long as one standard deviation along it."""
    density: Mixture
    """Of white points."""
    directions: dict[str, Array] = field(default_factory=dict)
    """Named attributes: adding the (L,) vector to a white point takes it from without to with."""

    def to_decoder(self, white: Array) -> Array:
        """(..., L) white -> (..., L) as the decoder takes them, float32."""
        return np.asarray(self.centre + white @ self.axes, np.float32)

    def to_white(self, latents: Array) -> Array:
        """(..., L) as the encoder gives them -> (..., L) white, float32."""
        lengths = np.square(self.axes).sum(1)
        return np.asarray((latents - self.centre) @ self.axes.T / lengths, np.float32)


def fit(means: Array, *, components: int, seed: int = 0) -> LatentSpace:
    """The space of posterior `means` (N, L), with a density of so many `components`."""
    centre = means.mean(0, dtype=np.float64)
    covariance = np.cov(means, rowvar=False, dtype=np.float64)
    variances, vectors = np.linalg.eigh(covariance)
    order = np.argsort(variances)[::-1]
    lengths = np.sqrt(np.maximum(variances[order], 1e-8))
    axes = vectors[:, order].T * lengths[:, None]
    bare = LatentSpace(centre.astype(np.float32), axes.astype(np.float32), _unit(means.shape[1]))
    density = fit_mixture(bare.to_white(means), components=components, seed=seed)
    return LatentSpace(bare.centre, bare.axes, density)


def fit_mixture(points: Array, *, components: int, seed: int = 0, rounds: int = 40) -> Mixture:
    """Expectation-maximisation for diagonal Gaussians (Dempster, Laird & Rubin, 1977).

    Deviations are kept above 0.3 so that no component shrinks on to a single picture.
    """
    rng = np.random.default_rng(seed)
    means = points[rng.choice(len(points), components, replace=False)].astype(np.float64)
    variances = np.ones_like(means)
    shares = np.full(components, 1 / components)
    x = points.astype(np.float64)
    squares = x * x
    for _ in range(rounds):
        precise = 1 / variances
        score = x @ (means * precise).T - 0.5 * squares @ precise.T
        score += np.log(shares) - 0.5 * (means**2 * precise - np.log(precise)).sum(1)
        score -= score.max(1, keepdims=True)
        belongs = np.exp(score)
        belongs /= belongs.sum(1, keepdims=True)
        mass = belongs.sum(0) + 1e-6
        means = (belongs.T @ x) / mass[:, None]
        variances = np.maximum((belongs.T @ squares) / mass[:, None] - means**2, 0.09)
        shares = mass / mass.sum()
    return Mixture(*(a.astype(np.float32) for a in (shares, means, np.sqrt(variances))))


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


def _unit(size: int) -> Mixture:
    zeros, ones = np.zeros((1, size), np.float32), np.ones((1, size), np.float32)
    return Mixture(np.ones(1, np.float32), zeros, ones)
