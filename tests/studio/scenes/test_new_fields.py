"""A field that is new to the document is morphed, carried over and called by its declaration.

The models here add fields to `Scene`, `Deck`, `Slot` and `Walk`, each in one place; `studio.scenes`
has never heard of them.
"""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import Field

from studio.document.field_rules import CarryRule, FieldRules, MorphRule, rules_of
from studio.document.parameters import Value
from studio.document.scene import Deck, Scene, Slot, Walk, home_place
from studio.engine.registry import Registry
from studio.scenes._carry_over import carried
from studio.scenes._change_names import words_for
from studio.scenes.crossing import between
from tests.fakes import fake

GUEST = fake()
REGISTRY = Registry.of(GUEST.spec)


class NewSlot(Slot):
    hue: float = 0.0


class NewWalk(Walk):
    backwards: bool = False


class NewDeck(Deck):
    warmth: Annotated[float, FieldRules(MorphRule.GLIDE, CarryRule.WHOLE, "Warmth")] = 0.0
    lamp: Annotated[tuple[float, ...], FieldRules(MorphRule.GLIDE, CarryRule.BY_PLACE, "Lamp")] = (
        0.0,
        0.0,
    )
    grain: Annotated[str, FieldRules(MorphRule.MIDDLE, CarryRule.WHOLE, "Grain")] = "fine"
    sways: Annotated[
        dict[str, float], FieldRules(MorphRule.FROM_REST, CarryRule.BY_NAME, "Sway")
    ] = Field(default_factory=dict)
    mirrored: Annotated[
        bool, FieldRules(MorphRule.MIDDLE, CarryRule.WHOLE, ("Mirror on", "Mirror off"))
    ] = False
    more: Annotated[dict[str, Value], FieldRules(MorphRule.NUMBERS, CarryRule.BY_NAME, "")] = Field(
        default_factory=dict
    )


class NewScene(Scene):
    volume: Annotated[float, FieldRules(MorphRule.GLIDE, CarryRule.WHOLE, "Volume")] = 0.0


SLOTS = tuple(NewSlot(latent=(float(i), 1.0, 0.0, 0.0), place=home_place(i)) for i in range(8))
DECK = NewDeck(key="deck1", engine="fake", model="first", slots=SLOTS, walk=NewWalk())
SCENE = NewScene(decks=(DECK,), front="deck1")


def changed(**changes: Any) -> NewScene:
    return SCENE.but(decks=(DECK.but(**changes),))


CASES = [
    ({"warmth": 1.0}, {"warmth": 0.25}, {"warmth": 0.75}, "Warmth"),
    ({"lamp": (1.0, 2.0)}, {"lamp": (0.25, 0.5)}, {"lamp": (0.75, 1.5)}, "Lamps"),
    ({"lamp": (0.0, 2.0)}, {"lamp": (0.0, 0.5)}, {"lamp": (0.0, 1.5)}, "Lamp B"),
    ({"grain": "coarse"}, {"grain": "fine"}, {"grain": "coarse"}, "Grain"),
    ({"sways": {"x": 4.0}}, {"sways": {"x": 1.0}}, {"sways": {"x": 3.0}}, "Sway"),
    ({"mirrored": True}, {"mirrored": False}, {"mirrored": True}, "Mirror on"),
    ({"more": {"contrast": 2.0}}, {"more": {"contrast": 1.25}}, {"more": {"contrast": 1.75}},
     "Contrast 2.00"),
    (
        {"slots": (*SLOTS[:7], SLOTS[7].but(hue=1.0))},
        {"slots": SLOTS},
        {"slots": (*SLOTS[:7], SLOTS[7].but(hue=1.0))},
        "Slot H",
    ),
    (
        {"walk": NewWalk(backwards=True)},
        {"walk": NewWalk()},
        {"walk": NewWalk(backwards=True)},
        "Walk",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "early", "late", "words"), CASES)
def test_a_new_field_of_a_deck(
    change: dict[str, Any], early: dict[str, Any], late: dict[str, Any], words: str
) -> None:
    after = changed(**change)
    assert between(SCENE, after, 0.25, REGISTRY) == changed(**early)
    assert between(SCENE, after, 0.75, REGISTRY) == changed(**late)
    onto = SCENE.but(decks=(DECK.but(seed=5, pad=(0.5, 0.5)),))
    assert carried(SCENE, after, onto) == onto.but(decks=(onto.decks[0].but(**change),))
    assert words_for(SCENE, after, REGISTRY) == words


def test_a_new_field_of_a_scene() -> None:
    after = SCENE.but(volume=1.0)
    assert between(SCENE, after, 0.25, REGISTRY) == SCENE.but(volume=0.25)
    onto = SCENE.but(tied=True)
    assert carried(SCENE, after, onto) == onto.but(volume=1.0)
    assert words_for(SCENE, after, REGISTRY) == "Volume"


def test_a_rule_of_its_own_is_one_that_is_there() -> None:
    class Odd(NewDeck):
        odd: Annotated[int, FieldRules(MorphRule.OWN, CarryRule.WHOLE, "Odd")] = 0

    odd = SCENE.but(decks=(Odd(**dict(DECK)),))
    with pytest.raises(KeyError, match="odd"):
        between(odd, odd.but(volume=1.0), 0.5, REGISTRY)
    assert {name for name, rules in rules_of(Deck).items() if rules.morph is MorphRule.OWN} == {
        "held",
        "fixed",
        "own_pictures",
    }
