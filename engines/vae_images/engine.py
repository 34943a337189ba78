"""Pictures from a variational auto-encoder: the engine behind every picture model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from engines.common.device import Placement
from engines.common.engine import TorchEngine
from engines.vae_images import refining, sharpener_file, shipped
from engines.vae_images.art import art_of
from engines.vae_images.base_art import Art, Look
from engines.vae_images.inking import inker
from engines.vae_images.latent_space import LatentSpace
from engines.vae_images.model import fold_norms
from engines.vae_images.refining import MakingOwn, OwnPicture, Refining
from engines.vae_images.spec import OWN_STEPS, REFINE_STEPS
from studio.document.parameters import Value
from studio.engine import (
    Atlas,
    EngineError,
    Job,
    Latent,
    Loaded,
    ModelSpec,
    Pixels,
    Resources,
    WeightsError,
)

OWN_OPEN = 16
"""So many own pictures are kept unpacked: those of two decks."""


class VaeEngine(TorchEngine):
    """White points in, pictures out; and back."""

    def __init__(self) -> None:
        super().__init__()
        self._art: Art | None = None
        self._made_for = ""
        self._opened: dict[bytes, OwnPicture] = {}

    @property
    def art(self) -> Art:
        """The loaded model at work. Raises `EngineError` before `load` and after `close`."""
        if self._art is None:
            raise EngineError("This engine has no model loaded.")
        return self._art

    @property
    def space(self) -> LatentSpace:
        """The loaded model's latent space, with its named directions."""
        return self.art.space

    def load(self, model: ModelSpec, resources: Resources) -> Loaded:
        loaded = super().load(model, resources)
        try:
            steps = {d.name: self.space.step(d.name) for d in model.directions}
        except (KeyError, IndexError) as error:
            raise WeightsError(
                f"The weights file {model.weights.name} lacks the direction {error.args[0]}."
            ) from None
        return replace(loaded, directions=steps, atlas=_atlas(self.space))

    def sample(
        self,
        seed: int,
        count: int,
        latent_size: int,
        parameters: Mapping[str, Value] | None = None,  # noqa: ARG002
    ) -> NDArray[np.float32]:
        points = self.space.density.sample(seed, count)
        if points.shape != (count, latent_size):
            raise EngineError(f"This model's points have {points.shape[1]} numbers.")
        return points

    def encode(self, pixels: Pixels, parameters: Mapping[str, Value]) -> Latent:
        with self.working():
            look = self.art.look(pixels, parameters)
            mean, _ = self.art.vae.encoder(self.placement.fit(look.pictures), look.conditions)
        return self.space.to_white(mean.mean(0).cpu().numpy())

    def refine(
        self, latent: Latent, pixels: Pixels, parameters: Mapping[str, Value]
    ) -> Iterator[Latent]:
        with self.translated():
            look = self.art.look(pixels, parameters)
            refining = Refining(self.art, look, latent, REFINE_STEPS)
        for _ in range(REFINE_STEPS):
            with self.translated():
                refining.step()
                point = refining.best
            yield point

    def own_picture(
        self, latent: Latent, pixels: Pixels, parameters: Mapping[str, Value]
    ) -> Iterator[bytes]:
        if self.art.vae.config.conditions:
            raise EngineError("Letters have no picture of their own to keep.")
        return self._own_pictures(latent, self.art.look(pixels, parameters))

    def _own_pictures(self, latent: Latent, look: Look) -> Iterator[bytes]:
        with self.translated():
            making = MakingOwn(self.art, look, latent, OWN_STEPS)
        for _ in range(OWN_STEPS):
            with self.translated():
                making.step()
                data = making.picture.to_bytes(self._made_for)
            yield data
            if making.near:
                return

    def outline(self, job: Job) -> str:
        with self.working():
            return self.art.outline(self._point(job), job)

    def _build(self, model: ModelSpec, placement: Placement) -> None:
        vae, space = shipped.read(model.weights)
        if vae.config.latent_size != model.latent_size:
            raise WeightsError(f"The weights file {model.weights.name} was made for another model.")
        sharpener = sharpener_file.of(model.weights, vae)
        if sharpener is not None:
            placement.put(sharpener.requires_grad_(False), converted=True)
        inks = inker.of(model.weights, vae)
        if inks is not None:
            inks.to(placement.device)
        self._made_for = sharpener_file.fingerprint(vae)
        fold_norms(vae.requires_grad_(False))
        self._art = art_of(placement.put(vae, converted=True), space, placement, sharpener, inks)

    def _pixels(self, job: Job) -> Tensor:
        owns = [self._own(data) for data in job.own_pictures]
        seen = refining.shares(owns, np.asarray(job.latent, np.float32))
        crisp = refining.bare(seen) * float(job.parameters.get("crisp", 0.0))
        return self.art.pixels(self._point(job), job, refining.mixed(owns, seen), crisp)

    def _own(self, data: bytes) -> OwnPicture:
        if data not in self._opened:
            config, device = self.art.vae.config, self.placement.device
            own = OwnPicture.from_bytes(data, self._made_for, config, device)
            while len(self._opened) >= OWN_OPEN:
                del self._opened[next(iter(self._opened))]
            self._opened[data] = own
        return self._opened[data]

    def _point(self, job: Job) -> Latent:
        """The white point that `job` asks for, spread."""
        spread = float(job.parameters.get("spread", 1.0))
        point = np.asarray(job.latent, np.float32)
        return np.asarray(point if spread == 1 else spread * point, np.float32)

    def _forget(self) -> None:
        self._art = None
        self._opened.clear()


def _atlas(space: LatentSpace) -> Atlas:
    """The density's points on the stored map, or by their first two principal axes."""
    points, places = space.density.points, space.places
    if places is None:
        places = np.clip(points[:, :2] / 2.5, -1, 1)
    return Atlas(points, places)
