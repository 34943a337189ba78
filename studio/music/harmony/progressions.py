"""Which chord likes to follow which, and where changes and cadences belong.

The figures are in nats and the instrument's own: they say in numbers what harmony primers say in
words (roots fall by fifths, IV prepares V, a dominant does not go back to where it came from, a
modal tune falls from its seventh degree to the tonic, parts end at home).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from studio.music.chords import Degree, Style, degrees
from studio.music.genres import genre_named
from studio.music.metres import Metre
from studio.music.pulses import compound, groups, halves

Scores = NDArray[np.float64]

_STEPS = {
    # (from, to), in semitones above the tonic: how glad the step is
    (7, 0): 0.5,
    (5, 7): 0.3,
    (5, 0): 0.25,
    (2, 7): 0.5,
    (9, 2): 0.3,
    (9, 5): 0.3,
    (4, 9): 0.5,
    (4, 5): 0.2,
    (10, 0): 0.4,
    (10, 5): 0.1,
    (3, 10): 0.3,
    (8, 10): 0.4,
    (8, 3): 0.2,
    (8, 7): 0.2,
    (0, 7): 0.1,
    (0, 5): 0.1,
    (7, 9): 0.1,
    (7, 5): -0.7,
    (7, 2): -0.7,
    (2, 0): -0.4,
    (2, 4): -0.5,
    (4, 0): -0.4,
    (4, 7): -0.3,
    (9, 0): -0.3,
    (10, 7): -0.3,
    (7, 10): -0.2,
}
_STRICT = {
    (7, 5): -2.0,
    (7, 2): -1.5,
    (2, 0): -1.0,
    (7, 0): 0.5,
    (2, 7): 0.7,
    (0, 7): 0.0,
    (7, 3): -1.0,
}
"""What chorales take more seriously."""
_SLOW_BPM, _SLOW_HASTE = 100, 0.6


@lru_cache(16)
def steps(mode: str, style: Style) -> Scores:
    """(from, to): how glad the step from one of `degrees` to another is; 0 for staying."""
    table = {**_STEPS, **_STRICT} if style == "chorale" else _STEPS
    found = degrees(mode, style)
    rows = [[_step(a, b, table) for b in found] for a in found]
    return np.array(rows)


def _step(before: Degree, after: Degree, table: dict[tuple[int, int], float]) -> float:
    if before.above == after.above:
        return 0.0 if before.quality == after.quality else _grown(before, after)
    glad = table.get((before.above, after.above), 0.0)
    applied = {"V/V": 7, "V/vi": 9}.get(before.numeral)
    if applied is not None:  # a borrowed dominant wants the chord that it was borrowed for
        return 1.2 if after.above == applied else -2.0
    return glad - (1.5 if before.quality == "7" and after.above not in (0, 8, 9) else 0.0)


def _grown(before: Degree, after: Degree) -> float:
    """From a chord to another on the same root: a seventh is added gladly, never taken away."""
    if after.quality == "7" or (before.quality, after.quality) == ("m", ""):
        return 0.2
    return -1.0


def change_costs(metre: Metre, genre: str) -> tuple[float, ...]:
    """What a change of chord costs at each stretch of a bar (see `slots`), the bar line first.

    Where the beat is slow there is time for more chords.
    """
    style = style_of(genre)
    if style == "chorale":
        inner = range(1, len(slots(metre, style)))
        return (0.0, *(0.35 if number % 2 else 0.1 for number in inner))
    haste = _SLOW_HASTE if genre_named(genre).tempo < _SLOW_BPM else 1.0
    inside = 2.5 if metre.beats == 3 and not compound(metre) else 1.5
    return (0.3 * haste, *(inside * haste for _ in halves(metre)[1:]))


def style_of(genre: str) -> Style:
    """How a genre is harmonised."""
    return "chorale" if genre == "chorale" else "folk"


@lru_cache(64)
def slots(metre: Metre, style: Style) -> tuple[float, ...]:
    """The lengths of the stretches of a bar that have one chord each: half bars as a rule, every
    beat in a chorale."""
    if style == "chorale":
        return groups(metre)
    return halves(metre)


@lru_cache(16)
def home(mode: str, style: Style) -> Scores:
    """1 for the tonic's chord among `degrees`, else 0."""
    return np.array([float(degree.above == 0) for degree in degrees(mode, style)])


@lru_cache(16)
def leading(mode: str, style: Style) -> Scores:
    """How well each of `degrees` leads home: the dominant 1, in modal tunes the seventh 0.9."""
    found = degrees(mode, style)
    return np.array([_leads(degree, mode, style) for degree in found])


def _leads(degree: Degree, mode: str, style: Style) -> float:
    if degree.above == 7:
        major = degree.quality in ("", "7")
        return 1.0 if major and (mode != "mixolydian" or style == "chorale") else 0.5
    if degree.above == 10:
        return 0.9
    return 0.3 if degree.above == 5 else 0.0
