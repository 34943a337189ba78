"""How melodies are written down: the words that the model reads and writes.

A melody is a row of events, each a pitch and a length in ticks (24 a quarter note). Events never
cross a bar line: a note that is tied over it goes on as a `HOLD` in the next bar. So every bar adds
up exactly, and what may come next is a table (`lengths_that_fit`).

Pitches are steps above the tonic, in any key. Metres in 2 are written at twice their lengths
(a reel in 2/4 with sixteenths is the same as one in 4/4 with eighths), likewise 3/8 as 3/4.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

TICKS = 24
"""Ticks a quarter note."""

GENRES = (
    "any", "reel", "jig", "slip jig", "hornpipe", "air", "march", "strathspey", "waltz", "chorale",
)  # fmt: skip
"""What a melody may be, in the order of the model's embedding; "any" for those that no book has
named. What is known of them is in `studio.music.genres`."""
MODES = ("major", "minor", "dorian", "mixolydian")
"""In the order of the model's embedding."""
METRES = ("4/4", "2/4", "3/4", "6/8", "9/8")
BAR_TICKS = {"4/4": 96, "2/4": 96, "3/4": 72, "6/8": 72, "9/8": 108}
"""How long a bar is as the model writes it."""
BEAT_TICKS = {"4/4": 24, "2/4": 24, "3/4": 24, "6/8": 36, "9/8": 36}
"""Where the weight falls, in the same ticks."""
STRETCH = {"2/4": 2}
"""How many times longer than written the model takes a metre's notes."""

LENGTHS = (3, 4, 6, 8, 9, 12, 16, 18, 21, 24, 30, 32, 36, 42, 48, 54, 60, 66, 72, 84, 90, 96, 108)
"""Lengths in ticks that an event may have."""

LOWEST, HIGHEST = -14, 26
"""The pitches that an event may have, in semitones above the tonic."""
REST, HOLD = 0, 1
"""The first two pitch words: silence, and a note that goes on over the bar line."""
FIRST_PITCH = 2 - LOWEST
"""The word of the tonic itself."""
PITCHES = 2 + HIGHEST - LOWEST + 1
"""How many pitch words there are."""
Event = tuple[int, int]
"""A pitch word and a length in ticks."""


def word(semitones: int) -> int:
    """The pitch word for so many semitones above the tonic; raises ValueError out of range."""
    if not LOWEST <= semitones <= HIGHEST:
        raise ValueError(f"{semitones} semitones from the tonic is out of range.")
    return FIRST_PITCH + semitones


def semitones(pitch_word: int) -> int:
    """Semitones above the tonic of a pitch word that is neither `REST` nor `HOLD`."""
    return pitch_word - FIRST_PITCH


@functools.cache
def lengths_that_fit(bar_ticks: int) -> NDArray[np.bool_]:
    """(bar_ticks, len(LENGTHS)): whether an event of that length may begin at that tick.

    It may if it ends within the bar, and if what is left can be filled to the bar line. A triplet
    that has begun can only be finished: ticks that are no multiple of 3 are left by multiples of 4.
    """
    filled = np.zeros(bar_ticks + 1, bool)
    filled[bar_ticks] = True
    fits = np.zeros((bar_ticks, len(LENGTHS)), bool)
    for tick in range(bar_ticks - 1, -1, -1):
        for index, ticks in enumerate(LENGTHS):
            ends = tick + ticks
            if ends > bar_ticks or not filled[ends]:
                continue
            fits[tick, index] = True
        filled[tick] = fits[tick].any()
    return fits
