"""What drifts by itself while two scenes are crossed: it drifts on, on top of the way."""

from __future__ import annotations

from collections import defaultdict

from studio.document.parameters import Parameter
from studio.document.scene import Deck, Scene
from studio.engine.registry import Registry


class Drifted:
    """How far each drifting parameter has come by its drift alone, in turns."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._turns: dict[tuple[str, str, str, str], float] = defaultdict(float)

    def forget(self) -> None:
        """From here on nothing has drifted."""
        self._turns.clear()

    def taken_from(self, before: Scene, after: Scene) -> Scene:
        """`after` without what has drifted since `before`, which is remembered."""
        old = {deck.key: deck for deck in before.decks}
        for deck in after.decks:
            held = old.get(deck.key)
            if held is not None and deck.drift and deck is not held:
                after = after.with_deck(self._taken(held, deck))
        return after

    def onto(self, scene: Scene) -> Scene:
        """`scene` with what is remembered on top of it."""
        for key, engine, model, name in self._turns:
            for deck in scene.decks:
                if (deck.key, deck.engine, deck.model) == (key, engine, model):
                    scene = scene.with_deck(self._added(deck, name))
        return scene

    def _taken(self, before: Deck, after: Deck) -> Deck:
        values = dict(after.parameters)
        for name in after.drift:
            old, new = before.parameters.get(name), after.parameters.get(name)
            if old is None or new is None or old == new:
                continue
            declared = self._declared(after, name)
            turn = declared.position(new) - declared.position(old)
            self._turns[after.key, after.engine, after.model, name] += turn
            values[name] = old
        return after.but(parameters=values)

    def _added(self, deck: Deck, name: str) -> Deck:
        declared = self._declared(deck, name)
        turn = self._turns[deck.key, deck.engine, deck.model, name]
        value = declared.at((declared.position(deck.parameters[name]) + turn) % 1.0)
        return deck.but(parameters={**deck.parameters, name: value})

    def _declared(self, deck: Deck, name: str) -> Parameter:
        controls = self._registry.spec(deck.engine).controls(deck.model)
        return next(parameter for parameter in controls if parameter.name == name)
