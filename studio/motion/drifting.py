"""Endless drift: cyclic parameters that go round by themselves, and loops of them that close.

A cyclic parameter's two ends are one (see `parameters.Float.cyclic`), so it can turn for ever, and
whole turns of it begin and end with the same picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

from studio.document.parameters import Float, Parameter, Value
from studio.document.scene import DRIFT_LIMIT, Deck


class _Rate(Float):
    """Its travel is finest about zero: most of what pleases is below five turns a minute."""

    def position(self, value: Value) -> float:
        linear = 2 * super().position(value) - 1
        return 0.5 + 0.5 * math.copysign(abs(linear) ** (1 / 3), linear)

    def at(self, position: float) -> float:
        return super().at(0.5 + 0.5 * (2 * position - 1) ** 3)


RATE = _Rate(
    name="drift_rate",
    label="Drift",
    low=-DRIFT_LIMIT,
    high=DRIFT_LIMIT,
    default=0,
    decimals=1,
    unit="/min",
    help="Turns a minute, backwards below zero.",
)


def rate_of(parameter: Float) -> Float:
    """The control of a parameter's turns a minute, named `drift_NAME`."""
    about = f"{parameter.help} {RATE.help}" if parameter.help else RATE.help
    return replace(RATE, name=f"drift_{parameter.name}", label=parameter.label, help=about)


LOOP_SECONDS = Float(
    name="loop_seconds",
    label="Length",
    low=0.5,
    high=300,
    default=8,
    curve="log",
    decimals=1,
    unit="s",
    help="How long the loop takes once round.",
)


def cyclic(controls: Iterable[Parameter]) -> tuple[Float, ...]:
    """Those of `controls` that can drift."""
    return tuple(p for p in controls if isinstance(p, Float) and p.cyclic)


# -- loops -----------------------------------------------------------------------------------------


def whole_turns(drift: Mapping[str, float], seconds: float) -> dict[str, int]:
    """How often each drifting parameter goes round in a loop of `seconds`.

    The nearest whole number, but at least once, so that the loop closes and all moves that should.
    """
    return {
        name: max(1, round(abs(rate) * seconds / 60)) * (1 if rate > 0 else -1)
        for name, rate in drift.items()
        if rate
    }


def loop_values(
    deck: Deck, controls: Iterable[Parameter], turns: Mapping[str, int], phase: float
) -> dict[str, Value]:
    """Where the parameters that turn are at `phase` of a loop that begins as `deck` is now.

    0 and 1 are the deck's own values, to the bit.
    """
    values: dict[str, Value] = {}
    for parameter in cyclic(controls):
        name = parameter.name
        if turns.get(name):
            own = deck.parameters[name]
            along = turns[name] * phase
            begun = parameter.position(own)
            values[name] = own if along == round(along) else parameter.at((begun + along) % 1.0)
    return values


# -- time ------------------------------------------------------------------------------------------
