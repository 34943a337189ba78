"""What a kind of modulator declares, and what all of them are made of."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from studio.document.modulation import Axis, Modulator
from studio.document.parameters import Choice, Float, Int, Parameter
from studio.document.scene import DECK_LIMIT
from studio.modulation.inputs import Inputs

Settings = Mapping[str, Any]
"""Every setting of a modulator, by name."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When a modulator is asked, and what there is to hear."""

    beat: float
    """The transport's, in quarter notes."""
    seconds: float
    """Since the music's beginning; while nothing plays they go on."""
    inputs: Inputs
    axis: Axis = "x"
    cycles: float | None = None
    """How often it has gone round since the beginning, where its rate is modulated itself."""


def _never(_: Settings) -> bool:
    return False


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of modulator: all that the window needs to show one is declared here."""

    name: str
    title: str
    help: str
    settings: tuple[Parameter, ...]
    value: Callable[[Modulator, Settings, Moment], float]
    """From 0 to 1."""
    free: Callable[[Settings], bool] = _never
    """Whether it moves although the transport stands."""
    rings: Callable[[Settings], float] = lambda _: 0.0
    """How many seconds it goes on at most after the last key, onset or move that it has heard."""
    turns: Callable[[Settings, Inputs], float] | None = None
    """Of what goes round: cycles a second where it is free, else cycles a beat."""
    follows: Callable[[Settings], tuple[str, ...]] = lambda _: ()
    """What it hears of `Inputs.moves`, by source."""
    idle: Callable[[Settings], frozenset[str]] = lambda _: frozenset()
    """Settings that make no difference as the others are set: a window need not show them."""


# -- going round -----------------------------------------------------------------------------------

_TRIPLET, _DOTTED = 2 / 3, 1.5
DIVISIONS: Mapping[str, float] = {
    "1/16T": 0.25 * _TRIPLET,
    "1/16": 0.25,
    "1/8T": 0.5 * _TRIPLET,
    "1/16D": 0.25 * _DOTTED,
    "1/8": 0.5,
    "1/4T": _TRIPLET,
    "1/8D": 0.5 * _DOTTED,
    "1/4": 1.0,
    "1/2T": 2 * _TRIPLET,
    "1/4D": _DOTTED,
    "1/2": 2.0,
    "1/2D": 2 * _DOTTED,
}
"""Note values in beats; T is a triplet, D is dotted."""
_BARS = {"1 bar": 1, "2 bars": 2, "4 bars": 4, "8 bars": 8, "16 bars": 16, "32 bars": 32}

SYNC = Choice(
    name="sync",
    label="Runs",
    options=("beat", "free"),
    default="beat",
    words=("with the beat", "freely"),
    help="With the beat: it stands while the music stands. Freely: it always moves.",
)
DIVISION = Choice(
    name="division",
    label="Length",
    options=(*DIVISIONS, *_BARS),
    default="1 bar",
    help="How long once round takes where it runs with the beat.",
)
RATE = Float(
    name="rate",
    label="Rate",
    low=0.005,
    high=20,
    default=0.25,
    curve="log",
    decimals=3,
    unit="Hz",
    help="How often it goes round in a second where it runs freely.",
)
SEED = Int(
    name="seed",
    label="Seed",
    low=0,
    high=9999,
    default=1,
    help="Another number, other chances; the same one plays the same every time.",
)
GOING_ROUND = (SYNC, DIVISION, RATE)


def runs_free(settings: Settings) -> bool:
    """Of kinds that have `GOING_ROUND`."""
    return bool(settings["sync"] == "free")


def idle_of(settings: Settings) -> frozenset[str]:
    """Of kinds that have `GOING_ROUND`: either its rate or its length counts."""
    return frozenset({"division" if runs_free(settings) else "rate"})


def turns_of(settings: Settings, inputs: Inputs) -> float:
    """See `Kind.turns`."""
    return settings["rate"] if runs_free(settings) else 1 / beats_of(settings["division"], inputs)


def beats_of(division: str, inputs: Inputs) -> float:
    """The length of a division, in quarter notes."""
    found = DIVISIONS.get(division)
    return _BARS[division] * inputs.bar_beats if found is None else found


def nearest_division(beats: float, inputs: Inputs) -> str:
    """The division whose length is nearest to `beats`, as ears compare them: by their ratio."""
    return min(DIVISION.options, key=lambda name: abs(math.log(beats_of(name, inputs) / beats)))


def gone(settings: Settings, at: Moment) -> float:
    """The beats or, where it runs freely, the seconds that have gone."""
    return at.seconds if runs_free(settings) else at.beat


def cycles_of(settings: Settings, at: Moment) -> float:
    """How often it has gone round since the beginning."""
    if at.cycles is not None:
        return at.cycles
    return gone(settings, at) * turns_of(settings, at.inputs)


# -- the tune --------------------------------------------------------------------------------------

DECK = Int(
    name="deck",
    label="Deck",
    low=0,
    high=DECK_LIMIT,
    default=0,
    low_word="all",
    help="Whose notes it hears: those of one deck, or of all of them.",
)
OFFSET = Float(
    name="offset",
    label="Ahead or behind",
    low=-1,
    high=1,
    default=0,
    unit="beats",
    help="Below zero it begins so much before the note and arrives exactly with it, since the bar "
    "to come is known; above zero it comes so much later.",
)


# -- arithmetic ------------------------------------------------------------------------------------

_MASK = (1 << 64) - 1


def chance(seed: int, step: int) -> float:
    """A number in [0, 1) that follows from `seed` and `step`: SplitMix64 (Steele, Lea and Flood
    2014), the same on every computer."""
    x = ((seed + 1) * 0x9E3779B97F4A7C15 + (step & _MASK) * 0xBF58476D1CE4E5B9) & _MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _MASK
    return ((x ^ (x >> 31)) >> 11) / (1 << 53)


def smoothstep(x: float) -> float:
    """From 0 to 1, at rest at both ends."""
    return x * x * (3 - 2 * x)


def unit(x: float) -> float:
    """The nearest number in [0, 1]."""
    return 0.0 if x < 0.0 else 1.0 if x > 1.0 else x


def settled(points: list[tuple[float, float]], now: float, tau: float) -> float:
    """Where a one-pole filter stands at `now` that was given each value at its time, oldest first;
    it stood at the first one for ever."""
    level, held, since = points[0][1], points[0][1], points[0][0]
    for when, value in points[1:]:
        level = held + (level - held) * math.exp(-(when - since) / tau)
        held, since = value, when
    return held + (level - held) * math.exp(-max(0.0, now - since) / tau)
