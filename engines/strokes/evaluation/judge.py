"""Small classifiers that learn real drawings and then name drawn ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.common.optimisers import Adam
from engines.strokes.drawings import Drawing, Strokes
from engines.strokes.looking import SIDE_PX, seen
from engines.strokes.training.batches import Pictures, bend, bent

STEPS, BATCH, RATE = 500, 64, 3e-3
PEN_PX = 2.0
READ = "0123456789abcdefghijklmnopqrstuvwxyz"
"""What letters are read as: a capital is read as its small letter."""

Examples = Callable[[Sequence[int]], tuple[Tensor, Tensor]]
"""Seeds to pictures (N, 1, H, W) in 0..1 and their classes (N,)."""


class Judge(nn.Module):
    """Names drawings."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 1
        for channels in (16, 32, 48):
            layers += [nn.Conv2d(before, channels, 3, 2, 1), nn.BatchNorm2d(channels), nn.ReLU()]
            before = channels
        self.layers = nn.Sequential(*layers, nn.Flatten(), nn.Dropout(0.3))
        self.names = nn.Linear(before * (SIDE_PX // 8) ** 2, classes)

    def forward(self, pictures: Tensor) -> Tensor:
        return self.names(self.layers(pictures))  # type: ignore[no-any-return]


def taught(examples: Examples, classes: int, steps: int = STEPS) -> Judge:
    """A judge that has learnt some examples. The same for the same ones."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        judge = Judge(classes)
        optimiser = Adam(judge.parameters(), RATE, fused=True)
        slower = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, max(1, steps), RATE / 50)
        for step in range(steps):
            pictures, kinds = examples(range(step * BATCH, (step + 1) * BATCH))
            loss = F.cross_entropy(judge(pictures), kinds)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            slower.step()
    return judge.eval().requires_grad_(False)


def of_pictures(pictures: Pictures) -> Examples:
    """Doodles or signs and their kinds, `OTHER` among them."""

    def examples(seeds: Sequence[int]) -> tuple[Tensor, Tensor]:
        batch = pictures.batch(seeds)
        assert batch.shares is not None
        return batch.pictures, batch.shares.argmax(1)

    return examples


def of_letters(letters: Sequence[Drawing]) -> Examples:
    """Letters and figures, slanted and stretched by chance."""
    known = [d for d in letters if d.name.lower() in READ]

    def examples(seeds: Sequence[int]) -> tuple[Tensor, Tensor]:
        chances = [np.random.default_rng(seed) for seed in seeds]
        some = [(known[int(c.integers(len(known)))], c) for c in chances]
        drawn = [
            seen(bent(d.strokes, bend(c, 1.0)), 1, float(c.uniform(1.4, 2.8))) for d, c in some
        ]
        return ink_of(drawn), torch.tensor([READ.index(d.name.lower()) for d, _ in some])

    return examples


def ink_of(pictures: Sequence[npt.NDArray[np.uint8]]) -> Tensor:
    """(N, 1, H, W) in 0..1."""
    return torch.from_numpy(np.stack(pictures))[:, None].float() / 255


@torch.no_grad()
def named_right(judge: Judge, drawings: Sequence[Strokes], classes: Sequence[int]) -> float:
    """The share of drawings that the judge names as they are meant; an empty one is wrong."""
    there = [n for n, strokes in enumerate(drawings) if strokes]
    pictures = ink_of([seen(drawings[n], 1, PEN_PX) for n in there])
    says = torch.cat([judge(some).argmax(1) for some in pictures.split(200)])
    right = (says == torch.tensor([classes[n] for n in there])).sum()
    return float(right) / len(drawings)
