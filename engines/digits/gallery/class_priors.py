"""Pages that are told the class, and whose points are styles: each class has a prior of its own.

K. Sohn, H. Lee, X. Yan: Learning structured output representation using deep conditional generative
models. NIPS 2015 (p(z|x)). Here it is a Gaussian that is fitted to a class's codes after all has
been learnt (P. Ghosh et al.: From variational to deterministic autoencoders. ICLR 2020, section 4):
ones are less various than twos, and a point that no one was ever written at is no one.
"""

from __future__ import annotations

from abc import abstractmethod

import torch
from torch import Tensor

from engines.digits.asked import Asked
from engines.digits.digits import CLASSES, Digits
from engines.digits.gallery.page import Page


class ClassPriors(Page):
    """Points of N(0, I) are codes of the class that is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.means: Tensor
        self.roots: Tensor
        """(10, L) and (10, L, L): of each class's codes, the mean and the root of the covariance.
        The root is the symmetric one, which keeps the axes: a style is the same for all classes."""
        self.register_buffer("means", torch.zeros(CLASSES, self.latent_size))
        self.register_buffer("roots", torch.eye(self.latent_size).repeat(CLASSES, 1, 1))

    @abstractmethod
    def drawn(self, codes: Tensor, shares: Tensor) -> Tensor:
        """Codes (N, L) and classes (N, 10) -> ink (N, 1, 28, 28) in 0..1."""

    @abstractmethod
    def codes(self, ink: Tensor, shares: Tensor) -> tuple[Tensor, Tensor]:
        """Ink (N, 1, 28, 28) and classes (N, 10) -> codes and their variances (N, L)."""

    def draw(self, points: Tensor, asked: Asked) -> Tensor:
        mean, root = self._prior(asked.shares)
        return self.drawn(mean + torch.einsum("nk,nkl->nl", points, root), asked.shares)

    def encode(self, ink: Tensor, asked: Asked) -> Tensor:
        mean, root = self._prior(asked.shares)
        codes, _ = self.codes(ink, asked.shares)
        points: Tensor = torch.linalg.solve(root, codes - mean)
        return points

    @torch.no_grad()
    def finish(self, digits: Digits) -> None:
        codes, variances = self.codes(
            digits.binary() if self.binary else digits.ink, digits.shares()
        )
        for digit in range(CLASSES):
            own = digits.classes == digit
            self.means[digit] = codes[own].mean(0)
            spread = torch.cov(codes[own].T) + variances[own].mean(0).diag()
            values, vectors = torch.linalg.eigh(spread)
            self.roots[digit] = vectors @ values.clamp_min(1e-8).sqrt().diag() @ vectors.T

    def _prior(self, shares: Tensor) -> tuple[Tensor, Tensor]:
        """(N, L) and (N, L, L); between classes, between theirs."""
        return shares @ self.means, torch.einsum("nc,ckl->nkl", shares, self.roots)
