"""The trained generator at work: any rectangle of an endless torus, without padding.

A picture is made from noise that reaches a little over its edges, with convolutions that lose
their borders. So the one that goes round the torus and a tile out of its midst are the same
computation, tiles join exactly, and no layer's output is copied to be padded.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.common.device import Placement
from engines.common.frozen import frozen
from engines.gan_textures.model import LEVELS, ROOT_TWO, Film, Generator

HALOS = (4, *((3, 2) * LEVELS))
"""How far each noise reaches over the edge, in its own samples."""
TILE_CELLS = 32
"""The longest side of what is made in one pass (512 px): beyond that, layers leave the cache."""


@dataclass(frozen=True)
class TorusWindow:
    """A rectangle of cells; `top` and `left` are inside the torus."""

    top: int
    left: int
    rows: int
    columns: int


class Unpadded(nn.Module):
    """A generator's layers with the lengths of their kernels worked in; one style everywhere.

    The style is worked into the kernels, too: sums and products of what has different shapes took
    longer than the convolutions.
    """

    def __init__(self, generator: Generator) -> None:
        super().__init__()
        kernels = [ROOT_TWO * layer.kernel() for layer in generator.layers]  # type: ignore[operator]
        self.kernels = nn.ParameterList(nn.Parameter(k, False) for k in kernels)
        self.head = copy.deepcopy(generator.head)

    def forward(self, coarse: Tensor, *others: Tensor) -> Tensor:
        """`others`: each layer's noise, then each layer's scale, shift and grain."""
        count = len(self.kernels)
        noise, films = others[:count], others[count:]
        x = coarse
        for number, kernel in enumerate(self.kernels):
            if number and number % 2 == 0:
                x = F.interpolate(x, scale_factor=2.0, mode="nearest")
            film = Film(*films[3 * number : 3 * number + 3])
            x = F.leaky_relu_(self._styled(x, kernel, noise[number], film), 0.2)
        drawn: Tensor = self.head(x)
        return drawn[..., 1:-1, 1:-1]

    def _styled(self, x: Tensor, kernel: Tensor, noise: Tensor, film: Film) -> Tensor:
        kernel = kernel * film.scale.flatten()[:, None, None, None]
        return F.conv2d(x, kernel, film.shift.flatten()).add_(_outer(noise, film.grain))


def _outer(noise: Tensor, grain: Tensor) -> Tensor:
    """(1, 1, H, W) times (1, C, 1, 1), channels last. As a product that spreads it comes channels
    first, and adding that to a layer's output took longer than the convolution (64 channels at
    134 px: 2.9 ms, now 1.0)."""
    product = noise.reshape(-1, 1) @ grain.reshape(1, -1)
    return product.view(1, noise.size(2), noise.size(3), -1).permute(0, 3, 1, 2)


class UnpaddedByPlace(Unpadded):
    """The same for styles that differ from place to place."""

    def _styled(self, x: Tensor, kernel: Tensor, noise: Tensor, film: Film) -> Tensor:
        return F.conv2d(x, kernel) * film.scale + (noise * film.grain + film.shift)


class Drawer:
    """Draws pictures in a material's own measures (see `measures`)."""

    def __init__(self, generator: Generator, placement: Placement) -> None:
        self._placement = placement
        kinds = {True: Unpadded(generator), False: UnpaddedByPlace(generator)}
        self._networks = {k: placement.put(n, converted=True).eval() for k, n in kinds.items()}
        self._styles: Any = placement.put(generator).eval()
        self._graphs: dict[bool, Callable[..., Tensor]] = {}

    def films(self, patterns: Tensor) -> list[Film]:
        """What patterns (N, style) do to every layer: (N, C, 1, 1) each, gains worked in."""
        found = self._styles.films(patterns.to(self._placement.device).float())
        dtype = self._placement.dtype
        return [
            Film(f.scale.to(dtype), (ROOT_TWO * f.shift).to(dtype), (ROOT_TWO * f.grain).to(dtype))
            for f in found
        ]

    def draw(
        self,
        noise: Sequence[Tensor],
        films: Callable[[TorusWindow], Sequence[Film]],
        tile: int = TILE_CELLS,
    ) -> Tensor:
        """(1, 3, H, W) for noise of H / STRIDE_PX cells; `films` says what holds in a window."""
        rows, columns = noise[0].shape[-2:]
        if rows <= tile and columns <= tile:
            return self._pass(noise, films, TorusWindow(0, 0, rows, columns))
        bands = []
        for top in range(0, rows, tile):
            height = min(tile, rows - top)
            tiles = [
                self._pass(noise, films, TorusWindow(top, left, height, min(tile, columns - left)))
                for left in range(0, columns, tile)
            ]
            bands.append(torch.cat(tiles, 3))
        return torch.cat(bands, 2)

    def _pass(
        self,
        noise: Sequence[Tensor],
        films: Callable[[TorusWindow], Sequence[Film]],
        window: TorusWindow,
    ) -> Tensor:
        pieces = [
            cut(n, window, cell_samples(layer), HALOS[layer]) for layer, n in enumerate(noise)
        ]
        flat = [part for film in films(window) for part in film]
        uniform = flat[0].shape[-1] == 1
        if uniform not in self._graphs:
            self._graphs[uniform] = frozen(self._networks[uniform], *pieces, *flat)
        return self._graphs[uniform](*pieces, *flat)


def cell_samples(layer: int) -> int:
    """How many samples of the noise of `layer` (0 is the coarsest input) a cell is wide."""
    return 1 if layer == 0 else 1 << ((layer - 1) // 2)


def cut(field: Tensor, window: TorusWindow, cell: int, halo: int) -> Tensor:
    """The part of (..., H, W) in a window, and `halo` samples more on all sides, wrapped round."""
    for axis, start, length in ((-2, window.top, window.rows), (-1, window.left, window.columns)):
        size = field.shape[axis]
        low, high = start * cell - halo, (start + length) * cell + halo
        if low >= 0 and high <= size:
            field = field.narrow(axis, low, high - low)
        else:
            index = torch.arange(low, high, device=field.device) % size
            field = field.index_select(axis, index)
    return field
