"""What a model's numbers are turned into: the part of the engine that differs between the kinds.

Pictures come from the decoder as they are; letterforms (`letterpress`) are set into words first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from engines.common.device import Placement
from engines.common.frozen import frozen
from engines.common.transfer import quantise
from engines.vae_images.base_art import Art, Look
from engines.vae_images.drawing import Drawing, Quantised
from engines.vae_images.latent_space import LatentSpace
from engines.vae_images.letterpress import LetterArt
from engines.vae_images.model import Vae
from engines.vae_images.style import is_neutral, restyle
from studio.document.parameters import Value
from studio.engine import Job, Latent, Pixels


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
        return LetterArt(vae, space, placement)
    return PictureArt(vae, space, placement)
