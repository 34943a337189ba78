"""DRAW: a digit is not put down at once but in glimpses, each at a place of its own.

K. Gregor, I. Danihelka, A. Graves, D. J. Rezende, D. Wierstra: DRAW: a recurrent neural network for
image generation. ICML 2015. `Asked.progress` runs through the glimpses.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn

from engines.digits.asked import Asked
from engines.digits.digits import SIDE_PX
from engines.digits.gallery.page import BoundedPage, Take
from engines.digits.gallery.parts import reconstruction
from engines.digits.gallery.vae import kl

STEPS, CODE, HIDDEN = 12, 8, 128
READ, WRITE = 5, 5
"""Sides of the patches that are read and written, in points of their grid."""
FAINT = 1 / 55
"""The strength that writing divides by, at first: what is written is seen at once."""


class Draw(BoundedPage):
    """An encoder that looks through a window, a decoder that writes through one."""

    latent_size = STEPS * CODE
    bf16: ClassVar[bool] = False
    steps: ClassVar[int] = 5000

    def __init__(self) -> None:
        super().__init__()
        self.reader = pointer(1.0)
        self.encoder = nn.LSTMCell(2 * READ**2 + HIDDEN, HIDDEN)
        self.code = nn.Linear(HIDDEN, 2 * CODE)
        self.decoder = Writer()

    def draw(self, points: Tensor, asked: Asked) -> Tensor:
        """Between two glimpses, between their canvases."""
        canvas = self.decoder.paper.expand(len(points), -1, -1)
        hidden = cell = points.new_zeros(len(points), HIDDEN)
        window = None
        for number, code in enumerate(points.chunk(STEPS, 1)):
            share = min(1.0, max(0.0, STEPS * asked.progress - number))
            if share == 0:
                break
            hidden, cell = self.decoder.cell(code, (hidden, cell))
            window, written = self.decoder(hidden)
            canvas = canvas + share * written
        ink = torch.sigmoid(canvas)[:, None]
        return torch.maximum(ink, window.frame()) if asked.glimpses and window else ink

    def encode(self, ink: Tensor, asked: Asked) -> Tensor:  # noqa: ARG002
        return torch.cat([mean for mean, _, _ in self._looked(ink, noise=0.0)], 1)

    def learn(self, ink: Tensor, shares: Tensor, take: Take) -> Mapping[str, Tensor]:  # noqa: ARG002
        told, spent = self._losses(ink)
        take("all", (told + spent).mean())
        return {"reconstruction": told.mean(), "kl": spent.mean()}

    def bound(self, ink: Tensor) -> Tensor:
        told, spent = self._losses(ink)
        return told + spent

    def _losses(self, ink: Tensor) -> tuple[Tensor, Tensor]:
        """(N,) each, in nats: eq. 9 and eq. 11, over all glimpses."""
        looks = list(self._looked(ink, noise=1.0))
        spent = torch.stack([kl(mean, spread) for mean, spread, _ in looks]).sum(0)
        return reconstruction(looks[-1][2][:, None], ink), spent

    def _looked(self, ink: Tensor, noise: float) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        """For every glimpse: a code's mean and log variance, and the canvas after it (eq. 3-8)."""
        picture, count = ink[:, 0], len(ink)
        canvas = self.decoder.paper.expand(count, -1, -1)
        hidden, cell, seen, memory = (ink.new_zeros(count, HIDDEN) for _ in range(4))
        for _ in range(STEPS):
            window = Window.of(self.reader(hidden), READ)
            wrong = picture - torch.sigmoid(canvas)
            read = torch.cat([window.read(picture), window.read(wrong), hidden], 1)
            seen, memory = self.encoder(read, (seen, memory))
            mean, spread = self.code(seen).chunk(2, 1)
            code = mean + noise * torch.exp(0.5 * spread) * torch.randn_like(mean)
            hidden, cell = self.decoder.cell(code, (hidden, cell))
            canvas = canvas + self.decoder(hidden)[1]
            yield mean, spread, canvas


class Writer(nn.Module):
    """What writes: its memory, where it puts its window, and what it puts there."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.LSTMCell(CODE, HIDDEN)
        self.window = pointer(FAINT)
        self.patch = nn.Linear(HIDDEN, WRITE**2)
        self.paper = nn.Parameter(torch.full((1, SIDE_PX, SIDE_PX), -3.0))

    def forward(self, hidden: Tensor) -> tuple[Window, Tensor]:
        """Memory (N, HIDDEN) -> the window, and what is added to the canvas (N, 28, 28)."""
        window = Window.of(self.window(hidden), WRITE)
        return window, window.written(self.patch(hidden).unflatten(1, (WRITE, WRITE)))


@dataclass(frozen=True)
class Window:
    """A grid of Gaussian filters anywhere on the picture, at any stride (section 3.2)."""

    down: Tensor
    """(N, points, 28): a filter for each row of the grid."""
    across: Tensor
    strength: Tensor
    """(N, 1, 1)."""
    middle: Tensor
    """(N, 2): across, down, in pixels."""
    stride: Tensor
    """(N, 1), in pixels."""

    @classmethod
    def of(cls, told: Tensor, points: int) -> Window:
        """Of the five numbers that a network says (eq. 21 to 26)."""
        _, spread, stride, strength = told.split([2, 1, 1, 1], 1)
        middle = (SIDE_PX + 1) / 2 * (told[:, :2] + 1)
        step = (SIDE_PX - 1) / (points - 1) * stride.exp()
        grid = torch.arange(points, device=told.device) - (points - 1) / 2
        centres = middle[..., None] + grid * step[..., None]
        across, down = _filters(centres, spread[..., None, None]).unbind(1)
        return cls(down, across, strength.exp()[..., None], middle, step)

    def read(self, picture: Tensor) -> Tensor:
        """(N, 28, 28) -> (N, points squared) (eq. 27)."""
        return (self.strength * (self.down @ picture @ self.across.mT)).flatten(1)

    def written(self, patch: Tensor) -> Tensor:
        """(N, points, points) -> (N, 28, 28) (eq. 29)."""
        return self.down.mT @ patch @ self.across / self.strength

    def frame(self) -> Tensor:
        """(N, 1, 28, 28): the border of the grid as ink; along the edge where it is beyond."""
        at = torch.arange(SIDE_PX, device=self.middle.device)
        half = self.stride * (self.down.shape[1] - 1) / 2
        low, high = ((self.middle + way * half).clamp(0, SIDE_PX - 1) for way in (-1, 1))
        away = (at - (low + high)[..., None] / 2).abs() - (high - low)[..., None] / 2
        outside = torch.maximum(away[:, 1, :, None], away[:, 0, None, :])
        return (1 - outside.abs()).clamp(0, 1)[:, None]


def pointer(strength: float) -> nn.Linear:
    """Memory -> the five numbers of a window. It begins in the middle, half as wide as the paper,
    with points that touch: of windows that begin as the formulas have them (points far apart, what
    they write too faint) it takes ten times the steps to learn the first stroke."""
    layer = nn.Linear(HIDDEN, 5)
    with torch.no_grad():
        layer.bias.copy_(torch.tensor([0.0, 0.0, 1.0, math.log(0.5), math.log(strength)]))
        layer.weight.mul_(0.3)
    return layer


def _filters(centres: Tensor, spread: Tensor) -> Tensor:
    """(N, 2, points) -> (N, 2, points, 28), each summing to 1 (eq. 25); `spread` is ln variance."""
    at = torch.arange(SIDE_PX, device=centres.device)
    away = (at - centres[..., None]).square()
    return torch.softmax(-0.5 * away * torch.exp(-spread), 3)
