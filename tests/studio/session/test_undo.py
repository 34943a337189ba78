"""Undo and redo reach everything that the artist can change."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.document.scene import Scene
from studio.engine.decks import fresh_deck
from tests.fakes import Pump, fake, filled_deck, playing, scene_of, slow

PICTURE = np.full((8, 8, 3), 140, np.uint8)

OPERATIONS: dict[str, Callable[[Pump], object]] = {
    "set a number": lambda p: p.session.set("deck1", "contrast", 0.25),
    "set a whole number": lambda p: p.session.set("deck1", "bands", 5),
    "set a word": lambda p: p.session.set("deck1", "tint", "blue"),
    "set a switch": lambda p: p.session.set("deck1", "mirror", True),
    "move the pad": lambda p: p.session.pads.move("deck1", (0.6, -0.2)),
    "move it elsewhere": lambda p: p.session.pads.move("deck1", (-0.6, 0.3)),
    "straight": lambda p: p.session.pads.set_interpolation("deck1", "straight"),
    "tie": lambda p: p.session.pads.tie(True),
    "untie": lambda p: p.session.pads.tie(False),
    "surprise": lambda p: p.session.slots.randomise("deck1", seed=31),
    "surprise again": lambda p: p.session.slots.randomise("deck1", seed=32),
    "sample one": lambda p: p.session.slots.sample("deck1", 2),
    "capture": lambda p: p.session.slots.capture("deck1", 5),
    "clear": lambda p: p.session.slots.clear("deck1", 1),
    "lock": lambda p: p.session.slots.lock("deck1", 0, True),
    "unlock": lambda p: p.session.slots.lock("deck1", 0, False),
    "place": lambda p: p.session.slots.place("deck1", 0, (0.1, 0.9)),
    "encode": lambda p: p.session.slots.encode("deck1", 6, PICTURE),
    "other model": lambda p: p.session.decks.choose_model("deck1", "one", "second"),
    "other engine": lambda p: p.session.decks.choose_model("deck1", "two", "wide"),
    "first model": lambda p: p.session.decks.choose_model("deck1", "one", "first"),
    "add a deck": lambda p: len(p.scene.decks) < 4 and p.session.decks.add("two"),
    "remove the last deck": lambda p: p.session.decks.remove(p.scene.decks[-1].key),
    "open": lambda p: p.session.open(opened(p)),
}


def opened(pump: Pump) -> Scene:
    """Another scene to open: one deck, called deck1 as all the operations want it."""
    return scene_of(filled_deck(pump.guests[1], "deck1", 4, "second"))


def do(pump: Pump, *names: str) -> None:
    """Operations, each a while after the one before and with all that comes of it."""
    for name in names:
        pump.clock.advance(10)
        OPERATIONS[name](pump)
        pump.settle()


def undo_all(pump: Pump) -> list[Scene]:
    """Every scene on the way back, the present one first."""
    scenes = [pump.scene]
    while pump.session.history.can_undo:
        pump.session.undo()
        scenes.append(pump.scene)
    return scenes


def redo_all(pump: Pump) -> list[Scene]:
    scenes = [pump.scene]
    while pump.session.history.can_redo:
        pump.session.redo()
        scenes.append(pump.scene)
    return scenes


# Operations that do nothing to the scene that the tests begin with, and what has to come before.
BEFORE = {"untie": "tie", "unlock": "lock", "first model": "other model"}


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_operation_is_one_step(name: str) -> None:
    with playing(fake("one"), fake("two")) as pump:
        if name in BEFORE:
            do(pump, BEFORE[name])
        before = pump.scene
        do(pump, name)
        after = pump.scene
        assert after != before
        pump.session.undo()
        pump.settle()
        assert pump.scene == before
        pump.session.redo()
        pump.settle()
        assert pump.scene == after


def test_all_of_them_undone_is_the_first_scene_and_redone_the_last() -> None:
    with playing(fake("one"), fake("two")) as pump:
        first = pump.scene
        scenes = [first]
        for name in OPERATIONS:
            do(pump, name)
            if pump.scene != scenes[-1]:
                scenes.append(pump.scene)
        assert len(scenes) > 20
        assert undo_all(pump) == scenes[::-1]
        pump.settle()
        assert pump.scene == first
        assert redo_all(pump) == scenes
        pump.settle()
        assert pump.scene == scenes[-1]


@settings(max_examples=40)
@given(st.lists(st.sampled_from(sorted(OPERATIONS)), max_size=8), st.booleans())
def test_in_whatever_order(names: list[str], patient: bool) -> None:
    """With or without waiting for what the engines have to say on the way back."""
    with playing(fake("one"), fake("two")) as pump:
        scenes = [pump.scene]
        for name in names:
            do(pump, name)
            if pump.scene != scenes[-1]:
                scenes.append(pump.scene)
        while pump.session.history.can_undo:
            pump.session.undo()
            if patient:
                pump.settle()
        pump.settle()
        assert pump.scene == scenes[0]
        assert redo_all(pump) == scenes
        pump.settle()
        assert pump.scene == scenes[-1]
        for deck in pump.scene.decks:
            state = pump.state(deck.key)
            assert state.problem == ""
            assert state.settled or not any(deck.slots)


def test_what_was_undone_is_drawn_again() -> None:
    with playing(fake("one"), fake("two")) as pump:
        first = pump.state().shown
        do(pump, "set a number", "surprise", "other model", "move the pad")
        undo_all(pump)
        pump.settle()
        shown = pump.state().shown
        assert first is not None
        assert shown is not None
        assert np.array_equal(shown.pixels, first.pixels)


def test_nobody_is_led_back_to_a_shelf_that_was_only_waiting_for_its_samples() -> None:
    """A hand that moves while the engine still loads: undo takes the move back, not the samples."""
    guest = slow("load")
    guest.gate.shut()
    pump = Pump(guest, scene=scene_of(fresh_deck(guest.spec)))
    try:
        pump.session.start()
        pump.session.set("deck1", "contrast", 0.5)
        pump.session.pads.move("deck1", (0.4, 0.4))
        guest.gate.open()
        pump.settle()
        filled = pump.deck()
        assert all(filled.slots)
        undo_all(pump)
        pump.settle()
        assert pump.deck().slots == filled.slots
        assert pump.deck().parameters["contrast"] == 1
        redo_all(pump)
        assert pump.deck() == filled
    finally:
        pump.close()


def test_a_drag_is_undone_at_once() -> None:
    with playing(fake("one"), fake("two")) as pump:
        first = pump.scene
        for step in range(50):
            pump.clock.advance(0.02)
            pump.session.pads.move("deck1", (step / 50, 0.0))
        pump.session.undo()
        assert pump.scene == first


def test_there_is_nothing_before_the_beginning() -> None:
    with playing(fake("one"), fake("two")) as pump:
        first = pump.scene
        pump.session.undo()
        pump.session.redo()
        assert pump.scene is first
