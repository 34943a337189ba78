"""What the models are trained for.

Drawn faces are flat colours and thin black lines. A plain pixel loss spends itself on the flats;
so differences also count on coarser grids (shapes), in the image's gradients (lines) and, more
than elsewhere, where the eyes and the mouth are: they are small, differ most from face to face,
and are what one looks at.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def reconstruction(drawn: Tensor, wanted: Tensor, weight: Tensor) -> Tensor:
    """How far `drawn` (B, C, S, S) is from `wanted`, both 0..1: a scalar.

    `weight` is (1, 1, S, S) or (B, 1, S, S).
    """
    difference = drawn - wanted
    pixels = (weight * (difference.abs() + 5 * difference.square())).mean()
    lines = (weight[..., 1:] * difference.diff(dim=-1).abs()).mean()
    lines = lines + (weight[..., 1:, :] * difference.diff(dim=-2).abs()).mean()
    shapes = pixels.new_zeros(())
    for _ in range(3):
        difference = F.avg_pool2d(difference, 2)
        shapes = shapes + difference.abs().mean()
    return pixels + 0.5 * lines + 0.5 * shapes


def field_error(drawn: Tensor, wanted: Tensor) -> Tensor:
    """How far distance fields (B, 1, S, S) are from each other, 0.5 at the edge: a scalar.

    What counts is where the edge runs: it weighs thrice as much as the rest, and the ink that it
    bounds, cut as sharply as the pixels of the field permit, counts once more.
    """
    near = 1 + 2 * torch.exp(-(((wanted - 0.5) / 0.15) ** 2))
    ink = (_ink(drawn) - _ink(wanted)).abs().mean()
    return reconstruction(drawn, wanted, near) + 0.5 * ink


def _ink(field: Tensor) -> Tensor:
    return (6 * (field - 0.5) + 0.5).clamp(0, 1)


def face_weight(size_px: int, strength: float) -> Tensor:
    """1 at the border, 1 + `strength` over eyes and mouth: (1, 1, size_px, size_px).

    The window is where the style draws them: centred a little left of and below the middle.
    """
    y, x = torch.meshgrid(
        torch.linspace(0, 1, size_px), torch.linspace(0, 1, size_px), indexing="ij"
    )
    distance = ((x - 0.47) / 0.24) ** 4 + ((y - 0.60) / 0.24) ** 4
    return (1 + strength * torch.exp(-distance))[None, None]


class PatchCritic(nn.Module):
    """Scores overlapping patches of pictures (B, 3, S, S) in 0..1: (B, 1, S/8, S/8), high = real.

    Isola et al. (2017), with spectral normalisation (Miyato et al., 2018).
    """

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        norm = nn.utils.parametrizations.spectral_norm
        act = nn.LeakyReLU(0.2)
        self.body = nn.Sequential(
            nn.PixelUnshuffle(2),
            norm(nn.Conv2d(12, width, 3, padding=1)),
            act,
            norm(nn.Conv2d(width, 2 * width, 4, stride=2, padding=1)),
            act,
            norm(nn.Conv2d(2 * width, 3 * width, 4, stride=2, padding=1)),
            act,
            norm(nn.Conv2d(3 * width, 3 * width, 3, padding=1)),
            act,
            nn.Conv2d(3 * width, 1, 1),
        )

    def forward(self, pictures: Tensor) -> Tensor:
        scores: Tensor = self.body(2 * pictures - 1)
        return scores


def critic_loss(real: Tensor, fake: Tensor) -> Tensor:
    """The hinge loss of a critic's scores (Lim & Ye, 2017)."""
    return 0.5 * (F.relu(1 - real).mean() + F.relu(1 + fake).mean())
