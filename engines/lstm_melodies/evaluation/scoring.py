"""What written tunes are like, beside the real ones that they answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from engines.lstm_melodies.closing import closes
from engines.lstm_melodies.composing import tune
from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.evaluation.copying import longest_runs
from engines.lstm_melodies.evaluation.judge import Judge
from engines.lstm_melodies.features import Condition
from engines.lstm_melodies.forms import drawn
from engines.lstm_melodies.grid import BAR_TICKS, FIRST_PITCH, HOLD, REST, Event
from engines.lstm_melodies.stepping import Stepper
from engines.lstm_melodies.writing import Bar, Taste
from studio.commands.report import Row, at_least, at_most
from studio.music.modes import MODES

MOST_BARS = 16
"""Tunes are compared over their first part and its pickup; longer ones are cut."""
SCALES = {name: {*mode.steps} for name, mode in MODES.items()}
SCALES["minor"].add(11)  # the raised seventh

Written = list[tuple[list[Bar], Melody]]
"""Generated tunes, each with the real one whose genre, metre, mode and size it was asked for."""


def rows(
    stepper: Stepper, training: Sequence[Melody], real: Sequence[Melody], seed: int = 0
) -> Iterator[Row]:
    """All rows on tunes that `stepper` writes in answer to the `real` ones."""
    written = _write(stepper, real, seed)
    yield from _genres(written, training)
    yield from _shape(written)
    yield from _copies(written, training)


def _write(stepper: Stepper, like: Sequence[Melody], seed: int) -> Written:
    """A tune for every real one of known genre."""
    written = []
    for number, melody in enumerate(like):
        if melody.genre == "any":
            continue
        pickup = melody.bars[0][0][0] == REST
        count = min(MOST_BARS, len(melody.bars) - pickup)
        condition = Condition.of(melody.genre, melody.metre, melody.mode)
        form = drawn(melody.genre, count, (seed, number), mode=melody.mode)
        form = replace(form, pickup=pickup)
        bars = list(tune(stepper, condition, count, Taste(), (seed, number), form=form))
        written.append((bars, melody))
    return written


def _real(written: Written) -> list[tuple[Sequence[Bar], Melody]]:
    return [(melody.bars[: len(bars)], melody) for bars, melody in written]


def _genres(written: Written, training: Sequence[Melody]) -> Iterator[Row]:
    judge = Judge(training)
    genres = [melody.genre for _, melody in written]
    real, ours = (
        judge.accuracy([(bars, melody.metre) for bars, melody in tunes], genres)
        for tunes in (_real(written), written)
    )
    note = f"{len(written)} tunes; a linear judge taught on the training tunes"
    yield Row("genre_of_real", real, "", None, note)
    yield Row("genre_of_written", ours, "", None, note)
    yield Row("genre_over_real", ours / real, "", at_least(0.85), note)


def _shape(written: Written) -> Iterator[Row]:
    full = [
        sum(ticks for _, ticks in bar) == BAR_TICKS[melody.metre]
        for bars, melody in written
        for bar in bars
    ]
    yield Row("full_bars_share", float(np.mean(full)), "", at_least(1.0), f"{len(full)} bars")
    yield Row("in_key_share", in_key(written), "", None, "notes of the scale, written tunes")
    yield Row("in_key_share_real", in_key(_real(written)), "", None, "the real tunes they answer")
    for name, tunes in (("", written), ("_real", _whole(written))):
        share = float(np.mean([closes(bars) for bars, _ in tunes]))
        how = "of whole tunes" if name else "as often as in the books"
        yield Row(f"closes_on_tonic_share{name}", share, "", None, f"on a weight or long; {how}")
        again = float(np.mean([_repeated(bars) for bars, _ in tunes]))
        yield Row(f"bars_heard_before_share{name}", again, "", None, "bars that came earlier")


def _whole(written: Written) -> list[tuple[Sequence[Bar], Melody]]:
    return [(melody.bars, melody) for _, melody in written]


def _repeated(bars: Sequence[Bar]) -> float:
    return sum(bar in bars[:i] for i, bar in enumerate(bars)) / len(bars)


def in_key(tunes: Iterable[tuple[Sequence[Sequence[Event]], Melody]]) -> float:
    """The share of notes that belong to the scale of their mode."""
    kept = [
        (pitch - FIRST_PITCH) % 12 in SCALES[melody.mode]
        for bars, melody in tunes
        for bar in bars
        for pitch, _ in bar
        if pitch not in (REST, HOLD)
    ]
    return float(np.mean(kept))


def _copies(written: Written, training: Sequence[Melody]) -> Iterator[Row]:
    ours = longest_runs([bars for bars, _ in written], training)
    real = longest_runs([bars for bars, _ in _real(written)], training)
    note = "longest run of notes shared with a training tune, pitch (from the tonic) and length"
    yield Row("copied_run_median", float(np.median(ours)), "notes", None, note)
    yield Row("copied_run_max", max(ours), "notes", None, note)
    yield Row("copied_run_median_real", float(np.median(real)), "notes", None, note)
    yield Row("copied_run_max_real", max(real), "notes", None, note)
    ratio = float(np.median(ours) / np.median(real))
    yield Row("copied_run_over_real", ratio, "", at_most(1.0), "medians")
