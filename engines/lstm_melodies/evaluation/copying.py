"""How long the longest run is that a melody shares with the training tunes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.grid import PITCHES, Event

_FACTOR = np.uint64(0x9E3779B97F4A7C15)

Codes = NDArray[np.uint64]


def longest_runs(
    melodies: Sequence[Sequence[Sequence[Event]]], training: Sequence[Melody]
) -> list[int]:
    """For each melody (bars of events) the longest run of events, pitches counted from the tonic
    and lengths included, that some training tune has too."""
    known, _ = _coded([melody.bars for melody in training])
    asked, owners = _coded(melodies)
    longest = np.zeros(len(melodies), np.int64)
    known_sums, asked_sums = known.copy(), asked.copy()
    for run in range(1, len(known) + 1):
        found = np.isin(asked_sums, known_sums)
        # A run that has left its own melody meets a stop that nothing else has.
        holders = np.unique(owners[: len(found)][found])
        if not len(holders):
            break
        longest[holders] = run
        known_sums = known_sums[:-1] * _FACTOR + known[run:]
        asked_sums = asked_sums[:-1] * _FACTOR + asked[run:]
    return [int(run) for run in longest]


def _coded(melodies: Sequence[Sequence[Sequence[Event]]]) -> tuple[Codes, NDArray[np.int64]]:
    """All events in a row as scattered numbers, a stop of its own after every melody."""
    codes, owners = [], []
    for number, bars in enumerate(melodies):
        for bar in bars:
            for pitch, ticks in bar:
                codes.append(1 + pitch + PITCHES * ticks)
                owners.append(number)
        # Stops differ between the melodies asked for and those known: by how many there are.
        codes.append(10**6 + len(melodies) * 10**6 + number)
        owners.append(number)
    row = np.array(codes, np.uint64)
    mixed = (row ^ (row >> np.uint64(7))) * _FACTOR
    return mixed ^ (mixed >> np.uint64(29)), np.array(owners)
