"""Drift: cyclic parameters that go round by themselves, and loops that close."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from studio.engine.deck_job import job_of
from studio.motion.drifting import cyclic, loop_values, whole_turns
from studio.session.motion import Motion
from tests.fakes import Pump, is_one_sentence, scene_of
from tests.texture_fakes import CONTROLS, texture_of, textured, textures

Play = Callable[..., Pump]


@pytest.fixture
def pump(play: Play) -> Pump:
    guest = textures()
    return play(guest, scene=scene_of(textured(guest, drift={"across": 6.0})))


@pytest.fixture
def motion(pump: Pump) -> Motion:
    return pump.session.motion


def across(pump: Pump) -> float:
    return float(pump.deck().parameters["across"])


# -- loops -----------------------------------------------------------------------------------------


def test_only_what_goes_round_can_drift() -> None:
    assert [p.name for p in cyclic(CONTROLS)] == ["across", "down", "morph"]


def test_a_loop_has_the_nearest_whole_turns_but_at_least_one() -> None:
    drift = {"across": 6.0, "down": -20.0, "morph": 0.1, "rest": 0.0}
    assert whole_turns(drift, 8) == {"across": 1, "down": -3, "morph": 1}
    assert whole_turns(drift, 60) == {"across": 6, "down": -20, "morph": 1}


@pytest.mark.parametrize("begun", [0.0, 0.123, 1.0])
def test_a_loop_ends_as_it_began_to_the_bit(begun: float) -> None:
    deck = textured(textures())
    deck = deck.but(parameters={**deck.parameters, "across": begun, "morph": 17.0})
    turns = {"across": 2, "morph": -1}
    values = [loop_values(deck, CONTROLS, turns, phase) for phase in (0, 0.25, 1)]
    assert values[0] == values[2] == {"across": begun, "morph": 17.0}
    assert values[1] == pytest.approx({"across": (begun + 0.5) % 1, "morph": -73.0})


def test_its_pictures_close_too() -> None:
    deck = textured(textures())
    turns = {"across": 1, "down": -2, "morph": 1}
    first, middle, last = (
        texture_of(job_of(deck, 4, values=loop_values(deck, CONTROLS, turns, phase)))
        for phase in (0, 0.3, 1)
    )
    assert np.array_equal(first, last)
    assert not np.array_equal(first, middle)


# -- time ------------------------------------------------------------------------------------------


def test_it_goes_at_its_turns_a_minute(pump: Pump, motion: Motion) -> None:
    motion.start_drift("deck1", 100.0)
    pump.change(lambda: motion.step(102.5))
    assert across(pump) == pytest.approx(0.25)
    pump.change(lambda: motion.step(111.0))
    assert across(pump) == pytest.approx(0.1)
    shown = pump.state().shown
    assert shown is not None
    assert shown.request.job.parameters["across"] == across(pump)


def test_backwards_and_several_at_once(pump: Pump, motion: Motion) -> None:
    motion.set_drift("deck1", "morph", -30.0)
    motion.start_drift("deck1", 0.0)
    motion.step(0.5)
    assert across(pump) == pytest.approx(0.05)
    assert pump.deck().parameters["morph"] == pytest.approx(-90.0)
    pump.settle()


def test_it_never_ends(pump: Pump, motion: Motion) -> None:
    motion.start_drift("deck1", 0.0)
    for hour in range(1, 50):
        motion.step(3600.0 * hour + 2.5)
    assert 0 <= across(pump) <= 1
    assert across(pump) == pytest.approx(0.25)
    pump.settle()


def test_another_pace_on_the_way_does_not_jump(pump: Pump, motion: Motion) -> None:
    motion.start_drift("deck1", 0.0)
    motion.step(2.0)
    motion.set_drift("deck1", "across", -6.0)
    motion.step(2.0)
    assert across(pump) == pytest.approx(0.2)
    motion.step(3.0)
    assert across(pump) == pytest.approx(0.1)
    pump.settle()


def test_a_hand_takes_the_parameter_along(pump: Pump, motion: Motion) -> None:
    motion.start_drift("deck1", 0.0)
    motion.step(1.0)
    pump.session.set("deck1", "across", 0.7)
    motion.step(2.0)
    assert across(pump) == pytest.approx(0.8)
    pump.settle()


def test_stop_stays_where_it_is(pump: Pump, motion: Motion) -> None:
    told: list[str] = []
    motion.changed.connect(told.append)
    motion.start_drift("deck1", 0.0)
    assert motion.drifting("deck1")
    motion.step(1.0)
    motion.stop_drift("deck1")
    motion.stop_drift("deck1")
    assert told == ["deck1", "deck1"]
    assert not motion.moving
    before = pump.scene
    motion.step(5.0)
    assert pump.scene is before
    pump.settle()


def test_nothing_to_drift_says_so(play: Play) -> None:
    guest = textures()
    pump = play(guest, scene=scene_of(textured(guest)))
    motion = pump.session.motion
    motion.start_drift("deck1", 0.0)
    assert not motion.moving
    assert is_one_sentence(pump.notices[0])


def test_a_pace_of_nothing_is_forgotten(pump: Pump, motion: Motion) -> None:
    motion.set_drift("deck1", "across", 0)
    assert pump.deck().drift == {}
    motion.set_drift("deck1", "down", 1000)
    assert pump.deck().drift == {"down": 60.0}
    pump.settle()


# -- undo ------------------------------------------------------------------------------------------


def test_one_undo_goes_back_to_before_and_stops(pump: Pump, motion: Motion) -> None:
    before = pump.scene
    motion.start_drift("deck1", 0.0)
    for n in range(1, 100):
        motion.step(n / 60)
    pump.session.undo()
    assert pump.scene == before
    assert not motion.moving
    pump.settle()


def test_undoing_something_else_does_not_make_it_jump(pump: Pump, motion: Motion) -> None:
    motion.start_drift("deck1", 0.0)
    motion.step(1.0)
    pump.session.set("deck1", "contrast", 0.5)
    motion.step(2.0)
    pump.session.undo()
    assert pump.deck().parameters["contrast"] == 1
    motion.step(3.0)
    assert across(pump) == pytest.approx(0.3)
    pump.session.redo()
    motion.step(4.0)
    assert across(pump) == pytest.approx(0.4)
    assert pump.deck().parameters["contrast"] == 0.5
    pump.settle()


def test_while_it_goes_there_is_something_to_redo(pump: Pump, motion: Motion) -> None:
    motion.start_drift("deck1", 0.0)
    motion.step(1.0)
    pump.session.set("deck1", "contrast", 0.5)
    pump.session.undo()
    motion.step(2.0)
    assert pump.session.history.can_redo
    pump.settle()


def test_a_drift_that_never_moved_is_nothing_to_undo(pump: Pump, motion: Motion) -> None:
    motion.start_drift("deck1", 0.0)
    motion.stop_drift("deck1")
    assert not pump.session.history.can_undo


def test_a_deck_that_goes_or_changes_its_model_takes_its_drift_along(
    pump: Pump, motion: Motion
) -> None:
    motion.start_drift("deck1", 0.0)
    motion.step(1.0)
    pump.session.decks.choose_model("deck1", "textures", "wide")
    assert not motion.moving
    pump.session.decks.add("textures")
    pump.settle()
    motion.set_drift("deck2", "across", 5)
    motion.start_drift("deck2", 0.0)
    pump.session.decks.remove("deck2")
    motion.step(1.0)
    assert not motion.moving
    pump.settle()
