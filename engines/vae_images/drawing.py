"""White points to pictures as one graph."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from engines.common.device import Placement
from engines.common.transfer import quantise
from engines.vae_images.latent_space import LatentSpace


class Drawing(nn.Module):
    """White points (B, L) float32 -> pictures (B, 3, S, S), about 0..1, in the decoder's precision.

    All of it is one graph, so that the window's thread is in its way only once (see `frozen`).
    """

    centre: Tensor
    axes: Tensor

    def __init__(self, decoder: nn.Module, space: LatentSpace, placement: Placement) -> None:
        super().__init__()
        self.decoder = decoder
        self.dtype = placement.dtype
        self.register_buffer("centre", torch.from_numpy(space.centre).to(placement.device))
        self.register_buffer("axes", torch.from_numpy(space.axes).to(placement.device))

    def latents(self, white: Tensor) -> Tensor:
        """As the decoder takes them."""
        return (self.centre + white @ self.axes).to(self.dtype)

    def forward(self, white: Tensor) -> Tensor:
        pictures: Tensor = self.decoder(self.latents(white))
        return pictures


class Quantised(nn.Module):
    """One picture (1, 3, S, S), about 0..1 -> pixels (S, S, 3) uint8."""

    def forward(self, pictures: Tensor) -> Tensor:
        return quantise(pictures[0])
