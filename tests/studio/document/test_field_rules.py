"""Every field of the document declares how it morphs, is carried over, and is called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, get_args

import pytest
from pydantic import BaseModel

from studio.document.field_rules import CarryRule, FieldRules, MorphRule, Ruled, rules_of
from studio.document.frozen import Frozen
from studio.document.mix import Layer, Mix
from studio.document.modulation import Connection, Modulator, Step
from studio.document.own_bars import OwnBar, OwnChord, OwnNote
from studio.document.routes import Route
from studio.document.scene import Deck, Pin, Scene, Slot, Stroke, Walk


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """The document models that an annotation names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)


def reached(model: type[BaseModel]) -> dict[type[BaseModel], set[type[BaseModel]]]:
    """Every model of the document that can be come to from `model`, with those that hold it."""
    found: dict[type[BaseModel], set[type[BaseModel]]] = {model: set()}
    left = [model]
    while left:
        holder = left.pop()
        for field in holder.model_fields.values():
            for part in models_in(field.annotation):
                if part not in found:
                    left.append(part)
                found.setdefault(part, set()).add(holder)
    return found


def test_every_field_of_every_document_has_its_rules() -> None:
    """Scenes and decks field by field; what their fields hold goes as the field does, whole."""
    holders = reached(Scene)
    assert holders.keys() == {
        Scene,
        Deck,
        Slot,
        Walk,
        Pin,
        Stroke,
        Route,
        Modulator,
        Connection,
        Step,
        Mix,
        Layer,
        OwnBar,
        OwnNote,
        OwnChord,
    }
    for model in holders:
        assert issubclass(model, Frozen)
        if issubclass(model, Ruled):
            assert rules_of(model).keys() == model.model_fields.keys()
        else:
            assert holders[model] <= holders.keys(), model


def test_a_field_without_rules_does_not_pass_the_import() -> None:
    with pytest.raises(TypeError, match=r"Warm\.warmth needs one FieldRules in its annotation"):

        class Warm(Deck):
            warmth: float = 0.0


def test_a_field_has_one_set_of_rules() -> None:
    rules = FieldRules(MorphRule.GLIDE, CarryRule.WHOLE, "Warmth")
    with pytest.raises(TypeError, match=r"Warm\.warmth"):

        class Warm(Deck):
            warmth: Annotated[float, rules, rules] = 0.0


def test_what_says_nothing_of_its_own_goes_by_its_parameters_or_is_never_spoken_of() -> None:
    silent = {
        f"{model.__name__}.{name}"
        for model in (Scene, Deck)
        for name, rules in rules_of(model).items()
        if not rules.words and not rules.morph.by_parameter
    }
    identity = {"Deck.key", "Deck.engine", "Deck.model"}
    assert silent == {"Scene.decks", "Scene.front", "Deck.own_pictures", *identity}


def test_fields_are_spoken_of_by_rank() -> None:
    found = rules_of(Deck).items()
    assert [name for name, rules in found if rules.words or rules.morph.by_parameter] == [
        "slots",
        "own_bars",
        "parameters",
        "strokes",
        "pins",
        "pad",
        "held",
        "fixed",
        "drift",
        "walk",
        "moving",
        "interpolation",
        "seed",
    ]
