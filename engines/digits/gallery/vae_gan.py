"""VAE and GAN in one: a digit is like another if a critic finds it so, not pixel by pixel.

A. B. L. Larsen, S. K. Sønderby, H. Larochelle, O. Winther: Autoencoding beyond pixels using a
learned similarity metric. ICML 2016.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

import torch
from torch import Tensor, nn

from engines.digits.asked import Asked
from engines.digits.gallery.page import Page, Take
from engines.digits.gallery.parts import Critic, Decoder, Encoder, critic_loss, generator_loss
from engines.digits.gallery.vae import kl

NATS = 150.0
"""What it costs if nothing of a picture is found again: so many nats. In the paper features vary by
1 about those that were drawn; those of our critic, which spectral norm keeps small and which shrink
while it is fooled, are measured by how much they vary among digits. Otherwise a code that says
nothing of the picture is the cheapest."""
FOOLING = 50.0
"""What a picture that is found out costs the decoder (1 / the paper's gamma)."""


class VaeGan(Page):
    """An encoder, a decoder that is a generator too, and a critic that also measures."""

    latent_size = 16
    teachers: ClassVar[tuple[str, ...]] = ("critic",)
    paces: ClassVar[Mapping[str, float]] = {"autoencoder": 0.5}
    steps: ClassVar[int] = 2500

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder(2 * self.latent_size)
        self.decoder = Decoder(self.latent_size)
        self.critic = Critic()

    def draw(self, points: Tensor, asked: Asked) -> Tensor:  # noqa: ARG002
        return torch.sigmoid(self.decoder(points))

    def encode(self, ink: Tensor, asked: Asked) -> Tensor:  # noqa: ARG002
        return self.encoder(ink).chunk(2, 1)[0]  # type: ignore[no-any-return]

    def learners(self) -> Mapping[str, Iterable[nn.Parameter]]:
        both = [*self.encoder.parameters(), *self.decoder.parameters()]
        return {"autoencoder": both, "critic": self.critic.parameters()}

    def learn(self, ink: Tensor, shares: Tensor, take: Take) -> Mapping[str, Tensor]:  # noqa: ARG002
        """The encoder is not told whether the critic was fooled: its codes are detached."""
        mean, log_variance = self.encoder(ink).chunk(2, 1)
        code = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
        drawn = torch.sigmoid(
            self.decoder(torch.cat([code, code.detach(), torch.randn_like(code)]))
        )
        again, false = drawn[: len(ink)], drawn[len(ink) :]
        judged = critic_loss(self.critic(ink), self.critic(false.detach()))
        take("critic", judged)
        wanted = self.critic.features(ink).detach()
        apart = (self.critic.features(again) - wanted).float()
        varied = wanted.float().var(0).sum()
        unlike = NATS * apart.square().sum(1).mean() / varied
        spent = kl(mean, log_variance).mean()
        fooled = generator_loss(self.critic(false))
        take("autoencoder", unlike + spent + FOOLING * fooled)
        return {"unlike": unlike, "kl": spent, "critic": judged, "generator": fooled}
