"""What a model's numbers are turned into: the part of the engine that differs between the kinds.

Pictures come from the decoder as they are; letterforms (`letterpress`) are set into words first.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from engines.common.device import Placement
from engines.common.frozen import frozen
from engines.common.transfer import quantise
from engines.vae_images.latent_space import LatentSpace
from engines.vae_images.model import Vae
from engines.vae_images.style import is_neutral, restyle
from studio.document.parameters import Value
from studio.engine import EngineError, Job, Latent, Pixels


@dataclass(frozen=True)
class Look:
    """What the encoder sees of an artist's picture."""

    pictures: Tensor
    """(N, C, S, S) float32 in 0..1 on the device."""
    conditions: Tensor | None = None
    """(N,) int64: what they show."""


class Art(ABC):
    """One loaded model at work. `vae` has its norms folded and is in the placement's precision."""

    def __init__(self, vae: Vae, space: LatentSpace, placement: Placement) -> None:
        self.vae, self.space, self.placement = vae, space, placement

    @abstractmethod
    def pixels(self, point: Latent, job: Job) -> Tensor:
        """The picture at a white point: (H, W, 3) uint8 on the device."""

    @abstractmethod
    def look(self, pixels: Pixels, parameters: Mapping[str, Value]) -> Look:
        """An artist's picture as the encoder takes it."""

    @abstractmethod
    def error(self, drawn: Tensor, wanted: Tensor) -> Tensor:
        """What refining makes small: a scalar."""

    def outline(self, point: Latent, job: Job) -> str:  # noqa: ARG002
        """The picture as SVG. Raises `EngineError` where there are no outlines."""
        raise EngineError("This model draws pictures that have no outlines.")


class PictureArt(Art):
    """RGB pictures."""

    def __init__(self, vae: Vae, space: LatentSpace, placement: Placement) -> None:
        super().__init__(vae, space, placement)
        drawing = Drawing(vae.decoder, space, placement)
        origin = torch.zeros(1, vae.config.latent_size, device=placement.device)
        self._draw: Callable[[Tensor], Tensor] = frozen(drawing, origin)
        self._draw_pixels: Callable[[Tensor], Tensor] = frozen(
            nn.Sequential(drawing, Quantised()), origin
        )

    def pixels(self, point: Latent, job: Job) -> Tensor:
        white = torch.from_numpy(point[None]).to(self.placement.device)
        if job.thumbnail or is_neutral(job.parameters, self.vae.config.size_px):
            return self._draw_pixels(white)
        return quantise(restyle(self._draw(white), job.parameters)[0])

    def look(self, pixels: Pixels, parameters: Mapping[str, Value]) -> Look:  # noqa: ARG002
        fitted = torch.from_numpy(fit_square(pixels, self.vae.config.size_px))
        return Look(fitted.to(self.placement.device).permute(2, 0, 1)[None].float().div(255))

    def error(self, drawn: Tensor, wanted: Tensor) -> Tensor:
        difference = drawn - wanted
        return difference.square().mean() + 0.02 * difference.abs().mean()


class Drawing(nn.Module):
    """White points (B, L) float32 -> pictures (B, 3, S, S), about 0..1, in the decoder's precision.

    All of it is one graph, so that the window's thread is in its way only once (see `frozen`).
    """

    centre: Tensor
    axes: Tensor

    def __init__(self, decoder: nn.Module, space: LatentSpace, placement: Placement) -> None:
        super().__init__()
        self.decoder = decoder
        self.dtype = placement.dtype
        self.register_buffer("centre", torch.from_numpy(space.centre).to(placement.device))
        self.register_buffer("axes", torch.from_numpy(space.axes).to(placement.device))

    def latents(self, white: Tensor) -> Tensor:
        """As the decoder takes them."""
        return (self.centre + white @ self.axes).to(self.dtype)

    def forward(self, white: Tensor) -> Tensor:
        pictures: Tensor = self.decoder(self.latents(white))
        return pictures


class Quantised(nn.Module):
    """One picture (1, 3, S, S), about 0..1 -> pixels (S, S, 3) uint8."""

    def forward(self, pictures: Tensor) -> Tensor:
        return quantise(pictures[0])


def fit_square(pixels: Pixels, size_px: int) -> Pixels:
    """The middle square of (H, W, 3) uint8, resampled (Lanczos) to (size_px, size_px, 3)."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    box = (left, top, left + side, top + side)
    picture = Image.fromarray(pixels).resize((size_px, size_px), Image.Resampling.LANCZOS, box=box)
    return np.array(picture)


def art_of(vae: Vae, space: LatentSpace, placement: Placement) -> Art:
    """The kind that suits the model: letters for distance fields, else pictures."""
    if vae.config.channels == 1:
        from engines.vae_images.letterpress import LetterArt

        return LetterArt(vae, space, placement)
    return PictureArt(vae, space, placement)
