"""The adversarial auto-encoder: a critic, not a formula, makes the codes a Gaussian.

A. Makhzani, J. Shlens, N. Jaitly, I. Goodfellow, B. Frey: Adversarial autoencoders. ICLR 2016
workshop. This is the one that is told the class (their section 4): the code is left with the style.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

import torch
from torch import Tensor, nn

from engines.digits.digits import CLASSES
from engines.digits.gallery.class_priors import ClassPriors
from engines.digits.gallery.page import Take
from engines.digits.gallery.parts import (
    Decoder,
    Encoder,
    critic_loss,
    generator_loss,
    reconstruction,
)

FOOLING = 20.0
"""What a code that is found out costs, beside the nats of the reconstruction."""


class AdversarialAutoEncoder(ClassPriors):
    """An auto-encoder whose encoder must also pass its codes off as drawn from N(0, I)."""

    latent_size = 8
    binary = True
    teachers: ClassVar[tuple[str, ...]] = ("critic",)

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder(self.latent_size, CLASSES)
        self.decoder = Decoder(self.latent_size, CLASSES)
        self.critic = nn.Sequential(
            nn.Linear(self.latent_size + CLASSES, 128),
            nn.LeakyReLU(0.2),
            nn.Linear(128, 128),
            nn.LeakyReLU(0.2),
            nn.Linear(128, 1),
        )

    def drawn(self, codes: Tensor, shares: Tensor) -> Tensor:
        return torch.sigmoid(self.decoder(codes, shares))

    def codes(self, ink: Tensor, shares: Tensor) -> tuple[Tensor, Tensor]:
        codes: Tensor = self.encoder(ink, shares)
        return codes, torch.zeros_like(codes)

    def learners(self) -> Mapping[str, Iterable[nn.Parameter]]:
        both = [*self.encoder.parameters(), *self.decoder.parameters()]
        return {"autoencoder": both, "critic": self.critic.parameters()}

    def learn(self, ink: Tensor, shares: Tensor, take: Take) -> Mapping[str, Tensor]:
        codes = self.encoder(ink, shares)
        true, false = (torch.cat([x, shares], 1) for x in (torch.randn_like(codes), codes))
        judged = critic_loss(self.critic(true), self.critic(false.detach()))
        take("critic", judged)
        told = reconstruction(self.decoder(codes, shares), ink).mean()
        fooled = generator_loss(self.critic(false))
        take("autoencoder", told + FOOLING * fooled)
        return {"reconstruction": told, "critic": judged, "encoder": fooled}
