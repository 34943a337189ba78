"""A picture from outside, as the models know digits."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engines.digits.digits import SIDE_PX
from studio.engine import Pixels

BOX_PX = 20
"""The longer side of a digit's ink in MNIST; the middle of its mass is at 14, 14."""
NEAR_PX, ABOUT_PX = 2.0, 5.0
"""What is so near to that middle, and about as large, stays as it is: not every model draws its
digits as large as those that it learnt from, and its own pictures it should find again."""


def looked_at(pixels: Pixels) -> Tensor:
    """Ink (1, 1, 28, 28) in 0..1; the colour of the picture's edge is taken for the paper."""
    grey = torch.from_numpy(pixels.astype(np.float32)).mean(2)[None, None]
    low, high = grey.min(), grey.max()
    grey = (grey - low) / (high - low).clamp_min(1.0)
    sides = [grey[..., 0, :], grey[..., -1, :], grey[..., 0], grey[..., -1]]
    ink = 1 - grey if float(torch.cat(sides, -1).mean()) > 0.5 else grey
    whole = F.interpolate(_squared(ink), (SIDE_PX, SIDE_PX), mode="area")
    return whole.clamp(0, 1) if _as_learnt(whole[0, 0]) else _placed(ink)


def _squared(ink: Tensor) -> Tensor:
    """With paper at two sides, so that it is a square."""
    high, wide = ink.shape[2:]
    across, down = max(high - wide, 0), max(wide - high, 0)
    return F.pad(ink, (across // 2, across - across // 2, down // 2, down - down // 2))


def _as_learnt(ink: Tensor) -> bool:
    """Whether a digit stands where those stand that were learnt, and is as large."""
    rows, columns = torch.nonzero(ink > 0.5, as_tuple=True)
    if not len(rows):
        return True
    longer = max(float(x.max() - x.min()) + 1 for x in (rows, columns))
    centre = max(abs(float(c) - SIDE_PX / 2) for c in _centre(ink))
    return abs(longer - BOX_PX) <= ABOUT_PX and centre <= NEAR_PX


def _placed(ink: Tensor) -> Tensor:
    """The ink alone, as large as MNIST's, with the middle of its mass in the middle."""
    rows, columns = torch.nonzero(ink[0, 0] > 0.5, as_tuple=True)
    cut = ink[
        ..., int(rows.min()) : int(rows.max()) + 1, int(columns.min()) : int(columns.max()) + 1
    ]
    scale = BOX_PX / max(cut.shape[2:])
    size = [max(1, round(scale * length)) for length in cut.shape[2:]]
    small = F.interpolate(cut, size, mode="area").clamp(0, 1)
    down, across = (
        max(0, min(SIDE_PX - length, round(SIDE_PX / 2 - float(c))))
        for length, c in zip(size, _centre(small[0, 0]), strict=True)
    )
    right, below = SIDE_PX - across - size[1], SIDE_PX - down - size[0]
    return F.pad(small, (across, right, down, below))


def _centre(ink: Tensor) -> tuple[Tensor, Tensor]:
    """Row and column of the middle of its mass."""
    mass = ink.sum().clamp_min(1e-6)
    down, across = (torch.arange(length, dtype=torch.float32) for length in ink.shape)
    return (ink.sum(1) @ down) / mass, (ink.sum(0) @ across) / mass
