"""The auto-encoder: a narrow passage through which each digit has to be told.

G. E. Hinton, R. R. Salakhutdinov: Reducing the dimensionality of data with neural networks.
Science, 2006.

It has no prior: what lies between its codes, nobody has asked for. So that its points can be
sampled all the same, they are the codes with mean and covariance taken out.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from engines.digits.asked import Asked
from engines.digits.digits import Digits
from engines.digits.gallery.page import Page, Take
from engines.digits.gallery.parts import Decoder, Encoder, Whitening, reconstruction


class AutoEncoder(Page):
    """Code and decode."""

    latent_size = 16

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder(self.latent_size)
        self.decoder = Decoder(self.latent_size)
        self.white = Whitening(self.latent_size)

    def draw(self, points: Tensor, asked: Asked) -> Tensor:  # noqa: ARG002
        return torch.sigmoid(self.decoder(self.white.codes(points)))

    def encode(self, ink: Tensor, asked: Asked) -> Tensor:  # noqa: ARG002
        return self.white.points(self.encoder(ink))

    def learn(self, ink: Tensor, shares: Tensor, take: Take) -> Mapping[str, Tensor]:  # noqa: ARG002
        loss = reconstruction(self.decoder(self.encoder(ink)), ink).mean()
        take("all", loss)
        return {"reconstruction": loss}

    @torch.no_grad()
    def finish(self, digits: Digits) -> None:
        self.white.fit(self.encoder(digits.ink))
