"""Any time signature, written in one that the model has learnt."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from engines.lstm_melodies.grid import BAR_TICKS
from studio.music.metres import Metre
from studio.music.pulses import compound

_BY_BEATS = {2: "2/4", 3: "3/4", 4: "4/4", 6: "6/8", 9: "9/8"}
"""The learnt metre with as many beats; whether they are halves, quarters or eighths is its notes'
lengths only."""
_MOST_TIMES = 8
_PRICE = 0.3
"""Beats that a bar line in the wrong place counts as."""


@dataclass(frozen=True, slots=True)
class WrittenMetre:
    """How a bar of some metre is written."""

    name: str
    """The learnt metre, one of `METRES`."""
    times: int
    """How many of its bars make one bar."""
    beats_a_tick: float
    beats: float
    """How much of the bar they fill: less than all of it where it does not go into the metre, and
    more where they are cut short."""
    remark: str
    """A sentence where it is not the metre that was asked for, else empty."""


@functools.cache
def written(metre: Metre) -> WrittenMetre:
    """How `metre` is written. Metres of as many beats are one, and 2/2 is 4/4; 12/8 is two bars of
    6/8; for those that have no such relation the nearest in length is taken, and the bar filled or
    cut."""
    bar = metre.bar_beats
    name = "4/4" if (metre.beats, metre.unit) == (2, 2) else _BY_BEATS.get(metre.beats)
    if name:
        return WrittenMetre(name, 1, bar / BAR_TICKS[name], bar, "")
    name, times = _nearest(bar, threes=compound(metre))
    beats = times * Metre.parse(name).bar_beats
    how = f"{times} bars of {name}" if times > 1 else f"a bar of {name}"
    if abs(beats - bar) > 1e-6:
        how += " with its end held" if beats < bar else " cut short"
    remark = f"The model has not learnt {metre.beats}/{metre.unit}; it writes {how}."
    return WrittenMetre(name, times, Metre.parse(name).bar_beats / BAR_TICKS[name], beats, remark)


def _nearest(bar: float, *, threes: bool) -> tuple[str, int]:
    names = ("6/8", "9/8") if threes else ("4/4", "3/4")
    options = [(name, times) for name in names for times in range(1, _MOST_TIMES + 1)]

    def strangeness(option: tuple[str, int]) -> float:
        return abs(Metre.parse(option[0]).bar_beats * option[1] - bar) + _PRICE * (option[1] - 1)

    return min(options, key=strangeness)
