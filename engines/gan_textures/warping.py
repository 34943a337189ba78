"""Moving a picture that wraps round: rolled, streaming out of its middle, resampled.

All take and give (1, 3, H, W) in a material's own measures, whose mean is 0.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

STREAM = 0.6
"""How far a point streams in a turn, as a share of its distance from the middle."""

STEPS = (-1, 0, 1, 2)
"""Neighbours that a cubic takes in."""


def rolled(picture: Tensor, down_px: float, right_px: float) -> Tensor:
    """Rolled by any way; exact for whole pixels, Catmull and Rom's cubic between."""
    for axis, way in ((2, down_px), (3, right_px)):
        whole = math.floor(way)
        picture = _nudged(picture, way - whole, axis).roll(whole, axis)
    return picture


def _nudged(picture: Tensor, t: float, axis: int) -> Tensor:
    """Rolled by 0 <= t < 1 samples."""
    if t < 1e-4:
        return picture
    rolls = [picture.roll(step, axis) for step in STEPS]
    return torch.stack([w * roll for w, roll in zip(_cubic(t), rolls, strict=True)]).sum(0)


def _cubic(t: Any) -> tuple[Any, Any, Any, Any]:
    """Catmull and Rom's weights at `t` from the second of four neighbours to the third."""
    return (
        ((-0.5 * t + 1) * t - 0.5) * t,
        (1.5 * t - 2.5) * t * t + 1,
        ((-1.5 * t + 2) * t + 0.5) * t,
        (0.5 * t - 0.5) * t * t,
    )


def streamed(picture: Tensor, other: Tensor, turn: float) -> Tensor:
    """The picture streaming out of its middle and into its corners; the same again after a turn.

    Two layers stream in turn and fade into each other while they start again (Vlachos, "Water
    flow in Portal 2", 2010). The weights' squares sum to 1, so that the contrast stays. The flow
    wraps round, and so does every moment of it. `other` is the second layer.
    """
    turn %= 1.0
    if turn == 0:
        return picture
    way = turn if turn < 0.5 else turn - 1
    first = 1 - 2 * abs(way)
    layers = first * _displaced(picture, way) + (1 - first) * _displaced(other, turn - 0.5)
    return layers / math.hypot(first, 1 - first)


def _displaced(picture: Tensor, way: float) -> Tensor:
    height, width = picture.shape[-2:]
    margin = math.ceil(STREAM * 0.5 / (2 * math.pi) * max(height, width)) + 3
    rows, columns = (torch.arange(-margin, side + margin) for side in (height, width))
    rows, columns = (rows % height).to(picture.device), (columns % width).to(picture.device)
    wide = picture.float().index_select(2, rows).index_select(3, columns)
    places = [_sources(side, way, margin) for side in (width, height)]
    grid = torch.stack(torch.meshgrid(*places, indexing="xy"), -1)
    return F.grid_sample(wide, grid[None].to(wide.device), mode="bicubic", align_corners=True)


def _sources(size: int, way: float, margin: int) -> Tensor:
    """Where along an axis each sample comes from, in grid_sample's measure of the wide picture."""
    x = torch.arange(size, dtype=torch.float32)
    angle = 2 * math.pi * ((x + 0.5) / size - 0.5)
    source = x - way * STREAM * size / (2 * math.pi) * angle.sin() + margin
    return 2 * source / (size + 2 * margin - 1) - 1


def resized(picture: Tensor, height: int, width: int) -> Tensor:
    """Enlarged with Catmull and Rom's cubic, or halved by averaging; still wraps round."""
    if picture.shape[-2:] == (height, width):
        return picture
    if picture.shape[-2] == 2 * height and picture.shape[-1] == 2 * width:
        return F.avg_pool2d(picture.float(), 2)
    rows = _resampling(picture.shape[-2], height).to(picture.device)
    columns = _resampling(picture.shape[-1], width).to(picture.device)
    return rows @ picture.float() @ columns.T


@lru_cache(maxsize=8)
def _resampling(size: int, wanted: int) -> Tensor:
    """(wanted, size): what each new sample takes of the old ones.

    The first lies on an old one; with pixels seen as areas, the step over the edge would be a fifth
    steeper than those elsewhere, since the cubic is steepest at its samples.
    """
    place = torch.arange(wanted) * size / wanted
    below = place.floor()
    matrix = torch.zeros(wanted, size)
    for step, share in zip(STEPS, _cubic(place - below), strict=True):
        matrix[torch.arange(wanted), ((below + step) % size).long()] += share
    return matrix
