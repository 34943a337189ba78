"""From melodies to tensors: whole tunes to go on from, short phrases to take apart and rebuild."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engines.common import ranks
from engines.lstm_melodies.cells import Example, cell_count
from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.features import (
    BLANK_LENGTH,
    BLANK_PITCH,
    CELL_BARS,
    SLOTS,
    START_PITCH,
    Condition,
    rows_of,
)
from engines.lstm_melodies.grid import FIRST_PITCH, PITCHES, Event
from engines.lstm_melodies.model import CELL_SLOTS, Batch

LONGEST_BARS = 32
"""Longer tunes are cut, somewhere else each time."""


def item_of(melody: Melody) -> Example:
    """A whole melody."""
    condition = Condition.of(melody.genre, melody.metre, melody.mode)
    return Example(rows_of(melody.bars, melody.metre, melody.ends), condition)


def phrase_of(melody: Melody, first: int, bars: int, *, knows_end: bool = False) -> Example:
    """`bars` bars of a melody as if nothing had been before; near its end there may be fewer."""
    taken = melody.bars[first : first + bars]
    ends = melody.ends[first : first + bars] if knows_end else None
    condition = Condition.of(melody.genre, melody.metre, melody.mode)
    return Example(rows_of(taken, melody.metre, ends), condition)


def batch_of(items: Sequence[Example], *, planned: bool) -> Batch:
    """Items side by side. If `planned`, each bar reads its own cell's rows of the plan table, in
    the order of `cells_of`; otherwise all read row 0."""
    rows, counts = [item.rows for item in items], [len(item.rows) for item in items]

    def pad(arrays: Sequence[NDArray[np.int64]]) -> Tensor:
        filled = np.zeros((max(counts), len(items), *arrays[0].shape[1:]), np.int64)
        for column, array in enumerate(arrays):
            filled[: len(array), column] = array
        return torch.from_numpy(filled)

    cells = [np.zeros_like(r.bar) for r in rows]
    if planned:
        cell = 0
        for i, r in enumerate(rows):
            within = r.bar % CELL_BARS * SLOTS + r.slot
            cells[i] = 1 + (cell + r.bar // CELL_BARS) * CELL_SLOTS + within
            cell += cell_count(r)
    steps = np.arange(max(counts))[:, None]
    names = (
        "pitch", "length", "pitch_before", "length_before", "place", "bar", "countdown",
        "back_pitch", "back_length", "repeated", "slot",
    )  # fmt: skip
    return Batch(
        **{name: pad([getattr(r, name) for r in rows]) for name in names},
        cell=pad(cells),
        real=torch.from_numpy(steps < np.array(counts)),
        genre=torch.tensor([item.condition.genre for item in items]),
        metre=torch.tensor([item.condition.metre for item in items]),
        mode=torch.tensor([item.condition.mode for item in items]),
    )


class TuneBatches:
    """Training melodies, drawn at random; every choice comes from one torch generator."""

    def __init__(self, melodies: Sequence[Melody]) -> None:
        self.melodies = list(melodies)
        self.items = [item_of(melody) for melody in self.melodies]
        self.sizes = np.array([min(len(i.rows), 7 * LONGEST_BARS) for i in self.items])

    def tunes(self, rng: np.random.Generator, count: int) -> Batch:
        """`count` tunes of about one length for this process, to be foretold note by note.

        Now and then the genre is not told, and half of the time not when the part ends.
        """
        order = np.argsort(self.sizes * rng.uniform(0.85, 1.15, len(self.sizes)))
        first = int(rng.integers(len(order)))
        chosen = order[np.arange(first, first + ranks.world() * count) % len(order)]
        items = [self._told(self._cut(self.items[i], rng), rng) for i in chosen]
        return batch_of(items[ranks.own(count)], planned=False)

    def phrases(self, rng: np.random.Generator, count: int, bars: int) -> list[Example]:
        """`count` phrases from anywhere, some of them transposed or with notes changed."""
        found = []
        for i in rng.integers(len(self.melodies), size=count):
            melody = self.melodies[i]
            first = int(rng.integers(max(1, len(melody.bars) - bars + 1)))
            kind = rng.random()
            if kind < 0.2:
                taken = _transposed(melody.bars[first : first + bars], int(rng.integers(-6, 7)))
                melody, first = replace(melody, bars=taken, ends=melody.ends[first:]), 0
            elif kind < 0.4:
                taken = _changed(melody.bars[first : first + bars], rng)
                melody, first = replace(melody, bars=taken, ends=melody.ends[first:]), 0
            phrase = phrase_of(melody, first, bars, knows_end=True)
            found.append(self._told(phrase, rng))
        return found

    def _cut(self, item: Example, rng: np.random.Generator) -> Example:
        rows = item.rows
        bars = int(rows.bar[-1]) + 1
        if bars <= LONGEST_BARS:
            return item
        start = int(rng.integers(bars - LONGEST_BARS + 1)) if rng.random() < 0.5 else 0
        first, last = np.searchsorted(rows.bar, [start, start + LONGEST_BARS])
        return replace(item, rows=rows.part(int(first), int(last)))

    def _told(self, item: Example, rng: np.random.Generator) -> Example:
        rows, condition = item.rows, item.condition
        if rng.random() < 0.5:
            rows = replace(rows, countdown=np.zeros_like(rows.countdown))
        if rng.random() < 0.15:
            condition = replace(condition, genre=0)
        return Example(rows, condition)


Bars = tuple[tuple[Event, ...], ...]


def _transposed(bars: Bars, steps: int) -> Bars:
    words = [pitch for bar in bars for pitch, _ in bar if pitch >= FIRST_FREE]
    if not words or min(words) + steps < FIRST_FREE or max(words) + steps >= PITCHES:
        return bars
    return tuple(
        tuple((pitch + steps if pitch >= FIRST_FREE else pitch, ticks) for pitch, ticks in bar)
        for bar in bars
    )


FIRST_FREE = 2
"""The lowest pitch word that is a pitch."""
_SCALE = np.array([0, 2, 4, 5, 7, 9, 11])


def _changed(bars: Bars, rng: np.random.Generator) -> Bars:
    """About one note in six moved to a neighbour in the scale."""

    def moved(pitch: int) -> int:
        if pitch < FIRST_FREE or rng.random() > 1 / 6:
            return pitch
        octave, step = divmod(pitch - FIRST_PITCH, 12)
        degree = int(np.searchsorted(_SCALE, step)) + int(rng.integers(-3, 4))
        word = FIRST_PITCH + 12 * (octave + degree // 7) + int(_SCALE[degree % 7])
        return word if FIRST_FREE <= word < PITCHES else pitch

    return tuple(tuple((moved(pitch), ticks) for pitch, ticks in bar) for bar in bars)


def blanked(batch: Batch, share: float, rng: np.random.Generator, longest: int) -> Batch:
    """The batch with the event before hidden at `share` of the places, and with nothing looked up
    in as many rows, so that the plan has to be read. The chances are those of this process among
    all, whose longest row has `longest` events."""
    steps, count = batch.pitch_before.shape
    own, of_all = ranks.own(count), ranks.world() * count
    chances = rng.random((longest, of_all))[:steps, own]
    hidden = torch.from_numpy(chances < share) & (batch.pitch_before != START_PITCH)
    seen = torch.from_numpy((rng.random(of_all)[own] > share).astype(np.int64))[:, None]
    return replace(
        batch,
        pitch_before=batch.pitch_before.masked_fill(hidden, BLANK_PITCH),
        length_before=batch.length_before.masked_fill(hidden, BLANK_LENGTH),
        back_pitch=batch.back_pitch * seen,
        back_length=batch.back_length * seen,
        repeated=batch.repeated * seen,
    )
