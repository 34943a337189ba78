"""What a picture is asked for, beside its point."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from engines.digits.digits import CLASSES


@dataclass(frozen=True, kw_only=True)
class Asked:
    """For N pictures at once. A page reads what concerns it."""

    shares: Tensor = field(default_factory=lambda: torch.full((1, CLASSES), 1 / CLASSES))
    """(N, 10), summing to 1: which digit, or how much of which."""
    codes: Tensor = field(default_factory=lambda: torch.zeros(1, 2))
    """(N, 2): what InfoGAN found by itself."""
    progress: float = 1.0
    """How far the drawing has come, 0..1."""
    kept: float = 1.0
    """Which share of the rows, from the top, is the point's own; the rest is chance."""
    seed: int = 0
    glimpses: bool = False
    """Whether the window is framed through which the last of it was drawn."""
