"""Endless drift: cyclic parameters that go round by themselves, and loops of them that close.

A cyclic parameter's two ends are one (see `parameters.Float.cyclic`), so it can turn for ever, and
whole turns of it begin and end with the same picture.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from psygnal import Signal

from studio.parameters import Float, Parameter, Value
from studio.scene import Deck, Scene

if TYPE_CHECKING:
    from studio.session import Session


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
    low=-60,
    high=60,
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

_REMEMBERED = 4096


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


@dataclass
class _Run:
    """A deck's drift under way. Seconds are those of any steady clock."""

    last_s: float
    positions: dict[str, float] = field(default_factory=dict)
    """Where each parameter is, in [0, 1)."""
    written: dict[str, Value] = field(default_factory=dict)
    """What the scene was given for it."""
    passed: deque[tuple[str, Value]] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    """Values that steps to undo may bring back: no hand has set those."""
    before: Scene | None = None
    """The scene that was there before it began to move."""

    def advance(self, parameter: Float, held: Value, rate: float, seconds: float) -> Value:
        """The parameter's next value, where the scene holds `held`."""
        name = parameter.name
        taken_over = held != self.written.get(name) and (name, held) not in self.passed
        if taken_over or name not in self.positions:
            self.positions[name] = parameter.position(held)
        self.positions[name] = (self.positions[name] + rate * seconds / 60) % 1.0
        self.written[name] = parameter.at(self.positions[name])
        return self.written[name]


class Drifts:
    """The drifts of a session's decks; `step` moves them, at any pace. Signal: `changed(deck)`.

    One undo brings back what was shown before a drift began, and stops it; undoing anything else
    lets it go on from where it is. A hand on a drifting parameter takes it along.
    """

    changed = Signal(str)

    def __init__(self, session: Session) -> None:
        self._session = session
        self._runs: dict[str, _Run] = {}
        self._steps = False
        session.changed.connect(self._on_changed)

    def rate(self, deck: str, name: str, turns_a_minute: float) -> None:
        """Let a cyclic parameter drift at so many turns a minute; 0 lets it rest."""
        held = self._session.scene.deck(deck)
        rest = {n: rate for n, rate in held.drift.items() if n != name}
        turns = min(RATE.high, max(RATE.low, turns_a_minute))
        after = {**rest, name: turns} if turns else rest
        self._session.change(held.but(drift=after), f"{deck}.drift.{name}")

    def start(self, deck: str, now_s: float) -> None:
        """Drift from now on."""
        if any(self._session.scene.deck(deck).drift.values()):
            self._runs[deck] = _Run(now_s)
            self.changed.emit(deck)
        else:
            self._session.noticed.emit("Nothing drifts yet: give a parameter some turns a minute.")

    def stop(self, deck: str) -> None:
        """Stay where the drift has come to."""
        if self._runs.pop(deck, None):
            self.changed.emit(deck)

    def drifting(self, deck: str) -> bool:
        """Whether the deck drifts."""
        return deck in self._runs

    @property
    def at_rest(self) -> bool:
        """Whether no deck drifts."""
        return not self._runs

    def step(self, now_s: float) -> None:
        """Move every deck that drifts to where it is at `now_s`; no step of its own to undo."""
        before = scene = self._session.scene
        begun = []
        for deck in scene.decks:
            run = self._runs.get(deck.key)
            if run is not None:
                values = self._values(deck, run, now_s)
                if values:
                    parameters = {**deck.parameters, **values}
                    scene = scene.with_deck(deck.but(parameters=parameters))
                    begun += [run] if run.before is None else []
        if scene is not before:
            self._show(scene, before, begun)

    def _values(self, deck: Deck, run: _Run, now_s: float) -> dict[str, Value]:
        seconds, run.last_s = now_s - run.last_s, now_s
        return {
            p.name: run.advance(p, deck.parameters[p.name], deck.drift[p.name], seconds)
            for p in cyclic(self._session.controls(deck.key))
            if deck.drift.get(p.name)
        }

    def _show(self, scene: Scene, before: Scene, begun: list[_Run]) -> None:
        if begun:
            self._session.history.record(before, None)
            for run in begun:
                run.before = before
        self._steps = True
        self._session.show(scene)
        self._steps = False

    def _on_changed(self, new: Scene, old: Scene) -> None:
        if self._steps:
            return
        models = {deck.key: (deck.engine, deck.model) for deck in new.decks}
        for deck in old.decks:
            run = self._runs.get(deck.key)
            if run is None:
                continue
            if new is run.before or models.get(deck.key) != (deck.engine, deck.model):
                self.stop(deck.key)
            else:
                run.passed.extend((name, deck.parameters[name]) for name in run.written)
