"""Who judges the generator while it learns; not shipped."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm


class Critic(nn.Module):
    """Judges patches: is this real, and is it this material? (B, 3, H, W) -> (B, 1, h, w).

    Spectral norm (Miyato et al., 2018) and projection (Miyato and Koyama, 2018). No padding: a
    crop's border says nothing. One judges 55 px, the other, at half the resolution, 110 px.
    """

    def __init__(self, materials: int, width: int = 32) -> None:
        super().__init__()
        self.near, self.far = PatchCritic(materials, width), PatchCritic(materials, width)

    def forward(self, x: Tensor, material: Tensor) -> tuple[Tensor, Tensor]:
        return self.near(x, material), self.far(F.avg_pool2d(x, 2), material)


class PatchCritic(nn.Module):
    """One of the two. Each material tunes every layer: it has its own things to look for."""

    def __init__(self, materials: int, width: int) -> None:
        super().__init__()
        sizes = [(3, width, 5, 2), (width, 2 * width, 4, 2), (2 * width, 4 * width, 4, 2)]
        sizes += [(4 * width, 4 * width, 3, 1)]
        self.body = nn.ModuleList(
            spectral_norm(nn.Conv2d(i, o, kernel, stride)) for i, o, kernel, stride in sizes
        )
        self.head = spectral_norm(nn.Conv2d(4 * width, 1, 1))
        self.materials = spectral_norm(nn.Embedding(materials, 4 * width))
        self.tunings = nn.ModuleList(nn.Embedding(materials, o) for _, o, _, _ in sizes)
        for tuning in self.tunings:
            nn.init.zeros_(tuning.weight)  # type: ignore[arg-type]

    def forward(self, x: Tensor, material: Tensor) -> Tensor:
        for layer, tuning in zip(self.body, self.tunings, strict=True):
            x = layer(x) * (1 + tuning(material).tanh()[:, :, None, None])
            x = F.leaky_relu(x, 0.2)
        wanted = self.materials(material)[:, :, None, None]
        verdict: Tensor = self.head(x) + (x * wanted).sum(1, keepdim=True)
        return verdict


def critic_loss(real: tuple[Tensor, ...], drawn: tuple[Tensor, ...]) -> Tensor:
    """The hinge loss (Lim and Ye, 2017)."""
    pairs = zip(real, drawn, strict=True)
    return torch.stack([F.relu(1 - r).mean() + F.relu(1 + d).mean() for r, d in pairs]).mean()


def generator_loss(drawn: tuple[Tensor, ...]) -> Tensor:
    """How little the critics think of what was drawn."""
    return -torch.stack([d.mean() for d in drawn]).mean()
