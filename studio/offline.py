"""Engines without a window or a thread: what the command line renders with.

The same engine, the same jobs and the same blends as on the stage, so a picture rendered here is
the picture that the window shows for that point.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from studio.blending import loop
from studio.engine import Engine, EngineError, EngineSpec, Job, Latent, ModelSpec, Pixels, Resources
from studio.parameters import Value, initial_values
from studio.registry import Registry
from studio.worker import sentence_of


class Offline:
    """One loaded engine. Make it with `opened`."""

    def __init__(self, engine: Engine, spec: EngineSpec, model: ModelSpec) -> None:
        self._engine = engine
        self.spec = spec
        self.model = model

    def sample(self, seed: int, count: int) -> NDArray[np.float32]:
        """Float32 (count, latent_size); point i follows from `seed` and i."""
        return self._engine.sample(seed, count, self.model.latent_size)

    def render(
        self, latent: Latent, values: Mapping[str, Value] | None = None, seed: int = 0
    ) -> Pixels:
        """The picture of `latent` with `values` (defaults for those not given)."""
        values = {**initial_values(self.spec.controls(self.model.name)), **(values or {})}
        return self._engine.render(Job(latent=latent, parameters=values, seed=seed))

    def walk(self, seed: int, stops: int, frames: int) -> Iterator[Pixels]:
        """`frames` pictures around a closed loop through `stops` samples.

        Frame i stands at i / frames, so that playing them round and round has no double frame.
        """
        points = list(self.sample(seed, stops))
        for i in range(frames):
            yield self.render(loop(points, i / frames), seed=seed)


def _load(guest: Engine, model: ModelSpec, resources: Resources) -> None:
    try:
        guest.load(model, resources)
    except (Exception, SystemExit) as error:
        raise EngineError(sentence_of(error)) from error


@contextmanager
def opened(
    registry: Registry, engine: str, model: str | None = None, resources: Resources | None = None
) -> Iterator[Offline]:
    """The engine `engine` with `model` (its first by default), closed at the end.

    Raises `EngineError` with one sentence.
    """
    spec = registry.spec(engine)
    chosen = spec.models[0] if model is None else spec.model(model)
    guest = registry.create(engine)
    try:
        _load(guest, chosen, resources or Resources())
        yield Offline(guest, spec, chosen)
    finally:
        guest.close()
