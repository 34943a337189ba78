"""Which melodies are versions of one tune, in whatever book, key, or notation.

Two melodies are of one family if they share enough rare turns (runs of notes, as intervals), or if
eight bars of one sound like eight bars of the other: the same step of the scale at most places.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.grid import BAR_TICKS, FIRST_PITCH, HOLD, REST

TURN = 8
SHARED = 0.3
"""The share of the shorter melody's turns, weighed by rarity, from which two are one tune."""
WINDOW = 8
ALIKE = 0.65
"""The share of eighths in eight bars at which two versions have the same pitch class. Unrelated
tunes in a mode share about a fifth."""


def families(melodies: Sequence[Melody]) -> list[int]:
    """A family number for every melody. Melodies of one number in one book belong together."""
    parents = list(range(len(melodies)))
    seen: dict[tuple[str, str], int] = {}
    for i, melody in enumerate(melodies):
        _join(parents, i, seen.setdefault((melody.book, melody.number), i))
    for first, second in _by_turns(melodies):
        _join(parents, first, second)
    for first, second in _by_sound(melodies):
        _join(parents, first, second)
    roots = [_root(parents, i) for i in range(len(melodies))]
    names = {root: number for number, root in enumerate(dict.fromkeys(roots))}
    return [names[root] for root in roots]


def _by_turns(melodies: Sequence[Melody]) -> Iterator[tuple[int, int]]:
    turns = [turns_of(melody) for melody in melodies]
    spread = Counter(turn for each in turns for turn in each)
    weight = {turn: math.log(len(melodies) / count) for turn, count in spread.items()}
    total = [sum(weight[turn] for turn in each) for each in turns]
    holders: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for i, each in enumerate(turns):
        shared: defaultdict[int, float] = defaultdict(float)
        for turn in each:
            for other in holders[turn]:
                shared[other] += weight[turn]
            holders[turn].append(i)
        for other, common in shared.items():
            if common >= SHARED * min(total[i], total[other]):
                yield i, other


def turns_of(melody: Melody) -> set[tuple[int, ...]]:
    """The melody's runs of `TURN` intervals, without regard to lengths and rests."""
    pitches = [p for bar in melody.bars for p, _ in bar if p not in (REST, HOLD)]
    steps = [b - a for a, b in pairwise(pitches)]
    return {tuple(steps[i : i + TURN]) for i in range(len(steps) - TURN + 1)}


def _by_sound(melodies: Sequence[Melody]) -> Iterator[tuple[int, int]]:
    """Pairs with eight bars alike, among melodies whose bars are equally long."""
    for ticks in sorted(set(BAR_TICKS.values())):
        owners, rows = [], []
        for i, melody in enumerate(melodies):
            if BAR_TICKS[melody.metre] != ticks:
                continue
            for window in _windows(melody, ticks):
                owners.append(i)
                rows.append(window)
        if not rows:
            continue
        heard = np.stack(rows).astype(np.float32)
        places = heard.shape[1] // 12
        for start in range(0, len(heard), 512):
            alike = heard[start : start + 512] @ heard.T / places
            for a, b in zip(*np.nonzero(alike >= ALIKE), strict=True):
                if owners[start + a] < owners[b]:
                    yield owners[start + a], owners[b]


def _windows(melody: Melody, ticks: int) -> Iterator[NDArray[np.bool_]]:
    """The first eight bars of every part: (places * 12,), the pitch class at every eighth."""
    bars = melody.bars
    starts = {0, 1} | {i + 1 for i, end in enumerate(melody.ends) if end}
    for start in sorted(starts):
        if start + WINDOW > len(bars):
            continue
        classes = np.concatenate([_sounding(bar, ticks) for bar in bars[start : start + WINDOW]])
        found = np.zeros((len(classes), 12), bool)
        places = np.nonzero(classes >= 0)[0]
        found[places, classes[places]] = True
        yield found.reshape(-1)


def _sounding(bar: tuple[tuple[int, int], ...], ticks: int) -> NDArray[np.int64]:
    """The pitch class at every eighth of a bar, -1 for silence or a note held from before."""
    row = np.full(ticks, -1)
    at = 0
    for pitch, length in bar:
        if pitch not in (REST, HOLD):
            row[at : at + length] = (pitch - FIRST_PITCH) % 12
        at += length
    return row[::12]


def _root(parents: list[int], i: int) -> int:
    while parents[i] != i:
        parents[i] = parents[parents[i]]
        i = parents[i]
    return i


def _join(parents: list[int], first: int, second: int) -> None:
    first, second = sorted((_root(parents, first), _root(parents, second)))
    parents[second] = first
