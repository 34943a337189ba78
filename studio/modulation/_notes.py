"""What the tune is like at the moment, as a movement: its pitch, how dense it is, its chords."""

from __future__ import annotations

from itertools import pairwise

from studio.document.modulation import Modulator
from studio.document.parameters import Choice, Float
from studio.document.score import PARTS
from studio.modulation._kind import (
    DECK,
    OFFSET,
    Kind,
    Moment,
    Settings,
    settled,
    smoothstep,
    unit,
)
from studio.modulation.inputs import ALL, TuneNote

_LOW, _HIGH = 36, 96
"""The pitches of 0 and 1: five octaves, C2 to C7."""
_OCTAVE = 12
_WINDOW = 4.0
"""Density and register look back so many beats."""
_FULL = 8.0
"""Sixteen notes in the window, the recent ones counting more, are as dense as it gets."""
_MOST = 64
_SETTLED = 8
"""What is further back than so many time constants is not felt: a share of 0.0003."""

MEASURE = Choice(
    name="measure",
    label="Measures",
    options=("pitch", "interval", "density", "register", "velocity", "chord root", "tension"),
    default="pitch",
    help="Pitch and velocity of the note that sounds; the interval that led to it; how many notes "
    "there are, and how high they lie, in the last four beats; the root of the chord, and how far "
    "it is from home.",
)
PART = Choice(
    name="part",
    label="Part",
    options=(*PARTS, ALL),
    default="lead",
    words=(*PARTS, "all parts"),
    help="Whose notes; chords are everybody's.",
)
SMOOTH = Float(
    name="smooth",
    label="Smooth",
    low=0,
    high=8,
    default=0.5,
    unit="beats",
    help="How long it takes to get to where the next note leads. With an offset below zero it is "
    "there when the note is, and that is how long it takes.",
)


def _value(_: Modulator, settings: Settings, at: Moment) -> float:
    measure = settings["measure"]
    if measure in ("density", "register"):
        found = _weighted(settings, at)
        return _density(found) if measure == "density" else _register(found)
    ahead = max(0.0, -settings["offset"])
    points = _points(settings, at, at.beat + ahead, at.beat - settings["offset"])
    if not points:
        return 0.5 if measure == "interval" else 0.0
    if ahead:
        return _arriving(points, at.beat, ahead)
    now = at.beat - settings["offset"]
    smooth = settings["smooth"]
    return settled(points, now, smooth / 3) if smooth else points[-1][1]


def _points(settings: Settings, at: Moment, until: float, now: float) -> list[tuple[float, float]]:
    """When the measure became what, oldest first, up to the beat `until`."""
    until = max(until, now)
    measure, tune = settings["measure"], at.inputs.tune
    if measure in ("chord root", "tension"):
        chords = tune.last_chords(until, _MOST)
        return [(c.beat, c.root / 12 if measure == "chord root" else c.tension) for c in chords]
    voice = tune.voice(settings["part"], settings["deck"])
    recent = voice.between(until - _SETTLED * settings["smooth"] / 3, until)
    notes = voice.last(until, min(_MOST, 3 + len(recent)))
    if measure == "velocity":
        return [(note.beat, note.velocity / 127) for note in notes]
    if measure == "pitch":
        return [(note.beat, _height(note.pitch)) for note in notes]
    return [(b.beat, unit(0.5 + (b.pitch - a.pitch) / (2 * _OCTAVE))) for a, b in pairwise(notes)]


def _arriving(points: list[tuple[float, float]], now: float, ahead: float) -> float:
    """It sets out `ahead` of the next note, but not before the last one, and arrives with it."""
    before = [point for point in points if point[0] <= now]
    coming = next((point for point in points if point[0] > now), None)
    if coming is None or not before:
        return before[-1][1] if before else 0.0
    (since, held), (when, value) = before[-1], coming
    begin = max(since, when - ahead)
    if now <= begin:
        return held
    return held + (value - held) * smoothstep((now - begin) / (when - begin))


def _weighted(settings: Settings, at: Moment) -> list[tuple[float, TuneNote]]:
    """The notes of the window, each with its weight: from 1 for a new one to 0."""
    now = at.beat - settings["offset"]
    window = max(_WINDOW, settings["smooth"])
    voice = at.inputs.tune.voice(settings["part"], settings["deck"])
    return [
        (1 - (now - note.beat) / window, note) for note in voice.between(now - window, now)[-_MOST:]
    ]


def _density(found: list[tuple[float, TuneNote]]) -> float:
    return unit(sum(weight for weight, _ in found) / _FULL)


def _register(found: list[tuple[float, TuneNote]]) -> float:
    whole = sum(weight for weight, _ in found)
    if not whole:
        return 0.0
    return sum(weight * _height(note.pitch) for weight, note in found) / whole


def _height(pitch: int) -> float:
    return unit((pitch - _LOW) / (_HIGH - _LOW))


def _idle(settings: Settings) -> frozenset[str]:
    chords = settings["measure"] in ("chord root", "tension")
    return frozenset({"part", "deck"} if chords else ())


NOTES = Kind(
    name="notes",
    title="Notes",
    help="Follows the tune: its pitch, its density, its chords.",
    settings=(MEASURE, PART, DECK, OFFSET, SMOOTH),
    value=_value,
    idle=_idle,
)
