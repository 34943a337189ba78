"""PixelCNN: convolutions that see only what is drawn already.

A. van den Oord, N. Kalchbrenner, K. Kavukcuoglu: Pixel recurrent neural networks. ICML 2016
(section 3.4). Their residual blocks, narrower; one output, as ink is 0 or 1.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from engines.digits.digits import SIDE_PX
from engines.digits.gallery.by_pixel import ByPixel, Floats, Network, Pen
from engines.digits.gallery.masked import MaskedConv, MaskedPen

WIDTH, LAYERS = 24, 5
FIRST, NEXT = 3, 1
"""How far layers reach, in pixels."""


class PixelCnn(ByPixel):
    """A network of masked convolutions."""

    steps: ClassVar[int] = 1400

    def __init__(self) -> None:
        super().__init__(MaskedNetwork())


class MaskedNetwork(Network):
    """A first layer that does not see the pixel itself (mask A), then residual ones (mask B).

    Ours are few and see eight pixels far; so they are told where on the paper they are (a bias for
    each place: A. van den Oord et al.: Conditional image generation with PixelCNN decoders. NIPS
    2016, section 2.2).
    """

    def __init__(self) -> None:
        super().__init__()
        self.first = MaskedConv(1, WIDTH, FIRST, itself=False)
        self.layers = nn.ModuleList(
            MaskedConv(WIDTH, WIDTH, NEXT, itself=True) for _ in range(LAYERS)
        )
        self.place = nn.Parameter(torch.zeros(WIDTH, SIDE_PX, SIDE_PX))
        self.last = nn.Conv2d(WIDTH, 1, 1)

    def forward(self, ink: Tensor) -> Tensor:
        x = self.first(ink) + self.place
        for layer in self.layers:
            x = x + layer(x.relu())
        return self.last(x.relu())  # type: ignore[no-any-return]

    def pen(self, count: int) -> Pen:
        return _Pen(self, count)


class _Pen:
    """Every layer's numbers are worked out once for each pixel."""

    def __init__(self, net: MaskedNetwork, count: int) -> None:
        self._first = MaskedPen(net.first, count)
        self._layers = [MaskedPen(layer, count) for layer in net.layers]  # type: ignore[arg-type]
        self._place = net.place.detach().cpu().numpy()
        self._last, self._last_bias = net.saying()
        self._at = 0

    def row(self, number: int) -> None:
        self._at = number
        for layer in (self._first, *self._layers):
            layer.row(number)

    def logits(self, column: int) -> Floats:
        x = self._first.at(column) + self._place[:, self._at, column]
        for layer in self._layers:
            layer.put(column, np.maximum(x, 0))
            x = x + layer.at(column)
        logits: Floats = np.maximum(x, 0) @ self._last + self._last_bias
        return logits

    def drawn(self, column: int, ink: Floats) -> None:
        self._first.put(column, ink[:, None])
