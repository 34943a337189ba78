"""What a material's pictures have in common, as numbers with gradients: a complex steerable pyramid
and, after Portilla and Simoncelli (2000), the averages of its coefficients' sizes and products.

The pictures wrap round, so everything is taken in the frequency domain. All statistics are plain
averages over places, measured against a material's own `Norms`: those of several small pictures
may be averaged and set beside those of one large one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from functools import lru_cache
from itertools import pairwise

import torch
from torch import Tensor
from torch.nn import functional as F

SCALES, ANGLES = 4, 4
PAIRS = ((0, 1), (0, 2), (1, 2))
"""Of colour channels."""
REACH = 4
"""Autocorrelations are taken up to so many samples to every side (at the scale in question)."""


@dataclass(frozen=True)
class Norms:
    """What statistics are measured against, for each of B pictures."""

    mean: Tensor
    """Of the three channels: (B, 3)."""
    deviation: Tensor
    """(B, 3)."""
    size_mean: Tensor
    """Of the coefficients' sizes: (B, SCALES, ANGLES)."""
    size_deviation: Tensor

    def picked(self, index: Tensor) -> Norms:
        """Those of the pictures in `index`."""
        return Norms(*(getattr(self, f.name)[index] for f in fields(self)))


@lru_cache(maxsize=8)
def _masks(size: int) -> tuple[Tensor, Tensor]:
    """Of one scale: angular masks of half the plane each, (ANGLES, size, size), and the radial
    mask of its band, (size, size): all above half of Nyquist, nothing below a quarter."""
    f = torch.fft.fftfreq(size)
    fy, fx = f[:, None], f[None, :]
    radius = (fy**2 + fx**2).sqrt().clamp(min=1e-9)
    octave = (radius / 0.5).log2()  # 0 at Nyquist
    high = torch.cos(math.pi / 2 * (-octave - 1).clamp(0, 1))
    angle = torch.atan2(fy.expand(size, size), fx.expand(size, size))
    order = ANGLES - 1
    norm = 2**order * math.factorial(order) / math.sqrt(ANGLES * math.factorial(2 * order))
    turned = [angle - math.pi * k / ANGLES for k in range(ANGLES)]
    turned = [(t + math.pi) % (2 * math.pi) - math.pi for t in turned]
    masks = [2 * norm * torch.cos(t) ** order * (t.abs() < math.pi / 2) for t in turned]
    return torch.stack(masks), high


def _masks_for(spectrum: Tensor) -> tuple[Tensor, Tensor]:
    angular, high = _masks(spectrum.shape[-1])
    return angular.to(spectrum.device), high.to(spectrum.device)


def _low(spectrum: Tensor, high: Tensor) -> Tensor:
    """The lower half of a spectrum (B, n, n) -> (B, n/2, n/2), without what `high` takes."""
    return _scaled(_inner(spectrum), _inner((1 - high**2).clamp(min=0).sqrt() / 4))


def _inner(spectrum: Tensor) -> Tensor:
    q = spectrum.shape[-1] // 4
    rows = torch.cat([spectrum[..., :q, :], spectrum[..., -q:, :]], -2)
    return torch.cat([rows[..., :q], rows[..., -q:]], -1)


def _scaled(spectrum: Tensor, mask: Tensor) -> Tensor:
    """A complex one by a real one, which torch would make complex first."""
    return torch.view_as_complex(torch.view_as_real(spectrum) * mask[..., None])


def _left(spectrum: Tensor) -> Tensor:
    """The half of it that the other half follows from, where it is that of real numbers."""
    return spectrum[..., : spectrum.shape[-1] // 2 + 1]


def _power(spectrum: Tensor) -> Tensor:
    return torch.view_as_real(spectrum).square().sum(-1)


@lru_cache(maxsize=8)
def _waves(size: int) -> tuple[Tensor, Tensor]:
    """Cosines and, behind them, sines of all frequencies at each lag up to `REACH`, (size, 2 *
    REACH + 2); the same for the half of the frequencies that a spectrum of real numbers has, each
    as often as it stands for, (size / 2 + 1, 2 * REACH + 2)."""
    turns = torch.outer(torch.arange(size), torch.arange(REACH + 1)).double() / size
    waves = torch.cat([torch.cos(2 * math.pi * turns), torch.sin(2 * math.pi * turns)], 1)
    half = waves[: size // 2 + 1].clone()
    half[1:-1] *= 2
    return waves.float(), half.float()


def _around(power: Tensor) -> Tensor:
    """The autocorrelation that belongs to a power spectrum, the left half of it as `rfft2` gives
    it, (B, ..., n, n / 2 + 1), (B, number): half of the window round its centre, since the other
    half is the same. So few lags are two small products; the whole inverse transform took three
    times as long."""
    n, lags = power.shape[-2], REACH + 1
    down, across = (waves.to(power.device) for waves in _waves(n))
    both = down.T @ (power @ across)
    even, odd = both[..., :lags, :lags], both[..., lags:, lags:]
    right, left = even - odd, (even + odd)[..., 1:, 1:].flip(-1)
    return torch.cat([right.flatten(1), left.flatten(1)], 1) / n**4


def bands(luminance: Tensor) -> tuple[list[Tensor], list[Tensor]]:
    """(B, n, n) -> complex bands (B, ANGLES, n_s, n_s) and spectra (B, n_s, n_s), finest first."""
    spectrum = torch.fft.fft2(luminance)
    found, spectra = [], []
    for _ in range(SCALES):
        angular, high = _masks_for(spectrum)
        spectra.append(spectrum)
        found.append(torch.fft.ifft2(_scaled(spectrum[:, None], angular * high)))
        spectrum = _low(spectrum, high)
    spectra.append(spectrum)
    return found, spectra


def norms(pictures: Tensor) -> Norms:
    """Of pictures (B, 3, n, n)."""
    sizes = [b.abs() for b in bands(pictures[:, 0])[0]]
    means = torch.stack([s.mean((-2, -1)) for s in sizes], 1)
    deviations = torch.stack([s.std((-2, -1)) for s in sizes], 1)
    flat = pictures.flatten(2)
    return Norms(flat.mean(2), flat.std(2).clamp(min=0.08), means, deviations.clamp(min=1e-4))


def measure(pictures: Tensor, norms: Norms) -> dict[str, Tensor]:
    """The statistics of (B, 3, n, n) fp32 against `norms`: groups of (B, number)."""
    flat = (pictures.flatten(2) - norms.mean[..., None]) / norms.deviation[..., None]
    found, spectra = bands(pictures[:, 0] - norms.mean[:, :1, None])
    variance = norms.deviation[:, 0, None].square()
    lengths = [band.abs() for band in found]
    sizes = [
        (length - norms.size_mean[:, s, :, None, None]) / norms.size_deviation[:, s, :, None, None]
        for s, length in enumerate(lengths)
    ]
    return {
        "moments": _moments(flat),
        "colours": torch.stack([(flat[:, i] * flat[:, j]).mean(1) for i, j in PAIRS], 1),
        "near": torch.cat([_around(_power(_left(s))) / variance for s in spectra], 1),
        "sizes": torch.cat([_mean_and_square(size) for size in sizes], 1),
        "size_near": torch.cat([_around(_power(torch.fft.rfft2(a))) for a in sizes], 1),
        "across": torch.cat([_products(a, a) for a in sizes] + _ancestry(sizes), 1),
        "phase": torch.cat(
            [_phases(a, b, lengths[s + 1]) for s, (a, b) in enumerate(pairwise(found))], 1
        ),
        "tints": _tints(pictures, norms, spectra),
    }


def _moments(flat: Tensor) -> Tensor:
    """(B, 3, places) -> the first four moments of each channel; outliers count up to 5."""
    bounded = flat.clamp(-5, 5)
    powers = [flat, flat.square(), bounded.pow(3), bounded.pow(4) / 3]
    return torch.cat([power.mean(2) for power in powers], 1)


def _mean_and_square(sizes: Tensor) -> Tensor:
    return torch.cat([sizes.mean((-2, -1)), sizes.square().mean((-2, -1))], 1)


def _ancestry(sizes: list[Tensor]) -> list[Tensor]:
    """How much each scale's sizes go with the next coarser one's."""
    return [_products(F.avg_pool2d(fine, 2), coarse) for fine, coarse in pairwise(sizes)]


def _products(a: Tensor, b: Tensor) -> Tensor:
    """(B, K, n, n) twice -> the averages of all products, (B, K * K)."""
    n = a.shape[-1]
    return (a.flatten(2) @ b.flatten(2).transpose(1, 2) / n**2).flatten(1)


def _phases(child: Tensor, parent: Tensor, length: Tensor) -> Tensor:
    """How a scale's lines sit on the next coarser one's, which are so long: with the parent's phase
    doubled.

    The child is sampled at the parent's places.
    """
    fine = child[..., ::2, ::2]
    size = length.clamp(min=1e-6)
    doubled = parent * parent / size
    fine = (
        fine.real / fine.real.square().mean((-2, -1), keepdim=True).sqrt().clamp(min=1e-4).detach()
    )
    scale = size.square().mean((-2, -1), keepdim=True).sqrt().clamp(min=1e-4).detach()
    doubled = doubled / scale
    return torch.cat([_products(fine, doubled.real), _products(fine, doubled.imag)], 1)


def _tints(pictures: Tensor, norms: Norms, spectra: list[Tensor]) -> Tensor:
    """Each scale's share of the colour channels' variance and their ties to the luminance."""
    parts = []
    scaled = (pictures[:, 1:] - norms.mean[:, 1:, None, None]) / norms.deviation[:, 1:, None, None]
    spectrum = torch.fft.fft2(scaled)
    for lum in spectra[:-1]:
        n = lum.shape[-1]
        _, high = _masks_for(lum)
        own = lum[:, None] / norms.deviation[:, 0, None, None, None]
        band = high.square() / n**4
        parts.append((_power(spectrum) * band).sum((-2, -1)))
        together = torch.view_as_real(spectrum) * torch.view_as_real(own)
        parts.append((together.sum(-1) * band).sum((-2, -1)))
        spectrum = _low(spectrum, high)
    return torch.cat(parts, 1)
