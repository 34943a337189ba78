"""White points to pictures as one graph each: at the decoder's own size, by a sharpener larger, or
by an inker at any.

All of it is one graph, so that the window's thread is in its way only once (see `frozen`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn

from engines.common.device import Placement
from engines.common.transfer import quantise
from engines.vae_images.inking.inker import Inker
from engines.vae_images.latent_space import LatentSpace
from engines.vae_images.model import Decoder, Vae, painter
from engines.vae_images.sharpener import Sharpener, halved
from studio.document.parameters import Value

PAINTED_PX = (256, 512)
"""Sizes at which a formula draws; a larger one would be too slow to move."""
INKED_TIMES = (1, 2, 4, 8)
"""The sizes that an inker draws, by the decoder's own."""


class Drawing(nn.Module):
    """White points (B, L) float32 -> pictures (B, 3, S, S), about 0..1; behind the points comes
    what is added to the decoder's features, if anything (see `Decoder.draw`)."""

    centre: Tensor
    axes: Tensor

    def __init__(self, decoder: Decoder, space: LatentSpace, placement: Placement) -> None:
        super().__init__()
        self.decoder = decoder
        self.given: tuple[Tensor, ...] = ()
        """What usually comes behind the point."""
        self.register_buffer("centre", torch.from_numpy(space.centre).to(placement.device))
        self.register_buffer("axes", torch.from_numpy(space.axes).to(placement.device))

    @property
    def latent_size(self) -> int:
        return self.centre.numel()

    def latents(self, white: Tensor) -> Tensor:
        """As the decoder takes them."""
        return (self.centre + white @ self.axes).to(self.decoder.dtype)

    def forward(self, white: Tensor, *added: Tensor) -> Tensor:
        return self.decoder.draw(self.decoder.meet(self.latents(white)), added)


class SharpDrawing(Drawing):
    """The same, T times as wide: (B, 3, T S, T S)."""

    def __init__(
        self, decoder: Decoder, space: LatentSpace, placement: Placement, sharpener: Sharpener
    ) -> None:
        super().__init__(decoder, space, placement)
        self.sharpener = sharpener

    def forward(self, white: Tensor, *added: Tensor) -> Tensor:
        met = self.decoder.meet(self.latents(white))
        pictures: Tensor = self.sharpener(*self.decoder.last_features(met, added))
        return pictures


class InkedDrawing(nn.Module):
    """White points (1, L) float32 and how decided (1, 1) they are read -> the picture as an inker
    draws it, so wide: (1, 3, S, S)."""

    def __init__(self, inker: Inker, size_px: int) -> None:
        super().__init__()
        self.inker, self.size_px = inker, size_px
        self.latent_size = inker.config.latent_size
        self.given: tuple[Tensor, ...] = (torch.ones(1, 1),)

    def forward(self, white: Tensor, decided: Tensor) -> Tensor:
        return self.inker.drawn(white, decided, self.size_px)


class Quantised(nn.Module):
    """The same, one picture as pixels (S, S, 3) uint8."""

    def __init__(self, drawing: Drawing | InkedDrawing) -> None:
        super().__init__()
        self.drawing = drawing

    def forward(self, *given: Tensor) -> Tensor:
        return quantise(self.drawing(*given)[0])


class Drawn:
    """One size at work. Each way to ask for it is a graph, made when it is first asked for."""

    def __init__(self, size_px: int, drawing: Drawing | InkedDrawing, placement: Placement) -> None:
        self.size_px = size_px
        self._drawing, self._placement = drawing, placement
        self._graphs: dict[tuple[bool, int], Callable[..., Tensor]] = {}

    def prepare(self) -> None:
        """Make the usual graphs now."""
        device = self._placement.device
        given = (torch.zeros(1, self._drawing.latent_size), *self._drawing.given)
        for quantised in (False, True):
            self._graph(quantised, tuple(tensor.to(device) for tensor in given))

    def pictures(self, white: Tensor, *added: Tensor) -> Tensor:
        """White points (1, L), and what is added, -> (1, 3, size, size), about 0..1."""
        return self._graph(False, (white, *added))(white, *added)

    def pixels(self, white: Tensor, *added: Tensor) -> Tensor:
        """White points (1, L), and what is added, -> (size, size, 3) uint8."""
        return self._graph(True, (white, *added))(white, *added)

    def _graph(self, quantised: bool, examples: tuple[Tensor, ...]) -> Callable[..., Tensor]:
        key = (quantised, len(examples))
        if key not in self._graphs:
            whole = Quantised(self._drawing) if quantised else self._drawing
            self._graphs[key] = self._placement.graph(whole, *examples)
        return self._graphs[key]


class Sizes:
    """The sizes that a model draws by itself. Any other is to be made from the next one up, or from
    the largest.

    The smallest can be prepared. The others' graphs are made when they are first asked for: a third
    of a second each, and few sessions want them all.
    """

    def __init__(self, drawn: Sequence[Drawn]) -> None:
        """`drawn`, the smallest first."""
        self._drawn = drawn

    @property
    def smallest(self) -> Drawn:
        return self._drawn[0]

    def of(self, values: Mapping[str, Value]) -> Drawn:
        """What the picture of a job with the controls `values` is made from."""
        wanted_px = int(values.get("size", self.smallest.size_px))
        large_enough = (d for d in self._drawn if d.size_px >= wanted_px)
        return next(large_enough, self._drawn[-1])


def sizes(
    vae: Vae, space: LatentSpace, placement: Placement, sharpener: Sharpener | None = None
) -> Sizes:
    """A decoder's own size, and with a sharpener or by a formula twice and four times that. `vae`
    and `sharpener` are in the placement's precision."""
    if vae.config.painted:  # there is nothing in it that OpenVINO could fuse
        placement = replace(placement, openvino=False)
    own_px = vae.config.size_px
    drawn = {own_px: Drawing(vae.decoder, space, placement)}
    for size_px in PAINTED_PX if vae.config.painted else ():
        drawn[size_px] = Drawing(painter(vae.config, size_px), space, placement)
    for head in [] if sharpener is None else [halved(sharpener), sharpener]:
        if head is not None:
            sharp = SharpDrawing(vae.decoder, space, placement, head)
            drawn[own_px * head.config.times] = sharp
    return Sizes([Drawn(size_px, drawn[size_px], placement) for size_px in sorted(drawn)])


def inked_sizes(inker: Inker, placement: Placement) -> Sizes:
    """Those that an inker draws. It is in full precision on the placement's device: in half, slow
    movements would go in steps."""
    drawings = (InkedDrawing(inker, times * inker.size_px) for times in INKED_TIMES)
    return Sizes([Drawn(drawing.size_px, drawing, placement) for drawing in drawings])
