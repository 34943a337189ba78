"""Contact sheets: many pictures in one, to look at while a model trains."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image
from torch import Tensor


def write_sheet(pictures: Tensor, columns: int, path: Path) -> None:
    """Pictures (N, 3, H, W) in 0..1 (clamped) as one PNG, `columns` in a row."""
    array = (pictures.detach().float().clamp(0, 1) * 255).round().byte().cpu()
    tiles = array.permute(0, 2, 3, 1).numpy()
    rows = [np.concatenate(list(tiles[i : i + columns]), 1) for i in range(0, len(tiles), columns)]
    rows = [row for row in rows if row.shape == rows[0].shape]
    Image.fromarray(np.concatenate(rows, 0)).save(path)
