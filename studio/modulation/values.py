"""`value`: what a modulator is at a moment. Pure: the same arguments, the same number."""

from __future__ import annotations

import math

from studio.document.modulation import Axis, Connection, Modulator
from studio.modulation._kind import Moment, Settings, smoothstep
from studio.modulation.inputs import Inputs
from studio.modulation.kinds import KINDS

_NOTHING = Inputs()
_BEND = 3.0
"""The power of an exponential connection."""


def value(
    modulator: Modulator,
    beat: float,
    seconds: float,
    inputs: Inputs = _NOTHING,
    *,
    axis: Axis = "x",
    settings: Settings | None = None,
    cycles: float | None = None,
) -> float:
    """From 0 to 1. The modulator is one that `kinds.complete` has passed.

    `beat` is the transport's, in quarter notes; `seconds` are those since the music's beginning,
    which go on while nothing plays. `settings` take the place of the modulator's own, all of them,
    where they are modulated themselves; then `cycles` says how often it has gone round.
    """
    own = modulator.settings if settings is None else settings
    moment = Moment(beat, seconds, inputs, axis, cycles)
    return KINDS[modulator.kind].value(modulator, own, moment)


def amount(connection: Connection, value: float, depth: float | None = None) -> float:
    """How far a connection moves its target when its modulator is at `value`, as a share of the
    target's travel, -1 to 1; `depth` takes the place of its own."""
    depth = connection.depth if depth is None else depth
    if connection.polarity == "unipolar":
        return depth * _curved(connection.curve, value)
    swing = 2 * value - 1
    return depth * math.copysign(_curved(connection.curve, abs(swing)), swing)


def _curved(curve: str, x: float) -> float:
    if curve == "linear":
        return x
    return smoothstep(x) if curve == "S" else x**_BEND
