"""Which decks a session has, with what engine and model, and which of them is in front."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.engine import EngineError
from studio.engine.decks import fresh_deck
from studio.modulation.editing import without_deck

if TYPE_CHECKING:
    from studio.session._session import Session

_MOST = 8


class Decks:
    """The decks on a session's stage."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, engine: str, model: str | None = None) -> str:
        """Another deck, brought to the front; returns its key. Raises `EngineError`."""
        scene = self._session.scene
        keys = {d.key for d in scene.decks}
        key = next(f"deck{n}" for n in range(1, 100) if f"deck{n}" not in keys)
        deck = fresh_deck(self._session.registry.spec(engine), model, key=key)
        if len(scene.decks) >= _MOST:
            raise EngineError("Eight decks are the most that fit on the stage.")
        self._session.replace(scene.but(decks=(*scene.decks, deck), front=key), None)
        return key

    def remove(self, deck: str) -> None:
        """Take a deck off the stage; the last one stays."""
        scene = self._session.scene
        rest = tuple(d for d in scene.decks if d.key != deck)
        if rest and len(rest) < len(scene.decks):
            front = scene.front if scene.front != deck else rest[0].key
            number = next(n for n, d in enumerate(scene.decks, start=1) if d.key == deck)
            kept = without_deck(scene, number)
            layers = {key: layer for key, layer in scene.mix.layers.items() if key != deck}
            mix = scene.mix if layers == scene.mix.layers else scene.mix.but(layers=layers)
            changed = scene.but(decks=rest, front=front, connections=kept, mix=mix)
            self._session.replace(changed, None)

    def choose_model(self, deck: str, engine: str, model: str) -> None:
        """Give the deck another engine or model, and samples of it in its slots.

        Slots are points of one model's space and mean nothing in another's, so they are left
        behind; undo brings them back. Raises `EngineError`.
        """
        before = self._session.scene.deck(deck)
        if (before.engine, before.model) == (engine, model):
            self._session.engines.load_again(before)  # asked for again: perhaps after a failure
            return
        spec = self._session.registry.spec(engine)
        fresh = fresh_deck(spec, spec.model(model).name, key=deck).but(
            pad=before.pad, seed=before.seed, interpolation=before.interpolation
        )
        shared = {p.name for p in spec.parameters} if engine == before.engine else set()
        kept = {name: value for name, value in before.parameters.items() if name in shared}
        self._session.change(fresh.but(parameters={**fresh.parameters, **kept}), None)

    def bring_to_front(self, deck: str) -> None:
        """Let `deck` fill the stage; where one looks is not a change to undo."""
        scene = self._session.scene
        self._session.show(scene.but(front=scene.deck(deck).key))
