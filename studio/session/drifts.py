"""A session's cyclic parameters that go round by themselves (see `studio.motion.drifting`)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psygnal import Signal

from studio.document.parameters import Float, Value
from studio.document.scene import Deck, Scene
from studio.motion.drifting import RATE, cyclic

if TYPE_CHECKING:
    from studio.session._session import Session

_REMEMBERED = 4096


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
            self._session.noticed.emit(
                "Nothing drifts yet: give a parameter some turns per minute."
            )

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
