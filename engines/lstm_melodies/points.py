"""Phrases to and from the row of latent points that a slot holds: eight points, two bars each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from engines.lstm_melodies.cells import Example, cells_of
from engines.lstm_melodies.features import CELL_BARS, Condition, rows_of
from engines.lstm_melodies.grid import FIRST_PITCH, HOLD
from engines.lstm_melodies.model import Melodist
from engines.lstm_melodies.spec import CELLS
from engines.lstm_melodies.stepping import Floats
from engines.lstm_melodies.writing import Bar

FARTHEST = 0.5
"""How far neighbours lie at the most: standard deviations of each of a point's numbers."""
BARS = CELLS * CELL_BARS
"""The bars that a row holds."""


@torch.inference_mode()
def row_of(melodist: Melodist, bars: Sequence[Bar], metre: str) -> Floats:
    """`bars` as a row of points, (CELLS * latent,) float32: the posteriors' means.

    What is shorter than `BARS` bars goes round again, what is longer is cut.
    """
    round_again = [bars[number % len(bars)] for number in range(BARS)]
    round_again[0] = _begun(round_again[0])
    item = Example(rows_of(round_again, metre), Condition.of("any", metre, "major"))
    cells = cells_of([item])
    mean, _ = melodist.encoder(cells.pitch, cells.length, cells.place, cells.slot, cells.real)
    return np.ascontiguousarray(mean.numpy().reshape(-1), np.float32)


def _begun(bar: Bar) -> Bar:
    """A bar that goes on from nothing, with its note struck: the tonic, for want of another."""
    return tuple((FIRST_PITCH if pitch == HOLD else pitch, ticks) for pitch, ticks in bar)


def neighbour(cell: Floats, amount: float, seed: tuple[int, ...]) -> Floats:
    """A point (latent,) near `cell`: the same at `amount` 0, another phrase at 1."""
    if not amount:
        return cell
    noise = np.random.default_rng(seed).standard_normal(len(cell)).astype(np.float32)
    return cell + np.float32(FARTHEST * amount) * noise
