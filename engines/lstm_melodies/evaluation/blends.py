"""What lies between two phrases: does a blend leave the one and come to the other step by step?

Slots are blended whole, a row of eight points at a time, as the instrument does it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.evaluation.recovery import LIKELIEST, passages
from engines.lstm_melodies.features import CELL_BARS, Condition, sounding
from engines.lstm_melodies.grid import BAR_TICKS
from engines.lstm_melodies.model import Melodist
from engines.lstm_melodies.points import BARS, row_of
from engines.lstm_melodies.stepping import Stepper
from engines.lstm_melodies.writing import Bar, phrase
from studio.commands.report import Row, at_least
from studio.latent.blending import slerp

PAIRS = 100
STEPS = 5
"""Stations of a blend, both ends included."""
SLACK = 0.1
"""By how much of the whole way, from A to B, a distance may go back between two stations where two
bars are compared: with some fourteen notes, one of them that turns up early is about as much."""

Passage = tuple[Melody, int]


def rows(
    melodist: Melodist, stepper: Stepper, melodies: Sequence[Melody], seed: int = 0
) -> Iterator[Row]:
    """The shares of pairs of held-out phrases between which the way is straight."""
    note = (
        f"{PAIRS} pairs of held-out phrases of {BARS} bars, {STEPS} stations, no step back at all"
    )
    whole = steps_back(melodist, stepper, melodies, BARS, PAIRS, seed)
    yield Row("monotonic_blends_share", straight(whole), "", at_least(0.9), note)
    two = steps_back(melodist, stepper, melodies, CELL_BARS, PAIRS, seed)
    note = "the same with phrases of two bars"
    yield Row("monotonic_two_bar_blends_share", straight(two), "", None, note)
    note += ", steps back under a tenth of the way let pass"
    yield Row("nearly_monotonic_two_bar_blends_share", straight(two, SLACK), "", None, note)


def straight(back: NDArray[np.float64], slack: float = 0.0) -> float:
    """The share of blends that go back by no more than `slack` of the way."""
    return float((back <= slack).mean())


def steps_back(
    melodist: Melodist,
    stepper: Stepper,
    melodies: Sequence[Melody],
    bars: int,
    pairs: int,
    seed: int = 0,
) -> NDArray[np.float64]:
    """For each of some random pairs of passages in one metre: the largest step back on the way, as
    a share of the whole. From A to B the distance from A should never fall, that from B never rise.
    """
    rng = np.random.default_rng(seed)
    chosen = passages(melodies, bars, seed)
    back: list[float] = []
    while len(back) < pairs:
        first, second = (chosen[at] for at in rng.integers(len(chosen), size=2))
        if first[0].metre == second[0].metre and first[0] is not second[0]:
            back.append(_step_back(melodist, stepper, first, second, bars))
    return np.array(back)


def _step_back(
    melodist: Melodist, stepper: Stepper, first: Passage, second: Passage, bars: int
) -> float:
    melody, metre = first[0], first[0].metre
    condition = Condition.of(melody.genre, metre, melody.mode)
    start, end = (row_of(melodist, m.bars[at : at + bars], metre) for m, at in (first, second))
    stations = []
    for share in np.linspace(0, 1, STEPS):
        cells = slerp(start, end, float(share)).reshape(-1, melodist.config.latent_size)
        rng = np.random.default_rng(0)
        stations.append(phrase(stepper, condition, cells, bars, LIKELIEST, rng))
    from_first = [distance(stations[0], station, metre) for station in stations]
    from_second = [distance(stations[-1], station, metre) for station in stations]
    largest = max(-np.diff(from_first).min(), np.diff(from_second).max(), 0.0)
    return float(largest / max(from_first[-1], 1e-6))


def distance(first: Sequence[Bar], second: Sequence[Bar], metre: str) -> float:
    """How unlike two phrases sound, 0..1: by 32nd or triplet, half for another pitch sounding (by
    how far, up to an octave), half for a note that begins in one of them only."""
    pitches, begins = zip(*(_heard(bars, metre) for bars in (first, second)), strict=True)
    apart = np.minimum(np.abs(pitches[0] - pitches[1]), 12) / 12
    either = (begins[0] | begins[1]).sum()
    alone = (begins[0] ^ begins[1]).sum() / max(1, either)
    return float(0.5 * (0.5 * (apart > 0).mean() + 0.5 * apart.mean()) + 0.5 * alone)


def _heard(bars: Sequence[Bar], metre: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    pitch, length = sounding(bars, BAR_TICKS[metre])
    return pitch.reshape(-1), (length > 0).reshape(-1)
