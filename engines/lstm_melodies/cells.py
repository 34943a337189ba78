"""Two-bar cells of melodies as the encoder takes them in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engines.lstm_melodies.features import CELL_BARS, SLOTS, Condition, Rows


@dataclass(frozen=True, slots=True)
class Cells:
    """Two-bar cells for the encoder, (T, N) each; `slot` is 0..11."""

    pitch: Tensor
    length: Tensor
    place: Tensor
    slot: Tensor
    real: Tensor


@dataclass(frozen=True, slots=True)
class Example:
    """A melody as the decoder sees it."""

    rows: Rows
    condition: Condition


def cells_of(items: Sequence[Example]) -> Cells:
    """The cells of all items, one item's after the other's."""
    parts = []
    for item in items:
        rows = item.rows
        for number in range(cell_count(rows)):
            chosen = rows.bar // CELL_BARS == number
            slot = rows.bar[chosen] % CELL_BARS * SLOTS + rows.slot[chosen]
            parts.append((rows.pitch[chosen], rows.length[chosen], rows.place[chosen], slot))
    counts = np.array([len(part[0]) for part in parts])

    def pad(column: int) -> Tensor:
        filled = np.zeros((int(counts.max()), len(parts)), np.int64)
        for row, part in enumerate(parts):
            filled[: len(part[column]), row] = part[column]
        return torch.from_numpy(filled)

    real = torch.from_numpy(np.arange(int(counts.max()))[:, None] < counts)
    return Cells(pad(0), pad(1), pad(2), pad(3), real)


def cell_count(rows: Rows) -> int:
    """How many cells there are in `rows`, the last one perhaps begun only."""
    return int(rows.bar[-1]) // CELL_BARS + 1
