"""From a job to what is to be drawn: sizes, shapes and shares, in plain numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engines.gan_textures.model import STRIDE_PX
from engines.gan_textures.spec import SCALES, SHAPES
from engines.gan_textures.styles import Array
from studio.document.parameters import Value

THUMBNAIL_PX = 128


@dataclass(frozen=True)
class Frame:
    """How large a picture is, and of how many cells it is made."""

    height_px: int
    width_px: int
    rows: int
    columns: int

    @staticmethod
    def of(parameters: Mapping[str, Value], thumbnail: bool) -> Frame:
        """For a job's parameters; a thumbnail has none."""
        if thumbnail:
            cells = THUMBNAIL_PX // STRIDE_PX
            return Frame(THUMBNAIL_PX, THUMBNAIL_PX, cells, cells)
        longer = int(parameters.get("size", "256"))
        width, height = SHAPES[str(parameters.get("shape", "1:1"))]
        height_px, width_px = (
            _whole(longer * side / max(width, height)) for side in (height, width)
        )
        cell_px = STRIDE_PX * SCALES[str(parameters.get("scale", "as learnt"))]
        rows, columns = (max(1, round(side / cell_px)) for side in (height_px, width_px))
        return Frame(height_px, width_px, rows, columns)


def _whole(side_px: float) -> int:
    """The nearest multiple of the stride."""
    return STRIDE_PX * max(1, round(side_px / STRIDE_PX))


def shares_at(shares: Array, rows: int, columns: int, offset: tuple[float, float]) -> Tensor:
    """A blend map's shares (r, c, N) at rows x columns places: (N, rows, columns), float32.

    `offset` is how far down and to the right of each place it is looked at, as a share of the
    picture. Straight between the map's own places, which are the middles of equal parts, and round
    the edges.
    """
    found = shares
    for axis, (count, way) in enumerate(zip((rows, columns), offset, strict=True)):
        size = shares.shape[axis]
        place = ((np.arange(count) + 0.5) / count + way) * size - 0.5
        below = np.floor(place).astype(int)
        part = (place - below).astype(np.float32)
        part = part.reshape(-1, *([1] * (2 - axis)))
        first, other = (np.take(found, (below + step) % size, axis) for step in (0, 1))
        found = first + part * (other - first)
    return torch.from_numpy(np.ascontiguousarray(np.moveaxis(found, 2, 0), np.float32))
