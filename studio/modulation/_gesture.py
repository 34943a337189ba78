"""A recorded movement of a hand, played over and over."""

from __future__ import annotations

import math
from bisect import bisect_right
from operator import itemgetter

from studio.document.modulation import GesturePoint, Modulator
from studio.document.parameters import Float, Toggle
from studio.modulation._kind import SYNC, Kind, Moment, Settings, gone, runs_free
from studio.modulation.inputs import Inputs

_TAPS = 7
"""Places that a smoothed gesture is averaged over."""

LENGTH = Float(
    name="length",
    label="Length",
    low=0.25,
    high=256,
    default=4,
    curve="log",
    unit="beats",
    help="How long it is as it was recorded.",
)
START = Float(
    name="start",
    label="Start",
    low=0,
    high=65536,
    default=0,
    unit="beats",
    help="The beat at which it began: it begins there again.",
)
SPEED = Float(
    name="speed",
    label="Speed",
    low=0.125,
    high=8,
    default=1,
    curve="log",
    unit="x",
    help="How fast it is played.",
)
LOOP = Toggle(name="loop", label="Loop", default=True, help="It begins again at its end.")
REVERSE = Toggle(name="reverse", label="Reverse", default=False, help="It is played backwards.")
SMOOTH = Float(
    name="smooth",
    label="Smooth",
    low=0,
    high=2,
    default=0,
    unit="beats",
    help="It is averaged over so many beats.",
)


def _value(modulator: Modulator, settings: Settings, at: Moment) -> float:
    points = modulator.points
    if not points:
        return 0.5
    length = settings["length"]
    now = at.cycles * length if at.cycles is not None else _gone_beats(settings, at)
    now -= settings["start"] * settings["speed"]
    if not settings["loop"]:
        now = min(max(now, 0.0), length)
    column = 1 if at.axis == "x" else 2
    offset = _smoothed(points, settings, now, column) if settings["smooth"] else None
    if offset is None:
        offset = _place(points, settings, now, column)
    return 0.5 + 0.5 * offset


def _gone_beats(settings: Settings, at: Moment) -> float:
    """The beats of the gesture that have gone since beat 0."""
    gone_by = gone(settings, at) * settings["speed"]
    return float(gone_by * at.inputs.bpm / 60 if runs_free(settings) else gone_by)


def _place(points: tuple[GesturePoint, ...], settings: Settings, now: float, column: int) -> float:
    """Where the hand was, in [-1, 1]."""
    length = settings["length"]
    beat = now % length if settings["loop"] else now
    if settings["reverse"]:
        beat = length - beat
    after = bisect_right(points, beat, key=itemgetter(0))
    if after == 0 or after == len(points):
        return points[min(after, len(points) - 1)][column]
    (t0, *a), (t1, *b) = points[after - 1], points[after]
    share = (beat - t0) / (t1 - t0)
    return a[column - 1] + share * (b[column - 1] - a[column - 1])


def _smoothed(
    points: tuple[GesturePoint, ...], settings: Settings, now: float, column: int
) -> float:
    width = settings["smooth"]
    steps = ((tap / (_TAPS - 1) - 0.5) * width for tap in range(_TAPS))
    return math.fsum(_place(points, settings, now + step, column) for step in steps) / _TAPS


def _turns(settings: Settings, inputs: Inputs) -> float:
    once = settings["speed"] / settings["length"]
    return float(once * inputs.bpm / 60 if runs_free(settings) else once)


GESTURE = Kind(
    name="gesture",
    title="Gesture",
    help="What a hand did to a control or to the pad, played over and over.",
    settings=(SYNC, LENGTH, START, SPEED, LOOP, REVERSE, SMOOTH),
    value=_value,
    free=runs_free,
    turns=_turns,
)
