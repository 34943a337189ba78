"""Contact sheets: many pictures in one, to look at while a model trains."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

SAMPLE_PX = 512
"""The most that a sample is wide."""


def write_sample(pictures: Tensor, path: Path) -> None:
    """Pictures (N, 3, H, W) in 0..1 (clamped) as one small file, whole or not at all: sixteen of
    them four by four, others one below the other."""
    columns = 4 if len(pictures) == 16 else 1
    side, width = SAMPLE_PX // columns, pictures.shape[-1]
    if width > side:
        size = (max(1, side * pictures.shape[-2] // width), side)
        pictures = F.interpolate(pictures.detach().float(), size, mode="area")
    unfinished = path.with_name(f"unfinished-{path.name}")
    write_sheet(pictures, columns, unfinished)
    unfinished.replace(path)


def write_sheet(pictures: Tensor, columns: int, path: Path) -> None:
    """Pictures (N, 3, H, W) in 0..1 (clamped) as one PNG, `columns` in a row."""
    array = (pictures.detach().float().clamp(0, 1) * 255).round().byte().cpu()
    tiles = array.permute(0, 2, 3, 1).numpy()
    rows = [np.concatenate(list(tiles[i : i + columns]), 1) for i in range(0, len(tiles), columns)]
    rows = [row for row in rows if row.shape == rows[0].shape]
    Image.fromarray(np.concatenate(rows, 0)).save(path)
