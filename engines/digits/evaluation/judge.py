"""A small classifier that learns real digits, and what its features tell of drawn ones."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.common.optimisers import Adam
from engines.digits.digits import CLASSES, Digits, binarised

EPOCHS, BATCH, RATE = 8, 60, 3e-3
SHIFTED_PX = 2
"""How far a digit is moved at most while the judge learns it, along each side."""
NEAREST = 3


class Judge(nn.Module):
    """Names digits; all ink is made black or white first, whoever drew it."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 5, 2, 2),
            nn.ReLU(),
            nn.Conv2d(16, 32, 5, 2, 2),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(1568, 96),
            nn.ReLU(),
        )
        self.names = nn.Linear(96, CLASSES)

    def forward(self, ink: Tensor) -> Tensor:
        return self.names(self.features(binarised(ink)))  # type: ignore[no-any-return]


def taught(digits: Digits, epochs: int = EPOCHS) -> Judge:
    """A judge that has learnt these digits. The same for the same digits."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        judge = Judge()
        optimiser = Adam(judge.parameters(), RATE, fused=True)
        slower = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs, RATE / 50)
        for _ in range(epochs):
            for rows in torch.randperm(len(digits.ink)).split(BATCH):
                loss = F.cross_entropy(judge(_shifted(digits.ink[rows])), digits.classes[rows])
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
            slower.step()
    return judge.eval().requires_grad_(False)


def _shifted(ink: Tensor) -> Tensor:
    """A whole batch moved by the same few pixels."""
    down, across = torch.randint(-SHIFTED_PX, SHIFTED_PX + 1, (2,)).tolist()
    return ink.roll((down, across), (2, 3))


@dataclass(frozen=True)
class Coverage:
    """Of drawn digits beside real ones."""

    precision: float
    """Which share of the drawn is among the real."""
    recall: float
    """Which share of the real is among the drawn."""


def coverage(judge: Judge, real: Tensor, drawn: Tensor) -> Coverage:
    """T. Kynkäänniemi et al.: Improved precision and recall metric for assessing generative models.
    NeurIPS 2019 (eq. 1 and 2, k = 3): within a digit's reach to its third nearest neighbour."""
    a, b = (judge.features(binarised(ink)) for ink in (real, drawn))
    return Coverage(_share_within(b, a), _share_within(a, b))


def _share_within(asked: Tensor, manifold: Tensor) -> float:
    reach = torch.cdist(manifold, manifold).kthvalue(NEAREST + 1, dim=1).values
    return float((torch.cdist(asked, manifold) <= reach).any(1).float().mean())
