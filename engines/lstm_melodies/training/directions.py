"""Named directions of the latent space: steps that change one thing about a phrase."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.features import CELL_BARS
from engines.lstm_melodies.grid import FIRST_PITCH, HOLD, REST
from engines.lstm_melodies.model import Melodist
from engines.lstm_melodies.points import BARS, row_of
from engines.lstm_melodies.stepping import Floats
from engines.lstm_melodies.writing import Bar

HEIGHT = "height"
MELODIES = 500
"""How many are looked at."""


def found(melodist: Melodist, melodies: Sequence[Melody]) -> dict[str, Floats]:
    """For each direction the step (latent,) that goes with one standard deviation of its measure:
    how the points of phrases that have more of it differ from others in the same metre."""
    chosen = [melody for melody in melodies if len(melody.bars) >= BARS]
    chosen = chosen[:: max(1, len(chosen) // MELODIES)]
    points, heights, metres = [], [], []
    for melody in chosen:
        row = row_of(melodist, melody.bars[:BARS], melody.metre)
        points.append(row.reshape(-1, melodist.config.latent_size))
        heights += [height(melody.bars[at : at + CELL_BARS]) for at in range(0, BARS, CELL_BARS)]
        metres += [melody.metre] * len(points[-1])
    if not points:
        return {HEIGHT: np.zeros(melodist.config.latent_size, np.float32)}
    step = _slope(np.concatenate(points), np.array(heights), np.array(metres))
    return {HEIGHT: step.astype(np.float32)}


def height(bars: Sequence[Bar]) -> float:
    """The mean pitch, in semitones above the tonic."""
    pitches = [p - FIRST_PITCH for bar in bars for p, _ in bar if p not in (REST, HOLD)]
    return float(np.mean(pitches)) if pitches else 0.0


def _slope(
    points: NDArray[np.float32], measure: NDArray[np.float64], kind: NDArray[np.str_]
) -> NDArray[np.float64]:
    """By how much points move with a standard deviation of `measure`, within each kind."""
    x, z = measure.astype(float).copy(), points.astype(float).copy()
    for name in np.unique(kind):
        own = kind == name
        x[own] -= x[own].mean()
        z[own] -= z[own].mean(0)
    slope: NDArray[np.float64] = x @ z / max(x @ x, 1e-9) * x.std()
    return slope
