"""LAPGAN: a small picture first, then what is missing at twice the size, and again.

E. Denton, S. Chintala, A. Szlam, R. Fergus: Deep generative image models using a Laplacian pyramid
of adversarial networks. NIPS 2015.

Each level is a conditional GAN of its own, taught on real digits: it is told the picture enlarged
from below and draws the band of detail on top. `Asked.progress` climbs the pyramid.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.digits.asked import Asked
from engines.digits.gallery.page import Page, Take
from engines.digits.gallery.parts import Encoder, critic_loss, generator_loss, with_variety

COARSE_PX, LEVELS = 7, (14, 28)
COARSE, BAND = 16, 8
"""Numbers of the point that go to the coarse picture, and to each band."""


class LaplacianGan(Page):
    """A generator and a critic for each level of the pyramid."""

    latent_size = COARSE + BAND * len(LEVELS)
    teachers: ClassVar[tuple[str, ...]] = ("critics",)
    strip: ClassVar[str] = "generators"
    paces: ClassVar[Mapping[str, float]] = {"generators": 0.25}
    steps: ClassVar[int] = 3000

    def __init__(self) -> None:
        super().__init__()
        bands = [_Band(side) for side in LEVELS]
        self.generators = nn.ModuleList([_Coarse(), *bands])
        self.critics = nn.ModuleList([_CoarseCritic(), *(_BandCritic(side) for side in LEVELS)])
        self.encoder = Encoder(self.latent_size)

    def draw(self, points: Tensor, asked: Asked) -> Tensor:
        coarse, *bands = points.split([COARSE] + [BAND] * len(LEVELS), 1)
        picture: Tensor = self.generators[0](coarse)
        for level, noise in enumerate(bands, 1):
            below = enlarged(picture)
            share = min(1.0, max(0.0, len(LEVELS) * asked.progress - level + 1))
            picture = below + share * self.generators[level](below, noise)
        return picture.clamp(0, 1)

    def encode(self, ink: Tensor, asked: Asked) -> Tensor:  # noqa: ARG002
        return self.encoder(ink)  # type: ignore[no-any-return]

    def learners(self) -> Mapping[str, Iterable[nn.Parameter]]:
        parts = {"generators": self.generators, "critics": self.critics, "encoder": self.encoder}
        return {name: part.parameters() for name, part in parts.items()}

    def learn(self, ink: Tensor, shares: Tensor, take: Take) -> Mapping[str, Tensor]:  # noqa: ARG002
        points = torch.randn(len(ink), self.latent_size, device=ink.device)
        coarse, *bands = points.split([COARSE] + [BAND] * len(LEVELS), 1)
        real = pyramid(ink)
        told = [(), *((enlarged(small),) for small in real[:-1])]
        wanted = [real[0], *(large - low for large, (low,) in zip(real[1:], told[1:], strict=True))]
        drawn = [
            generator(*low, noise)
            for generator, low, noise in zip(self.generators, told, [coarse, *bands], strict=True)
        ]
        levels = list(zip(self.critics, told, wanted, drawn, strict=True))
        judged = sum(
            (critic_loss(c(*low, true), c(*low, false.detach())) for c, low, true, false in levels),
            ink.new_zeros(()),
        )
        take("critics", judged)
        fooled = sum(
            (generator_loss(c(*low, false)) for c, low, _, false in levels), ink.new_zeros(())
        )
        take("generators", fooled)
        with torch.no_grad():
            whole = self.draw(points, Asked())
        named = F.mse_loss(self.encoder(whole), points)
        take("encoder", named)
        return {"critics": judged, "generators": fooled, "encoder": named}


def pyramid(ink: Tensor) -> list[Tensor]:
    """The picture at each level, smallest first."""
    return [*(F.avg_pool2d(ink, ink.shape[2] // side) for side in (COARSE_PX, *LEVELS[:-1])), ink]


def enlarged(picture: Tensor) -> Tensor:
    """Twice as large, smoothly."""
    return F.interpolate(picture, scale_factor=2, mode="bilinear", align_corners=False)


class _Coarse(nn.Sequential):
    """Numbers (N, COARSE) -> (N, 1, 7, 7) in 0..1."""

    def __init__(self) -> None:
        super().__init__(
            nn.Linear(COARSE, 192),
            nn.BatchNorm1d(192),
            nn.ReLU(),
            nn.Linear(192, 192),
            nn.BatchNorm1d(192),
            nn.ReLU(),
            nn.Linear(192, COARSE_PX**2),
            nn.Sigmoid(),
            nn.Unflatten(1, (1, COARSE_PX, COARSE_PX)),
        )


class _Band(nn.Module):
    """What is below (N, 1, S, S) and numbers (N, BAND) -> the band on top of it.

    The network says the sum of both, which is ink: a band of its own has to take back, to a hair,
    what enlarging has spread over the paper, and leaves a halo where it does not.
    """

    def __init__(self, side: int) -> None:
        super().__init__()
        self.plane = nn.Sequential(
            nn.Linear(BAND, 49), nn.Unflatten(1, (1, 7, 7)), nn.Upsample(side)
        )
        self.layers = nn.Sequential(
            nn.Conv2d(2, 24, 5, padding=2),
            nn.BatchNorm2d(24),
            nn.ReLU(),
            nn.Conv2d(24, 24, 3, padding=1),
            nn.BatchNorm2d(24),
            nn.ReLU(),
            nn.Conv2d(24, 1, 3, padding=1),
            nn.Sigmoid(),
        )

    def forward(self, below: Tensor, numbers: Tensor) -> Tensor:
        whole: Tensor = self.layers(torch.cat([below, self.plane(numbers)], 1))
        return whole - below


class _CoarseCritic(nn.Module):
    """Whether (N, 1, 7, 7) is real. Of spectral norm, so small a one would see nothing at all."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Flatten(),
            nn.Linear(COARSE_PX**2, 256),
            nn.LeakyReLU(0.2),
            nn.Linear(256, 256),
            nn.LeakyReLU(0.2),
        )
        self.verdict = nn.Linear(257, 1)

    def forward(self, picture: Tensor) -> Tensor:
        return self.verdict(with_variety(self.features(picture)))  # type: ignore[no-any-return]


class _BandCritic(nn.Module):
    """Whether a band (N, 1, S, S) belongs on top of what is below it."""

    def __init__(self, side: int) -> None:
        super().__init__()
        norm = nn.utils.parametrizations.spectral_norm
        self.features = nn.Sequential(
            norm(nn.Conv2d(2, 24, 4, 2, 1)),
            nn.LeakyReLU(0.2),
            norm(nn.Conv2d(24, 48, 4, 2, 1)),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
        )
        self.verdict = nn.Linear(48 * (side // 4) ** 2 + 1, 1)

    def forward(self, below: Tensor, band: Tensor) -> Tensor:
        features = self.features(torch.cat([below, below + band], 1))
        return self.verdict(with_variety(features))  # type: ignore[no-any-return]
