"""The deep convolutional generative adversarial network: one draws, one judges.

I. Goodfellow et al.: Generative adversarial nets. NIPS 2014. A. Radford, L. Metz, S. Chintala:
Unsupervised representation learning with deep convolutional generative adversarial networks.
ICLR 2016.

A GAN cannot look at a picture. Ours has an encoder beside it that learns to name the point of what
the generator has drawn (the "latent regressor" of J. Donahue, P. Krähenbühl, T. Darrell:
Adversarial feature learning. ICLR 2017); generator and critic do not notice it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.digits.asked import Asked
from engines.digits.gallery.page import Page, Take
from engines.digits.gallery.parts import Critic, Decoder, Encoder, critic_loss, generator_loss


class Dcgan(Page):
    """Generator and critic; nothing is told which digit is which."""

    latent_size = 16
    teachers: ClassVar[tuple[str, ...]] = ("critic",)
    strip: ClassVar[str] = "generator"
    steps: ClassVar[int] = 2500

    def __init__(self) -> None:
        super().__init__()
        self.generator = Decoder(self.latent_size)
        self.critic = Critic()
        self.encoder = Encoder(self.latent_size)

    def draw(self, points: Tensor, asked: Asked) -> Tensor:  # noqa: ARG002
        return torch.sigmoid(self.generator(points))

    def encode(self, ink: Tensor, asked: Asked) -> Tensor:  # noqa: ARG002
        return self.encoder(ink)  # type: ignore[no-any-return]

    def learners(self) -> Mapping[str, Iterable[nn.Parameter]]:
        return {name: part.parameters() for name, part in self.named_children()}

    def learn(self, ink: Tensor, shares: Tensor, take: Take) -> Mapping[str, Tensor]:  # noqa: ARG002
        points = torch.randn(len(ink), self.latent_size, device=ink.device)
        drawn = torch.sigmoid(self.generator(points))
        judged = critic_loss(self.critic(ink), self.critic(drawn.detach()))
        take("critic", judged)
        fooled = generator_loss(self.critic(drawn))
        take("generator", fooled)
        named = F.mse_loss(self.encoder(drawn.detach()), points)
        take("encoder", named)
        return {"critic": judged, "generator": fooled, "encoder": named}
