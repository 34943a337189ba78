"""What a hand did between two scenes, in a few words for the history panel."""

from __future__ import annotations

from studio.document.parameters import Parameter
from studio.document.scene import SLOT_NAMES, Deck, Scene
from studio.document.score import SCORE
from studio.engine.registry import Registry


def words_for(before: Scene, after: Scene, registry: Registry) -> str:
    """What differs most, such as "Contrast 1.20" or "Slot C"; empty where nothing does."""
    old = {deck.key: deck for deck in before.decks}
    new = {deck.key: deck for deck in after.decks}
    if not old.keys() & new.keys() or _is_another(before, after):
        return "Another scene"
    if old.keys() != new.keys():
        return "Deck added" if len(new) > len(old) else "Deck removed"
    said = [words for key in new if (words := _of_deck(old[key], new[key], registry))]
    if len(said) > 1:
        return "Several decks"
    return said[0] if said else _of_scene(before, after)


def _is_another(before: Scene, after: Scene) -> bool:
    """A scene that was opened was not made of the one before: no deck's shelf is the same."""
    shelves = [{d.slots for d in scene.decks if any(d.slots)} for scene in (before, after)]
    return before.score is not after.score and not shelves[0] & shelves[1]


def _of_scene(before: Scene, after: Scene) -> str:
    for parameter in SCORE:
        if before.score.get(parameter.name) != after.score.get(parameter.name):
            return _value(parameter, after.score)
    if before.routes != after.routes:
        return "Routes"
    if before.tied != after.tied:
        return "Pads tied" if after.tied else "Pads untied"
    return ""


def _of_deck(before: Deck, after: Deck, registry: Registry) -> str:
    if before is after:
        return ""
    if (before.engine, before.model) != (after.engine, after.model):
        return registry.spec(after.engine).model(after.model).title
    return (
        _of_slots(before, after) or _of_values(before, after, registry) or _of_rest(before, after)
    )


def _of_slots(before: Deck, after: Deck) -> str:
    pairs = zip(before.slots, after.slots, strict=True)
    changed = [i for i, (old, new) in enumerate(pairs) if old != new]
    if len(changed) > 1:
        return "Slots"
    return f"Slot {SLOT_NAMES[changed[0]]}" if changed else ""


def _of_values(before: Deck, after: Deck, registry: Registry) -> str:
    if before.parameters == after.parameters:
        return ""
    for parameter in registry.spec(after.engine).controls(after.model):
        if before.parameters.get(parameter.name) != after.parameters.get(parameter.name):
            return _value(parameter, after.parameters)
    return ""


def _of_rest(before: Deck, after: Deck) -> str:
    for field, words in (
        ("strokes", "Paint"),
        ("pins", "Pin"),
        ("pad", "Puck"),
        ("held", "Point"),
        ("fixed", "Lock"),
        ("drift", "Drift"),
        ("walk", "Walk"),
        ("interpolation", "Path"),
        ("seed", "Seed"),
    ):
        if getattr(before, field) != getattr(after, field):
            return words
    return ""


def _value(parameter: Parameter, values: dict[str, float | int | str | bool]) -> str:
    shown = parameter.format(values[parameter.name]) if parameter.name in values else ""
    return f"{parameter.label} {shown}".rstrip()
