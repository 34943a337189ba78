"""How exactly melodies come back from their points."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from engines.lstm_melodies.cells import Example, cells_of
from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.grid import REST
from engines.lstm_melodies.model import Melodist
from engines.lstm_melodies.stepping import Floats, Stepper
from engines.lstm_melodies.training.batches import phrase_of
from engines.lstm_melodies.writing import Bar, Taste, phrase

LIKELIEST = Taste(temperature=0.0)


@torch.inference_mode()
def points_of(melodist: Melodist, items: Sequence[Example]) -> list[Floats]:
    """The posterior means of every item's cells: (cells, latent) each."""
    found = []
    for item in items:
        cells = cells_of([item])
        mean, _ = melodist.encoder(cells.pitch, cells.length, cells.place, cells.slot, cells.real)
        found.append(mean.numpy())
    return found


def passages(melodies: Sequence[Melody], bars: int, seed: int) -> list[tuple[Melody, int]]:
    """One passage of `bars` bars from every melody that is long enough."""
    rng = np.random.default_rng(seed)
    return [
        (melody, int(rng.integers(len(melody.bars) - bars + 1)))
        for melody in melodies
        if len(melody.bars) >= bars
    ]


def recovered(
    melodist: Melodist, stepper: Stepper, chosen: Sequence[tuple[Melody, int]], bars: int
) -> float:
    """The share of notes that come back with their beginning, length and pitch, when the
    likeliest events are written from the points alone."""
    right = notes = 0
    for melody, first in chosen:
        item = phrase_of(melody, first, bars)
        written = phrase(
            stepper, item.condition, points_of(melodist, [item])[0], bars, LIKELIEST,
            np.random.default_rng(0),
        )  # fmt: skip
        wanted = _notes(melody.bars[first : first + bars])
        right += len(wanted & _notes(written))
        notes += len(wanted)
    return right / notes


def _notes(bars: Sequence[Bar]) -> set[tuple[int, int, int]]:
    found, tick = set(), 0
    for bar in bars:
        for pitch, ticks in bar:
            if pitch != REST:
                found.add((tick, pitch, ticks))
            tick += ticks
    return found
