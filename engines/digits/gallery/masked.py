"""Convolutions that see only what is drawn already, all at once and pixel by pixel.

A. van den Oord, N. Kalchbrenner, K. Kavukcuoglu: Pixel recurrent neural networks. ICML 2016
(section 3.4, figure 2: mask A does not see the pixel itself, mask B does).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.digits.digits import SIDE_PX
from engines.digits.gallery.by_pixel import Floats


class MaskedConv(nn.Conv2d):
    """A convolution that sees the rows above and what is to the left."""

    def __init__(self, inputs: int, outputs: int, reach: int, *, itself: bool) -> None:
        super().__init__(inputs, outputs, 2 * reach + 1, padding=reach)
        self.reach, self.itself = reach, itself
        seen = torch.ones(2 * reach + 1, 2 * reach + 1)
        seen[reach + 1 :] = 0
        seen[reach, reach + int(itself) :] = 0
        self.seen: Tensor
        self.register_buffer("seen", seen, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(x, self.weight * self.seen, self.bias, padding=self.reach)

    def taps(self) -> tuple[Floats, Floats]:
        """Weights for the rows above (rows * columns * inputs, outputs), and for the row itself."""
        whole = (self.weight * self.seen).detach().cpu().permute(2, 3, 1, 0).numpy()
        above = whole[: self.reach].reshape(-1, whole.shape[3])
        beside = whole[self.reach, : self.reach + int(self.itself)].reshape(-1, whole.shape[3])
        return np.ascontiguousarray(above), np.ascontiguousarray(beside)


class MaskedPen:
    """One such convolution while N digits are drawn: what the rows above say is worked out for a
    whole row at a time, the rest pixel by pixel."""

    def __init__(self, conv: MaskedConv, count: int) -> None:
        assert conv.bias is not None
        self._reach, self._itself, self._count = conv.reach, int(conv.itself), count
        self._rows, self._row = conv.taps()
        self._bias: Floats = conv.bias.detach().cpu().numpy()
        high, wide = SIDE_PX + conv.reach, SIDE_PX + 2 * conv.reach
        self._seen = np.zeros((high, wide, count, conv.in_channels), np.float32)
        self._at = 0
        self._above: Floats = np.zeros((SIDE_PX, count, conv.out_channels), np.float32)

    def row(self, number: int) -> None:
        """All rows before this one have been put."""
        self._at = number
        rows = self._seen[number : number + self._reach]
        side = 2 * self._reach + 1
        windows = np.stack([rows[:, c : c + SIDE_PX] for c in range(side)], 2)
        # (reach, columns, side, N, inputs) -> (columns, N, reach * side * inputs)
        flat = windows.transpose(1, 3, 0, 2, 4).reshape(SIDE_PX, self._count, -1)
        self._above = flat @ self._rows + self._bias

    def put(self, column: int, seen: Floats) -> None:
        """What is seen at this column of the row: (N, inputs)."""
        self._seen[self._at + self._reach, column + self._reach] = seen

    def at(self, column: int) -> Floats:
        """(N, outputs)."""
        left = self._seen[self._at + self._reach, column : column + self._reach + self._itself]
        flat = left.transpose(1, 0, 2).reshape(self._count, -1)
        said: Floats = self._above[column] + flat @ self._row
        return said
