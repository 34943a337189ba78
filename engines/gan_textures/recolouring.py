"""A palette in place of a material's own colours."""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor

from engines.gan_textures.palettes import STEPS, gradient

SPREAD = 1.25
"""How many deviations of the luminance lie between the middle of a palette and, nearly, its end."""


def recoloured(rgb: Tensor, own: Tensor, palette: str, amount: float) -> Tensor:
    """RGB (1, 3, H, W) with `amount` of a gradient, along the luminance in own measures.

    Every material uses the whole gradient, however dark or flat it is itself.
    """
    places = own[0, 0].div(SPREAD).tanh().mul(0.5).add(0.5).mul(STEPS - 1)
    mapped = _gradient(palette).to(rgb.device)[places.round().long()]
    return rgb + amount * (mapped.permute(2, 0, 1)[None] - rgb)


@lru_cache(maxsize=16)
def _gradient(name: str) -> Tensor:
    return torch.from_numpy(gradient(name))
