"""Melodies and a melody model small enough for tests."""

from __future__ import annotations

import numpy as np
import torch

from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.grid import BAR_TICKS, FIRST_PITCH, HOLD, REST, Event, lengths_that_fit
from engines.lstm_melodies.grid import LENGTHS as LENGTHS
from engines.lstm_melodies.model import Melodist, MelodyConfig

CONFIG = MelodyConfig(latent_size=6, hidden=16, encoder_hidden=8, plan=5, conductor=12, head=10)


def model(seed: int = 0) -> Melodist:
    torch.manual_seed(seed)
    return Melodist(CONFIG).eval()


def bars(count: int, metre: str, rng: np.random.Generator) -> tuple[tuple[Event, ...], ...]:
    """Bars of chance, all of them full; some notes held over the bar line, some rests."""
    full, written = BAR_TICKS[metre], []
    fits = lengths_that_fit(full)
    for number in range(count):
        bar: list[Event] = []
        tick = 0
        while tick < full:
            ticks = LENGTHS[int(rng.choice(np.nonzero(fits[tick])[0]))]
            pitch = FIRST_PITCH + int(rng.integers(-5, 17))
            if rng.random() < 0.1:
                pitch = HOLD if number and not tick else REST
            bar.append((pitch, ticks))
            tick += ticks
        written.append(tuple(bar))
    # Some bars again, so that there is something to look back for.
    for number in range(4, count, 4):
        written[number] = written[number - 4]
    return tuple(written)


def melody(
    number: int = 0, count: int = 16, metre: str = "6/8", genre: str = "jig", **facts: object
) -> Melody:
    rng = np.random.default_rng(number)
    made: dict[str, object] = {
        "bars": bars(count, metre, rng), "ends": tuple(bar % 8 == 7 for bar in range(count)),
        "opens": True, "genre": genre, "metre": metre, "mode": "major", "tonic": 62,
        "book": "a book", "number": str(number), "family": number, "split": "training",
        "credit": "",
    }  # fmt: skip
    return Melody(**(made | facts))  # type: ignore[arg-type]
