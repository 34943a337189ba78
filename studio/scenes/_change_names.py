"""What a hand did between two scenes, in a few words for the history panel."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, TypeVar

from studio.document.field_rules import CarryRule, FieldRules, Ruled, rules_of
from studio.document.mix import LAYER_PARAMETERS, MIX_PARAMETERS
from studio.document.modulation import DEPTH, Connection, Modulator
from studio.document.parameters import Choice, Parameter, Value
from studio.document.scene import SLOT_NAMES, Deck, Scene
from studio.document.score import SCORE
from studio.engine.registry import Registry
from studio.modulation.graph import inside
from studio.modulation.kinds import kind_of, setting_of, title_of
from studio.modulation.targets import targets_of

_Member = TypeVar("_Member", Modulator, Connection)


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
    if said:
        return said[0]
    said_of_rest = _of_modulation(before, after, registry) or _of_mix(before, after)
    return said_of_rest or _of_fields(before, after, SCORE)


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


def _of_mix(before: Scene, after: Scene) -> str:
    """What differs first of the layers and of the whole output; empty where nothing does."""
    if before.mix is after.mix:
        return ""
    titles = {deck.key: f"Deck {n}" for n, deck in enumerate(after.decks, start=1)}
    for key in after.layer_keys:
        layer = after.layer(key)
        if words := _of_values(dict(before.layer(key)), dict(layer), LAYER_PARAMETERS):
            return f"{titles.get(key, key.strip('/').title())}: {words}"
    return _of_values(dict(before.mix), dict(after.mix), MIX_PARAMETERS)


# -- modulation ------------------------------------------------------------------------------------


def _of_modulation(before: Scene, after: Scene, registry: Registry) -> str:
    """What differs first; empty where neither modulators nor connections do."""
    gone, come = _differing(before.modulators, after.modulators)
    off, on = _differing(before.connections, after.connections)
    if gone and not come:
        return f"{title_of(gone[0])} removed"
    if on and len(on) > 1 and len(off) == len(on):
        return "Depths"
    if on or off:
        scene = after if on else before
        return _of_connection(off[0] if off else None, on[0] if on else None, scene, registry)
    return _of_modulator(gone[0] if gone else None, come[0]) if come else ""


def _differing(
    before: Sequence[_Member], after: Sequence[_Member]
) -> tuple[list[_Member], list[_Member]]:
    """Members of each that the other has not."""
    old, new = {m.id: m for m in before}, {m.id: m for m in after}
    gone = [m for m in before if new.get(m.id) != m]
    return gone, [m for m in after if old.get(m.id) != m]


def _of_connection(
    before: Connection | None, after: Connection | None, scene: Scene, registry: Registry
) -> str:
    present = after or before
    assert present is not None
    title = next(title_of(m) for m in scene.modulators if m.id == present.modulator)
    label = _label(present.target, scene, registry)
    if after is None:
        return f"{title} off {label}"
    if before is not None and before.depth != after.depth:
        return f"{DEPTH.label} of {title} on {label}"
    if before is not None and before.on != after.on:
        return f"{title} on {label} {'heard' if after.on else 'muted'}"
    return f"{title} on {label}"


def _label(target: str, scene: Scene, registry: Registry) -> str:
    """What a control is called, without its deck."""

    def controls(deck: Deck) -> tuple[Parameter, ...]:
        return registry.spec(deck.engine).controls(deck.model)

    found = inside(target, scene.modulators) or targets_of(scene, controls).get(target)
    return found.parameter.label if found else target.rpartition("/")[2].replace("_", " ")


def _of_modulator(before: Modulator | None, after: Modulator) -> str:
    title = title_of(after)
    if before is None:
        return f"{title} added"
    for name, value in after.settings.items():
        if value != before.settings.get(name) and (words := _setting(after.kind, name, value)):
            return f"{title}: {words}"
    for switch, way in (("on", ("on", "off")), ("solo", ("solo", "with the others"))):
        if getattr(before, switch) != getattr(after, switch):
            return f"{title} {way[0 if getattr(after, switch) else 1]}"
    return f"{title}: {kind_of(after.kind).title}"


def _setting(kind: str, name: str, value: Value) -> str:
    parameter = setting_of(kind, name)
    if parameter is None:
        return ""
    if isinstance(parameter, Choice):
        return f"{parameter.label} {parameter.worded(str(value))}"
    return f"{parameter.label} {parameter.format(value)}"
