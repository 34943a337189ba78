"""What a hand does on the way, carried over to the scenes at its ends."""

from __future__ import annotations

from typing import Any

import pytest

from studio.document.routes import Route
from studio.document.scene import Deck, Pin, Scene, Stroke, Walk
from studio.scenes._carry_over import carried, moved_points
from tests.fakes import fake, filled_deck, scene_of, slot

GUEST = fake()


def deck(key: str = "deck1", **changes: Any) -> Deck:
    return filled_deck(GUEST, key).but(**changes)


HERE = scene_of(deck(), deck("deck2")).but(score={"tempo": 100.0, "quantum": "now"})
"""Where the hand is."""
THERE = scene_of(
    deck(pad=(0.9, 0.9), seed=5, fixed={"lean": 1.0}, drift={"turn": 3.0}).with_slot(0, slot(50)),
    deck("deck2"),
).but(score={"tempo": 60.0, "quantum": "bar"})
"""An end of the way."""


def after(scene: Scene = HERE, **changes: Any) -> Scene:
    """`scene` with its first deck changed."""
    return scene.with_deck(scene.decks[0].but(**changes))


def first(scene: Scene) -> Deck:
    return scene.decks[0]


def test_nothing_done_is_nothing_carried() -> None:
    assert carried(HERE, HERE, THERE) is THERE


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("pad", (0.0, 0.0)),
        ("held", (1.0, 2.0, 3.0, 4.0)),
        ("walk", Walk(seconds=2)),
        ("strokes", (Stroke(slot=0, points=((0.1, 0.1),)),)),
        ("interpolation", "straight"),
        ("seed", 9),
    ],
)
def test_what_was_changed_is_changed_and_nothing_else(field: str, value: object) -> None:
    found = carried(HERE, after(**{field: value}), THERE)
    assert found == after(THERE, **{field: value})


def test_of_numbers_by_name_only_those_that_were_moved() -> None:
    values = {**first(HERE).parameters, "contrast": 0.1}
    found = first(carried(HERE, after(parameters=values), THERE)).parameters
    assert found == {**first(THERE).parameters, "contrast": 0.1}


def test_a_lock_that_was_taken_off_is_off_and_others_stay() -> None:
    before = after(fixed={"lean": 0.5, "smile": 2.0})
    unlocked = after(fixed={"smile": 2.0})
    assert first(carried(before, unlocked, THERE)).fixed == {}
    locked = carried(HERE, after(fixed={"smile": 2.0}), THERE)
    assert first(locked).fixed == {"lean": 1.0, "smile": 2.0}


def test_a_pin_comes_along() -> None:
    pin = Pin(place=(0.1, 0.2))
    assert first(carried(HERE, after(pins={3: pin}), THERE)).pins == {3: pin}


def test_of_slots_only_those_that_were_filled_or_emptied() -> None:
    changed = HERE.with_deck(first(HERE).with_slot(6, slot(9)).with_slot(1, None))
    found = first(carried(HERE, changed, THERE)).slots
    assert (found[0], found[1], found[6]) == (first(THERE).slots[0], None, slot(9))


def test_time_routes_ties_and_the_front_come_along() -> None:
    routes = (Route(track="lead", port="sound"),)
    changed = HERE.but(score={**HERE.score, "tempo": 77.0}, routes=routes, tied=True, front="deck2")
    found = carried(HERE, changed, THERE)
    assert found.score == {"tempo": 77.0, "quantum": "bar"}
    assert (found.routes, found.tied, found.front) == (routes, True, "deck2")
    assert found.decks == THERE.decks


def test_a_front_that_an_end_does_not_have_is_left() -> None:
    only = THERE.but(decks=THERE.decks[:1])
    assert carried(HERE, HERE.but(front="deck2"), only).front == "deck1"


def test_decks_come_and_go_along() -> None:
    new = deck("deck3")
    changed = HERE.but(decks=(HERE.decks[1], new), front="deck2")
    found = carried(HERE, changed, THERE)
    assert [d.key for d in found.decks] == ["deck2", "deck3"]
    assert found.front == "deck2"


def test_the_last_deck_of_an_end_stays() -> None:
    only = THERE.but(decks=THERE.decks[:1])
    gone = HERE.but(decks=HERE.decks[1:], front="deck2")
    assert carried(HERE, gone, only).decks == only.decks


def test_a_model_that_was_chosen_is_chosen_everywhere() -> None:
    chosen = HERE.with_deck(filled_deck(GUEST, model="second"))
    assert first(carried(HERE, chosen, THERE)).model == "second"


def test_a_deck_that_has_another_model_at_an_end_is_left_alone() -> None:
    other = THERE.with_deck(filled_deck(GUEST, model="second"))
    assert carried(HERE, after(pad=(0.0, 0.0)), other).decks == other.decks


def test_whose_points_were_moved() -> None:
    assert moved_points(HERE, HERE) == frozenset()
    assert moved_points(HERE, after(pad=(0.0, 0.0))) == {"deck1"}
    assert moved_points(HERE, after(held=(0.0,) * 4)) == {"deck1"}
    assert moved_points(HERE, after(seed=3)) == frozenset()
