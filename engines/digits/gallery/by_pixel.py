"""What models have in common that draw one pixel after the other, row by row.

The point is the dice: a number for each pixel. A pixel becomes ink where its number, as a chance in
0..1, is below what the model gives ink at that place. So a digit can be told backwards: dice that
bring exactly its pixels are its point. Rows below `Asked.kept` take the seed's dice instead: the
model goes on from what an artist began. `Asked.progress` says how many pixels are drawn.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar, Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from engines.digits.asked import Asked
from engines.digits.digits import SIDE_PX
from engines.digits.gallery.page import BoundedPage, Take
from engines.digits.gallery.parts import reconstruction

Floats = npt.NDArray[np.float32]

SURE = 12.0
"""Logits beyond are as good as certain."""
REMEMBERED = 8
"""Digits whose pixels are kept, so that to watch one fill in costs nothing."""


class Pen(Protocol):
    """A model that has drawn some pixels of N digits and says how likely the next is ink."""

    def row(self, number: int) -> None:
        """All rows before this one are drawn."""

    def logits(self, column: int) -> Floats:
        """(N,) of the pixel at this column."""

    def drawn(self, column: int, ink: Floats) -> None:
        """What it has become, (N,) of 0 and 1."""


class Network(nn.Module, ABC):
    """(N, 1, 28, 28) -> the same: logits of every pixel, from the true ones before it."""

    last: nn.Conv2d
    """The layer that says them, of one pixel at a time."""

    def saying(self) -> tuple[Floats, float]:
        """Its weights, (width,), and its bias."""
        assert self.last.bias is not None
        weights: Floats = self.last.weight.detach().cpu().numpy()[0, :, 0, 0]
        return weights, float(self.last.bias)

    @abstractmethod
    def pen(self, count: int) -> Pen:
        """What draws `count` digits."""


class ByPixel(BoundedPage):
    """Every pixel from those before it."""

    latent_size = SIDE_PX**2
    strip: ClassVar[str] = "network"

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network
        self._remembered: dict[bytes, Tensor] = {}

    def learn(self, ink: Tensor, shares: Tensor, take: Take) -> Mapping[str, Tensor]:  # noqa: ARG002
        loss = reconstruction(self.network(ink), ink).mean()
        take("all", loss)
        return {"nats": loss}

    def bound(self, ink: Tensor) -> Tensor:
        """No bound: the very nats."""
        return reconstruction(self.network(ink), ink)

    def encode(self, ink: Tensor, asked: Asked) -> Tensor:  # noqa: ARG002
        """Dice from the middle of those that bring this ink."""
        chance = torch.sigmoid(self.network(ink).clamp(-SURE, SURE).double())
        middle = torch.where(ink > 0.5, chance / 2, (1 + chance) / 2)
        points: Tensor = torch.special.ndtri(middle).float().flatten(1)
        return points

    def draw(self, points: Tensor, asked: Asked) -> Tensor:
        dice = torch.special.ndtr(points.cpu().double()).numpy()
        kept = round(SIDE_PX * asked.kept) * SIDE_PX
        chance = np.random.default_rng(asked.seed).random(self.latent_size)
        dice = np.concatenate([dice[:, :kept], np.tile(chance[kept:], (len(dice), 1))], 1)
        name = dice.tobytes() + self.network.saying()[0].tobytes()
        if name not in self._remembered:
            while len(self._remembered) >= REMEMBERED:
                del self._remembered[next(iter(self._remembered))]
            self._remembered[name] = torch.from_numpy(self._thrown(dice))
        ink: Tensor = self._remembered[name].clone()
        ink[:, round(self.latent_size * asked.progress) :] = 0
        drawn: Tensor = ink.unflatten(1, (1, SIDE_PX, SIDE_PX)).to(points.device)
        return drawn

    def _thrown(self, dice: npt.NDArray[np.float64]) -> Floats:
        """(N, 784) dice -> (N, 784) ink."""
        ink = np.zeros(dice.shape, np.float32)
        pen = self.network.pen(len(dice))
        for row in range(SIDE_PX):
            pen.row(row)
            for column in range(SIDE_PX):
                place = row * SIDE_PX + column
                logits = np.clip(pen.logits(column), -SURE, SURE).astype(np.float64)
                ink[:, place] = dice[:, place] < 1 / (1 + np.exp(-logits))
                pen.drawn(column, ink[:, place])
        return ink
