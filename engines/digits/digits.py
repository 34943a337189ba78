"""Sets of digits."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

SIDE_PX = 28
CLASSES = 10


@dataclass(frozen=True)
class Digits:
    """Some digits."""

    ink: Tensor
    """(N, 1, 28, 28) float32: 0 is paper, 1 is ink."""
    classes: Tensor
    """(N,) int64: which digit each is."""

    def shares(self) -> Tensor:
        """(N, 10) float32: all of each digit's own class."""
        return torch.nn.functional.one_hot(self.classes, CLASSES).float()

    def binary(self) -> Tensor:
        """The ink as the models with a bound are told it: 1 from half on, else 0."""
        return binarised(self.ink)


def binarised(ink: Tensor) -> Tensor:
    """Ink or none: one rule for training, evaluation and what an artist draws."""
    return (ink >= 0.5).float()
