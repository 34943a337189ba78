"""Pictures from a variational auto-encoder: the engine behind the portraits."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from engines.common.device import Placement
from engines.common.engine import TorchEngine
from engines.common.frozen import frozen
from engines.common.transfer import quantise
from engines.vae_images import shipped
from engines.vae_images.latent_space import LatentSpace
from engines.vae_images.model import Vae, fold_norms
from engines.vae_images.style import is_neutral, restyle
from studio.engine import EngineError, Job, Latent, ModelSpec, Pixels, WeightsError


class VaeEngine(TorchEngine):
    """White points in, pictures out; and back."""

    def __init__(self) -> None:
        super().__init__()
        self._vae: Vae | None = None
        self._space: LatentSpace | None = None
        self._draw: Callable[[Tensor], Tensor] | None = None
        self._draw_pixels: Callable[[Tensor], Tensor] | None = None

    @property
    def space(self) -> LatentSpace:
        """The loaded model's latent space, with its named directions."""
        if self._space is None:
            raise EngineError("This engine has no model loaded.")
        return self._space

    def sample(self, seed: int, count: int, latent_size: int) -> NDArray[np.float32]:
        points = self.space.density.sample(seed, count)
        if points.shape != (count, latent_size):
            raise EngineError(f"This model's points have {points.shape[1]} numbers.")
        return points

    def encode(self, pixels: Pixels) -> Latent:
        assert self._vae
        size_px = self._vae.config.size_px
        fitted = torch.from_numpy(fit_square(pixels, size_px)).to(self.placement.device)
        with self.working():
            picture = fitted.permute(2, 0, 1)[None].float().div(255)
            mean, _ = self._vae.encoder(self.placement.fit(picture))
        return self.space.to_white(mean[0].cpu().numpy())

    def _build(self, model: ModelSpec, placement: Placement) -> None:
        vae, self._space = shipped.read(model.weights)
        if vae.config.latent_size != model.latent_size:
            raise WeightsError(f"The weights file {model.weights.name} was made for another model.")
        fold_norms(vae)
        self._vae = placement.put(vae, converted=True)
        drawing = Drawing(self._vae.decoder, self._space, placement)
        origin = torch.zeros(1, model.latent_size, device=placement.device)
        self._draw = frozen(drawing, origin)
        self._draw_pixels = frozen(nn.Sequential(drawing, Quantised()), origin)

    def _pixels(self, job: Job) -> Tensor:
        assert self._vae
        assert self._draw
        assert self._draw_pixels
        white = torch.from_numpy(self._point(job)[None]).to(self.placement.device)
        if job.thumbnail or is_neutral(job.parameters, self._vae.config.size_px):
            return self._draw_pixels(white)
        return quantise(restyle(self._draw(white), job.parameters)[0])

    def _point(self, job: Job) -> Latent:
        """The white point that `job` asks for: moved along the directions, spread."""
        point = job.latent
        for name, direction in self.space.directions.items():
            if amount := float(job.parameters.get(name, 0.0)):
                point = point + amount * direction
        spread = float(job.parameters.get("spread", 1.0))
        return np.asarray(point if spread == 1 else spread * point, np.float32)

    def _forget(self) -> None:
        self._vae = self._space = self._draw = self._draw_pixels = None


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

    def forward(self, white: Tensor) -> Tensor:
        pictures: Tensor = self.decoder((self.centre + white @ self.axes).to(self.dtype))
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
