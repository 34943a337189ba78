"""The losses of a training as curves at the foot of the picture, and where in it one is."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

POINTS = 64
"""Places of the control *Training* at which a loss is kept."""
HEIGHT = 0.12
"""Of the lane, as a share of the picture; a digit leaves so much paper below it."""
SHADES = (1.0, 0.5, 0.3, 0.2)
"""Of ink, from the first loss to the last."""
WIDTH = 1 / 128


def with_curves(page: Tensor, losses: Mapping[str, Tensor], position: float) -> Tensor:
    """Darkness (S, S) in 0..1, with every loss (POINTS,) from its least to its greatest, and a
    line at `position`, 0..1."""
    side = len(page)
    lane = page[side - round(HEIGHT * side) :]
    wide = max(1.0, WIDTH * side)
    for shade, loss in zip(SHADES, losses.values(), strict=False):
        torch.maximum(lane, shade * _curve(loss, lane.shape, wide).to(lane), out=lane)
    across = torch.arange(side, device=page.device) + 0.5
    mark = (wide / 2 + 0.5 - (across - position * side).abs()).clamp(0, 1)
    torch.maximum(lane, mark.expand_as(lane), out=lane)
    return page


def _curve(loss: Tensor, shape: torch.Size, wide: float) -> Tensor:
    """(rows, columns): 1 on the line, 0 away from it, soft between."""
    rows, columns = shape
    low, high = loss.min(), loss.max()
    level = ((loss - low) / (high - low).clamp_min(1e-6))[None, None]
    level = torch.nn.functional.interpolate(level, columns, mode="linear", align_corners=True)
    height = wide + (1 - level[0, 0]) * (rows - 2 * wide)
    slope = torch.gradient(height)[0]
    away = (torch.arange(rows)[:, None] + 0.5 - height).abs() / (1 + slope.square()).sqrt()
    return (wide / 2 + 0.5 - away).clamp(0, 1)
