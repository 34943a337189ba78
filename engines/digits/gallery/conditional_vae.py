"""The conditional variational auto-encoder: which digit is said, how it is written is found.

D. P. Kingma, D. J. Rezende, S. Mohamed, M. Welling: Semi-supervised learning with deep generative
models. NIPS 2014 (their figure 1). K. Sohn, H. Lee, X. Yan: Learning structured output
representation using deep conditional generative models. NIPS 2015.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from engines.digits.asked import Asked
from engines.digits.gallery.page import Page, Take
from engines.digits.gallery.parts import Decoder, Encoder, reconstruction, with_planes
from engines.digits.gallery.vae import kl


class ConditionalVae(Page):
    """A VAE in which both sides are told the class: the code is left with the style."""

    latent_size = 8
    binary = True

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder(2 * self.latent_size, 11)
        self.decoder = Decoder(self.latent_size + 10)

    def draw(self, points: Tensor, asked: Asked) -> Tensor:
        return torch.sigmoid(self.decoder(torch.cat([points, asked.shares], 1)))

    def encode(self, ink: Tensor, asked: Asked) -> Tensor:
        return self.encoder(with_planes(ink, asked.shares)).chunk(2, 1)[0]  # type: ignore[no-any-return]

    def learn(self, ink: Tensor, shares: Tensor, take: Take) -> Mapping[str, Tensor]:
        mean, log_variance = self.encoder(with_planes(ink, shares)).chunk(2, 1)
        code = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        told = reconstruction(self.decoder(torch.cat([code, shares], 1)), ink).mean()
        spent = kl(mean, log_variance).mean()
        take("all", told + spent)
        return {"reconstruction": told, "kl": spent}
