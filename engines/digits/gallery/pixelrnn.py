"""PixelRNN with row LSTMs: memory runs down the picture, a row at a time.

A. van den Oord, N. Kalchbrenner, K. Kavukcuoglu: Pixel recurrent neural networks. ICML 2016
(section 3.1 and table 1). What a row hears from itself is masked; what it hears from the row above
is not, so that memory spreads like a triangle.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.digits.digits import SIDE_PX
from engines.digits.gallery.by_pixel import ByPixel, Floats, Network, Pen
from engines.digits.gallery.masked import MaskedConv, MaskedPen

WIDTH, LAYERS = 24, 2
FIRST = 3
"""How far the first layer reaches, in pixels."""
LEFT, SIDE = 2, 1
"""How far an LSTM hears to the left in its row, and to both sides in the row above."""


class PixelRnn(ByPixel):
    """A network of row LSTMs."""

    steps: ClassVar[int] = 2000

    def __init__(self) -> None:
        super().__init__(RowNetwork())


class RowNetwork(Network):
    """A masked convolution, row LSTMs, each beside what it hears (a residual connection), and a
    layer of one pixel. As our PixelCNN it is told where on the paper it is."""

    def __init__(self) -> None:
        super().__init__()
        self.first = MaskedConv(1, WIDTH, FIRST, itself=False)
        self.place = nn.Parameter(torch.zeros(WIDTH, SIDE_PX, SIDE_PX))
        self.layers = nn.ModuleList(RowLstm() for _ in range(LAYERS))
        self.inner = nn.Conv2d(WIDTH, WIDTH, 1)
        self.last = nn.Conv2d(WIDTH, 1, 1)

    def forward(self, ink: Tensor) -> Tensor:
        x = (self.first(ink) + self.place).permute(2, 0, 3, 1)
        for layer in self.layers:
            x = x + layer(x)
        return self.last(self.inner(x.permute(1, 3, 0, 2).relu()).relu())  # type: ignore[no-any-return]

    def pen(self, count: int) -> Pen:
        return _Pen(self, count)


class RowLstm(nn.Module):
    """(rows, N, columns, WIDTH) -> the same."""

    def __init__(self) -> None:
        super().__init__()
        self.beside = nn.Linear((LEFT + 1) * WIDTH, 4 * WIDTH)
        self.above = nn.Linear((2 * SIDE + 1) * WIDTH, 4 * WIDTH, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        told = self.beside(_windows(F.pad(x, (0, 0, LEFT, 0)), LEFT + 1))
        hidden = cell = x.new_zeros(x.shape[1:])
        rows = []
        for row in told:
            gates = row + self.above(_windows(F.pad(hidden, (0, 0, SIDE, SIDE)), 2 * SIDE + 1))
            kept, shown, taken = gates[..., : 3 * WIDTH].sigmoid().chunk(3, -1)
            cell = kept * cell + taken * gates[..., 3 * WIDTH :].tanh()
            hidden = shown * cell.tanh()
            rows.append(hidden)
        return torch.stack(rows)


def _windows(padded: Tensor, taps: int) -> Tensor:
    """(..., columns + taps - 1, WIDTH) -> (..., columns, taps * WIDTH): neighbours side by side."""
    return torch.cat([padded[..., n : n + SIDE_PX, :] for n in range(taps)], -1)


class _Pen:
    """The state of every layer: what the row above says for a whole row, the rest by the pixel."""

    def __init__(self, net: RowNetwork, count: int) -> None:
        self._first = MaskedPen(net.first, count)
        self._layers = [_Layer(layer, count) for layer in net.layers]  # type: ignore[arg-type]
        self._place = net.place.detach().cpu().numpy()
        assert net.inner.bias is not None
        self._inner: Floats = net.inner.weight.detach().cpu().numpy()[:, :, 0, 0].T
        self._inner_bias: Floats = net.inner.bias.detach().cpu().numpy()
        self._last, self._last_bias = net.saying()
        self._at = 0

    def row(self, number: int) -> None:
        self._at = number
        self._first.row(number)
        for layer in self._layers:
            layer.row()

    def logits(self, column: int) -> Floats:
        x = self._first.at(column) + self._place[:, self._at, column]
        for layer in self._layers:
            x = x + layer.at(column, x)
        inner = np.maximum(x, 0) @ self._inner + self._inner_bias
        logits: Floats = np.maximum(inner, 0) @ self._last + self._last_bias
        return logits

    def drawn(self, column: int, ink: Floats) -> None:
        self._first.put(column, ink[:, None])


class _Layer:
    def __init__(self, layer: RowLstm, count: int) -> None:
        self._beside, self._bias, self._above = (
            tensor.detach().cpu().numpy().T
            for tensor in (layer.beside.weight, layer.beside.bias, layer.above.weight)
        )
        self._seen = np.zeros((SIDE_PX + LEFT, count, WIDTH), np.float32)
        self._hidden = np.zeros((SIDE_PX + 2 * SIDE, count, WIDTH), np.float32)
        self._cell = np.zeros((SIDE_PX, count, WIDTH), np.float32)
        self._told = np.zeros((SIDE_PX, count, 4 * WIDTH), np.float32)

    def row(self) -> None:
        """Take what the row that has just been drawn says for the next one."""
        taps = range(2 * SIDE + 1)
        windows = np.concatenate([self._hidden[n : n + SIDE_PX] for n in taps], 2)
        self._told = windows @ self._above + self._bias

    def at(self, column: int, x: Floats) -> Floats:
        """What it hears at this column, (N, WIDTH) -> what it says."""
        self._seen[LEFT + column] = x
        left = self._seen[column : column + LEFT + 1].transpose(1, 0, 2)
        gates = self._told[column] + left.reshape(len(left), -1) @ self._beside
        kept, shown, taken = np.split(_sigmoid(gates[:, : 3 * WIDTH]), 3, 1)
        cell = kept * self._cell[column] + taken * np.tanh(gates[:, 3 * WIDTH :])
        hidden: Floats = shown * np.tanh(cell)
        self._cell[column], self._hidden[SIDE + column] = cell, hidden
        return hidden


def _sigmoid(x: Floats) -> Floats:
    share: Floats = np.reciprocal(1 + np.exp(-x), dtype=np.float32)
    return share
