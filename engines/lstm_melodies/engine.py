"""Melodies from a recurrent network: the engine behind tunes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from engines.lstm_melodies import shipped
from engines.lstm_melodies.composing import tune
from engines.lstm_melodies.features import Condition
from engines.lstm_melodies.hearing import hear
from engines.lstm_melodies.model import Melodist
from engines.lstm_melodies.playing import TunePlayer
from engines.lstm_melodies.points import BARS, row_of
from engines.lstm_melodies.stepping import Stepper
from engines.lstm_melodies.wishes import Wishes, wishes
from studio.document.parameters import Value
from studio.engine import (
    DeviceError,
    Engine,
    EngineError,
    Job,
    Latent,
    Loaded,
    ModelSpec,
    Passage,
    Pixels,
    Resources,
    WeightsError,
)
from studio.music.genres import genre_named
from studio.music.keys import fit, histogram
from studio.music.modes import MODES
from studio.music.phrases import Key, Phrase
from studio.music.roll import contour, draw
from studio.music.tune_forms import FREE

PICTURE, THUMBNAIL = (640, 320), (192, 144)
"""Widths and heights in pixels."""
LIVELY = 0.7
"""The temperature of samples at the least: no two of them are to be the same."""
NEAR_KEY = 0.1
"""By how much the fit of the deck's key, a correlation, may be below the best one's."""


class MelodyEngine(Engine):
    """Points in, phrases out; and back. It runs on the CPU: a note is a few small products."""

    def __init__(self) -> None:
        self._melodist: Melodist | None = None
        self._player: TunePlayer | None = None

    @property
    def melodist(self) -> Melodist:
        """The loaded model. Raises `EngineError` before `load` and after `close`."""
        if self._melodist is None:
            raise EngineError("This engine has no model loaded.")
        return self._melodist

    @property
    def player(self) -> TunePlayer:
        """The loaded model at play. Raises `EngineError` before `load` and after `close`."""
        if self._player is None:
            raise EngineError("This engine has no model loaded.")
        return self._player

    def load(self, model: ModelSpec, resources: Resources) -> Loaded:
        if resources.device not in ("auto", "cpu"):
            raise DeviceError("Melodies are written on the CPU.")
        self.close()
        melodist = shipped.read(model.weights)
        if model.latent_size % melodist.config.latent_size:
            raise WeightsError(f"The weights file {model.weights.name} was made for another model.")
        steps = shipped.directions(model.weights, melodist.config.latent_size)
        lacking = [d.name for d in model.directions if d.name not in steps]
        if lacking:
            raise WeightsError(
                f"The weights file {model.weights.name} lacks the direction {lacking[0]}."
            )
        # Several threads for products this small would spin for longer than they work.
        threadpool_limits(1, user_api="blas")
        self._melodist = melodist
        self._player = TunePlayer(Stepper(melodist), melodist.config.latent_size)
        self.render(Job(latent=np.zeros(model.latent_size, np.float32)))
        cells = model.latent_size // melodist.config.latent_size
        rows = {d.name: np.tile(steps[d.name], cells) for d in model.directions}
        return Loaded(device="CPU fp32", directions=rows)

    def render(self, job: Job) -> Pixels:
        """The sixteen bars of the job's point in its genre's own metre, as a piano roll."""
        passage = Passage(
            latent=job.latent,
            parameters={**job.parameters, "form": FREE},  # all that the point holds
            seed=job.seed,
            metre=genre_named(wishes(job.parameters).genre).metre,
            bars=BARS,
        )
        phrase = self.compose(passage)
        if job.thumbnail:
            return contour(phrase, THUMBNAIL, wishes(job.parameters).genre)
        return draw(phrase, PICTURE)

    def compose(self, passage: Passage) -> Phrase:
        return self.player.play(passage)

    def encode_phrase(self, phrase: Phrase, parameters: Mapping[str, Value]) -> Latent:
        """The row of points for the first sixteen bars; what is shorter goes round again.

        Without a key of its own the phrase is taken to be in the deck's if that suits it nearly as
        well as any.
        """
        try:
            heard = hear(replace(phrase, key=phrase.key or likely_key(phrase, parameters)))
        except ValueError as error:
            raise EngineError(str(error)) from None
        return row_of(self.melodist, heard.bars, heard.metre)

    def remarks_on(self, phrase: Phrase) -> tuple[str, ...]:
        """A sentence for everything that `encode_phrase` does not keep."""
        try:
            heard = hear(phrase)
        except ValueError as error:
            return (str(error),)
        if len(heard.bars) <= BARS:
            return heard.notices
        return (*heard.notices, f"{len(heard.bars)} bars; the slot keeps the first {BARS}.")

    def sample(
        self,
        seed: int,
        count: int,
        latent_size: int,
        parameters: Mapping[str, Value] | None = None,
    ) -> NDArray[np.float32]:
        """Tunes of sixteen bars, written and taken in again: N(0, I) is not where tunes lie.

        They are of the genre and mode of `parameters`; without these reels in major, which the
        model plays in any metre.
        """
        asked = wishes(parameters or {})
        rows = [self._sampled(asked, (seed, number)) for number in range(count)]
        return np.asarray(rows, np.float32).reshape(count, latent_size)

    def _sampled(self, asked: Wishes, seed: tuple[int, int]) -> Latent:
        metre = str(genre_named(asked.genre).metre)
        condition = Condition.of(asked.genre, metre, asked.mode)
        taste = replace(asked.taste, temperature=max(LIVELY, asked.taste.temperature))
        bars = list(tune(self.player.stepper, condition, BARS, taste, seed, part=asked.part))
        return row_of(self.melodist, bars, metre)

    def close(self) -> None:
        self._melodist = self._player = None

    def use_threads(self, threads: int) -> None:
        torch.set_num_threads(max(1, threads))


def likely_key(phrase: Phrase, parameters: Mapping[str, Value]) -> Key | None:
    """The deck's key, or None if another one suits the notes of `phrase` clearly better."""
    asked = wishes(parameters)
    own = Key(asked.tonic % 12, asked.mode)
    lengths = ((note.pitch, note.length_beats) for note in phrase.notes)
    heard = histogram((pitch, beats) for pitch, beats in lengths if 0 < beats < np.inf)
    best = max(fit(heard, Key(tonic, mode)) for tonic in range(12) for mode in MODES)
    return own if fit(heard, own) > best - NEAR_KEY else None
