"""From an artist's picture to a style: which known materials it is like, and how much.

The answer is a mean of styles that the generator has learnt, never a point beside them, so what
is dropped always comes back as a proper material; its colours are measured, not guessed.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Encoder(nn.Module):
    """(B, 3, H, W) in own measures, 48 px and more -> logits of the materials (B, N)."""

    def __init__(self, materials: int, width: int = 32) -> None:
        super().__init__()
        sizes = [(3, width, 5), (width, 2 * width, 4), (2 * width, 3 * width, 4)]
        self.body = nn.ModuleList(nn.Conv2d(i, o, kernel, 2) for i, o, kernel in sizes)
        self.last = nn.Conv2d(3 * width, 3 * width, 3)
        self.head = nn.Linear(9 * width, materials)

    def forward(self, x: Tensor) -> Tensor:
        seen = []
        for layer in [*self.body, self.last]:
            x = F.leaky_relu(layer(x), 0.2)
            seen.append(x)
        flat = seen[-1].float().flatten(2)
        early = seen[-2].float().flatten(2)
        told = torch.cat([flat.mean(2), flat.std(2), early.std(2)], 1)
        logits: Tensor = self.head(told)
        return logits
