"""What a blend of unlike materials lacks in contrast, and gets back.

Half-way between two patterns much of both averages out: over 60 random pairs such a picture had
0.75 of the contrast that its ends have on the mean (the least 0.40). A small network that has seen
many blends says how much is missing from the pattern alone, so a picture changes no more than its
pattern does, and every tile and every place gets what its own pattern needs.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn

from engines.gan_textures.styles import Array

MOST = 3.0
"""No picture's contrast is raised by more, however far out its pattern lies."""
WIDTH = 64


class BlendGain(nn.Module):
    """Patterns (N, style) -> logarithms of gains (N, 1)."""

    def __init__(self, style: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(style, WIDTH), nn.SiLU(), nn.Linear(WIDTH, WIDTH), nn.SiLU()
        )
        self.out = nn.Linear(WIDTH, 1)
        nn.init.zeros_(self.out.weight)  # before it has learnt anything it changes nothing
        nn.init.zeros_(self.out.bias)

    def forward(self, patterns: Tensor) -> Tensor:
        logs: Tensor = self.out(self.layers(patterns))
        return logs

    @torch.inference_mode()
    def gains(self, patterns: Array) -> Array:
        """(N, style) -> (N, 1) float32, 1 to `MOST`: by what the contrast is multiplied."""
        logs = self(torch.from_numpy(np.asarray(patterns, np.float32)))
        found: Array = logs.clamp(0, math.log(MOST)).exp().numpy()
        return found
