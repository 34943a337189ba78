"""How alike textures are, by measures that nothing here was trained with or that others wrote.

- `Statistics`: Portilla and Simoncelli's (2000), as the `plenoptic` package computes them. The
  generator was taught with a relative of them (see `statistics`); this is not the same code, nor
  the same list, but it is the same idea, and kind to it.
- `features`: local binary patterns (Ojala et al., 2002) at three radii and grey-level
  co-occurrences (Haralick et al., 1973), for a classifier that sees no colour.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from skimage.color import rgb2lab
from skimage.feature import graycomatrix, graycoprops, local_binary_pattern

from studio.engine import Pixels

Floats = NDArray[np.float64]

CROP_PX = 128
LBP = ((8, 1), (16, 2), (16, 4))
"""Neighbours and radius."""
LEVELS = 32
PROPERTIES = ("contrast", "homogeneity", "energy", "correlation")


def luminance(pixels: Pixels) -> Floats:
    """(H, W) in 0..1."""
    return np.asarray(pixels @ np.array([0.299, 0.587, 0.114]) / 255, np.float64)


class LikenessStatistics:
    """Portilla and Simoncelli's, of squares of CROP_PX."""

    def __init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the package's own dependencies
            import plenoptic

            self._model = plenoptic.models.PortillaSimoncelli(
                (CROP_PX, CROP_PX), n_scales=4, n_orientations=4, spatial_corr_width=7
            )

    def of(self, pictures: Sequence[Pixels]) -> Floats:
        """(N, statistics) of N pictures (CROP_PX, CROP_PX, 3)."""
        grey = torch.from_numpy(np.stack([luminance(p) for p in pictures]))[:, None]
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = [self._model(part.float()) for part in grey.split(8)]
        return torch.cat(found)[:, 0].double().numpy()


def features(pixels: Pixels) -> Floats:
    """What the classifier sees of a picture."""
    grey = (luminance(pixels) * 255).round().astype(np.uint8)
    parts = []
    for neighbours, radius in LBP:
        codes = local_binary_pattern(grey, neighbours, radius, "uniform")
        parts.append(np.bincount(codes.astype(int).ravel(), minlength=neighbours + 2) / codes.size)
    coarse = (grey.astype(int) * LEVELS // 256).astype(np.uint8)
    angles = [0, np.pi / 4, np.pi / 2, 3 * np.pi / 4]
    pairs = graycomatrix(coarse, [1, 2, 4, 8], angles, LEVELS, symmetric=True, normed=True)
    parts += [graycoprops(pairs, name).ravel() for name in PROPERTIES]
    return np.concatenate(parts)


def distances(some: Floats, others: Floats) -> Floats:
    """Root mean square differences of all pairs: (A, S), (B, S) -> (A, B)."""
    return np.asarray(np.sqrt(np.square(some[:, None] - others[None]).mean(2)), np.float64)


def between(points: Floats) -> float:
    """The mean distance of all pairs of (N, S)."""
    apart = distances(points, points)
    return float(apart[np.triu_indices(len(points), 1)].mean())


def edge_steps(pixels: Pixels) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean steps over the edge, and between neighbours: two numbers each, down and across."""
    grey = pixels.astype(np.float64)
    over = [np.abs(grey[0] - grey[-1]).mean(), np.abs(grey[:, 0] - grey[:, -1]).mean()]
    inside = [np.abs(np.diff(grey, axis=axis)).mean() for axis in (0, 1)]
    return np.array(over), np.array(inside)


SECTORS = 6
"""Directions of waves that energy is told apart by: the first and the fourth lie on the axes."""


def directions(pictures: Sequence[Pixels]) -> Floats:
    """(SECTORS,) shares of the energy of waves by their direction, of square pictures that wrap
    round. Waves longer than a quarter of the side are left out, since few directions exist there,
    and those that are found in the corners of the spectrum alone."""
    shares = np.zeros(SECTORS)
    for pixels in pictures:
        grey = luminance(pixels)
        side = len(grey)
        power = np.abs(np.fft.fft2(grey)) ** 2
        down, across = (np.fft.fftfreq(side, 1 / side)[at] for at in np.ix_(*[range(side)] * 2))
        length = np.hypot(down, across)
        heard = (length >= 4) & (length <= side / 2)
        angle = np.arctan2(down, across) % np.pi
        sector = np.round(angle * SECTORS / np.pi).astype(int) % SECTORS
        shares += np.bincount(sector[heard], power[heard], SECTORS) / power[heard].sum()
    return np.asarray(shares / len(pictures))


def chroma(pixels: Pixels) -> float:
    """How far the colours are from grey on the mean: the length of CIELAB's a and b."""
    lab = rgb2lab(pixels)
    return float(np.hypot(lab[..., 1], lab[..., 2]).mean())
