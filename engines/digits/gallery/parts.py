"""Networks that several pages share, all small enough to train on one core in minutes."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Encoder(nn.Sequential):
    """Ink (N, channels, 28, 28) -> numbers (N, outputs)."""

    def __init__(self, outputs: int, channels: int = 1) -> None:
        super().__init__(
            nn.Conv2d(channels, 16, 4, 2, 1),
            nn.ReLU(),
            nn.Conv2d(16, 24, 4, 2, 1),
            nn.ReLU(),
            nn.Conv2d(24, 40, 3, 2, 1),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(640, outputs),
        )


class Decoder(nn.Sequential):
    """Numbers (N, inputs) -> logits of ink (N, 1, 28, 28)."""

    def __init__(self, inputs: int) -> None:
        super().__init__(
            nn.Linear(inputs, 640),
            nn.Unflatten(1, (40, 4, 4)),
            nn.BatchNorm2d(40),
            nn.ReLU(),
            nn.ConvTranspose2d(40, 24, 3, 2, 1),
            nn.BatchNorm2d(24),
            nn.ReLU(),
            nn.ConvTranspose2d(24, 16, 4, 2, 1),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.ConvTranspose2d(16, 1, 4, 2, 1),
        )


class Critic(nn.Module):
    """Whether ink (N, 1, 28, 28) is real, beside numbers (N, extra) that are said of it.

    Convolutions with strides, no pooling, leaky ReLU (Radford 2016); spectral norm (Miyato 2018,
    "Spectral normalization for GANs") in place of batch norm keeps so small a critic in bounds.
    """

    def __init__(self, extra: int = 0, outputs: int = 1) -> None:
        super().__init__()
        norm = nn.utils.parametrizations.spectral_norm
        self.features = nn.Sequential(
            norm(nn.Conv2d(1 + extra, 24, 4, 2, 1)),
            nn.LeakyReLU(0.2),
            norm(nn.Conv2d(24, 48, 4, 2, 1)),
            nn.LeakyReLU(0.2),
            norm(nn.Conv2d(48, 64, 3, 2, 1)),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
        )
        self.verdict = nn.Linear(1024, outputs)

    def forward(self, ink: Tensor, said: Tensor | None = None) -> Tensor:
        return self.verdict(self.features(with_planes(ink, said)))  # type: ignore[no-any-return]


def with_planes(ink: Tensor, said: Tensor | None) -> Tensor:
    """The ink with a plane for each number that is said of it."""
    if said is None:
        return ink
    return torch.cat([ink, said[..., None, None].expand(-1, -1, *ink.shape[2:])], 1)


def critic_loss(real: Tensor, false: Tensor) -> Tensor:
    """What a critic minimises (Goodfellow 2014, "Generative adversarial nets", eq. 1)."""
    return F.softplus(-real).mean() + F.softplus(false).mean()


def generator_loss(false: Tensor) -> Tensor:
    """What its opponent minimises: the loss that does not saturate (the same paper, section 3)."""
    return F.softplus(-false).mean()


def reconstruction(logits: Tensor, ink: Tensor) -> Tensor:
    """(N,): nats of the ink under independent pixels."""
    return F.binary_cross_entropy_with_logits(logits, ink, reduction="none").flatten(1).sum(1)


class Whitening(nn.Module):
    """Codes as they come (N, L), and as points of N(0, I)."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.mean: Tensor
        self.root: Tensor
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("root", torch.eye(size))

    def fit(self, codes: Tensor) -> None:
        """Take mean and covariance of these codes; main axes first."""
        self.mean.copy_(codes.mean(0))
        values, vectors = torch.linalg.eigh(torch.cov(codes.T))
        self.root.copy_((vectors * values.clamp_min(1e-8).sqrt()).T.flip(0))

    def codes(self, points: Tensor) -> Tensor:
        return self.mean + points @ self.root

    def points(self, codes: Tensor) -> Tensor:
        points: Tensor = torch.linalg.solve(self.root.T, (codes - self.mean).T).T
        return points
