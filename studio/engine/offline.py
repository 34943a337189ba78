"""Engines without a window or a thread: what the command line renders with.

The same engine, the same jobs and the same blends as on the stage, so a picture rendered here is
the picture that the window shows for that point.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from studio.document.parameters import Value, initial_values
from studio.document.scene import SLOT_COUNT, Deck, Slot, home_place
from studio.engine import (
    Engine,
    EngineError,
    EngineSpec,
    Job,
    Latent,
    Loaded,
    ModelSpec,
    Passage,
    Pixels,
    Resources,
)
from studio.engine.deck_job import job_of
from studio.engine.messages import sentence_of
from studio.engine.own_pictures import OwnPictureFiles, OwnPictureReader
from studio.engine.registry import Registry
from studio.latent.blending import loop
from studio.latent.steering import steered
from studio.music.phrases import Phrase


class Offline:
    """One loaded engine. Make it with `opened`."""

    def __init__(self, engine: Engine, loaded: Loaded, spec: EngineSpec, model: ModelSpec) -> None:
        self._engine = engine
        self._drawing = OwnPictureReader(engine, OwnPictureFiles())
        self.directions = loaded.directions
        self.spec = spec
        self.model = model

    def sample(self, seed: int, count: int) -> NDArray[np.float32]:
        """Float32 (count, latent_size); point i follows from `seed` and i."""
        values = initial_values(self.spec.controls(self.model.name))
        return self._engine.sample(seed, count, self.model.latent_size, values)

    def render(
        self, latent: Latent, values: Mapping[str, Value] | None = None, seed: int = 0
    ) -> Pixels:
        """The picture of `latent` with `values` (defaults for those not given)."""
        return self.picture(self._job(latent, values, seed))

    def picture(self, job: Job) -> Pixels:
        """The picture of a job; on stderr, which own pictures are not in it."""
        made = self._drawing.picture(job)
        self._tell()
        return made

    def drawn(self, job: Job) -> str:
        """The same as an SVG document. Raises `EngineError` where the model has none."""
        made = self._drawing.outline(job)
        self._tell()
        return made

    def words(self, job: Job) -> str:
        """The line that the picture of a job says; empty for none."""
        return self._engine.words(job)

    def compose(self, passage: Passage) -> Phrase:
        """The bars of a passage, of an engine that composes."""
        return self._engine.compose(passage)

    def thumbnail(self, deck: Deck) -> Pixels:
        """What `deck`, of this engine and model, shows when it is opened; where it composes, the
        small picture that tells tunes apart."""
        return self.picture(replace(self.job(deck), thumbnail=self.spec.composes))

    def filled(self, deck: Deck) -> Deck:
        """`deck`, whose shelf is empty, with its samples, as it is opened on the stage."""
        for index, latent in enumerate(self.sample(deck.seed, SLOT_COUNT)):
            slot = Slot(latent=tuple(latent.tolist()), place=home_place(index))
            deck = deck.with_slot(index, slot)
        return deck

    def job(self, deck: Deck) -> Job:
        """What `deck`, of this engine and model, shows."""
        aspect = self.spec.aspect(deck.parameters)
        return job_of(deck, self.model.latent_size, self.directions, aspect=aspect)

    def sampled(self, seed: int, values: Mapping[str, Value]) -> Job:
        """The first sample of a seed, with `values` (defaults for those not given)."""
        return self._job(self.sample(seed, 1)[0], values, seed)

    def outline(
        self, latent: Latent, values: Mapping[str, Value] | None = None, seed: int = 0
    ) -> str:
        """The same picture as an SVG document. Raises `EngineError` where the model has none."""
        return self.drawn(self._job(latent, values, seed))

    def _tell(self) -> None:
        for sentence in self._drawing.remarks():
            print(sentence, file=sys.stderr)

    def _job(self, latent: Latent, values: Mapping[str, Value] | None, seed: int) -> Job:
        given = {**initial_values(self.spec.controls(self.model.name)), **(values or {})}
        amounts = {name: float(given.get(name, 0.0)) for name in self.directions}
        point = steered(latent, amounts, {}, self.directions) if any(amounts.values()) else latent
        return Job(latent=point, parameters=given, seed=seed)

    def walk(self, seed: int, stops: int, frames: int) -> Iterator[Pixels]:
        """`frames` pictures once round a closed loop through `stops` samples.

        The last is the first again, so that a film of them ends where it began.
        """
        points = list(self.sample(seed, stops))
        for i in range(frames):
            yield self.render(loop(points, i / max(1, frames - 1)), seed=seed)


def _load(guest: Engine, model: ModelSpec, resources: Resources) -> Loaded:
    try:
        return guest.load(model, resources)
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
        loaded = _load(guest, chosen, resources or Resources())
        yield Offline(guest, loaded, spec, chosen)
    finally:
        guest.close()
