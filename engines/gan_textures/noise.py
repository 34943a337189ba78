"""Where things are: the noise that a seed stands for, kept from picture to picture.

Every layer of the generator has its own; all of it lies on a torus. `morph` leads it along a
closed path: two independent draws, one by the cosine and one by the sine of the way, so that it is
normal noise at every moment and the first again after a turn.
"""

from __future__ import annotations

import math
from collections import OrderedDict

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engines.common.device import Placement
from engines.gan_textures.model import STRIDE_PX, TextureConfig, noise_shapes

KEPT = 4
"""Draws that are kept: two for each of two sizes."""


class Noise:
    """Noise for pictures of one model."""

    def __init__(self, config: TextureConfig, placement: Placement) -> None:
        self._config, self._placement = config, placement
        self._kept: OrderedDict[tuple[int, int, int, int], list[Tensor]] = OrderedDict()

    def at(self, seed: int, rows: int, columns: int, morph: float) -> list[Tensor]:
        """For a picture of so many cells: the coarsest (1, C, rows, columns), then each layer's
        (1, 1, h, w). `morph` is in turns. Nobody may write to them."""
        first = self._drawn(seed, rows, columns, 0)
        if morph % 1 == 0:
            return first
        second = self._drawn(seed, rows, columns, 1)
        angle = 2 * math.pi * morph
        return [
            a * math.cos(angle) + b * math.sin(angle) for a, b in zip(first, second, strict=True)
        ]

    def _drawn(self, seed: int, rows: int, columns: int, which: int) -> list[Tensor]:
        key = (seed, rows, columns, which)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        shapes = noise_shapes(self._config, rows * STRIDE_PX, columns * STRIDE_PX)
        drawn = [
            self._placement.fit(torch.from_numpy(_draw((seed, which, layer), shape))[None])
            for layer, shape in enumerate(shapes)
        ]
        self._kept[key] = drawn
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return drawn


def _draw(key: tuple[int, int, int], shape: tuple[int, int, int]) -> NDArray[np.float32]:
    return np.random.default_rng(key).standard_normal(shape, np.float32)
