"""Verse at work: points in, lines of text and their picture out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from engines.verse import shipped
from engines.verse.copies import Copies
from engines.verse.corpus.unwanted import is_unwanted
from engines.verse.lexicon import lexicon
from engines.verse.model import LATENT
from engines.verse.page import drawn
from engines.verse.poem import LINES, Poem
from engines.verse.writing import Writer
from studio.document.parameters import Value, initial_values
from studio.engine import (
    DeviceError,
    Engine,
    EngineError,
    Job,
    Loaded,
    ModelSpec,
    Pixels,
    Resources,
    WeightsError,
)

THUMBNAIL_PX = 96
SUBJECT = 3
"""Words that tell of a point in its thumbnail."""
KEPT = 64
"""Stanzas that need not be written again."""


class VerseEngine(Engine):
    """A model that writes. It runs on the CPU: a word is a few small products."""

    def __init__(self) -> None:
        self._writer: Writer | None = None
        self._stanza = lru_cache(maxsize=KEPT)(self._written)
        self._poems: dict[tuple[object, ...], Poem] = {}

    @property
    def writer(self) -> Writer:
        """The loaded model. Raises `EngineError` before `load` and after `close`."""
        if self._writer is None:
            raise EngineError("This engine has no model loaded.")
        return self._writer

    def load(self, model: ModelSpec, resources: Resources) -> Loaded:
        if resources.device not in ("auto", "cpu"):
            raise DeviceError("Verse is written on the CPU.")
        self.close()
        read = shipped.read(model.weights)
        if model.latent_size != LATENT:
            raise WeightsError(f"The weights file {model.weights.name} was made for another model.")
        lacking = [d.name for d in model.directions if d.name not in read.steps]
        if lacking:
            raise WeightsError(
                f"The weights file {model.weights.name} lacks the direction {lacking[0]}."
            )
        # Several threads for products this small would spin for longer than they work.
        threadpool_limits(1, user_api="blas")
        self._writer = Writer(read.model, lexicon(), Refusal(Copies(read.copies)))
        self.render(Job(latent=np.zeros(model.latent_size, np.float32)))
        steps = {name: step.numpy() for name, step in read.steps.items()}
        return Loaded(device="CPU fp32", directions=steps, atlas=read.atlas)

    def render(self, job: Job) -> Pixels:
        """The lines of the stanza up to the one whose number is told; of a thumbnail the words that
        its point stands for most."""
        if job.thumbnail:
            words = self.writer.subject(job.latent, SUBJECT)
            return drawn(words, THUMBNAIL_PX, THUMBNAIL_PX, share=1.0)
        told = _told(job.parameters)
        stanza, number = self._lines(job)
        width, height = _pixels(told)
        return drawn(
            stanza[max(0, number + 1 - int(told["lines"])) : number + 1],
            width,
            height,
            face=str(told["face"]),
            ink=str(told["ink"]),
            aligned=str(told["aligned"]),
            place=str(told["place"]),
            share=float(told["letters"]),
            sized=stanza,
        )

    def words(self, job: Job) -> str:
        """The line whose number is told."""
        stanza, number = self._lines(job)
        return stanza[number]

    def close(self) -> None:
        self._writer = None
        self._stanza.cache_clear()
        self._poems.clear()

    def _lines(self, job: Job) -> tuple[tuple[str, ...], int]:
        """The stanza and which of its lines it is."""
        told = _told(job.parameters)
        line = (max(1, int(told["line"] or 1)) - 1) // int(told["bars"])
        poem = Poem(
            point=job.latent,
            seed=job.seed,
            scheme=str(told["scheme"]),
            length=str(told["length"]),
            feet=str(told["feet"]),
            subject=float(told["subject"]),
            temperature=float(told["temperature"]),
            begins=str(told["begins"]),
        )
        self._poems = {poem.key: poem}
        return self._stanza(poem.key, line // LINES), line % LINES

    def _written(self, key: tuple[object, ...], number: int) -> tuple[str, ...]:
        return tuple(self.writer.stanza(self._poems[key], number))


class Refusal:
    """What is never written: copies of what was printed, and unwanted words."""

    def __init__(self, copies: Copies) -> None:
        self._copies = copies

    def __call__(self, words: Any) -> bool:
        return any(map(is_unwanted, words)) or self._copies(words)


def _told(parameters: Mapping[str, Value]) -> Mapping[str, Value]:
    from engines.verse.spec import SPEC  # the page's fields are this engine's own

    return {**initial_values(SPEC.parameters), **parameters}


def _pixels(told: Mapping[str, Value]) -> tuple[int, int]:
    width, _, height = str(told["shape"]).partition(":")
    high = int(told["size"])
    return round(high * float(width) / float(height)), high
