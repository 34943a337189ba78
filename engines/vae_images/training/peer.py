"""The model that everyone starts from, to be compared with.

    python -m engines.vae_images.training.train --model portraits --peer --steps 6212

A plain convolutional VAE: convolutions of stride two with batch norm and leaky ReLU on the way
down, the same transposed on the way up; squared error and the KL at weight one, summed as the
evidence bound has them (Kingma & Welling, 2013); sampled from N(0, I). It has as many parameters
as the model that it stands beside (within a tenth), the same latent size, and learns by the same
loop, from the same batches, for as many steps.
"""

from __future__ import annotations

import itertools

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.vae_images.model import Vae, VaeConfig
from engines.vae_images.training.trainee import VaeTrainee

SMALLEST_PX = 4
"""The grid at which the convolutions hand over to the latent."""


class PlainVae(nn.Module):
    """The same calls as `Vae`: `encoder`, `decoder`."""

    def __init__(self, config: VaeConfig, last: int | None = None) -> None:
        super().__init__()
        widths = _widths(config, last or fitting_width(config))
        self.encoder = PlainEncoder(config, widths)
        self.decoder = PlainDecoder(config, widths)


class PlainEncoder(nn.Module):
    """Pictures (B, C, S, S) in 0..1 -> mean and log-variance, each (B, latent)."""

    def __init__(self, config: VaeConfig, widths: list[int]) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs in zip([config.channels, *widths], widths, strict=False):
            layers += [nn.Conv2d(inputs, outputs, 4, 2, 1), nn.BatchNorm2d(outputs), nn.LeakyReLU()]
        self.body = nn.Sequential(*layers)
        self.things = config.conditions
        self.head = nn.Linear(widths[-1] * SMALLEST_PX**2 + self.things, 2 * config.latent_size)

    def forward(self, pictures: Tensor, conditions: Tensor | None = None) -> tuple[Tensor, Tensor]:
        seen = self.body(pictures).flatten(1)
        mean, log_variance = self.head(_told(seen, self.things, conditions)).chunk(2, dim=1)
        return mean.float(), log_variance.float().clamp(-10, 4)


class PlainDecoder(nn.Module):
    """Latents (B, latent) -> pictures (B, C, S, S), 0..1."""

    def __init__(self, config: VaeConfig, widths: list[int]) -> None:
        super().__init__()
        up = widths[::-1]
        self.things = config.conditions
        self.head = nn.Linear(config.latent_size + self.things, up[0] * SMALLEST_PX**2)
        if config.measures:
            self.measure = nn.Linear(config.latent_size + self.things, config.measures)
        layers: list[nn.Module] = []
        for inputs, outputs in itertools.pairwise(up):
            layers += [
                nn.ConvTranspose2d(inputs, outputs, 4, 2, 1),
                nn.BatchNorm2d(outputs),
                nn.LeakyReLU(),
            ]
        layers.append(nn.ConvTranspose2d(up[-1], config.channels, 4, 2, 1))
        self.body = nn.Sequential(*layers)

    def forward(self, latents: Tensor, conditions: Tensor | None = None) -> Tensor:
        return self.draw(self.meet(latents, conditions))

    def meet(self, latents: Tensor, conditions: Tensor | None = None) -> Tensor:
        """The latents with what they are told."""
        return _told(latents, self.things, conditions)

    def draw(self, met: Tensor) -> Tensor:
        """Pictures of what `meet` gave."""
        grid = self.head(met).unflatten(1, (-1, SMALLEST_PX, SMALLEST_PX))
        pictures: Tensor = self.body(grid)
        return pictures.float().sigmoid()


def _told(seen: Tensor, things: int, conditions: Tensor | None) -> Tensor:
    if not things:
        return seen
    assert conditions is not None
    return torch.cat([seen, F.one_hot(conditions, things).to(seen.dtype)], 1)


def _widths(config: VaeConfig, last: int) -> list[int]:
    """16 channels first, twice as many at each halving of the grid, `last` at the smallest."""
    halvings = (config.size_px // SMALLEST_PX).bit_length() - 1
    return [*(16 << level for level in range(halvings - 1)), last]


def fitting_width(config: VaeConfig) -> int:
    """The last layer's channels with which a plain model comes nearest to `Vae`'s parameters."""
    with torch.device("meta"):  # nothing is drawn or kept: they are only counted
        wanted = _parameters(Vae(config))
        narrow, wide = (_parameters(PlainVae(config, last)) for last in (16, 32))
    each = (wide - narrow) / 16  # every channel more of the last layer costs the same
    return max(16, 16 * round((16 + (wanted - narrow) / each) / 16))


def _parameters(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


class PeerTrainee(VaeTrainee):
    """The plain model at school: the same loop, its own network and loss."""

    def _network(self, config: VaeConfig) -> nn.Module:
        return PlainVae(config)

    def _error(self, drawn: Tensor, wanted: Tensor) -> Tensor:
        """Half the squared error summed over a picture: a Gaussian of unit variance."""
        return 0.5 * (drawn - wanted).square().flatten(1).sum(1).mean()

    def _price(self) -> float:
        return 1.0

    def _free_nats(self) -> float:
        return 0.0
