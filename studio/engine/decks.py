"""Decks that fit their engines: fresh ones, and whole scenes checked before they are shown."""

from __future__ import annotations

from studio.document.parameters import initial_values, validated
from studio.document.scene import Deck, Scene
from studio.document.score import SCORE
from studio.engine.contract import EngineError, EngineSpec
from studio.engine.registry import Registry
from studio.modulation import graph
from studio.motion.drifting import cyclic


def checked(registry: Registry, scene: Scene) -> Scene:
    """`scene` with every parameter present and valid.

    Raises `EngineError`, `ParameterError` or `ModulationError` with one sentence.
    """
    keys = [d.key for d in scene.decks]
    if len(set(keys)) != len(keys) or scene.front not in keys:
        raise EngineError("The scene's decks contradict each other.")
    for deck in scene.decks:
        spec = registry.spec(deck.engine)
        size = spec.model(deck.model).latent_size
        points = [slot.latent for slot in deck.slots if slot] + ([deck.held] if deck.held else [])
        if any(len(point) != size for point in points):
            raise EngineError(f"A slot does not fit the model {deck.model}.")
        strange = deck.fixed.keys() - {d.name for d in spec.model(deck.model).directions}
        if strange:
            raise EngineError(f"The model {deck.model} has no direction {min(strange)!r} to lock.")
        turning = {p.name for p in cyclic(spec.controls(deck.model))}
        if deck.drift.keys() - turning:
            raise EngineError(f"Nothing called {min(deck.drift.keys() - turning)!r} can drift.")
        if (deck.pins or deck.strokes) and not spec.blend_maps:
            raise EngineError(f"{spec.title} cannot be painted on.")
        values = validated(spec.controls(deck.model), deck.parameters)
        scene = scene.with_deck(deck.but(parameters=values))
    return graph.checked(scene.but(score=validated(SCORE, scene.score)))


def fresh_deck(spec: EngineSpec, model: str | None = None, *, key: str = "deck1") -> Deck:
    """A deck of `spec` with its defaults and an empty shelf, which fills once it is loaded."""
    chosen = spec.models[0] if model is None else spec.model(model)
    values = initial_values(spec.controls(chosen.name))
    return Deck(key=key, engine=spec.name, model=chosen.name, parameters=values)
