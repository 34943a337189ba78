"""The document: it never changes, it survives a file to the bit, it lets nothing strange in."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from studio.document.scene import (
    INTERPOLATION,
    PAD_X,
    PAD_Y,
    SEED,
    SLOT_COUNT,
    SLOT_NAMES,
    Deck,
    Scene,
    Slot,
    home_place,
)
from tests.fakes import Guest, filled_deck, scene_of, slot

GUEST = Guest()
SCENE = scene_of(filled_deck(GUEST), filled_deck(GUEST, "deck2", 8))

coordinates = st.floats(-1, 1)
places = st.tuples(coordinates, coordinates)
float32s = st.floats(width=32, allow_nan=False, allow_infinity=False)
slots = st.builds(
    Slot,
    latent=st.lists(float32s, min_size=1, max_size=5).map(tuple),
    place=places,
    locked=st.booleans(),
    origin=st.sampled_from(["sampled", "captured", "encoded"]),
)
values = st.one_of(
    st.booleans(), st.integers(-(2**53), 2**53), st.floats(-1e9, 1e9), st.text(max_size=5)
)
decks = st.builds(
    Deck,
    key=st.text(min_size=1, max_size=40),
    engine=st.text(max_size=5),
    model=st.text(max_size=5),
    slots=st.lists(st.none() | slots, min_size=SLOT_COUNT, max_size=SLOT_COUNT).map(tuple),
    pad=places,
    interpolation=st.sampled_from(INTERPOLATION.options),
    seed=st.integers(0, 2**31 - 1),
    parameters=st.dictionaries(st.text(max_size=5), values, max_size=3),
)
scenes = st.builds(
    Scene, decks=st.lists(decks, min_size=1, max_size=3).map(tuple), front=st.text(max_size=5)
)


def document() -> Any:
    """A scene as it lies in a file."""
    return json.loads(SCENE.model_dump_json())


# -- it never changes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        (SCENE, "front", "deck2"),
        (SCENE, "decks", ()),
        (SCENE.decks[0], "pad", (0.0, 0.0)),
        (SCENE.decks[0], "slots", ()),
        (SCENE.decks[0].slots[0], "locked", True),
    ],
)
def test_no_part_of_it_can_be_set(part: Any, name: str, value: object) -> None:
    with pytest.raises(ValidationError):
        setattr(part, name, value)


def test_a_change_is_another_scene_that_shares_the_rest() -> None:
    before = SCENE.model_dump_json()
    after = SCENE.with_deck(SCENE.deck("deck1").with_slot(1, None))
    assert after != SCENE
    assert after.deck("deck1").slots[1] is None
    assert after.deck("deck1").slots[0] is SCENE.deck("deck1").slots[0]
    assert after.deck("deck2") is SCENE.deck("deck2")
    assert SCENE.model_dump_json() == before


def test_a_deck_is_found_by_its_key() -> None:
    assert SCENE.deck("deck2").key == "deck2"
    with pytest.raises(KeyError):
        SCENE.deck("deck9")


def test_the_deck_in_front_is_the_one_whose_key_is() -> None:
    assert SCENE.front_deck is SCENE.decks[0]
    assert SCENE.but(front="deck2").front_deck is SCENE.decks[1]
    with pytest.raises(KeyError):
        _ = SCENE.but(front="deck9").front_deck


# -- it survives a file ----------------------------------------------------------------------------


@given(scenes)
def test_a_scene_comes_back_from_json_as_it_was(scene: Scene) -> None:
    again = Scene.model_validate_json(scene.model_dump_json())
    assert again == scene
    assert again.model_dump_json() == scene.model_dump_json()


@given(st.dictionaries(st.text(max_size=3), values, max_size=4))
def test_values_keep_their_type_in_a_file(parameters: dict[str, Any]) -> None:
    deck = SCENE.decks[0].but(parameters=parameters)
    again = Deck.model_validate_json(deck.model_dump_json()).parameters
    assert [type(v) for v in again.values()] == [type(v) for v in parameters.values()]
    assert again == parameters


# -- it lets nothing strange in --------------------------------------------------------------------


@pytest.mark.parametrize("path", [[], ["decks", 0], ["decks", 0, "slots", 0]], ids=str)
def test_a_key_that_nobody_knows_is_refused(path: list[Any]) -> None:
    whole = part = document()
    for step in path:
        part = part[step]
    part["__class__"] = "os.system"
    with pytest.raises(ValidationError, match="__class__"):
        Scene.model_validate(whole)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["decks"], []),
        (["decks"], [document()["decks"][0]] * 9),
        (["decks", 0, "key"], ""),
        (["decks", 0, "key"], "k" * 41),
        (["decks", 0, "pad"], [0, math.nan]),
        (["decks", 0, "pad"], [0, 1.01]),
        (["decks", 0, "pad"], [0]),
        (["decks", 0, "pad"], [math.inf, 0]),
        (["decks", 0, "seed"], -1),
        (["decks", 0, "seed"], 2**31),
        (["decks", 0, "seed"], 1.5),
        (["decks", 0, "interpolation"], "round"),
        (["decks", 0, "slots"], [None] * 7),
        (["decks", 0, "slots"], [None] * 9),
        (["decks", 0, "slots", 0, "latent"], []),
        (["decks", 0, "slots", 0, "latent"], [0.0] * 65537),
        (["decks", 0, "slots", 0, "latent"], [math.nan]),
        (["decks", 0, "slots", 0, "latent"], [math.inf]),
        (["decks", 0, "slots", 0, "latent"], ["x"]),
        (["decks", 0, "slots", 0, "place"], [-1.01, 0]),
        (["decks", 0, "slots", 0, "origin"], "stolen"),
        (["decks", 0, "parameters"], {"x": None}),
        (["decks", 0, "parameters"], {"x": [1]}),
        (["front"], None),
        (["tied"], "perhaps"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_value_out_of_place_is_refused(path: list[Any], value: Any) -> None:
    whole = part = document()
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    with pytest.raises(ValidationError):
        Scene.model_validate(whole)


def test_nan_is_refused_in_a_file_too() -> None:
    text = SCENE.model_dump_json().replace('"pad":[0.1', '"pad":[NaN')
    assert "NaN" in text
    with pytest.raises(ValidationError):
        Scene.model_validate_json(text)


# -- what it is made of ----------------------------------------------------------------------------


def test_anchors_stand_on_a_circle_the_first_on_top_then_clockwise() -> None:
    homes = [home_place(i) for i in range(SLOT_COUNT)]
    assert homes[0] == pytest.approx((0, 0.8))
    assert homes[2] == pytest.approx((0.8, 0))
    assert all(math.hypot(x, y) == pytest.approx(0.8) for x, y in homes)
    assert len(set(homes)) == SLOT_COUNT == len(SLOT_NAMES)


def test_the_scenes_own_controls_are_declared_like_an_engines() -> None:
    deck = filled_deck(GUEST)
    assert SEED.validate(deck.seed) == deck.seed
    assert INTERPOLATION.validate(deck.interpolation) == INTERPOLATION.initial
    assert (PAD_X.initial, PAD_Y.initial) == Deck(key="k", engine="e", model="m").pad


def test_a_slot_is_sampled_and_free_unless_it_says_otherwise() -> None:
    assert slot(1).origin == "sampled"
    assert not slot(1).locked
