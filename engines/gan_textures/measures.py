"""Pictures in their own measures: opponent colours less their mean, by their contrast; and back."""

from __future__ import annotations

import torch
from torch import Tensor

SIDE_PX = 256
"""Materials are so wide and so high."""
LEAST_DEVIATION = 2.0
"""Of a grey level out of 255, below which a picture is one flat colour."""
OPPONENT = torch.tensor([[0.299, 0.587, 0.114], [0.5, -0.4187, -0.0813], [-0.1687, -0.3313, 0.5]])
"""RGB to luminance and two colour differences (JPEG's YCbCr, its last two rows turned round)."""


def coloured(own: Tensor, means: Tensor, contrasts: Tensor) -> Tensor:
    """From own measures (B, 3, H, W) back to RGB, not yet clamped; `means` (B, 3, ...) and
    `contrasts` (B, 1, ...) fit the picture's shape or spread over it."""
    back = torch.linalg.inv(OPPONENT).to(own)
    return torch.einsum("ij,njhw->nihw", back, own) * contrasts + means


def own_measures(rgb: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """RGB 0..1 (B, 3, H, W) -> the picture by its own mean and contrast, (B, 3) means, (B, 1)."""
    means = rgb.mean((2, 3))
    opponent = torch.einsum("ij,njhw->nihw", OPPONENT.to(rgb), rgb - means[..., None, None])
    return normalised(opponent), means, opponent[:, :1].std((2, 3))


def normalised(opponent: Tensor) -> Tensor:
    """Opponent colours (B, 3, H, W) less the picture's own mean, by its own contrast."""
    centred = opponent - opponent.mean((2, 3), keepdim=True)
    return centred / centred[:, :1].std((2, 3), keepdim=True).clamp(min=1e-3)
