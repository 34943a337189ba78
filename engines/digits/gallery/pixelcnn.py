"""PixelCNN: convolutions that see only what is drawn already.

A. van den Oord, N. Kalchbrenner, K. Kavukcuoglu: Pixel recurrent neural networks. ICML 2016
(section 3.4). Their residual blocks, narrower; one output, as ink is 0 or 1.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.digits.digits import SIDE_PX
from engines.digits.gallery.by_pixel import ByPixel, Floats, Network, Pen

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


class _Pen:
    """Every layer's numbers are worked out once for each pixel: what the rows above say for a whole
    row at a time, the rest pixel by pixel."""

    def __init__(self, net: MaskedNetwork, count: int) -> None:
        self._convs = [net.first, *net.layers]
        self._taps = [conv.taps() for conv in self._convs]
        self._bias = [conv.bias.detach().cpu().numpy() for conv in self._convs]
        self._place = net.place.detach().cpu().numpy()
        self._last, self._last_bias = net.saying()
        self._count, self._at = count, 0
        shapes = [(conv.reach, conv.in_channels) for conv in self._convs]
        self._seen = [  # what each layer sees, with room round it: ink, then rectified numbers
            np.zeros((SIDE_PX + r, SIDE_PX + 2 * r, count, width), np.float32)
            for r, width in shapes
        ]
        self._above: list[Floats] = []

    def row(self, number: int) -> None:
        self._at = number
        self._above = []
        for conv, seen, (above, _), bias in zip(
            self._convs, self._seen, self._taps, self._bias, strict=True
        ):
            reach, side = conv.reach, 2 * conv.reach + 1
            rows = seen[number : number + reach]
            windows = np.stack([rows[:, c : c + SIDE_PX] for c in range(side)], 2)
            # (reach, columns, side, N, width) -> (columns, N, reach * side * width)
            flat = windows.transpose(1, 3, 0, 2, 4).reshape(SIDE_PX, self._count, -1)
            self._above.append(flat @ above + bias)
        self._above[0] += self._place[:, number].T[:, None]

    def logits(self, column: int) -> Floats:
        x: Floats | None = None
        for number, conv in enumerate(self._convs):
            seen, reach = self._seen[number], conv.reach
            if x is not None:
                np.maximum(x, 0, out=seen[self._at + reach, column + reach])
            left = seen[self._at + reach, column : column + reach + int(conv.itself)]
            flat = left.transpose(1, 0, 2).reshape(self._count, -1)
            y = self._above[number][column] + flat @ self._taps[number][1]
            x = y if x is None else x + y
        assert x is not None
        logits: Floats = np.maximum(x, 0) @ self._last + self._last_bias
        return logits

    def drawn(self, column: int, ink: Floats) -> None:
        reach = self._convs[0].reach
        self._seen[0][self._at + reach, column + reach, :, 0] = ink
