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
from engines.digits.digits import CLASSES, Digits
from engines.digits.gallery.page import Page, Take
from engines.digits.gallery.parts import Decoder, Encoder, reconstruction
from engines.digits.gallery.vae import kl

PRIOR = 2.0
"""Weight of the nats in the code (I. Higgins et al.: beta-VAE. ICLR 2017). A code that is told more
briefly is nearer to what points are drawn from, and has no room for another digit's class."""


class ConditionalVae(Page):
    """A VAE in which both sides are told the class: the code is left with the style.

    Each class has a prior of its own (Sohn et al., p(z|x)), here a Gaussian that is fitted to its
    codes after all has been learnt (P. Ghosh et al.: From variational to deterministic
    autoencoders. ICLR 2020, section 4): ones are less various than twos, and a point that no one
    was ever written at is no one.
    """

    latent_size = 8
    binary = True

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder(2 * self.latent_size, CLASSES)
        self.decoder = Decoder(self.latent_size, CLASSES)
        self.means: Tensor
        self.roots: Tensor
        """(10, L) and (10, L, L): of each class's codes, the mean and the root of the covariance.
        The root is the symmetric one, which keeps the axes: a style is the same for all classes."""
        self.register_buffer("means", torch.zeros(CLASSES, self.latent_size))
        self.register_buffer("roots", torch.eye(self.latent_size).repeat(CLASSES, 1, 1))

    def draw(self, points: Tensor, asked: Asked) -> Tensor:
        mean, root = self._prior(asked.shares)
        codes = mean + torch.einsum("nk,nkl->nl", points, root)
        return torch.sigmoid(self.decoder(codes, asked.shares))

    def encode(self, ink: Tensor, asked: Asked) -> Tensor:
        mean, root = self._prior(asked.shares)
        codes = self.encoder(ink, asked.shares).chunk(2, 1)[0]
        points: Tensor = torch.linalg.solve(root, codes - mean)
        return points

    def learn(self, ink: Tensor, shares: Tensor, take: Take) -> Mapping[str, Tensor]:
        mean, log_variance = self.encoder(ink, shares).chunk(2, 1)
        code = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        told = reconstruction(self.decoder(code, shares), ink).mean()
        spent = kl(mean, log_variance).mean()
        take("all", told + PRIOR * spent)
        return {"reconstruction": told, "kl": spent}

    @torch.no_grad()
    def finish(self, digits: Digits) -> None:
        mean, log_variance = self.encoder(digits.binary(), digits.shares()).chunk(2, 1)
        for digit in range(CLASSES):
            own = digits.classes == digit
            self.means[digit] = mean[own].mean(0)
            spread = torch.cov(mean[own].T) + log_variance[own].exp().mean(0).diag()
            values, vectors = torch.linalg.eigh(spread)
            self.roots[digit] = vectors @ values.sqrt().diag() @ vectors.T

    def _prior(self, shares: Tensor) -> tuple[Tensor, Tensor]:
        """(N, L) and (N, L, L); between classes, between theirs."""
        return shares @ self.means, torch.einsum("nc,ckl->nkl", shares, self.roots)
