"""The way between two scenes: what glides, what waits for the middle, and the ends."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.document.parameters import Float
from studio.document.routes import Route
from studio.document.scene import Deck, Pin, Scene, Stroke, Walk
from studio.engine.deck_job import own_files_of
from studio.engine.decks import checked
from studio.engine.registry import Registry
from studio.latent.blending import lerp, slerp
from studio.latent.mixing import point_of
from studio.scenes.crossing import Crossing, between
from tests.fakes import LEAN, PARAMETERS, fake, filled_deck, scene_of, slot

TURN = Float(name="turn", label="Turn", low=-1, high=1, default=0, cyclic=True)
GUEST = fake(parameters=(*PARAMETERS, TURN), blend_maps=True)
REGISTRY = Registry.of(GUEST.spec)
AXES = {LEAN.name: np.eye(6, dtype=np.float32)[0]}


def deck(key: str = "deck1", *, model: str | None = None, first: int = 0, **changes: Any) -> Deck:
    """A deck with three slots, other ones for another `first`."""
    made = filled_deck(GUEST, key, slots=0, model=model)
    size = GUEST.spec.model(made.model).latent_size
    for index in range(3):
        made = made.with_slot(index, slot(first + index, size))
    values = {**made.parameters, **changes.pop("parameters", {})}
    return made.but(parameters=values, **changes)


def scene(*decks: Deck, **changes: Any) -> Scene:
    return checked(REGISTRY, scene_of(*decks).but(**changes))


A = scene(deck(seed=1))
B = scene(
    deck(
        first=20,
        pad=(-0.5, 0.0),
        seed=9,
        interpolation="straight",
        parameters={"contrast": 2.0, "glow": 4.0, "bands": 8, "tint": "red", "mirror": True},
    )
)


def only(found: Scene) -> Deck:
    (held,) = found.decks
    return held


def with_own(held: Deck, index: int, letter: str) -> Deck:
    made = held.slots[index]
    assert made is not None
    return held.with_slot(index, made.but(own_picture=64 * letter))


def test_own_pictures_of_both_ends_are_seen_on_the_way() -> None:
    a = with_own(with_own(deck(), 0, "a"), 1, "b")
    b = with_own(with_own(deck(first=20), 0, "b"), 2, "c")
    for share in (0.1, 0.49, 0.51, 0.9):
        assert set(own_files_of(way(a, b, share))) == {64 * "a", 64 * "b", 64 * "c"}
    assert way(a, b, 0) == only(scene(a))
    assert way(a, b, 1) == only(scene(b))
    assert own_files_of(way(deck(), deck(first=20), 0.5)) == ()


def way(a: Deck, b: Deck, share: float, **given: Any) -> Deck:
    return only(between(scene(a), scene(b), share, REGISTRY, **given))


# -- the ends --------------------------------------------------------------------------------------


def test_at_its_ends_it_is_the_scenes_themselves() -> None:
    crossing = Crossing(A, B, REGISTRY)
    assert crossing.at(0) is A
    assert crossing.at(1) is B
    assert (crossing.at(-0.5), crossing.at(1.5)) == (A, B)


def test_near_its_ends_the_picture_is_nearly_theirs() -> None:
    for share, end in ((1e-6, A), (1 - 1e-6, B)):
        near = only(between(A, B, share, REGISTRY))
        assert point_of(near, 4) == pytest.approx(point_of(only(end), 4), abs=1e-4)
        assert near.pad == pytest.approx(only(end).pad, abs=1e-5)
        for name in ("contrast", "glow", "bands"):
            assert near.parameters[name] == pytest.approx(only(end).parameters[name], abs=1e-4)


def test_a_scene_crossed_with_itself_is_itself_all_the_way() -> None:
    for share in (0.2, 0.5, 0.8):
        assert between(A, A, share, REGISTRY) == A


# -- points ----------------------------------------------------------------------------------------


def test_the_point_goes_along_the_path_of_the_second_scenes_blend() -> None:
    a, b = point_of(only(A), 4), point_of(only(B), 4)
    straight = only(between(A, B, 0.3, REGISTRY))
    assert straight.held == tuple(lerp(a, b, 0.3).tolist())
    round_way = scene(only(B).but(interpolation="great circle"))
    b = point_of(only(round_way), 4)
    assert only(between(A, round_way, 0.3, REGISTRY)).held == tuple(slerp(a, b, 0.3).tolist())


def test_a_held_point_is_where_it_begins() -> None:
    held = (1.0, 2.0, 3.0, 4.0)
    found = way(deck(held=held), deck(held=held), 0.5)
    assert found.held == held


def test_a_deck_that_a_hand_has_taken_shows_its_slots() -> None:
    found = only(Crossing(A, B, REGISTRY, loose=("deck1",)).at(0.4))
    assert found.held is None
    assert found.slots == only(A).slots


# -- numbers ---------------------------------------------------------------------------------------


def test_numbers_go_along_their_curves() -> None:
    found = only(between(A, B, 0.5, REGISTRY)).parameters
    assert found["contrast"] == pytest.approx(1.5)
    assert found["glow"] == pytest.approx(2.0)  # a log curve: the geometric middle of 1 and 4
    assert found["bands"] in (4, 5)


@pytest.mark.parametrize(("start", "end", "middle"), [(0.8, -0.8, 1.0), (-0.5, 0.3, -0.1)])
def test_an_angle_goes_the_shorter_way_round(start: float, end: float, middle: float) -> None:
    a, b = (deck(parameters={"turn": turn}) for turn in (start, end))
    found = float(way(a, b, 0.5).parameters["turn"])
    assert found == pytest.approx(middle) or abs(found) == pytest.approx(abs(middle)) == 1


def test_the_tempo_glides_and_the_metre_does_not() -> None:
    a = A.but(score={**A.score, "tempo": 60.0, "metre_beats": 3})
    b = B.but(score={**B.score, "tempo": 120.0, "metre_beats": 7, "quantum": "bar"})
    early, late = (between(a, b, share, REGISTRY).score for share in (0.25, 0.75))
    assert (early["tempo"], late["tempo"]) == pytest.approx((75, 105))
    assert (early["metre_beats"], late["metre_beats"]) == (3, 7)
    assert (early["quantum"], late["quantum"]) == ("now", "bar")


def test_a_drift_that_only_one_has_comes_up_from_rest() -> None:
    a, b = deck(drift={}), deck(drift={"turn": 8.0})
    assert way(a, b, 0.25).drift == {"turn": 2.0}
    assert way(b, a, 0.25).drift == {"turn": 6.0}


# -- the middle ------------------------------------------------------------------------------------


def test_words_seeds_and_slots_change_in_the_middle() -> None:
    early, late = (only(between(A, B, share, REGISTRY)) for share in (0.499, 0.5))
    for found, end in ((early, only(A)), (late, only(B))):
        assert found.seed == end.seed
        assert found.slots == end.slots
        assert found.interpolation == end.interpolation
        for name in ("tint", "mirror"):
            assert found.parameters[name] == end.parameters[name]


def test_pins_strokes_and_walks_change_in_the_middle() -> None:
    b = deck(
        pins={0: Pin(place=(0.2, 0.3))},
        strokes=(Stroke(slot=1, points=((0.1, 0.1),)),),
        walk=Walk(seconds=3),
    )
    for share, end in ((0.4, deck()), (0.6, b)):
        found = way(deck(), b, share)
        assert (found.pins, found.strokes, found.walk) == (end.pins, end.strokes, end.walk)


def test_routes_ties_and_the_front_change_in_the_middle() -> None:
    routes = (Route(track="lead", port="sound"),)
    a = scene(deck("deck1"), deck("deck2", first=3))
    b = scene(deck("deck1", first=6), deck("deck2"), front="deck2", tied=True, routes=routes)
    early, late = (between(a, b, share, REGISTRY) for share in (0.4, 0.6))
    assert (early.front, early.tied, early.routes) == ("deck1", False, a.routes)
    assert (late.front, late.tied, late.routes) == ("deck2", True, routes)


def test_other_decks_change_in_the_middle() -> None:
    a = scene(deck("deck1"), deck("deck2", model="second"), deck("deck3"))
    b = scene(deck("deck2", first=5), deck("deck1", first=5))
    early, late = (between(a, b, share, REGISTRY) for share in (0.4, 0.6))
    assert [d.key for d in early.decks] == ["deck1", "deck2", "deck3"]
    assert [d.key for d in late.decks] == ["deck2", "deck1"]
    assert (early.deck("deck2"), late.deck("deck2")) == (a.deck("deck2"), b.deck("deck2"))
    assert late.deck("deck1").held is not None


# -- directions ------------------------------------------------------------------------------------


def shown(found: Deck) -> np.ndarray:
    return point_of(found, 6, AXES)


def test_a_slider_along_a_direction_glides_with_the_point_under_it() -> None:
    a = deck(model="wide", parameters={"lean": -2.0})
    b = deck(model="wide", first=30, parameters={"lean": 2.0})
    found = way(a, b, 0.5)
    assert found.parameters["lean"] == pytest.approx(0)
    for share, end in ((1e-7, a), (1 - 1e-7, b)):
        assert shown(way(a, b, share)) == pytest.approx(shown(end), abs=1e-5)


def test_a_lock_that_only_one_has_begins_where_it_changes_nothing() -> None:
    a = deck(model="wide", parameters={"lean": 1.0})
    b = deck(model="wide", first=30, fixed={"lean": 5.0})
    for share, end in ((1e-7, a), (1 - 1e-7, b)):
        found = way(a, b, share, directions={"deck1": AXES})
        assert shown(found) == pytest.approx(shown(end), abs=1e-5)


def test_a_lock_at_zero_is_a_lock() -> None:
    locked = deck(model="wide", fixed={"lean": 0.0})
    assert way(locked, locked.but(seed=4), 0.3).fixed == {"lean": 0.0}


# -- any scene -------------------------------------------------------------------------------------

SHARES = st.floats(0, 1)
VALUES = st.fixed_dictionaries(
    {
        "contrast": st.floats(0, 2),
        "glow": st.floats(0.25, 4),
        "bands": st.integers(1, 8),
        "tint": st.sampled_from(("none", "red", "blue")),
        "mirror": st.booleans(),
        "turn": st.floats(-1, 1),
    }
)


@given(first=VALUES, last=VALUES, share=SHARES)
def test_every_scene_on_the_way_is_one_that_can_be_shown_and_kept(
    first: dict[str, Any], last: dict[str, Any], share: float
) -> None:
    a = scene(deck(parameters=first))
    b = scene(deck(parameters=last, first=12))
    found = between(a, b, share, REGISTRY)
    assert checked(REGISTRY, found) == found
    assert Scene.model_validate_json(found.model_dump_json()) == found
