"""What has been played so far, kept so that the next event's features are at hand.

The same figures as `features.rows_of` gives for a whole melody, one event at a time.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence

import numpy as np

from engines.lstm_melodies.features import (
    BACK,
    BARS_COUNTED,
    FAR,
    MOST_REPEATED,
    NOTHING,
    START_LENGTH,
    START_PITCH,
    place_of,
    slot_of,
)
from engines.lstm_melodies.grid import BAR_TICKS, HOLD, LENGTHS, REST, Event

_LENGTH_WORD = {ticks: word for word, ticks in enumerate(LENGTHS)}


class Past:
    """A melody in the making, in one metre. Keeps as many bars as the model looks back."""

    def __init__(self, metre: str) -> None:
        self.metre = metre
        self.bar_ticks = BAR_TICKS[metre]
        self.bars = 0
        """How many bars are complete."""
        self.tick = 0
        """Where in the bar the next event begins."""
        self.sounding = REST
        """The pitch word that was heard last, holds resolved."""
        self._pitch_before, self._length_before = START_PITCH, START_LENGTH
        self._repeated = [0] * len(BACK)
        depth = max(BACK) + 1
        self._pitches = np.zeros((depth, self.bar_ticks), np.int64)
        self._lengths = np.zeros((depth, self.bar_ticks), np.int64)

    @property
    def place(self) -> int:
        return place_of(self.metre, self.tick)

    @property
    def slot(self) -> int:
        return slot_of(self.metre, self.tick)

    def looked_up(self, *, alone: bool = False) -> tuple[list[int], list[int]]:
        """By `BACK`: the pitch words that sounded here, the length words that began here, from 1;
        `NOTHING` where the melody is too young, and everywhere if it is to be `alone`."""
        pitches, lengths = [NOTHING] * len(BACK), [NOTHING] * len(BACK)
        for i, back in enumerate(BACK):
            if self.bars >= back and not alone:
                row = (self.bars - back) % len(self._pitches)
                pitches[i] = int(self._pitches[row, self.tick])
                lengths[i] = int(self._lengths[row, self.tick])
        return pitches, lengths

    def words(self, bars_left: int = 0, *, alone: bool = False) -> tuple[int, ...]:
        """The next event's feature words in the order of `Words.forward`, the conditions left out.

        `bars_left` are the bars to the part's end, this one included; 0 where that is open.
        `alone` as for `looked_up`.
        """
        pitches, lengths = self.looked_up(alone=alone)
        repeated = [0] * len(BACK) if alone else self._repeated
        back = [word for row in zip(pitches, lengths, repeated, strict=True) for word in row]
        return (
            self._pitch_before,
            self._length_before,
            self.place,
            self.bars % BARS_COUNTED,
            min(bars_left, FAR),
            *back,
        )

    def copy(self) -> Past:
        """Another one with the same past, to try something on."""
        twin = copy.copy(self)
        twin._repeated = list(self._repeated)
        twin._pitches, twin._lengths = self._pitches.copy(), self._lengths.copy()
        return twin

    def add(self, pitch: int, length: int) -> bool:
        """Play an event, given as words. True if it closes the bar.

        Raises ValueError for one that crosses the bar line.
        """
        ticks = LENGTHS[length]
        if self.tick + ticks > self.bar_ticks:
            raise ValueError("An event may not cross the bar line.")
        then = self.looked_up()
        row = self.bars % len(self._pitches)
        if self.tick == 0:
            self._lengths[row] = 0
        self.sounding = self.sounding if pitch == HOLD else pitch
        self._pitches[row, self.tick : self.tick + ticks] = 1 + self.sounding
        self._lengths[row, self.tick] = 1 + length
        for i in range(len(BACK)):
            same = then[0][i] == 1 + pitch and then[1][i] == 1 + length
            self._repeated[i] = min(self._repeated[i] + 1, MOST_REPEATED) if same else 0
        self._pitch_before, self._length_before = pitch, length
        self.tick += ticks
        closed = self.tick == self.bar_ticks
        if closed:
            self.bars, self.tick = self.bars + 1, 0
        return closed

    def play(self, bars: Iterable[Sequence[Event]]) -> None:
        """Play whole bars of events (pitch word, ticks)."""
        for bar in bars:
            for pitch, ticks in bar:
                self.add(pitch, _LENGTH_WORD[ticks])
