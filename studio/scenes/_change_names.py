"""What a hand did between two scenes, in a few words for the history panel."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from studio.document.field_rules import CarryRule, FieldRules, Ruled, rules_of
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
    return said[0] if said else _of_fields(before, after, SCORE)


def _is_another(before: Scene, after: Scene) -> bool:
    """A scene that was opened was not made of the one before: no deck's shelf is the same."""
    shelves = [{d.slots for d in scene.decks if any(d.slots)} for scene in (before, after)]
    return before.score is not after.score and not shelves[0] & shelves[1]


def _of_deck(before: Deck, after: Deck, registry: Registry) -> str:
    if before is after:
        return ""
    if (before.engine, before.model) != (after.engine, after.model):
        return registry.spec(after.engine).model(after.model).title
    controls = registry.spec(after.engine).controls(after.model)
    return _of_fields(before, after, controls)


def _of_fields(before: Ruled, after: Ruled, parameters: Collection[Parameter]) -> str:
    for name, rules in rules_of(type(after)).items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new and (said := _said(rules, old, new, parameters)):
            return said
    return ""


def _said(rules: FieldRules, old: Any, new: Any, parameters: Collection[Parameter]) -> str:
    if rules.morph.by_parameter:
        return _of_values(old, new, parameters)
    if isinstance(rules.words, tuple):
        return rules.words[0 if new else 1]
    if rules.carry is CarryRule.BY_PLACE:
        return _of_places(rules.words, old, new)
    return rules.words


def _of_values(old: Any, new: Any, parameters: Collection[Parameter]) -> str:
    changed = (p for p in parameters if old.get(p.name) != new.get(p.name))
    return next((_value(parameter, new) for parameter in changed), "")


def _of_places(word: str, old: Any, new: Any) -> str:
    changed = [i for i, pair in enumerate(zip(old, new, strict=True)) if pair[0] != pair[1]]
    return f"{word}s" if len(changed) > 1 else f"{word} {SLOT_NAMES[changed[0]]}"


def _value(parameter: Parameter, values: dict[str, float | int | str | bool]) -> str:
    shown = parameter.format(values[parameter.name]) if parameter.name in values else ""
    return f"{parameter.label} {shown}".rstrip()
