"""How tunes begin and end."""

from __future__ import annotations

from collections.abc import Sequence

from engines.lstm_melodies.grid import (
    BAR_TICKS,
    FIRST_PITCH,
    HIGHEST,
    HOLD,
    LENGTHS,
    LOWEST,
    REST,
    Event,
)
from engines.lstm_melodies.writing import Bar

EIGHTH, QUARTER, DOTTED = 12, 24, 36
"""Ticks."""
LAST_TICKS = {"4/4": 24, "2/4": 24, "3/4": 48, "6/8": 36, "9/8": 36}
"""How long the last note is that a tune is brought home with, by metre."""


def closes(bars: Sequence[Bar]) -> bool:
    """Whether the last bar comes to rest on the tonic: it is the last note, and it does not slip by
    between two eighths."""
    tick, at, held, last = 0, 0, 0, REST
    for pitch, ticks in _with_holds(bars):
        if pitch != REST and pitch == last:
            held += ticks
        elif pitch != REST:
            at, held, last = tick, ticks, pitch
        tick += ticks
    home = last != REST and (last - FIRST_PITCH) % 12 == 0
    return home and (at % QUARTER == 0 or at % DOTTED == 0 or held > EIGHTH)


def at_home(bars: Sequence[Bar]) -> bool:
    """Whether the last note of the last bar is the tonic, however short."""
    struck = [pitch for pitch, _ in _with_holds(bars) if pitch != REST]
    return bool(struck) and (struck[-1] - FIRST_PITCH) % 12 == 0


def _with_holds(bars: Sequence[Bar]) -> list[Event]:
    """The last bar's events, a note that is held into it under its own name."""
    first, *others = bars[-1]
    if first[0] == HOLD:
        struck = [pitch for bar in bars[:-1] for pitch, _ in bar if pitch != HOLD]
        first = (struck[-1] if struck else REST, first[1])
    return [first, *others]


def brought_home(bar: Bar, metre: str) -> Bar:
    """The bar up to its last weight, and from there the nearest tonic, held."""
    begin = BAR_TICKS[metre] - LAST_TICKS[metre]
    kept: list[Event] = []
    tick, before = 0, FIRST_PITCH
    for pitch, ticks in bar:
        if tick < begin:
            kept.append((pitch, min(ticks, begin - tick)))
            before = before if pitch in (REST, HOLD) else pitch
        tick += ticks
    if any(ticks not in LENGTHS for _, ticks in kept):
        kept, begin = [], 0
    octaves = round((before - FIRST_PITCH) / 12)
    home = FIRST_PITCH + 12 * min(max(octaves, LOWEST // 12 + 1), HIGHEST // 12)
    return (*kept, (home, BAR_TICKS[metre] - begin))


def leads_in(bar: Bar) -> bool:
    """Whether `bar` is a pickup: silent for half of it or more, and then not."""
    (pitch, ticks), *others = bar
    sounds = any(each not in (REST, HOLD) for each, _ in others)
    return pitch == REST and sounds and 2 * ticks >= sum(length for _, length in bar)


def led_in(bar: Bar) -> Bar:
    """The end of `bar` as a pickup: its last note of those after its middle."""
    full = sum(ticks for _, ticks in bar)
    pitch, ticks = bar[-1]
    if pitch in (REST, HOLD) or 2 * ticks > full or full - ticks not in LENGTHS:
        pitch, ticks = FIRST_PITCH, EIGHTH
    return ((REST, full - ticks), (pitch, ticks))
