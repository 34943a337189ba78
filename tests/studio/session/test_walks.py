"""Walks: round and round through the slots."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from studio.document.parameters import Float
from studio.document.scene import Walk
from studio.latent.mixing import walk_point, walk_stops
from studio.motion.walking import Walking
from tests.fakes import PARAMETERS, Pump, fake, filled_deck, scene_of

Play = Callable[..., Pump]
DECK = filled_deck(fake(), slots=4)


@pytest.fixture
def pump(play: Play) -> Pump:
    return play(fake())


def at(phase: float, walk: Walk | None = None) -> list[float]:
    point = walk_point(DECK.but(walk=walk or Walk()), phase)
    assert point is not None
    return point.tolist()


def slot(index: int) -> list[float]:
    held = DECK.slots[index]
    assert held is not None
    return list(held.latent)


# -- the way ---------------------------------------------------------------------------------------


def test_a_walk_ends_where_it_began_to_the_bit() -> None:
    assert at(0) == at(1) == slot(0)


def test_by_default_it_goes_through_every_filled_slot() -> None:
    assert [at(n / 4) for n in range(4)] == [slot(n) for n in range(4)]


def test_it_goes_through_chosen_slots_in_their_order() -> None:
    chosen = Walk(slots=(2, 0, 3))
    assert [at(n / 3, chosen) for n in range(3)] == [slot(2), slot(0), slot(3)]


def test_empty_slots_are_passed_over() -> None:
    assert len(walk_stops(DECK.but(walk=Walk(slots=(0, 6, 1))))) == 2


def test_one_slot_is_no_walk() -> None:
    assert walk_point(DECK.but(walk=Walk(slots=(1,))), 0.5) is None


def test_it_rests_in_its_slots_or_flows_through() -> None:
    def speed(phase: float, easing: str) -> float:
        walk = Walk(slots=(0, 1), easing=easing)  # type: ignore[arg-type]
        step = np.subtract(at(phase + 1e-3, walk), at(phase, walk))
        return float(np.linalg.norm(step))

    assert speed(0.0, "rest") < 0.05 * speed(0.25, "rest")
    assert speed(0.0, "flow") == pytest.approx(speed(0.25, "flow"), rel=0.6)


# -- time ------------------------------------------------------------------------------------------


def test_once_round_takes_as_long_as_it_is_told() -> None:
    walking = Walking(100.0, 8.0)
    walking.step(102.0, 8.0)
    assert walking.phase == pytest.approx(0.25)
    walking.step(109.0, 8.0)
    assert walking.phase == pytest.approx(0.125)


def test_another_length_on_the_way_does_not_jump() -> None:
    walking = Walking(0.0, 8.0)
    walking.step(4.0, 8.0)
    walking.step(4.0, 80.0)
    assert walking.phase == pytest.approx(0.5)


# -- in the hand -----------------------------------------------------------------------------------


def test_a_walk_moves_the_picture(pump: Pump) -> None:
    pump.session.motion.start_walk("deck1", 10.0)
    pump.change(lambda: pump.session.motion.step(11.0))
    assert pump.session.motion.walking("deck1") == pytest.approx(1 / 8)
    bare = walk_point(pump.deck(), 1 / 8)
    assert bare is not None
    assert pump.deck().held == tuple(bare.tolist())
    shown = pump.state().shown
    assert shown is not None
    assert np.array_equal(shown.request.job.latent, bare)


def test_the_puck_stops_it(pump: Pump) -> None:
    pump.session.motion.start_walk("deck1", 10.0)
    pump.change(lambda: pump.session.motion.step(11.0))
    pump.change(lambda: pump.session.pads.move("deck1", (0.2, 0.2)))
    assert pump.session.motion.walking("deck1") is None
    before = pump.scene
    pump.session.motion.step(12.0)
    assert pump.scene is before


def test_one_undo_goes_back_to_before_the_walk_however_long_it_was(pump: Pump) -> None:
    before = pump.scene
    pump.session.motion.start_walk("deck1", 10.0)
    for n in range(20):
        pump.session.motion.step(11.0 + n)
    pump.change(pump.session.undo)
    assert pump.scene == before
    assert pump.session.motion.walking("deck1") is None


def test_the_rest_can_be_changed_on_the_way(pump: Pump) -> None:
    pump.session.motion.start_walk("deck1", 10.0)
    pump.change(lambda: pump.session.motion.step(11.0))
    pump.change(lambda: pump.session.set("deck1", "contrast", 0.5))
    pump.change(lambda: pump.session.motion.set_walk("deck1", Walk(seconds=2.0)))
    pump.session.motion.step(11.0)
    pump.change(lambda: pump.session.motion.step(12.0))
    assert pump.session.motion.walking("deck1") == pytest.approx(1 / 8 + 1 / 2)


def test_a_walk_that_was_kept_goes_on_where_it_was(pump: Pump) -> None:
    motion = pump.session.motion
    motion.start_walk("deck1", 10.0)
    pump.change(lambda: motion.step(13.0))
    kept = motion.kept()
    pump.change(lambda: pump.session.open(kept))
    motion.begin()
    motion.step(100.0)
    pump.change(lambda: motion.step(101.0))
    assert motion.walking("deck1") == pytest.approx(4 / 8, abs=1 / 240)


def test_a_walk_without_slots_to_walk_through_says_so(play: Play) -> None:
    guest = fake()
    pump = play(guest, scene=scene_of(filled_deck(guest, slots=1)))
    pump.session.motion.start_walk("deck1", 0.0)
    assert pump.session.motion.walking("deck1") is None
    assert pump.notices == ["A walk needs at least two filled slots."]


def test_a_walk_that_loses_its_slots_stops(pump: Pump) -> None:
    pump.session.motion.start_walk("deck1", 10.0)
    for index in range(3):
        pump.session.slots.clear("deck1", index)
    pump.session.motion.step(11.0)
    assert pump.session.motion.walking("deck1") is None


def test_a_deck_that_goes_takes_its_walk_along(pump: Pump) -> None:
    pump.session.decks.add("fake")
    pump.settle()
    pump.session.motion.start_walk("deck1", 10.0)
    pump.change(lambda: pump.session.decks.remove("deck1"))
    pump.session.motion.step(11.0)
    assert pump.session.motion.walking("deck1") is None


def test_a_walk_that_never_moved_is_nothing_to_undo(pump: Pump) -> None:
    pump.session.motion.start_walk("deck1", 10.0)
    pump.session.motion.stop_walk("deck1")
    assert not pump.session.history.can_undo


def test_without_a_window_one_step_moves_walks_and_drifts_alike(play: Play) -> None:
    turning = Float(name="turn", label="Turn", low=0, high=1, default=0, cyclic=True)
    pump = play(fake(parameters=(*PARAMETERS, turning)))
    before, motion = pump.scene, pump.session.motion
    motion.set_drift("deck1", "turn", 6.0)
    drifting = pump.scene
    motion.start_drift("deck1", 10.0)
    motion.start_walk("deck1", 10.0)
    assert motion.moving
    pump.change(lambda: motion.step(12.0))
    assert pump.deck().parameters["turn"] == pytest.approx(0.2)
    assert motion.walking("deck1") == pytest.approx(2 / 8)
    pump.session.undo()
    assert (pump.scene, motion.moving) == (drifting, False), "they began together: one step back"
    pump.session.undo()
    assert pump.scene == before
