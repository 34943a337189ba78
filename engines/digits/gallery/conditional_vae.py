"""The conditional variational auto-encoder: which digit is said, how it is written is found.

D. P. Kingma, D. J. Rezende, S. Mohamed, M. Welling: Semi-supervised learning with deep generative
models. NIPS 2014 (their figure 1). K. Sohn, H. Lee, X. Yan: Learning structured output
representation using deep conditional generative models. NIPS 2015.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from engines.digits.digits import CLASSES
from engines.digits.gallery.class_priors import ClassPriors
from engines.digits.gallery.page import Take
from engines.digits.gallery.parts import Decoder, Encoder, reconstruction
from engines.digits.gallery.vae import kl

PRIOR = 2.0
"""Weight of the nats in the code (I. Higgins et al.: beta-VAE. ICLR 2017). A code that is told more
briefly is nearer to what points are drawn from, and has no room for another digit's class."""


class ConditionalVae(ClassPriors):
    """A VAE in which both sides are told the class: the code is left with the style."""

    latent_size = 8
    binary = True

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder(2 * self.latent_size, CLASSES)
        self.decoder = Decoder(self.latent_size, CLASSES)

    def drawn(self, codes: Tensor, shares: Tensor) -> Tensor:
        return torch.sigmoid(self.decoder(codes, shares))

    def codes(self, ink: Tensor, shares: Tensor) -> tuple[Tensor, Tensor]:
        mean, log_variance = self.encoder(ink, shares).chunk(2, 1)
        return mean, log_variance.exp()

    def learn(self, ink: Tensor, shares: Tensor, take: Take) -> Mapping[str, Tensor]:
        mean, log_variance = self.encoder(ink, shares).chunk(2, 1)
        code = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        told = reconstruction(self.decoder(code, shares), ink).mean()
        spent = kl(mean, log_variance).mean()
        take("all", told + PRIOR * spent)
        return {"reconstruction": told, "kl": spent}
