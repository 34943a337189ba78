"""Notes as a hand plays them, moved onto the grid: one at a time, each on a 16th or a third."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engines.lstm_melodies.grid import BEAT_TICKS, TICKS

GAP_TICKS = 12
"""Silences no longer than this are taken as the way of playing, not as rests."""
Placed = tuple[int, int, int]
"""Beginning and length in ticks, MIDI number."""


@dataclass(frozen=True, slots=True)
class PlayedNote:
    """A note in ticks that need not be whole."""

    start: float
    length: float
    pitch: int


def top_line(notes: Sequence[PlayedNote], notices: list[str]) -> list[PlayedNote]:
    """The notes that are highest when they begin."""
    line: list[PlayedNote] = []
    covered = False
    for note in notes:
        before = line[-1] if line else None
        if before and note.start < before.start + 0.9 * before.length and note.pitch < before.pitch:
            covered = True
            continue
        line.append(note)
    if covered:
        notices.append("Several notes sounded at once; the top line was taken.")
    return line


def placed(line: Sequence[PlayedNote], metre: str) -> list[Placed]:
    """Notes moved onto the grid, one after the other, the later of two on one place."""
    snapped = _snapped(np.array([note.start for note in line]), metre)
    found: list[Placed] = []
    for at, note in zip(snapped, line, strict=True):
        if found and found[-1][0] == at:
            found.pop()
        unit = 6 if at % 6 == 0 else 8  # what begins within a triplet lasts for thirds
        found.append((int(at), max(unit, round(note.length / unit) * unit), note.pitch))
    return [
        (at, _until(at, ticks, found[i + 1][0] if i + 1 < len(found) else None), pitch)
        for i, (at, ticks, pitch) in enumerate(found)
    ]


def _until(at: int, ticks: int, following: int | None) -> int:
    """How long a note lasts that was held for `ticks`: up to the next one, or to a rest."""
    if following is None or at + ticks + GAP_TICKS < following:
        return ticks
    return following - at


def _snapped(starts: NDArray[np.float64], metre: str) -> NDArray[np.int64]:
    """Ticks on the grid: sixteenths, or triplets in the beats that they fit clearly better."""
    sixteenths = np.rint(starts / 6) * 6
    if BEAT_TICKS[metre] != TICKS:
        return sixteenths.astype(np.int64)
    thirds = np.rint(starts / 8) * 8
    beats = np.floor((starts + 2) / TICKS)
    snapped = sixteenths.copy()
    for beat in np.unique(beats):
        own = beats == beat
        errors = [np.square(grid[own] - starts[own]).sum() for grid in (sixteenths, thirds)]
        if own.sum() > 1 and 2 * errors[1] < errors[0]:
            snapped[own] = thirds[own]
    return snapped.astype(np.int64)
