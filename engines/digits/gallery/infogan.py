"""InfoGAN: nobody says which digits there are; the generator finds codes that can be read again.

X. Chen, Y. Duan, R. Houthooft, J. Schulman, I. Sutskever, P. Abbeel: InfoGAN: interpretable
representation learning by information maximizing generative adversarial nets. NIPS 2016.

One code has ten words, two are numbers. Labels are looked at once, after all has been learnt: to
call the word that is most often a three "3".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.digits.asked import Asked
from engines.digits.digits import CLASSES, Digits
from engines.digits.gallery.page import Page, Take
from engines.digits.gallery.parts import Critic, Decoder, Encoder, critic_loss, generator_loss

WORDS, NUMBERS = 10, 2
NUMBERS_WEIGHT = 0.1
"""Of the numbers' part in the information (the paper's lambda; 1 for the words)."""


class InfoGan(Page):
    """A GAN whose critic's features also tell which codes a picture was drawn from."""

    latent_size = 16
    teachers: ClassVar[tuple[str, ...]] = ("critic", "reader")
    strip: ClassVar[str] = "generator"
    steps: ClassVar[int] = 2500

    def __init__(self) -> None:
        super().__init__()
        self.generator = Decoder(self.latent_size, WORDS + NUMBERS)
        self.critic = Critic()
        self.reader = nn.Sequential(
            nn.Linear(1024, 64), nn.LeakyReLU(0.2), nn.Linear(64, WORDS + NUMBERS)
        )
        self.encoder = Encoder(self.latent_size + WORDS)
        self.named: Tensor
        self.register_buffer("named", torch.eye(WORDS))
        """(digits, words): which word is which digit."""

    def draw(self, points: Tensor, asked: Asked) -> Tensor:
        told = torch.cat([asked.shares @ self.named, asked.codes], 1)
        return torch.sigmoid(self.generator(points, told))

    def encode(self, ink: Tensor, asked: Asked) -> Tensor:  # noqa: ARG002
        return self.encoder(ink)[:, : self.latent_size]  # type: ignore[no-any-return]

    def words(self, ink: Tensor) -> Tensor:
        """(N, 10): how probable it finds that ink was drawn from each word."""
        return self.encoder(ink)[:, self.latent_size :].softmax(1)  # type: ignore[no-any-return]

    def learners(self) -> Mapping[str, Iterable[nn.Parameter]]:
        drawing = [*self.generator.parameters(), *self.reader.parameters()]
        critic, encoder = self.critic.parameters(), self.encoder.parameters()
        return {"critic": critic, "generator": drawing, "encoder": encoder}

    def learn(self, ink: Tensor, shares: Tensor, take: Take) -> Mapping[str, Tensor]:  # noqa: ARG002
        points = torch.randn(len(ink), self.latent_size, device=ink.device)
        words = torch.randint(WORDS, (len(ink),), device=ink.device)
        numbers = 2 * torch.rand(len(ink), NUMBERS, device=ink.device) - 1
        told = torch.cat([F.one_hot(words, WORDS), numbers], 1)
        drawn = torch.sigmoid(self.generator(points, told))
        judged = critic_loss(self.critic(ink), self.critic(drawn.detach()))
        take("critic", judged)
        features = self.critic.features(drawn)
        read = self.reader(features).float()
        fooled = generator_loss(self.critic.judged(features))
        lost = F.cross_entropy(read[:, :WORDS], words) + NUMBERS_WEIGHT * F.mse_loss(
            read[:, WORDS:], numbers
        )
        take("generator", fooled + lost)
        found = self.encoder(drawn.detach())
        named = F.mse_loss(found[:, : self.latent_size], points)
        take("encoder", named + F.cross_entropy(found[:, self.latent_size :], words))
        return {"critic": judged, "generator": fooled, "information": lost, "encoder": named}

    @torch.no_grad()
    def finish(self, digits: Digits) -> None:
        """Give every digit the word that fits best, each word once (Kuhn 1955, the "Hungarian
        method")."""
        from scipy.optimize import linear_sum_assignment

        read = self.words(digits.ink).argmax(1)
        counts = np.zeros((CLASSES, WORDS))
        np.add.at(counts, (digits.classes.numpy(), read.numpy()), 1)
        rows, columns = linear_sum_assignment(-counts)
        self.named.zero_()
        self.named[torch.from_numpy(rows), torch.from_numpy(columns)] = 1
