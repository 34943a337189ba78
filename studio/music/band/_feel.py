"""How a bar is played: swing, lilt, accents, and hands that are no machines.

Everything follows from the seed, the bar's number and the part's name, so a bar is played alike
each time. Moments are moved, not notes: what ends where another begins still does, and a bar is as
long as before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from random import Random

from studio.document.score import HUMANISE, LEVELS, SWING
from studio.music.band.players import BandSetting
from studio.music.genres import genre_named
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Phrase
from studio.music.pulses import compound, groups, starts, weight

_EDGE = 1e-6
_SHORTEST = 1 / 48
_DOTTED = 0.25
"""How far a full swing delays the second of a pair, in pairs: 0.5 becomes 0.75."""
_SWINGS = 0.4
"""From this amount on, dotted pairs are played like swung ones."""
_LILT = (0.13, 0.03)
"""How far a full lilt delays the second and the third of a group of three, in groups."""
_STRAY_BEATS = 0.02
_STRAY_VELOCITY = 8.0
_TIGHTNESS = {"lead": 1.0, "chords": 0.8, "bass": 0.7, "drums": 0.5}
"""How much each part strays, beside the lead."""
_ACCENT = 0.22
_USUAL_LEVEL = 0.8
"""The level at which velocities are as they are written."""

Warp = Callable[[float], float]
"""From a moment of a bar to where it is played, in beats."""
Knots = tuple[tuple[float, float], ...]


def played(bar: Phrase, part: str, number: int, setting: BandSetting) -> Phrase:
    """`bar`, number `number` of the tune, as `part` plays it: still one bar, in the same order."""
    level = setting.value(LEVELS[part]) / _USUAL_LEVEL
    level *= genre_named(setting.genre).levels.get(part, 1.0)
    if level <= 0:
        return replace(bar, notes=())
    warp = swung(bar, setting)
    stray = _strays(bar, part, number, setting)
    touched = (_touched(note, part, number, setting, bar.metre, level) for note in bar.notes)
    moved = (_moved(note, warp, stray, bar.length_beats) for note in touched)
    return replace(bar, notes=tuple(moved))


def swung(bar: Phrase, setting: BandSetting) -> Warp:
    """Where the moments of `bar` are played under the setting's swing: pairs in simple metres, the
    lilt of three in compound ones. Triplets and snaps stay as they are."""
    amount = min(1.0, max(0.0, genre_named(setting.genre).swing + setting.value(SWING)))
    edges = tuple(
        (start, length, _knots(bar, start, length, amount))
        for start, length in zip(starts(bar.metre), groups(bar.metre), strict=True)
    )

    def warp(at: float) -> float:
        for start, length, knots in edges:
            if start - _EDGE <= at < start + length - _EDGE:
                return start + length * _between(knots, (at - start) / length)
        return at

    return warp


def _knots(bar: Phrase, start: float, length: float, amount: float) -> Knots:
    """How one group is bent: pairs of a moment and where it is played, as shares of the group."""
    if compound(bar.metre):
        return (0.0, 0.0), *((n / 3, n / 3 + amount * _LILT[n - 1]) for n in (1, 2)), (1.0, 1.0)
    inside = {_twelfth((note.start_beats - start) / length) for note in bar.notes}
    late = 0.5 + amount * _DOTTED
    if inside & {2, 3, 4, 8, 10}:  # triplets, snaps and running sixteenths
        return (0.0, 0.0), (1.0, 1.0)
    if 9 in inside and 6 not in inside:  # a dotted pair is a swung pair where there is real swing
        return (0.0, 0.0), (0.75, late if amount >= _SWINGS else 0.75), (1.0, 1.0)
    return (0.0, 0.0), (0.5, late), (1.0, 1.0)


def _twelfth(share: float) -> int | None:
    """Which twelfth of a group that is, 0 to 11; None between them and outside the group."""
    twelfth = round(share * 12)
    return twelfth if 0 <= twelfth < 12 and abs(share * 12 - twelfth) < 0.1 else None


def _between(knots: Knots, at: float) -> float:
    for (a, left), (b, right) in pairwise(knots):
        if at <= b:
            return left + (right - left) * max(0.0, at - a) / (b - a)
    return at


def _strays(bar: Phrase, part: str, number: int, setting: BandSetting) -> dict[int, float]:
    """How far each moment of the bar, in 1/960 beats, is missed. Bar lines are kept."""
    scale = setting.value(HUMANISE) * _STRAY_BEATS * _TIGHTNESS[part]
    ends = (note.start_beats + note.length_beats for note in bar.notes)
    moments = {_tick(note.start_beats) for note in bar.notes} | {_tick(end) for end in ends}
    random = Random(f"{setting.seed} {part} {number} time")
    last = _tick(bar.length_beats)
    strays = {}
    for moment in sorted(moments):
        stray = max(-2.0, min(2.0, random.gauss(0, 1))) * scale
        strays[moment] = 0.0 if moment >= last else max(0.0, stray) if moment == 0 else stray
    return strays


def _moved(note: Note, warp: Warp, strays: dict[int, float], bar_beats: float) -> Note:
    end = note.start_beats + note.length_beats
    start = warp(note.start_beats) + strays[_tick(note.start_beats)]
    start = 0.0 if note.tied else min(max(0.0, start), bar_beats - _SHORTEST)
    stop = min(bar_beats, warp(end) + strays[_tick(end)]) if end < bar_beats else end
    return replace(note, start_beats=start, length_beats=max(_SHORTEST, stop - start))


def _touched(
    note: Note, part: str, number: int, setting: BandSetting, metre: Metre, level: float
) -> Note:
    """`note` with its accent, its level and an uneven touch."""
    random = Random(f"{setting.seed} {part} {number} {note.pitch} {_tick(note.start_beats)}")
    human = setting.value(HUMANISE)
    accent = _ACCENT * (weight(note.start_beats, metre) - 0.5) if part == "lead" else 0.0
    uneven = random.gauss(0, 1) * _STRAY_VELOCITY * human * _TIGHTNESS[part]
    velocity = round(note.velocity * (1 + accent) * level + uneven)
    return replace(note, velocity=min(127, max(1, velocity)))


def _tick(beats: float) -> int:
    return round(beats * 960)
