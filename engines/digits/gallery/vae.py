"""The variational auto-encoder: codes are clouds, and the clouds fill a Gaussian.

D. P. Kingma, M. Welling: Auto-encoding variational Bayes. ICLR 2014.

With two latents it is the famous plane, on which every place is a digit (their figure 4b).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import torch
from torch import Tensor

from engines.digits.asked import Asked
from engines.digits.gallery.page import BoundedPage, Take
from engines.digits.gallery.parts import Decoder, Encoder, reconstruction

LOOKS = 8
"""Codes that the bound is a mean over."""


class VariationalAutoEncoder(BoundedPage):
    """Mean and spread of a code; a code drawn from them; the digit from the code."""

    def __init__(self, latent_size: int = 16) -> None:
        super().__init__()
        self.latent_size = latent_size
        self.encoder = Encoder(2 * latent_size)
        self.decoder = Decoder(latent_size)

    def draw(self, points: Tensor, asked: Asked) -> Tensor:  # noqa: ARG002
        return torch.sigmoid(self.decoder(points))

    def encode(self, ink: Tensor, asked: Asked) -> Tensor:  # noqa: ARG002
        return self.encoder(ink).chunk(2, 1)[0]  # type: ignore[no-any-return]

    def learn(self, ink: Tensor, shares: Tensor, take: Take) -> Mapping[str, Tensor]:  # noqa: ARG002
        told, spent = self._losses(ink)
        take("all", (told + spent).mean())
        return {"reconstruction": told.mean(), "kl": spent.mean()}

    def bound(self, ink: Tensor) -> Tensor:
        return torch.stack([sum(self._losses(ink), torch.zeros(())) for _ in range(LOOKS)]).mean(0)

    def _losses(self, ink: Tensor) -> tuple[Tensor, Tensor]:
        """(N,) each: the two terms of the evidence lower bound, in nats (eq. 10)."""
        mean, log_variance = self.encoder(ink).chunk(2, 1)
        code = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        return reconstruction(self.decoder(code), ink), kl(mean, log_variance)


class Plane(VariationalAutoEncoder):
    """Two latents: all digits on a plane."""

    steps: ClassVar[int] = 4000

    def __init__(self) -> None:
        super().__init__(2)


def kl(mean: Tensor, log_variance: Tensor) -> Tensor:
    """(N,): nats from N(mean, variance) to N(0, I) (appendix B)."""
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(1)
