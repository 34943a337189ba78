"""A picture that was dropped is shown at once, and then comes ever nearer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tests.fakes import REFINE_STEPS, BrokenEngine, Guest, Pump, refining

Play = Callable[..., Pump]
PICTURE = np.full((8, 8, 3), 200, np.uint8)


@pytest.fixture
def guest() -> Guest:
    return refining()


@pytest.fixture
def pump(play: Play, guest: Guest) -> Pump:
    return play(guest)


def encode(pump: Pump, slot: int = 5) -> None:
    """Drop a picture on a slot and wait for its first version; the gate holds the rest back."""
    pump.guests[0].gate.shut()
    pump.session.slots.encode("deck1", slot, PICTURE)
    pump.until(lambda: pump.deck().slots[slot] is not None, "the encoded point")


def refine(pump: Pump, steps: int = 1, slot: int = 5) -> None:
    for _ in range(steps):
        before = pump.session.slots.refinement("deck1", slot)
        pump.guests[0].gate.let_through()
        pump.until(lambda: pump.session.slots.refinement("deck1", slot) != before, "a step")  # noqa: B023


def latent(pump: Pump, slot: int = 5) -> tuple[float, ...]:
    held = pump.deck().slots[slot]
    assert held is not None
    return held.latent


def test_the_first_version_comes_before_any_refinement(pump: Pump) -> None:
    encode(pump)
    assert pump.session.slots.refinement("deck1", 5) == 0


def test_every_step_brings_a_better_point_and_says_how_far_it_is(pump: Pump) -> None:
    encode(pump)
    seen = [latent(pump)]
    told: list[float | None] = []
    pump.session.slots.refined.connect(
        lambda deck, slot: told.append(pump.session.slots.refinement(deck, slot))
    )
    for _ in range(REFINE_STEPS):
        refine(pump)
        seen.append(latent(pump))
    assert told == [*(n / REFINE_STEPS for n in range(1, REFINE_STEPS)), None]
    assert pump.session.slots.refinement("deck1", 5) is None


def test_refining_is_no_step_of_its_own_to_undo(pump: Pump) -> None:
    before = pump.scene
    encode(pump)
    refine(pump, REFINE_STEPS)
    pump.change(pump.session.undo)
    assert pump.scene == before


def test_undo_of_something_else_does_not_bring_a_worse_point_back(pump: Pump) -> None:
    encode(pump)
    pump.session.pads.move("deck1", (0.5, 0.5))
    refine(pump, REFINE_STEPS)
    better = latent(pump)
    pump.change(pump.session.undo)
    assert latent(pump) == better


def test_playing_goes_on_between_the_steps(pump: Pump) -> None:
    encode(pump)
    pump.guests[0].gate.await_arrival(1)
    pump.session.pads.move("deck1", (0.5, 0.5))
    asked = pump.state().asked
    pump.guests[0].gate.let_through(1)
    pump.until(lambda: pump.state().answered == asked, "the picture of the drag")
    assert pump.session.slots.refinement("deck1", 5) is not None


def test_it_can_be_stopped_and_stays_as_good_as_it_is(pump: Pump, guest: Guest) -> None:
    encode(pump)
    refine(pump)
    so_far = latent(pump)
    pump.session.slots.settle("deck1", 5)
    guest.gate.open()
    pump.settle()
    assert latent(pump) == so_far
    assert guest.engine.count("refine") <= 3


@pytest.mark.parametrize(
    "deed",
    [
        lambda p: p.session.slots.clear("deck1", 5),
        lambda p: p.session.slots.capture("deck1", 5),
        lambda p: p.session.undo(),
        lambda p: p.session.decks.choose_model("deck1", "patient", "second"),
    ],
)
def test_a_slot_that_holds_something_else_is_left_alone(
    pump: Pump, guest: Guest, deed: Callable[[Pump], object]
) -> None:
    encode(pump)
    refine(pump)
    deed(pump)
    kept = pump.deck().slots[5]
    guest.gate.open()
    pump.settle()
    if pump.deck().model == "first":
        assert pump.deck().slots[5] == kept
    assert pump.session.slots.refinement("deck1", 5) is None


def test_another_picture_on_the_same_slot_begins_anew(pump: Pump, guest: Guest) -> None:
    encode(pump)
    refine(pump, 2)
    pump.session.slots.encode("deck1", 5, PICTURE // 2)
    guest.gate.open()
    pump.settle()
    wanted = guest.engine.encode(PICTURE // 2, {})
    assert np.allclose(latent(pump), wanted, atol=1e-4)
    assert pump.session.slots.refinement("deck1", 5) is None


def test_two_slots_take_turns(pump: Pump) -> None:
    encode(pump, 5)
    pump.session.slots.encode("deck1", 6, PICTURE)
    pump.guests[0].gate.open()
    pump.settle()
    assert pump.session.slots.refinement("deck1", 5) is None
    assert pump.session.slots.refinement("deck1", 6) is None


def test_a_refinement_that_breaks_keeps_the_point_and_says_nothing(play: Play) -> None:
    def make() -> BrokenEngine:
        engine = BrokenEngine("refine")
        engine.refine_steps = REFINE_STEPS
        return engine

    pump = play(Guest(make, refine_steps=REFINE_STEPS))
    pump.change(lambda: pump.session.slots.encode("deck1", 5, PICTURE))
    assert pump.deck().slots[5] is not None
    assert pump.session.slots.refinement("deck1", 5) is None
    assert pump.notices == []
