"""The LFO: a wave that goes round by itself."""

from __future__ import annotations

import math
from collections.abc import Callable

from studio.document.modulation import Modulator
from studio.document.parameters import Choice, Float, Toggle
from studio.modulation._kind import (
    GOING_ROUND,
    SEED,
    Kind,
    Moment,
    Settings,
    chance,
    cycles_of,
    gone,
    idle_of,
    runs_free,
    smoothstep,
    turns_of,
    unit,
)

SHAPE = Choice(
    name="shape",
    label="Shape",
    options=("sine", "triangle", "ramp up", "ramp down", "square", "steps", "wander"),
    default="sine",
    words=(
        *("sine", "triangle", "ramp up", "ramp down", "square"),
        *("sample and hold", "smooth random"),
    ),
    help="The wave. Sample and hold: a random value for each round. Smooth random: gliding.",
)
PHASE = Float(
    name="phase",
    label="Phase",
    low=0,
    high=1,
    default=0,
    cyclic=True,
    help="Where in its round it begins.",
)
WIDTH = Float(
    name="width",
    label="Width",
    low=0.01,
    high=0.99,
    default=0.5,
    help="The share of a round in which a square is up.",
)
FADE_IN = Float(
    name="fade_in",
    label="Fade in",
    low=0,
    high=64,
    default=0,
    decimals=1,
    help="It grows to its full size in so many beats, or seconds where it runs freely, from the "
    "beginning of the music.",
)
ONE_SHOT = Toggle(
    name="one_shot", label="Once", default=False, help="It goes round once and stays at its end."
)


def _ramp(settings: Settings, phase: float, step: int) -> float:  # noqa: ARG001
    return phase


def _steps(settings: Settings, phase: float, step: int) -> float:  # noqa: ARG001
    return chance(settings["seed"], step)


def _wander(settings: Settings, phase: float, step: int) -> float:
    here, there = chance(settings["seed"], step), chance(settings["seed"], step + 1)
    return here + (there - here) * smoothstep(phase)


_SHAPES: dict[str, Callable[[Settings, float, int], float]] = {
    "sine": lambda _, phase, __: 0.5 + 0.5 * math.sin(math.tau * phase),
    "triangle": lambda _, phase, __: 1 - abs(2 * ((phase + 0.25) % 1.0) - 1),
    "ramp up": _ramp,
    "ramp down": lambda _, phase, __: 1 - phase,
    "square": lambda settings, phase, _: 1.0 if phase < settings["width"] else 0.0,
    "steps": _steps,
    "wander": _wander,
}


def _value(_: Modulator, settings: Settings, at: Moment) -> float:
    cycles = cycles_of(settings, at)
    if settings["one_shot"]:
        cycles = min(max(cycles, 0.0), 1 - 1e-9)
    cycles += settings["phase"]
    step = math.floor(cycles)
    wave = _SHAPES[settings["shape"]](settings, cycles - step, step)
    fade_in = settings["fade_in"]
    if fade_in:
        wave = 0.5 + (wave - 0.5) * unit(gone(settings, at) / fade_in)
    return wave


def _idle(settings: Settings) -> frozenset[str]:
    random = settings["shape"] in ("steps", "wander")
    unused = {"width"} if settings["shape"] != "square" else set()
    return idle_of(settings) | unused | (set() if random else {"seed"})


LFO = Kind(
    name="lfo",
    title="LFO",
    help="A wave that goes round by itself, with the beat or freely.",
    settings=(SHAPE, *GOING_ROUND, PHASE, WIDTH, FADE_IN, ONE_SHOT, SEED),
    value=_value,
    free=runs_free,
    turns=turns_of,
    idle=_idle,
)
