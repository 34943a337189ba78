"""Every control of the instrument has an address, and does there what it does in the window."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from studio.control.controls import Control, ControlError, Controls, FixedPart, timed_trigger, value
from studio.control.deck_controls import address_of, controls_of
from studio.document.addresses import suffix_of
from studio.document.parameters import Float, ParameterError, Text, Toggle
from studio.document.scene import (
    EASING,
    INTERPOLATION,
    PAD_X,
    PAD_Y,
    SEED,
    SLOT_NAMES,
    WALK_SECONDS,
)
from studio.engine.decks import fresh_deck
from studio.engine.registry import Registry
from studio.session import Session
from tests.fakes import PARAMETERS, Pump, fake, is_one_sentence, scene_of, slow

Play = Callable[..., Pump]


@pytest.fixture
def pump(play: Play) -> Pump:
    return play(fake(), start=False)


@pytest.fixture
def controls(pump: Pump) -> Controls:
    return controls_of(pump.session)


# -- what there is -----------------------------------------------------------------------------


def test_every_declared_parameter_of_every_engine_has_an_address() -> None:
    """Of the engines that come with the instrument as well as of the tests' own."""
    for spec in (*Registry.discover().specs, fake().spec):
        for model in spec.models:
            scene = scene_of(fresh_deck(spec, model.name))
            session = Session(Registry.of(spec), scene, wake=lambda: None)
            found = {c.address: c for c in controls_of(session).all()}
            for parameter in spec.controls(model.name):
                control = found[f"/deck/1/{suffix_of(parameter)}"]
                assert control.parameter is parameter
                assert control.learnable != isinstance(parameter, Text)


def test_so_does_every_parameter_of_the_scene(controls: Controls) -> None:
    declared = {id(c.parameter) for c in controls.all()}
    for parameter in (PAD_X, PAD_Y, INTERPOLATION, SEED, WALK_SECONDS, EASING):
        assert id(parameter) in declared


def test_addresses_are_paths_that_occur_once(controls: Controls) -> None:
    addresses = [c.address for c in controls.all()]
    assert len(set(addresses)) == len(addresses)
    for address in addresses:
        assert address.startswith("/")
        assert not set(address) & set(" #*,?[]{}"), "OSC forbids these in an address"


def test_every_control_can_be_read_and_has_words(controls: Controls) -> None:
    for control in controls.all():
        control.parameter.validate(controls.get(control.address))
        assert control.label
    contrast = controls.find("/deck/1/contrast")
    assert contrast is not None
    assert contrast.label == "Deck 1: Contrast"


def test_a_parameter_whose_name_is_taken_moves_aside(play: Play) -> None:
    seed = Float(name="seed", label="Seediness", low=0, high=1, default=0)
    pump = play(fake(parameters=(*PARAMETERS, seed)), start=False)
    controls = controls_of(pump.session)
    controls.set("/deck/1/own/seed", 0.5)
    assert pump.deck().parameters["seed"] == 0.5
    assert controls.find("/deck/1/seed").parameter is SEED  # type: ignore[union-attr]


def test_addresses_follow_the_decks_on_the_stage(pump: Pump, controls: Controls) -> None:
    assert controls.find("/deck/2/contrast") is None
    key = pump.session.decks.add("fake")
    assert controls.find("/deck/2/contrast") is not None
    assert address_of(pump.session, key, "pad/x") == "/deck/2/pad/x"
    pump.session.decks.remove("deck1")
    controls.set("/deck/1/contrast", 0.25)
    assert pump.deck(key).parameters["contrast"] == 0.25
    with pytest.raises(KeyError):
        address_of(pump.session, "deck1", "pad/x")


def test_a_models_own_controls_come_and_go_with_it(pump: Pump, controls: Controls) -> None:
    assert controls.find("/front/lean") is None
    pump.session.decks.choose_model("deck1", "fake", "wide")
    assert controls.find("/front/lean") is not None


def test_the_front_is_whichever_deck_is_in_front(pump: Pump, controls: Controls) -> None:
    key = pump.session.decks.add("fake")
    controls.set("/front/contrast", 0.25)
    controls.trigger("/deck/1/front")
    controls.set("/front/contrast", 0.75)
    assert pump.deck(key).parameters["contrast"] == 0.25
    assert pump.deck().parameters["contrast"] == 0.75
    assert (controls.get("/deck/1/front"), controls.get("/deck/2/front")) == (True, False)


# -- values ------------------------------------------------------------------------------------


def test_values_are_set_in_their_own_units_or_by_place(pump: Pump, controls: Controls) -> None:
    controls.set("/deck/1/glow", 2)
    assert controls.get("/deck/1/glow") == 2.0
    assert controls.position("/deck/1/glow") == 0.75  # a log curve from 1/4 to 4
    controls.set_position("/deck/1/glow", 0.5)
    assert pump.deck().parameters["glow"] == pytest.approx(1)
    controls.nudge("/deck/1/bands", 3)
    assert pump.deck().parameters["bands"] == 4


def test_the_pad(pump: Pump, controls: Controls) -> None:
    controls.set("/deck/1/pad/x", -0.5)
    controls.set("/deck/1/pad/y", 0.25)
    assert pump.deck().pad == (-0.5, 0.25)
    assert (controls.get("/front/pad/x"), controls.get("/front/pad/y")) == (-0.5, 0.25)


def test_path_tie_and_locks(pump: Pump, controls: Controls) -> None:
    controls.set("/deck/1/path", "straight")
    controls.set("/tie", True)
    controls.set("/deck/1/lock/a", True)
    assert (pump.deck().interpolation, pump.scene.tied) == ("straight", True)
    assert [controls.get(f"/deck/1/lock/{n}") for n in "abh"] == [True, False, False]


def test_a_seed_brings_its_samples(play: Play) -> None:
    pump = play(fake())
    controls = controls_of(pump.session)
    pump.change(lambda: controls.set("/deck/1/seed", 31))
    assert controls.get("/deck/1/seed") == 31


def test_a_knob_on_the_seed_does_not_leave_the_engine_behind(play: Play) -> None:
    guest = slow("sample")
    pump = play(guest)
    controls = controls_of(pump.session)
    guest.gate.shut()
    for seed in range(1, 100):
        controls.set("/deck/1/seed", seed, at_s=seed / 200)
    guest.gate.open()
    pump.until(lambda: pump.deck().seed == 99, "the last seed")
    assert guest.engine.count("sample") <= 3


def test_an_engine_that_does_not_answer_is_asked_again_after_a_while(play: Play) -> None:
    pump = play(fake(), start=False)
    controls = controls_of(pump.session)
    asked: list[int | None] = []
    pump.session.slots.randomise = lambda deck, seed=None: asked.append(seed)  # type: ignore[method-assign]
    for seed, at_s in ((7, 0.0), (8, 0.9), (9, 1.1)):
        controls.set("/deck/1/seed", seed, at_s=at_s)
    assert asked == [7, 9]


def test_a_walk(play: Play) -> None:
    pump = play(fake(), start=False)
    controls = controls_of(pump.session)
    controls.set("/deck/1/walk/seconds", 2)
    controls.set("/deck/1/walk/pace", "flow")
    assert (pump.deck().walk.seconds, pump.deck().walk.easing) == (2, "flow")
    controls.set("/deck/1/walk", True, at_s=10)
    assert controls.get("/deck/1/walk") is True
    pump.session.motion.step(10.5)
    assert pump.session.motion.walking("deck1") == pytest.approx(0.25)
    controls.set("/deck/1/walk", True, at_s=11)  # it walks already
    assert pump.session.motion.walking("deck1") == pytest.approx(0.25)
    controls.set("/deck/1/walk", False)
    assert controls.get("/deck/1/walk") is False


@pytest.mark.parametrize("wrong", [9, -1, float("nan"), "much", None, True])
def test_what_does_not_fit_is_refused_and_changes_nothing(
    pump: Pump, controls: Controls, wrong: object
) -> None:
    before = pump.scene
    with pytest.raises(ParameterError) as caught:
        controls.set("/deck/1/contrast", wrong)
    assert is_one_sentence(str(caught.value))
    assert pump.scene is before


def test_turning_is_one_step_to_undo(pump: Pump, controls: Controls) -> None:
    before = pump.scene
    for n in range(50):
        controls.set_position("/deck/1/contrast", n / 50)
        pump.clock.advance(0.02)
    for n in range(50):
        controls.set_position("/deck/1/pad/x", n / 50)
        controls.set_position("/deck/1/pad/y", n / 50)
        pump.clock.advance(0.02)
    controls.trigger("/undo")
    assert pump.deck().pad == before.deck("deck1").pad
    controls.trigger("/undo")
    assert pump.scene == before
    assert (controls.get("/undo"), controls.get("/redo")) == (False, True)
    controls.trigger("/redo")
    assert controls.get("/deck/1/contrast") == 1.96


# -- triggers ----------------------------------------------------------------------------------


def test_slots_are_jumped_to_and_light_up_when_they_are_filled(
    pump: Pump, controls: Controls
) -> None:
    controls.trigger("/deck/1/slot/c")
    third = pump.deck().slots[2]
    assert third is not None
    assert pump.deck().pad == third.place
    assert [controls.get(f"/deck/1/slot/{n.lower()}") for n in SLOT_NAMES] == [True] * 3 + [
        False
    ] * 5


def test_an_empty_slot_is_a_sentence(pump: Pump, controls: Controls) -> None:
    before = pump.scene
    controls.trigger("/deck/1/slot/h")
    assert pump.scene is before
    assert is_one_sentence(pump.notices[0])


def test_the_buttons_of_a_deck(play: Play) -> None:
    pump = play(fake())
    controls = controls_of(pump.session)
    pump.change(lambda: controls.trigger("/deck/1/capture"))
    assert pump.deck().slots[3] is not None
    pump.change(lambda: controls.trigger("/deck/1/capture/h"))
    pump.change(lambda: controls.trigger("/deck/1/sample/b"))
    pump.change(lambda: controls.trigger("/deck/1/surprise"))
    assert all(pump.deck().slots)


def test_a_trigger_is_pressed_by_true_and_not_by_false() -> None:
    times: list[float] = []
    controls = Controls(FixedPart([timed_trigger("/tap", "Tap", times.append)]), clock=lambda: 7.0)
    controls.set("/tap", False)
    controls.set("/tap", True)
    controls.trigger("/tap", at_s=3.5)
    assert times == [7.0, 3.5]


def test_a_value_cannot_be_pressed(controls: Controls) -> None:
    with pytest.raises(ControlError) as caught:
        controls.trigger("/deck/1/contrast")
    assert is_one_sentence(str(caught.value))


def test_an_address_that_leads_nowhere_is_a_sentence(controls: Controls) -> None:
    for do in (controls.get, controls.position, controls.trigger):
        with pytest.raises(ControlError) as caught:
            do("/deck/8/contrast" + "x" * 500)
        assert is_one_sentence(str(caught.value))


# -- parts -------------------------------------------------------------------------------------


def test_other_parts_join_and_take_nothing_over(controls: Controls) -> None:
    volume = Float(name="volume", label="Volume", low=0, high=1, default=0.8)
    heard: list[float] = []
    mine = value("/sound/volume", "Volume", volume, lambda: 0.8, heard.append)
    thief = value("/tie", "Thief", volume, lambda: 0.8, heard.append)
    controls.add(FixedPart([mine, thief]))
    controls.set("/sound/volume", 0.5)
    assert heard == [0.5]
    assert controls.find("/tie").label == "Link the pads"  # type: ignore[union-attr]


def test_a_text_is_no_thing_for_a_knob() -> None:
    words = Control(
        address="/words", label="Words", parameter=Text(name="w", label="W", default="")
    )
    switch = Control(
        address="/on", label="On", parameter=Toggle(name="on", label="On", default=False)
    )
    assert (words.learnable, switch.learnable) == (False, True)
