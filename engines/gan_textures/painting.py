"""Which style holds where: one for the whole picture, or several that share it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from engines.common.device import Placement
from engines.gan_textures.drawing import HALOS, TorusWindow, cell_samples, cut
from engines.gan_textures.measures import coloured
from engines.gan_textures.model import Film
from engines.gan_textures.picture import Frame, shares_at
from engines.gan_textures.styles import Array, Styles


class Cover(ABC):
    """Styles over a picture."""

    @abstractmethod
    def films(self, window: TorusWindow) -> Sequence[Film]:
        """What they do to every layer within a window and the halo of its noise."""

    @abstractmethod
    def coloured(self, own: Tensor) -> Tensor:
        """A picture in own measures (1, 3, H, W) -> RGB 0..1, not yet clamped, fp32."""


class Uniform(Cover):
    """One style everywhere."""

    def __init__(
        self, told: Styles, films: Sequence[Film], gains: Array, placement: Placement
    ) -> None:
        """`gains` (1, 1): what the contrast is multiplied by."""
        self._films = films
        self._colours = _colours(replace(told, contrasts=gains * told.contrasts), placement)

    def films(self, window: TorusWindow) -> Sequence[Film]:  # noqa: ARG002
        return self._films

    def coloured(self, own: Tensor) -> Tensor:
        return coloured(own, self._colours[:, :3, None, None], self._colours[:, 3:, None, None])


class Shared(Cover):
    """Styles by place: what they do is mixed as a blend map says (straight, so that the mixed
    style's effect is what it would be)."""

    def __init__(
        self,
        told: Styles,
        films: Sequence[Film],
        shares: Array,
        gains: Array,
        frame: Frame,
        scrolled: tuple[float, float],
        placement: Placement,
    ) -> None:
        """`gains` (r, c, 1) at the places of the map: what the contrast is multiplied by there.

        `scrolled`: how far down and to the right the picture will be rolled, as shares of it.
        The map is read so much further on, and so stays where it is."""
        self._points, self._shares, self._frame = films, shares, frame
        self._gains = gains
        self._scrolled, self._placement = scrolled, placement
        self._colours = _colours(told, placement)
        self._maps: dict[int, Tensor] = {}

    def films(self, window: TorusWindow) -> Sequence[Film]:
        found = []
        for layer, film in enumerate(self._points, 1):
            cell = cell_samples(layer)
            shares = cut(self._map(cell), window, cell, HALOS[layer])
            found.append(Film(*(_mixed(part[..., 0, 0], shares) for part in film)))
        return found

    def coloured(self, own: Tensor) -> Tensor:
        frame = self._frame
        shares = shares_at(self._shares, frame.height_px, frame.width_px, (0.0, 0.0))
        told = _mixed(self._colours, shares.to(own))
        gains = shares_at(self._gains, frame.height_px, frame.width_px, (0.0, 0.0)).to(own)
        return coloured(own, told[:, :3], told[:, 3:] * gains)

    def _map(self, cell: int) -> Tensor:
        if cell not in self._maps:
            rows, columns = self._frame.rows * cell, self._frame.columns * cell
            shares = shares_at(self._shares, rows, columns, self._scrolled)
            self._maps[cell] = shares.to(self._placement.device, self._placement.dtype)
        return self._maps[cell]


def _colours(told: Styles, placement: Placement) -> Tensor:
    """(N, 4): means and contrast."""
    both = [torch.from_numpy(part) for part in (told.means, told.contrasts)]
    return torch.cat(both, 1).to(placement.device)


def _mixed(values: Tensor, shares: Tensor) -> Tensor:
    """(N, C) by (N, h, w) -> (1, C, h, w), channels last."""
    count, height, width = shares.shape
    mixed = shares.reshape(count, -1).T @ values
    return mixed.view(1, height, width, -1).permute(0, 3, 1, 2)
