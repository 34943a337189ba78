"""Steps that are drawn by hand."""

from __future__ import annotations

import math

from studio.document.modulation import Modulator, Step
from studio.modulation._kind import (
    GOING_ROUND,
    SEED,
    Kind,
    Moment,
    Settings,
    chance,
    cycles_of,
    idle_of,
    runs_free,
    smoothstep,
    turns_of,
)

_LOOK_BACK = 64
"""A step that chance leaves out goes on with one of so many before it."""


def _value(modulator: Modulator, settings: Settings, at: Moment) -> float:
    steps = modulator.steps
    if not steps:
        return 0.0
    cycles = cycles_of(settings, at)
    number = math.floor(cycles)
    here = steps[number % len(steps)]
    value = _played(steps, settings["seed"], number)
    share = cycles - number
    if here.glide and share < here.glide:
        before = _played(steps, settings["seed"], number - 1)
        return before + (value - before) * smoothstep(share / here.glide)
    return value


def _played(steps: tuple[Step, ...], seed: int, number: int) -> float:
    """The value of the last step up to `number` that chance lets play."""
    for n in range(number, number - _LOOK_BACK, -1):
        step = steps[n % len(steps)]
        if step.chance >= 1 or chance(seed, n) < step.chance:
            return step.value
    return 0.0


STEPS = Kind(
    name="steps",
    title="Steps",
    help="Up to 64 steps, drawn by hand; each may glide, and be left to chance.",
    settings=(*GOING_ROUND, SEED),
    value=_value,
    free=runs_free,
    turns=turns_of,
    idle=idle_of,
)
"""Its division and rate are those of one step."""
