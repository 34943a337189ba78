"""PixelRNN with row LSTMs: memory runs down the picture, a row at a time.

A. van den Oord, N. Kalchbrenner, K. Kavukcuoglu: Pixel recurrent neural networks. ICML 2016
(section 3.1). What a row hears from itself is masked; what it hears from the row above is not.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.digits.digits import SIDE_PX
from engines.digits.gallery.by_pixel import ByPixel, Floats, Network, Pen

WIDTH, LAYERS = 24, 2
REACH = 2
"""How far a pixel hears to the left in its row, and to both sides in the row above."""


class PixelRnn(ByPixel):
    """A network of row LSTMs."""

    batch: ClassVar[int] = 32
    steps: ClassVar[int] = 1600

    def __init__(self) -> None:
        super().__init__(RowNetwork())


class RowNetwork(Network):
    """Two row LSTMs, the second beside the first (a residual connection)."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            RowLstm(WIDTH if number else 1, itself=number > 0) for number in range(LAYERS)
        )
        self.last = nn.Conv2d(WIDTH, 1, 1)

    def forward(self, ink: Tensor) -> Tensor:
        x = self.layers[0](ink)
        for layer in self.layers[1:]:
            x = x + layer(x)
        return self.last(x.relu())  # type: ignore[no-any-return]

    def pen(self, count: int) -> Pen:
        return _Pen(self, count)


class RowLstm(nn.Module):
    """(N, inputs, rows, columns) -> (N, WIDTH, rows, columns)."""

    def __init__(self, inputs: int, *, itself: bool) -> None:
        super().__init__()
        self.inputs, self.taps = inputs, REACH + int(itself)
        self.beside = nn.Conv2d(inputs, 4 * WIDTH, (1, self.taps))
        self.above = nn.Conv1d(WIDTH, 4 * WIDTH, 2 * REACH + 1, padding=REACH)

    def forward(self, x: Tensor) -> Tensor:
        shifted = F.pad(x, (REACH, self.taps - REACH - 1))
        told = self.beside(shifted).permute(2, 0, 1, 3).contiguous()  # rows first
        hidden = cell = x.new_zeros(len(x), WIDTH, x.shape[3])
        rows = []
        for row in told:
            gates = row + self.above(hidden)
            kept, shown, taken = gates[:, : 3 * WIDTH].sigmoid().chunk(3, 1)
            cell = kept * cell + taken * gates[:, 3 * WIDTH :].tanh()
            hidden = shown * cell.tanh()
            rows.append(hidden)
        return torch.stack(rows, 2)


class _Pen:
    """The state of every layer: what the row above says for a whole row, the rest by the pixel."""

    def __init__(self, net: RowNetwork, count: int) -> None:
        self._layers = [_Layer(layer, count) for layer in net.layers]  # type: ignore[arg-type]
        self._last, self._last_bias = net.saying()

    def row(self, number: int) -> None:  # noqa: ARG002
        for layer in self._layers:
            layer.row()

    def logits(self, column: int) -> Floats:
        x = self._layers[0].at(column)
        for layer in self._layers[1:]:
            layer.seen[REACH + column] = x
            x = x + layer.at(column)
        logits: Floats = np.maximum(x, 0) @ self._last + self._last_bias
        return logits

    def drawn(self, column: int, ink: Floats) -> None:
        self._layers[0].seen[REACH + column, :, 0] = ink


class _Layer:
    def __init__(self, layer: RowLstm, count: int) -> None:
        def tensor(given: Tensor) -> Floats:
            return given.detach().cpu().numpy()

        self._taps = layer.taps
        self._beside = tensor(layer.beside.weight[:, :, 0].permute(2, 1, 0)).reshape(-1, 4 * WIDTH)
        self._above = tensor(layer.above.weight.permute(2, 1, 0)).reshape(-1, 4 * WIDTH)
        self._bias: Floats = np.add(tensor(layer.beside.bias), tensor(layer.above.bias))  # type: ignore[arg-type]
        self.seen = np.zeros((SIDE_PX + REACH, count, layer.inputs), np.float32)
        self._hidden = np.zeros((SIDE_PX + 2 * REACH, count, WIDTH), np.float32)
        self._cell = np.zeros((SIDE_PX, count, WIDTH), np.float32)
        self._told = np.zeros((SIDE_PX, count, 4 * WIDTH), np.float32)

    def row(self) -> None:
        """Take what the row that has just been drawn says for the next one."""
        side = 2 * REACH + 1
        windows = np.concatenate([self._hidden[c : c + SIDE_PX] for c in range(side)], 2)
        self._told = windows @ self._above + self._bias
        self.seen[:] = 0

    def at(self, column: int) -> Floats:
        left = self.seen[column : column + self._taps].transpose(1, 0, 2)
        gates = self._told[column] + left.reshape(len(left), -1) @ self._beside
        kept, shown, taken, new = np.split(gates, 4, 1)
        cell = _sigmoid(kept) * self._cell[column] + _sigmoid(taken) * np.tanh(new)
        hidden: Floats = _sigmoid(shown) * np.tanh(cell)
        self._cell[column], self._hidden[REACH + column] = cell, hidden
        return hidden


def _sigmoid(x: Floats) -> Floats:
    share: Floats = np.reciprocal(1 + np.exp(-x), dtype=np.float32)
    return share
