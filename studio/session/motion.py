"""What moves by itself in a session: walks through slots, and drifting parameters.

Both are started, stepped and stopped by one mechanism, so whatever has a clock can step a session:
a window, or a program without one. They are no modulators: see ARCHITECTURE.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from psygnal import Signal

from studio.document.parameters import Parameter
from studio.document.scene import Deck, Scene, Walk
from studio.latent.mixing import phase_of, walk_point, walk_stops
from studio.motion.drifting import RATE, Drifting
from studio.motion.walking import Walking

if TYPE_CHECKING:
    from studio.session._session import Session

_WALK, _DRIFT = "walk", "drift"


class _Walk:
    """A deck's walk under way."""

    def __init__(self, deck: Deck, now_s: float, phase: float = 0.0) -> None:
        self.before: Scene | None = None
        """The scene that was there before it began to move."""
        self.walking = Walking(now_s, deck.walk.seconds, phase)

    def moved(self, deck: Deck, _: Iterable[Parameter], now_s: float, played: Deck) -> Deck | None:
        """`deck` as it is at `now_s`, at the pace of the deck that is `played`; None where there is
        no way any more."""
        self.walking.step(now_s, played.walk.seconds)
        bare = walk_point(deck, self.walking.phase)
        return None if bare is None else deck.but(held=tuple(bare.tolist()))

    def goes_on(self, new: Scene, old: Deck) -> bool:
        """Whether it does, now that something else has changed the scene."""
        return any(deck.key == old.key for deck in new.decks)


class _Drift:
    """A deck's drift under way."""

    def __init__(self, _: Deck, now_s: float) -> None:
        self.before: Scene | None = None
        self._drifting = Drifting(now_s)

    def moved(
        self, deck: Deck, controls: Iterable[Parameter], now_s: float, played: Deck
    ) -> Deck | None:
        values = self._drifting.step(deck, controls, now_s, played.drift)
        return deck.but(parameters={**deck.parameters, **values}) if values else deck

    def goes_on(self, new: Scene, old: Deck) -> bool:
        self._drifting.pass_by(old)
        models = {deck.key: (deck.engine, deck.model) for deck in new.decks}
        return new is not self.before and models.get(old.key) == (old.engine, old.model)


class Motion:
    """The walks and drifts of a session's decks. Signal: `changed(deck)` when one begins or ends.

    Seconds are those of any steady clock. One undo brings back what was shown before a walk or a
    drift began, and stops it. A walk ends with any undo, and where the puck is moved; a drift goes
    on from where an undo leads, and a hand on a drifting parameter takes it along.
    """

    changed = Signal(str)

    def __init__(self, session: Session) -> None:
        self._session = session
        self._runs: dict[tuple[str, str], _Walk | _Drift] = {}
        self._waiting: set[tuple[str, str]] = set()
        self._steps = False
        self.keeps_moving = False
        """Whether walks go on when another scene is opened."""
        session.changed.connect(self._on_changed)

    @property
    def moving(self) -> bool:
        """Whether any deck walks or drifts: then `step` is wanted."""
        return bool(self._runs or self._waiting)

    # -- scenes --------------------------------------------------------------------------------

    def kept(self) -> Scene:
        """The present scene as it is to be kept: with what moves in it."""
        scene = self._session.scene
        for deck in scene.decks:
            moving = tuple(kind for kind in (_WALK, _DRIFT) if self._moves(deck.key, kind))
            if moving != deck.moving:
                scene = scene.with_deck(deck.but(moving=moving))
        return scene

    def unmoved(self, like: Scene) -> Scene:
        """The present scene as it is to be kept, but with what moves by itself where it is in
        `like`: what a hand has changed is the rest."""
        scene = self.kept()
        kept = {deck.key: deck for deck in like.decks}
        for key, kind in self._runs:
            deck, then = scene.deck(key), kept.get(key)
            if then is None:
                continue
            if kind == _WALK:
                scene = scene.with_deck(deck.but(held=then.held))
            else:
                turned = {n: then.parameters[n] for n in deck.drift if n in then.parameters}
                scene = scene.with_deck(deck.but(parameters={**deck.parameters, **turned}))
        return scene

    def walking_decks(self) -> tuple[str, ...]:
        """The keys of the decks that walk."""
        return tuple(deck for deck, kind in (*self._runs, *self._waiting) if kind == _WALK)

    def begin(self, walking: Iterable[str] = ()) -> None:
        """The scene was opened: what was kept moving in it moves from the next step on, and so
        does a walk on the decks of the keys `walking`. No step of its own to undo."""
        also = set(walking)
        for deck in self._session.scene.decks:
            walks = _WALK in deck.moving or deck.key in also
            drifts = _DRIFT in deck.moving and any(deck.drift.values())
            if walks and len(walk_stops(deck)) > 1:
                self._waiting.add((deck.key, _WALK))
            if drifts and not self.drifting(deck.key):
                self._waiting.add((deck.key, _DRIFT))
            if walks or drifts:
                self.changed.emit(deck.key)

    def _moves(self, deck: str, kind: str) -> bool:
        return (deck, kind) in self._runs or (deck, kind) in self._waiting

    def _start_waiting(self, now_s: float) -> None:
        waiting, self._waiting = self._waiting, set()
        decks = {deck.key: deck for deck in self._session.scene.decks}
        for key, kind in sorted(waiting):
            if key in decks:
                deck = decks[key]
                run = _Drift(deck, now_s) if kind == _DRIFT else _Walk(deck, now_s, phase_of(deck))
                run.before = self._session.scene
                self._start(key, kind, run)

    def step(self, now_s: float) -> None:
        """Move every deck to where it is at `now_s`; no step of its own to undo."""
        self._start_waiting(now_s)
        before = scene = self._session.scene
        begun = []
        for (key, kind), run in list(self._runs.items()):
            deck = scene.deck(key)
            played = self._session.shown.deck(key)
            moved = run.moved(deck, self._session.controls(key), now_s, played)
            if moved is None:
                self._stop(key, kind)
            elif moved is not deck:
                scene = scene.with_deck(moved)
                begun += [run] if run.before is None else []
        if scene is not before:
            self._show(scene, before, begun)

    # -- walks ---------------------------------------------------------------------------------

    def set_walk(self, deck: str, walk: Walk) -> None:
        """Choose the way, the length and the pace of the deck's walk."""
        self._session.change(self._session.scene.deck(deck).but(walk=walk), f"{deck}.walk")

    def start_walk(self, deck: str, now_s: float) -> None:
        """Walk from now on."""
        held = self._session.scene.deck(deck)
        if len(walk_stops(held)) < 2:
            self._session.noticed.emit("A walk needs at least two filled slots.")
        else:
            self._start(deck, _WALK, _Walk(held, now_s))

    def stop_walk(self, deck: str) -> None:
        """Stay where the walk has come to."""
        self._stop(deck, _WALK)

    def stop_walks(self) -> None:
        """Let no deck walk any more."""
        for deck, kind in (*self._runs, *self._waiting):
            if kind == _WALK:
                self._stop(deck, kind)

    def walking(self, deck: str) -> float | None:
        """How far round the deck's walk is, from 0 to 1; None when there is none."""
        run = self._runs.get((deck, _WALK))
        return run.walking.phase if isinstance(run, _Walk) else None

    # -- drifts --------------------------------------------------------------------------------

    def set_drift(self, deck: str, name: str, turns_a_minute: float) -> None:
        """Let a cyclic parameter drift at so many turns a minute; 0 lets it rest."""
        held = self._session.scene.deck(deck)
        rest = {n: rate for n, rate in held.drift.items() if n != name}
        turns = min(RATE.high, max(RATE.low, turns_a_minute))
        after = {**rest, name: turns} if turns else rest
        self._session.change(held.but(drift=after), f"{deck}.drift.{name}")

    def start_drift(self, deck: str, now_s: float) -> None:
        """Drift from now on."""
        held = self._session.scene.deck(deck)
        if any(held.drift.values()):
            self._start(deck, _DRIFT, _Drift(held, now_s))
        else:
            self._session.noticed.emit(
                "Nothing drifts yet: give a parameter some turns per minute."
            )

    def stop_drift(self, deck: str) -> None:
        """Stay where the drift has come to."""
        self._stop(deck, _DRIFT)

    def drifting(self, deck: str) -> bool:
        """Whether the deck drifts."""
        return (deck, _DRIFT) in self._runs

    # -- inside --------------------------------------------------------------------------------

    def _start(self, deck: str, kind: str, run: _Walk | _Drift) -> None:
        self._runs[deck, kind] = run
        self.changed.emit(deck)

    def _stop(self, deck: str, kind: str) -> None:
        waited = (deck, kind) in self._waiting
        self._waiting.discard((deck, kind))
        if self._runs.pop((deck, kind), None) or waited:
            self.changed.emit(deck)

    def _show(self, scene: Scene, before: Scene, begun: list[_Walk | _Drift]) -> None:
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
        decks = {deck.key: deck for deck in old.decks}
        for (key, kind), run in list(self._runs.items()):
            if key in decks and not run.goes_on(new, decks[key]):
                self._stop(key, kind)
