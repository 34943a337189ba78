"""The conditional generative adversarial network: both sides are told which digit it is to be.

M. Mirza, S. Osindero: Conditional generative adversarial nets. arXiv:1411.1784, 2014.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional as F

from engines.digits.asked import Asked
from engines.digits.digits import CLASSES
from engines.digits.gallery.dcgan import Dcgan
from engines.digits.gallery.page import Take
from engines.digits.gallery.parts import (
    Critic,
    Decoder,
    Encoder,
    critic_loss,
    generator_loss,
)


class ConditionalGan(Dcgan):
    """Generator, critic and the encoder beside them all hear the class."""

    latent_size = 8

    def __init__(self) -> None:
        super().__init__()
        self.generator = Decoder(self.latent_size, CLASSES)
        self.critic = Critic(CLASSES)
        self.encoder = Encoder(self.latent_size, CLASSES)

    def draw(self, points: Tensor, asked: Asked) -> Tensor:
        return torch.sigmoid(self.generator(points, asked.shares))

    def encode(self, ink: Tensor, asked: Asked) -> Tensor:
        return self.encoder(ink, asked.shares)  # type: ignore[no-any-return]

    def learn(self, ink: Tensor, shares: Tensor, take: Take) -> Mapping[str, Tensor]:
        points = torch.randn(len(ink), self.latent_size, device=ink.device)
        drawn = torch.sigmoid(self.generator(points, shares))
        judged = critic_loss(self.critic(ink, shares), self.critic(drawn.detach(), shares))
        take("critic", judged)
        fooled = generator_loss(self.critic(drawn, shares))
        take("generator", fooled)
        named = F.mse_loss(self.encoder(drawn.detach(), shares), points)
        take("encoder", named)
        return {"critic": judged, "generator": fooled, "encoder": named}
