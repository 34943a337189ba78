"""White points to pictures as one graph each: at the decoder's own size, or by a sharpener larger.

All of it is one graph, so that the window's thread is in its way only once (see `frozen`).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

from engines.common.device import Placement
from engines.common.transfer import quantise
from engines.vae_images.latent_space import LatentSpace
from engines.vae_images.model import Decoder, Vae
from engines.vae_images.sharpener import Sharpener, halved
from studio.document.parameters import Value


class Drawing(nn.Module):
    """White points (B, L) float32 -> pictures (B, 3, S, S), about 0..1."""

    centre: Tensor
    axes: Tensor

    def __init__(self, decoder: Decoder, space: LatentSpace, placement: Placement) -> None:
        super().__init__()
        self.decoder = decoder
        self.register_buffer("centre", torch.from_numpy(space.centre).to(placement.device))
        self.register_buffer("axes", torch.from_numpy(space.axes).to(placement.device))

    def latents(self, white: Tensor) -> Tensor:
        """As the decoder takes them."""
        return (self.centre + white @ self.axes).to(self.decoder.head.weight.dtype)

    def forward(self, white: Tensor) -> Tensor:
        pictures: Tensor = self.decoder(self.latents(white))
        return pictures


class SharpDrawing(Drawing):
    """The same, T times as wide: (B, 3, T S, T S)."""

    def __init__(
        self, decoder: Decoder, space: LatentSpace, placement: Placement, sharpener: Sharpener
    ) -> None:
        super().__init__(decoder, space, placement)
        self.sharpener = sharpener

    def forward(self, white: Tensor) -> Tensor:
        met = self.decoder.meet(self.latents(white))
        pictures: Tensor = self.sharpener(*self.decoder.last_features(met))
        return pictures


class Quantised(nn.Module):
    """One picture (1, 3, S, S), about 0..1 -> pixels (S, S, 3) uint8."""

    def forward(self, pictures: Tensor) -> Tensor:
        return quantise(pictures[0])


class Drawn:
    """One size at work."""

    def __init__(self, size_px: int, drawing: Drawing, placement: Placement) -> None:
        self.size_px = size_px
        self._drawing, self._placement = drawing, placement
        self._origin = torch.zeros(1, drawing.centre.numel(), device=placement.device)

    def prepare(self) -> None:
        """Make both graphs now, instead of when they are first asked for."""
        _ = self.pictures, self.pixels

    @functools.cached_property
    def pictures(self) -> Callable[[Tensor], Tensor]:
        """White points (1, L) -> (1, 3, size, size), about 0..1."""
        graph: Callable[[Tensor], Tensor] = self._placement.graph(self._drawing, self._origin)
        return graph

    @functools.cached_property
    def pixels(self) -> Callable[[Tensor], Tensor]:
        """White points (1, L) -> (size, size, 3) uint8."""
        whole = nn.Sequential(self._drawing, Quantised())
        graph: Callable[[Tensor], Tensor] = self._placement.graph(whole, self._origin)
        return graph


class Sizes:
    """The sizes that a model draws by itself: its own, and with a sharpener twice and four times
    that. Any other is to be made from the next one up, or from the largest.

    The model's own is ready at once. The others' graphs are made when they are first asked for: a
    third of a second each, and few sessions want them all.
    """

    def __init__(
        self, vae: Vae, space: LatentSpace, placement: Placement, sharpener: Sharpener | None
    ) -> None:
        """`vae` and `sharpener` are in the placement's precision."""
        own_px = vae.config.size_px
        self.own = Drawn(own_px, Drawing(vae.decoder, space, placement), placement)
        self.own.prepare()
        heads = [] if sharpener is None else [halved(sharpener), sharpener]
        self._sharp: list[Drawn] = []
        """Smallest first."""
        for head in heads:
            if head is not None:
                drawing = SharpDrawing(vae.decoder, space, placement, head)
                self._sharp.append(Drawn(own_px * head.config.times, drawing, placement))

    def of(self, values: Mapping[str, Value]) -> Drawn:
        """What the picture of a job with the controls `values` is made from."""
        wanted_px = int(values.get("size", self.own.size_px))
        if wanted_px <= self.own.size_px or not self._sharp:
            return self.own
        large_enough = (d for d in self._sharp if d.size_px >= wanted_px)
        return next(large_enough, self._sharp[-1])
