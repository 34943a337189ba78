"""Seamless materials: the engine behind the textures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engines.common.device import Placement
from engines.common.engine import TorchEngine
from engines.common.transfer import quantise
from engines.gan_textures import shipped, styles, warping
from engines.gan_textures.drawing import Drawer, cell_samples
from engines.gan_textures.gain import beside
from engines.gan_textures.looking import looked_at
from engines.gan_textures.mapping import atlas
from engines.gan_textures.measures import own_measures
from engines.gan_textures.noise import Noise
from engines.gan_textures.painting import Cover, Shared, Uniform
from engines.gan_textures.palettes import AS_LEARNT
from engines.gan_textures.picture import Frame
from engines.gan_textures.recolouring import recoloured
from engines.gan_textures.shipped import Shipped
from engines.gan_textures.styles import Array
from studio.document.parameters import Value
from studio.engine import (
    EngineError,
    Job,
    Latent,
    Loaded,
    ModelSpec,
    Pixels,
    Resources,
    WeightsError,
)

_EVERY = 4
"""So many of a map's places in each direction share a gain: 0.1 ms a picture; for all 64 x 64 it
took 1.5."""


class TextureEngine(TorchEngine):
    """Points in, seamless pictures out; and back."""

    def __init__(self) -> None:
        super().__init__()
        self._model: Shipped | None = None
        self._drawer: Drawer | None = None
        self._noise: Noise | None = None

    @property
    def model(self) -> Shipped:
        """What was loaded. Raises `EngineError` before `load` and after `close`."""
        if self._model is None:
            raise EngineError("This engine has no model loaded.")
        return self._model

    def load(self, model: ModelSpec, resources: Resources) -> Loaded:
        loaded = super().load(model, resources)
        known = styles.directions(self.model.generator.config.style)
        try:
            steps = {d.name: known[d.name] for d in model.directions}
        except KeyError as error:
            raise WeightsError(
                f"The weights file {model.weights.name} lacks the direction {error.args[0]}."
            ) from None
        return replace(loaded, directions=steps, atlas=atlas(self.model))

    def sample(
        self,
        seed: int,
        count: int,
        latent_size: int,
        parameters: Mapping[str, Value] | None = None,  # noqa: ARG002
    ) -> NDArray[np.float32]:
        if self.model.latent_size != latent_size:
            raise EngineError(f"This model's points have {self.model.latent_size} numbers.")
        return styles.samples(self.model.points, seed, count)

    def encode(self, pixels: Pixels, parameters: Mapping[str, Value]) -> Latent:  # noqa: ARG002
        with self.working():
            own, means, contrasts = own_measures(looked_at(pixels))
            logits = self.model.encoder(own)[0]
            mix = logits.softmax(0).numpy()
        pattern = mix @ styles.read(self.model.points).patterns
        found = styles.Styles(pattern[None], means.numpy(), contrasts.numpy())
        point: Latent = styles.written(found)[0]
        return point

    def _build(self, model: ModelSpec, placement: Placement) -> None:
        read = shipped.read(model.weights)
        if read.latent_size != model.latent_size:
            raise WeightsError(f"The weights file {model.weights.name} was made for another model.")
        gain = read.gain or beside(model.weights, read.generator.config.style)
        self._model = replace(read, gain=gain)
        self._drawer = Drawer(read.generator.requires_grad_(False), placement)
        self._noise = Noise(read.generator.config, placement)

    def _pixels(self, job: Job) -> Tensor:
        frame = Frame.of(job.parameters, job.thumbnail)
        told = {} if job.thumbnail else job.parameters
        down, across = float(told.get("down", 0.0)), float(told.get("across", 0.0))
        cover = self._cover(job, frame, (down, across))
        own = self._drawn(job.seed, frame, cover, told)
        own = warping.resized(own.float(), frame.height_px, frame.width_px)
        own = warping.rolled(own, down * frame.height_px, across * frame.width_px)
        rgb = cover.coloured(own)
        palette = str(told.get("palette", AS_LEARNT))
        if palette != AS_LEARNT:
            rgb = recoloured(rgb, own, palette, float(told.get("palette_amount", 1.0)))
        return quantise(rgb[0])

    def _drawn(self, seed: int, frame: Frame, cover: Cover, told: Mapping[str, Value]) -> Tensor:
        """In own measures, of the frame's cells."""
        assert self._drawer
        assert self._noise
        noise = self._noise.at(seed, frame.rows, frame.columns, float(told.get("morph", 0.0)))
        own = self._drawer.draw(noise, cover.films)
        zoom = float(told.get("zoom", 0.0))
        if zoom % 1 == 0:
            return own
        if isinstance(cover, Uniform):
            other = own.roll((own.shape[2] // 2, own.shape[3] // 2), (2, 3))
        else:  # what streams is the material; the map stays
            other = self._drawer.draw(_half_round(noise), cover.films)
        return warping.streamed(own.float(), other.float(), zoom)

    def _cover(self, job: Job, frame: Frame, scrolled: tuple[float, float]) -> Cover:
        """What holds where. A map stays where it is on the picture while the material scrolls."""
        assert self._drawer
        points = job.latent[None] if job.blend_map is None else job.blend_map.points
        told = styles.read(np.asarray(points, np.float32))
        films = self._drawer.films(torch.from_numpy(told.patterns))
        amount = float(job.parameters.get("keep_contrast", 0.0))
        if job.blend_map is None:
            gains = self._gains(told.patterns, amount)
            return Uniform(told, films, gains, self.placement)
        shares = job.blend_map.shares
        some = shares[
            _EVERY // 2 :: _EVERY, _EVERY // 2 :: _EVERY
        ]  # it differs little from place to place
        gains = self._gains((some @ told.patterns).reshape(-1, told.patterns.shape[1]), amount)
        gains = gains.reshape(*some.shape[:2], 1)
        return Shared(told, films, shares, gains, frame, scrolled, self.placement)

    def _gains(self, patterns: Array, amount: float) -> Array:
        """(N, 1): what each pattern's contrast is multiplied by; nothing at an amount of 0."""
        gain = self.model.gain
        if gain is None or not amount:
            return np.ones((len(patterns), 1), np.float32)
        return gain.gains(patterns) ** np.float32(amount)

    def _forget(self) -> None:
        self._model = self._drawer = self._noise = None


def _half_round(noise: Sequence[Tensor]) -> list[Tensor]:
    """The noise of the same picture, half-way round in both directions."""
    rows, columns = noise[0].shape[2] // 2, noise[0].shape[3] // 2
    steps = [cell_samples(layer) for layer in range(len(noise))]
    return [
        n.roll((rows * step, columns * step), (2, 3)) for n, step in zip(noise, steps, strict=True)
    ]
