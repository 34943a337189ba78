"""How near drawn pictures are to those that are wanted: PSNR and SSIM."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from skimage.metrics import structural_similarity

Bytes = NDArray[np.uint8]


def psnr_db(drawn: Bytes, wanted: Bytes) -> float:
    """The mean over pictures (N, S, S, 3) of 10 log10(255² / mean squared error)."""
    squares = [
        np.square(d.astype(np.float32) - w).mean() for d, w in zip(drawn, wanted, strict=True)
    ]
    return float(np.mean(10 * np.log10(255**2 / np.maximum(squares, 1e-6))))


def ssim(drawn: Bytes, wanted: Bytes) -> float:
    """The mean structural similarity (Wang et al., 2004), windows and constants as published."""
    values = [
        structural_similarity(
            a, b, channel_axis=2, gaussian_weights=True, sigma=1.5, use_sample_covariance=False
        )
        for a, b in zip(drawn, wanted, strict=True)
    ]
    return float(np.mean(values))
