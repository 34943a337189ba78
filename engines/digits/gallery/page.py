"""What every model of the gallery can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import ClassVar

import torch
from torch import Tensor, nn

from engines.digits.asked import Asked
from engines.digits.digits import Digits

Take = Callable[[str, Tensor], None]
"""Takes a step of the optimiser of that name down the gradient of a loss."""


class Page(nn.Module, ABC):
    """One model: points in, ink out; and how it learns."""

    latent_size: int
    binary: ClassVar[bool] = False
    """Whether it learns ink as 0 or 1, not as a grey."""
    teachers: ClassVar[tuple[str, ...]] = ()
    """Modules that only the training needs."""
    strip: ClassVar[str] = "decoder"
    """The module that draws: its weights are kept from several steps of the training."""
    bf16: ClassVar[bool] = True
    """Whether it may learn in bf16, where the device is faster so."""
    rate: ClassVar[float] = 2e-3
    paces: ClassVar[Mapping[str, float]] = {}
    """Optimisers that go at another rate, as a share of it (M. Heusel et al.: GANs trained by a two
    time-scale update rule converge to a local Nash equilibrium. NIPS 2017). The others' is 1."""
    batch: ClassVar[int] = 64
    steps: ClassVar[int] = 3000
    """Of a whole training."""

    @abstractmethod
    def draw(self, points: Tensor, asked: Asked) -> Tensor:
        """(N, latent_size) -> ink (N, 1, 28, 28) in 0..1."""

    @abstractmethod
    def encode(self, ink: Tensor, asked: Asked) -> Tensor:
        """Ink (N, 1, 28, 28) -> points (N, latent_size) whose pictures come near."""

    @abstractmethod
    def learn(self, ink: Tensor, shares: Tensor, take: Take) -> Mapping[str, Tensor]:
        """Learn from a batch of ink (N, 1, 28, 28) of the classes (N, 10). Returns losses."""

    def learners(self) -> Mapping[str, Iterable[nn.Parameter]]:
        """What each optimiser moves."""
        return {"all": self.parameters()}

    def finish(self, digits: Digits) -> None:
        """What is set once, from the training set, when all has been learnt. Optional."""

    def forward(self, points: Tensor, asked: Asked) -> Tensor:
        """As `draw`: torch calls a module by this name."""
        return self.draw(points, asked)


class BoundedPage(Page):
    """A model that says how probable a digit is."""

    binary = True

    @abstractmethod
    def bound(self, ink: Tensor) -> Tensor:
        """(N, 1, 28, 28) of 0 and 1 -> (N,): nats, at least -log p of each."""

    def bounds(self, ink: Tensor, batch: int = 100) -> Tensor:
        """The same for many."""
        with torch.no_grad():
            return torch.cat([self.bound(some) for some in ink.split(batch)])
