"""Networks that several pages share, all small enough to train on one core in minutes."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Encoder(nn.Module):
    """Ink (N, 1, 28, 28), and numbers (N, told) that are said of it -> numbers (N, outputs)."""

    def __init__(self, outputs: int, told: int = 0) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 4, 2, 1),
            nn.ReLU(),
            nn.Conv2d(16, 24, 4, 2, 1),
            nn.ReLU(),
            nn.Conv2d(24, 40, 3, 2, 1),
            nn.ReLU(),
            nn.Flatten(),
        )
        self.last = nn.Linear(640 + told, outputs)

    def forward(self, ink: Tensor, *told: Tensor) -> Tensor:
        numbers: Tensor = self.last(torch.cat([self.features(ink), *told], 1))
        return numbers.float()


class Decoder(nn.Module):
    """Numbers (N, inputs), and others (N, told) that every layer hears -> logits of ink
    (N, 1, 28, 28)."""

    def __init__(self, inputs: int, told: int = 0) -> None:
        super().__init__()
        self.first = nn.Linear(inputs + told, 640)
        self.layers = nn.ModuleList(
            [
                Norm(40, told),
                nn.ConvTranspose2d(40, 24, 3, 2, 1),
                Norm(24, told),
                nn.ConvTranspose2d(24, 16, 4, 2, 1),
                Norm(16, told),
                nn.ConvTranspose2d(16, 1, 4, 2, 1),
            ]
        )

    def forward(self, numbers: Tensor, *told: Tensor) -> Tensor:
        x: Tensor = self.first(torch.cat([numbers, *told], 1)).unflatten(1, (40, 4, 4))
        for norm, layer in zip(self.layers[::2], self.layers[1::2], strict=True):
            x = layer(norm(x, *told).relu())
        return x.float()


class Norm(nn.Module):
    """Batch norm; its gain and its bias follow from numbers (N, told), where there are some (V.
    Dumoulin, J. Shlens, M. Kudlur: A learned representation for artistic style. ICLR 2017)."""

    def __init__(self, width: int, told: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(width, affine=not told)
        self.turned = nn.Linear(told, 2 * width, bias=False) if told else None
        if self.turned is not None:
            nn.init.zeros_(self.turned.weight)

    def forward(self, given: Tensor, *told: Tensor) -> Tensor:
        x: Tensor = self.norm(given)
        if self.turned is None:
            return x
        turned: Tensor = self.turned(*told)[..., None, None]
        gain, bias = turned.chunk(2, 1)
        return x * (1 + gain) + bias


class Critic(nn.Module):
    """Whether ink (N, 1, 28, 28) is real, and is what is said of it (N, told).

    Convolutions with strides, no pooling, leaky ReLU (Radford 2016); spectral norm (Miyato 2018,
    "Spectral normalization for GANs") in place of batch norm keeps so small a critic in bounds.
    """

    def __init__(self, told: int = 0) -> None:
        super().__init__()
        norm = nn.utils.parametrizations.spectral_norm
        self.features = nn.Sequential(
            norm(nn.Conv2d(1, 24, 4, 2, 1)),
            nn.LeakyReLU(0.2),
            norm(nn.Conv2d(24, 48, 4, 2, 1)),
            nn.LeakyReLU(0.2),
            norm(nn.Conv2d(48, 64, 3, 2, 1)),
            nn.LeakyReLU(0.2),
            nn.Flatten(),
        )
        self.verdict = nn.Linear(1025, 1)
        self.said = norm(nn.Linear(told, 1024, bias=False)) if told else None

    def forward(self, ink: Tensor, *told: Tensor) -> Tensor:
        return self.judged(self.features(ink), *told)

    def judged(self, features: Tensor, *told: Tensor) -> Tensor:
        """The verdict (N, 1) on pictures with these features (N, 1024), and on their variety: one
        number more says how much they differ. What is said of them is projected on them (T. Miyato,
        M. Koyama: cGANs with projection discriminator. ICLR 2018).
        """
        verdict = self.verdict(with_variety(features)).float()
        if self.said is not None:
            verdict = verdict + (features * self.said(*told)).sum(1, keepdim=True).float()
        return verdict  # type: ignore[no-any-return]


def with_variety(features: Tensor) -> Tensor:
    """(N, F) -> (N, F + 1): how much they differ, as one number more (T. Karras et al.: Progressive
    growing of GANs for improved quality, stability, and variation. ICLR 2018, section 3)."""
    variety = features.std(0).mean().expand(len(features), 1)
    return torch.cat([features, variety], 1)


def critic_loss(real: Tensor, false: Tensor) -> Tensor:
    """What a critic minimises (Goodfellow 2014, "Generative adversarial nets", eq. 1)."""
    return F.softplus(-real.float()).mean() + F.softplus(false.float()).mean()


def generator_loss(false: Tensor) -> Tensor:
    """What its opponent minimises: the loss that does not saturate (the same paper, section 3)."""
    return F.softplus(-false.float()).mean()


def reconstruction(logits: Tensor, ink: Tensor) -> Tensor:
    """(N,): nats of the ink under independent pixels."""
    lost = F.binary_cross_entropy_with_logits(logits.float(), ink, reduction="none")
    return lost.flatten(1).sum(1)


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
