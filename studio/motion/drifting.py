"""Endless drift: cyclic parameters that go round by themselves, and loops of them that close.

A cyclic parameter's two ends are one (see `parameters.Float.cyclic`), so it can turn for ever, and
whole turns of it begin and end with the same picture.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import replace

from studio.document.parameters import Float, Parameter, Value
from studio.document.scene import DRIFT_LIMIT, Deck

_REMEMBERED = 4096


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
    help="How fast it moves by itself: 1 is once round in a minute, below zero backwards.",
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


class Drifting:
    """A deck's drift under way. Seconds are those of any steady clock."""

    def __init__(self, now_s: float) -> None:
        self._last_s = now_s
        self._positions: dict[str, float] = {}  # where each parameter is, in [0, 1)
        self._written: dict[str, Value] = {}  # what the deck was given for it
        # Values that steps to undo may bring back: no hand has set those.
        self._passed: deque[tuple[str, Value]] = deque(maxlen=_REMEMBERED)

    def step(
        self,
        deck: Deck,
        controls: Iterable[Parameter],
        now_s: float,
        drift: Mapping[str, float] | None = None,
    ) -> dict[str, Value]:
        """It is `now_s`: the new values of those parameters of `deck` that drift, at its own turns
        a minute or at those of `drift`."""
        seconds, self._last_s = now_s - self._last_s, now_s
        rates = deck.drift if drift is None else drift
        return {
            p.name: self._advance(p, deck.parameters[p.name], rates[p.name], seconds)
            for p in cyclic(controls)
            if rates.get(p.name)
        }

    def pass_by(self, deck: Deck) -> None:
        """Something else is about to change `deck`, and an undo may bring it back."""
        self._passed.extend((name, deck.parameters[name]) for name in self._written)

    def _advance(self, parameter: Float, held: Value, rate: float, seconds: float) -> Value:
        """The parameter's next value, where the deck holds `held`."""
        name = parameter.name
        taken_over = held != self._written.get(name) and (name, held) not in self._passed
        if taken_over or name not in self._positions:
            self._positions[name] = parameter.position(held)
        self._positions[name] = (self._positions[name] + rate * seconds / 60) % 1.0
        self._written[name] = parameter.at(self._positions[name])
        return self._written[name]
