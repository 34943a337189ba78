"""What the model is told before every event: the past as numbers.

Besides the event before, an event's place in the bar and the bar's number, it is told what the
melody did at this very place one, two, four and eight bars ago, and for how many notes it has been
repeating that (after the "lookback" inputs of Waite's Magenta models, 2016). Tunes repeat their
bars; a small network that has seen half a million notes would not learn to look them up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from engines.lstm_melodies.grid import (
    BAR_TICKS,
    GENRES,
    HOLD,
    LENGTHS,
    METRES,
    MODES,
    PITCHES,
    REST,
    Event,
)

Ints = NDArray[np.int64]

BACK = (1, 2, 4, 8)
"""How many bars the model looks back."""
NOTHING = 0
"""A looked-up pitch or length (both counted from 1) where the past does not reach."""
START_PITCH, BLANK_PITCH = PITCHES, PITCHES + 1
START_LENGTH, BLANK_LENGTH = len(LENGTHS), len(LENGTHS) + 1
"""Words for the event before the first, and for one that is hidden in training."""
BARS_COUNTED = 16
FAR = 9
"""The countdown's word for more bars to the part's end than it counts; 0 is for unknown."""
MOST_REPEATED = 7
CELL_BARS = 2
"""The bars that one latent point holds."""
SLOTS = 6
"""Slots of the plan for a bar."""
_SLOTS = {
    "4/4": ((0, 0), (24, 1), (48, 3), (72, 4)),
    "2/4": ((0, 0), (24, 1), (48, 3), (72, 4)),
    "6/8": ((0, 0), (24, 1), (36, 3), (60, 4)),
    "3/4": ((0, 0), (24, 2), (48, 4)),
    "9/8": ((0, 0), (24, 1), (36, 2), (60, 3), (72, 4), (96, 5)),
}
"""From which tick of a bar on which slot of the plan is read."""

_LENGTH_WORD = {ticks: word for word, ticks in enumerate(LENGTHS)}
_FIRST_PLACE = {96: 0, 72: 96, 108: 168}
PLACES = 276
"""Ticks of the three kinds of bar, one after the other."""


def place_of(metre: str, tick: int) -> int:
    """The word for a tick of a bar in `metre`."""
    return _FIRST_PLACE[BAR_TICKS[metre]] + tick


def slot_of(metre: str, tick: int) -> int:
    """The plan's slot that an event beginning at `tick` reads, 0..5."""
    return [slot for start, slot in _SLOTS[metre] if start <= tick][-1]


@dataclass(frozen=True, slots=True)
class Rows:
    """The events of a melody and what is known before each: arrays of N, or (N, 4) by `BACK`."""

    pitch: Ints
    """Pitch words: what is to be foretold."""
    length: Ints
    """Length words likewise."""
    pitch_before: Ints
    length_before: Ints
    place: Ints
    bar: Ints
    """Numbers of bars since the beginning."""
    countdown: Ints
    """Bars to the part's end, this one included: 1..8, `FAR`; 0 where it is not known."""
    back_pitch: Ints
    """(N, 4): 1 + the pitch word that sounded here so many bars ago, or `NOTHING`."""
    back_length: Ints
    """(N, 4): 1 + the length word of the event that began here then, or `NOTHING`."""
    repeated: Ints
    """(N, 4): for how many events the melody has been doing as then, at most 7."""
    slot: Ints
    """Which of the bar's plan slots is read."""

    def __len__(self) -> int:
        return len(self.pitch)

    def part(self, first: int, last: int) -> Rows:
        """The events `first` to `last` (excluded), as if nothing had been before."""
        cut = {f.name: getattr(self, f.name)[first:last].copy() for f in fields(self)}
        cut["pitch_before"][:1], cut["length_before"][:1] = START_PITCH, START_LENGTH
        cut["bar"] -= cut["bar"][:1]
        for column, bars in enumerate(BACK):
            gone = cut["bar"] < bars
            for name in ("back_pitch", "back_length", "repeated"):
                cut[name][gone, column] = NOTHING
            since = np.arange(last - first) - int(gone.sum())
            cut["repeated"][:, column] = np.minimum(cut["repeated"][:, column], since.clip(0))
        return Rows(**cut)


@dataclass(frozen=True, slots=True)
class Condition:
    """What a melody is to be, as words."""

    genre: int
    metre: int
    mode: int

    @classmethod
    def of(cls, genre: str, metre: str, mode: str) -> Condition:
        return cls(GENRES.index(genre), METRES.index(metre), MODES.index(mode))


def rows_of(
    bars: Sequence[Sequence[Event]], metre: str, ends: Sequence[bool] | None = None
) -> Rows:
    """The rows of a melody from its beginning. `ends` says with which bars parts end."""
    pitches = [pitch for bar in bars for pitch, _ in bar]
    lengths = [_LENGTH_WORD[ticks] for bar in bars for _, ticks in bar]
    numbers = [i for i, bar in enumerate(bars) for _ in bar]
    ticks = [tick for bar in bars for tick in _starts(bar)]
    countdown = _countdown(len(bars), ends)
    back_pitch, back_length = _looked_up(bars, metre)
    return Rows(
        pitch=np.array(pitches, np.int64),
        length=np.array(lengths, np.int64),
        pitch_before=np.array([START_PITCH, *pitches[:-1]], np.int64),
        length_before=np.array([START_LENGTH, *lengths[:-1]], np.int64),
        place=np.array([place_of(metre, tick) for tick in ticks], np.int64),
        bar=np.array(numbers, np.int64),
        countdown=np.array([countdown[i] for i in numbers], np.int64),
        back_pitch=back_pitch,
        back_length=back_length,
        repeated=_repeats(np.array(pitches), np.array(lengths), back_pitch, back_length),
        slot=np.array([slot_of(metre, tick) for tick in ticks], np.int64),
    )


def _starts(bar: Sequence[Event]) -> list[int]:
    ends = np.cumsum([ticks for _, ticks in bar])
    return [0, *(int(end) for end in ends[:-1])]


def _countdown(count: int, ends: Sequence[bool] | None) -> list[int]:
    if ends is None or not any(ends):
        return [0] * count
    words, left = [], 0
    for bar in range(count - 1, -1, -1):
        left = 1 if ends[bar] else left + 1 if left else 0
        words.append(min(left, FAR))
    return words[::-1]


def sounding(bars: Sequence[Sequence[Event]], bar_ticks: int) -> tuple[Ints, Ints]:
    """By bar and tick, (bars, bar_ticks): 1 + the pitch word that sounds, holds resolved, and
    1 + the length word of the event that begins there, or `NOTHING`."""
    pitch = np.zeros((len(bars), bar_ticks), np.int64)
    length = np.zeros((len(bars), bar_ticks), np.int64)
    before = REST
    for number, bar in enumerate(bars):
        at = 0
        for word, ticks in bar:
            before = before if word == HOLD else word
            pitch[number, at : at + ticks] = 1 + before
            length[number, at] = 1 + _LENGTH_WORD[ticks]
            at += ticks
    return pitch, length


def _looked_up(bars: Sequence[Sequence[Event]], metre: str) -> tuple[Ints, Ints]:
    pitch, length = sounding(bars, BAR_TICKS[metre])
    number = np.array([i for i, bar in enumerate(bars) for _ in bar])
    tick = np.array([tick for bar in bars for tick in _starts(bar)])
    columns = []
    for back in BACK:
        there = number >= back
        then = np.where(there, number - back, 0)
        columns.append((pitch[then, tick] * there, length[then, tick] * there))
    return (
        np.stack([c[0] for c in columns], 1).astype(np.int64),
        np.stack([c[1] for c in columns], 1).astype(np.int64),
    )


def _repeats(pitch: Ints, length: Ints, back_pitch: Ints, back_length: Ints) -> Ints:
    """How many events before each one did as the melody did then."""
    same = (back_pitch == 1 + pitch[:, None]) & (back_length == 1 + length[:, None])
    repeated = np.zeros_like(back_pitch)
    for i in range(1, len(pitch)):
        repeated[i] = np.where(same[i - 1], np.minimum(repeated[i - 1] + 1, MOST_REPEATED), 0)
    return repeated
