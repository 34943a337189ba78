"""From 28 pixels of ink to a picture: enlarged smoothly, with an edge as of ink, in two colours."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import torch
from torch import Tensor

from engines.common.inks import INKS
from engines.digits.curves import with_curves
from engines.digits.digits import SIDE_PX
from studio.document.parameters import Value

THUMBNAIL_PX = 64
ADVANCE_PX = 22
"""From one digit to the next in a line: the paper round them overlaps."""
LOBES = 2
SOFTEN_PX = 0.55
"""A blur before enlarging, in pixels of the model's: steps of single pixels become curves."""


def inked(
    ink: Tensor,
    told: Mapping[str, Value],
    size_px: int,
    losses: Mapping[str, Tensor] = MappingProxyType({}),
) -> Tensor:
    """Ink (N, 1, 28, 28) in 0..1 -> N digits in a line, (3, size_px, size_px) in 0..1; below them,
    where that is asked for, the losses (see `curves`)."""
    line = lined(ink[:, 0])
    rows, columns = line.shape
    scale = size_px / max(rows, columns)
    high, wide = round(rows * scale), round(columns * scale)
    large = _enlarging(rows, high).to(line) @ line @ _enlarging(columns, wide).to(line).T
    dark = _edged(large, scale, float(told.get("weight", 0.0)), float(told.get("edge", 0.7)))
    page = line.new_zeros(size_px, size_px)
    top, left = (size_px - high) // 2, (size_px - wide) // 2
    page[top : top + high, left : left + wide] = dark
    if told.get("losses", False):
        page = with_curves(page, losses, float(told.get("training", 1.0)))
    return coloured(page, str(told.get("ink", next(iter(INKS)))))


def lined(digits: Tensor) -> Tensor:
    """(N, 28, 28) -> (28, width): one beside the other, the darker one where two overlap."""
    line = digits.new_zeros(SIDE_PX, SIDE_PX + ADVANCE_PX * (len(digits) - 1))
    for number, digit in enumerate(digits):
        place = line[:, number * ADVANCE_PX : number * ADVANCE_PX + SIDE_PX]
        torch.maximum(place, digit, out=place)
    return line


def coloured(dark: Tensor, ink: str) -> Tensor:
    """(H, W) in 0..1, where 1 is ink -> (3, H, W)."""
    colours = dark.new_tensor(INKS[ink]) / 255
    return torch.lerp(colours[1][:, None, None], colours[0][:, None, None], dark)


def _edged(ink: Tensor, scale: float, weight: float, edge: float) -> Tensor:
    """Ink through a curve that is the steeper the larger it was made: the edge stays sharp."""
    steep = 6.0 + 2.0 * max(0.0, scale - 4)
    sharp = torch.sigmoid(steep * (ink - 0.42 + 0.3 * weight))
    lift = 1.0 / (1.0 + math.exp(steep * (0.42 - 0.3 * weight)))  # white paper stays white
    sharp = ((sharp - lift) / (1 - 2 * lift)).clamp(0, 1) if lift < 0.4 else sharp
    grey = ink.clamp(1e-4, 1) ** math.exp(-weight)
    return torch.lerp(grey.clamp(0, 1), sharp, edge)


@lru_cache(16)
def _enlarging(here: int, there: int) -> Tensor:
    """(there, here): Lanczos (Duchon 1979, "Lanczos filtering in one and two dimensions") of a
    line that was softened a little; beyond its ends is paper."""
    scale = there / here
    at = (torch.arange(there, dtype=torch.float64) + 0.5) / scale - 0.5
    away = at[:, None] - torch.arange(-4, here + 4, dtype=torch.float64)[None]
    sharp = torch.where(away.abs() < LOBES, torch.sinc(away) * torch.sinc(away / LOBES), 0.0)
    sharp = sharp / sharp.sum(1, keepdim=True)
    between = torch.arange(-4, here + 4)[:, None] - torch.arange(here)[None]
    soft = torch.exp(-0.5 * (between / SOFTEN_PX) ** 2).double()
    return (sharp @ soft / _mass()).float()


def _mass() -> float:
    return sum(math.exp(-0.5 * (n / SOFTEN_PX) ** 2) for n in range(-8, 9))
