"""Morphs as they are played: in time, by the fader, back again, with hands on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from studio.document.parameters import Float, ParameterError
from studio.document.routes import Route
from studio.document.scene import Deck, Scene
from studio.engine import EngineError
from studio.engine.decks import checked
from studio.scenes.crossing import between
from studio.scenes.morphing import Length
from tests.fakes import PARAMETERS, Guest, Pump, fake, filled_deck, scene_of, slot
from tests.studio.scenes.scene_play import Play

TURN = Float(name="turn", label="Turn", low=0, high=1, default=0, cyclic=True)


@pytest.fixture
def guest() -> Guest:
    return fake(parameters=(*PARAMETERS, TURN))


@pytest.fixture
def stage(play: Callable[..., Pump], guest: Guest, tmp_path: Path) -> Iterator[Play]:
    made = Play(play(guest), tmp_path)
    yield made
    made.close()


def other(stage: Play, **changes: Any) -> Scene:
    """Another scene of the same deck: other slots, other values."""
    (guest,) = stage.pump.guests
    deck = filled_deck(guest, slots=0).but(pad=(-0.5, -0.5), seed=7)
    for index in range(4):
        deck = deck.with_slot(index, slot(40 + index))
    values = {**deck.parameters, "contrast": 2.0, "tint": "blue"}
    deck = deck.but(**{"parameters": values, **changes})
    return checked(stage.session.registry, scene_of(deck))


def contrast(stage: Play) -> float:
    return float(stage.pump.deck().parameters["contrast"])


# -- in time ---------------------------------------------------------------------------------------


def test_it_goes_to_another_scene_in_so_many_seconds(stage: Play) -> None:
    before, wanted = stage.scene, other(stage)
    stage.morph.to(wanted, "Dusk", Length(4))
    for seconds, share in ((1, 0.25), (2, 0.75)):
        stage.turn(seconds, steps=50)
        assert stage.morph.position == pytest.approx(share)
        found = between(before, wanted, stage.morph.position, stage.session.registry)
        assert stage.scene == found
    stage.turn(1.1)
    assert stage.scene == wanted
    assert (stage.morph.position, stage.morph.moving) == (1, 0)


def test_the_picture_goes_along(stage: Play) -> None:
    stage.morph.to(other(stage), length=Length(1))
    stage.pump.change(lambda: stage.turn(0.5))
    shown = stage.pump.state().shown
    assert shown is not None
    assert tuple(shown.request.job.latent.tolist()) == stage.pump.deck().held


def test_in_bars_it_follows_the_tempo(stage: Play) -> None:
    stage.session.set_score("tempo", 60.0)
    stage.morph.to(other(stage).but(score=stage.scene.score), length=Length(2, "bars"))
    stage.turn(4, steps=20)
    assert stage.morph.position == pytest.approx(0.5)
    stage.session.set_score("tempo", 120.0)
    stage.turn(1, steps=20)
    assert stage.morph.position == pytest.approx(0.75)


def test_it_begins_when_the_quantum_lets_it(stage: Play) -> None:
    stage.quantum("bar")
    stage.begin_playing()
    before = stage.scene
    stage.morph.to(other(stage), "Dusk", Length(1))
    assert (stage.morph.waiting, stage.morph.position) == ("Dusk", None)
    stage.turn(1.74)
    assert stage.scene == before
    stage.turn(0.01)
    assert (stage.morph.waiting, stage.morph.moving) == (None, 1)


def test_what_waits_can_be_stopped(stage: Play) -> None:
    stage.quantum("bar")
    stage.begin_playing()
    before = stage.scene
    stage.morph.to(other(stage))
    stage.morph.stop()
    stage.turn(9, steps=9)
    assert stage.scene == before
    assert stage.morph.waiting is None


def test_it_stops_and_goes_on(stage: Play) -> None:
    stage.morph.to(other(stage), length=Length(2))
    stage.turn(1, steps=5)
    stage.morph.stop()
    stage.turn(5)
    assert stage.morph.position == pytest.approx(0.5)
    stage.morph.go_on()
    stage.turn(0.5, steps=5)
    assert stage.morph.position == pytest.approx(0.75)


def test_it_turns_back_on_the_way_and_at_the_end(stage: Play) -> None:
    before, wanted = stage.scene, other(stage)
    stage.morph.to(wanted, length=Length(2))
    stage.turn(1, steps=5)
    stage.morph.reverse()
    assert stage.morph.moving == -1
    stage.turn(2, steps=5)
    assert stage.scene == before
    stage.morph.reverse()
    stage.turn(3, steps=5)
    assert stage.scene == wanted
    stage.morph.reverse()
    stage.turn(3, steps=5)
    assert stage.scene == before


def test_one_undo_goes_back_to_before_it_however_long_it_took(stage: Play) -> None:
    before, wanted = stage.scene, other(stage)
    stage.morph.to(wanted, length=Length(60))
    stage.turn(61, steps=61)
    assert stage.scene == wanted
    stage.session.undo()
    assert stage.scene == before
    stage.session.redo()
    assert stage.scene == wanted


def test_an_undo_on_the_way_ends_it(stage: Play) -> None:
    before = stage.scene
    stage.morph.to(other(stage), length=Length(2))
    stage.turn(1, steps=5)
    stage.session.undo()
    assert stage.scene == before
    assert (stage.morph.position, stage.morph.moving) == (None, 0)
    stage.turn(5)
    assert stage.scene == before


def test_another_scene_on_the_way_ends_it(stage: Play) -> None:
    stage.morph.to(other(stage), length=Length(2))
    stage.turn(1, steps=5)
    opened = other(stage, seed=99)
    stage.session.open(opened)
    stage.turn(5)
    assert stage.scene == opened
    assert stage.morph.position is None


def test_another_morph_goes_on_from_where_the_first_one_was(stage: Play) -> None:
    stage.morph.to(other(stage), length=Length(2))
    stage.turn(1, steps=5)
    here, wanted = stage.scene, other(stage, seed=99)
    stage.morph.to(wanted, length=Length(2))
    stage.turn(1e-6)
    assert stage.pump.deck().held == pytest.approx(here.decks[0].held, abs=1e-4)
    stage.turn(3)
    assert stage.scene == wanted


def test_it_stops_walks(stage: Play) -> None:
    stage.session.motion.start_walk("deck1", stage.desk.clock())
    stage.morph.to(other(stage), length=Length(2))
    assert stage.session.motion.walking("deck1") is None


def test_its_length_is_a_setting(stage: Play) -> None:
    stage.rig.controls.set("/morph/seconds", 3.0)
    assert stage.morph.length == Length(3.0)
    stage.rig.controls.set("/morph/unit", "bars")
    stage.rig.controls.set("/morph/bars", 8)
    assert stage.morph.length == Length(8.0, "bars")
    with pytest.raises(ParameterError):
        stage.morph.set("morph_bars", 0)


def test_a_scene_that_cannot_be_shown_is_refused_and_nothing_changes(stage: Play) -> None:
    before = stage.scene
    strange = scene_of(Deck(key="deck1", engine="nobody", model="none"))
    for ask in (stage.morph.to, lambda scene: stage.morph.hold("b", scene)):
        with pytest.raises(EngineError):
            ask(strange)
    stage.turn(20)
    assert stage.scene is before
    assert stage.morph.side("b") is None


def test_other_decks_are_loaded_before_they_come(stage: Play, guest: Guest) -> None:
    wanted = other(stage)
    second = filled_deck(guest, "deck2", model="second")
    wanted = checked(stage.session.registry, wanted.but(decks=(*wanted.decks, second)))
    stage.morph.to(wanted, length=Length(2))
    stage.pump.settle()
    assert [engine.model.name for engine in guest.made] == ["first", "second"]
    stage.turn(3)
    stage.pump.settle()
    assert stage.scene == wanted
    assert len(guest.made) == 2


# -- hands on the way ------------------------------------------------------------------------------


def test_a_slider_that_is_moved_stays_with_the_hand(stage: Play) -> None:
    wanted = other(stage)
    stage.morph.to(wanted, length=Length(2))
    stage.turn(1, steps=5)
    stage.session.set("deck1", "contrast", 0.25)
    stage.turn(0.5, steps=5)
    assert contrast(stage) == 0.25
    stage.turn(2)
    assert contrast(stage) == 0.25
    rest = {**wanted.decks[0].parameters, "contrast": 0.25}
    assert stage.scene == wanted.with_deck(wanted.decks[0].but(parameters=rest))


def test_what_is_captured_on_the_way_is_still_there_at_its_end(stage: Play) -> None:
    stage.morph.to(other(stage), length=Length(2))
    stage.turn(0.5, steps=5)
    stage.session.slots.capture("deck1", 7)
    captured = stage.pump.deck().slots[7]
    assert captured is not None
    stage.turn(3, steps=5)
    assert stage.pump.deck().slots[7] == captured
    stage.morph.reverse()
    stage.turn(3, steps=5)
    assert stage.pump.deck().slots[7] == captured


def test_the_puck_takes_its_deck_along_and_the_rest_goes_on(stage: Play) -> None:
    stage.morph.to(other(stage), length=Length(2))
    stage.turn(0.5, steps=5)
    stage.session.pads.move("deck1", (0.3, 0.3))
    stage.turn(0.1, steps=2)
    held = stage.pump.deck()
    assert (held.held, held.pad) == (None, (0.3, 0.3))
    stage.turn(3, steps=5)
    held = stage.pump.deck()
    assert (held.held, held.pad, contrast(stage)) == (None, (0.3, 0.3), 2.0)


def test_what_a_hand_does_on_the_way_is_a_step_of_its_own(stage: Play) -> None:
    before = stage.scene
    stage.morph.to(other(stage), length=Length(2))
    stage.turn(1, steps=5)
    here = stage.scene
    stage.session.set("deck1", "contrast", 0.25)
    stage.turn(2, steps=5)
    stage.session.undo()
    assert stage.scene == here
    stage.session.undo()
    assert stage.scene == before


def test_at_its_end_a_change_is_that_scenes_alone(stage: Play) -> None:
    before = stage.scene
    stage.morph.to(other(stage), length=Length(1))
    stage.turn(2)
    stage.session.set("deck1", "contrast", 0.25)
    stage.session.pads.move("deck1", (0.3, 0.3))
    tuned = stage.scene
    stage.morph.reverse()
    stage.turn(2)
    assert stage.scene == before
    stage.morph.reverse()
    stage.turn(2)
    assert stage.scene == tuned


def test_a_deck_that_is_added_or_taken_away_on_the_way_stays_so(stage: Play) -> None:
    stage.morph.to(other(stage), length=Length(2))
    stage.turn(0.5, steps=5)
    key = stage.session.decks.add("fake")
    stage.turn(0.1, steps=2)
    assert {d.key for d in stage.scene.decks} == {"deck1", key}
    stage.session.decks.remove("deck1")
    stage.turn(3, steps=5)
    assert [d.key for d in stage.scene.decks] == [key]


def test_what_drifts_drifts_on(stage: Play) -> None:
    deck = stage.pump.deck().but(drift={"turn": 6.0})  # a tenth of a turn a second
    stage.session.change(deck, None)
    motion = stage.session.motion
    motion.start_drift("deck1", stage.desk.clock())
    values = {**other(stage).decks[0].parameters, "turn": 0.2}
    stage.morph.to(other(stage, parameters=values, drift={"turn": 6.0}), length=Length(2))
    for _ in range(100):
        stage.turn(0.04)
        motion.step(stage.desk.clock())
    assert stage.pump.deck().parameters["turn"] == pytest.approx(0.2 + 0.4, abs=0.02)
    motion.stop_drift("deck1")


def test_what_somebody_completes_on_the_way_is_completed_once(stage: Play) -> None:
    routes = (Route(track="lead", port="sound"),)
    done: list[Scene] = []

    def complete(scene: Scene, before: Scene) -> None:
        if not scene.routes:
            done.append(scene)
            stage.session.show(scene.but(routes=routes))

    stage.session.changed.connect(complete)
    stage.morph.to(other(stage).but(routes=()), length=Length(2))
    stage.turn(3, steps=30)
    assert stage.scene.routes == routes
    assert len(done) == 1


# -- by the fader ----------------------------------------------------------------------------------


def test_two_scenes_on_a_crossfader(stage: Play) -> None:
    a, b = other(stage, seed=1), other(stage, seed=2, parameters={"contrast": 0.0})
    stage.morph.hold("a", a, "Dawn")
    stage.morph.hold("b", b, "Dusk")
    for share in (0.25, 1.0, 0.5, 0.0):
        stage.rig.controls.set("/morph/fader", share)
        found = checked(stage.session.registry, b)
        assert stage.scene == between(a, found, share, stage.session.registry)
        assert stage.rig.controls.get("/morph/fader") == share
    sides = [stage.morph.side("a"), stage.morph.side("b")]
    assert [side and side.name for side in sides] == ["Dawn", "Dusk"]


def test_a_fader_that_a_modulator_moves_is_shown_there_and_stays_where_the_hand_has_it(
    stage: Play,
) -> None:
    session = stage.session
    session.modulation.add("macro")
    session.modulation.set(1, "value", 1.0)
    session.modulation.connect(1, "/morph/fader", polarity="unipolar", depth=0.5)
    a = stage.scene
    b = other(stage).but(modulators=a.modulators, connections=a.connections)
    stage.morph.hold("a", a)
    stage.morph.hold("b", b)
    stage.morph.set_fader(0.0)
    session.modulation.step(0.0)
    half = between(a, b, 0.5, session.registry)
    assert session.modulation.shown.front_deck.parameters == half.front_deck.parameters
    assert (stage.morph.position, stage.scene) == (0.0, a)


def test_putting_a_scene_on_a_side_shows_nothing_yet(stage: Play) -> None:
    before = stage.scene
    stage.morph.hold("a")
    stage.morph.hold("b", other(stage))
    assert stage.scene is before
    assert stage.morph.position == 0
    stage.morph.set_fader(1)
    stage.morph.hold("a", other(stage, seed=55))
    assert stage.morph.position == 1
    stage.morph.set_fader(0)
    assert stage.pump.deck().seed == 55


def test_an_empty_side_gets_the_present_scene(stage: Play) -> None:
    before = stage.scene
    stage.morph.hold("b", other(stage))
    stage.morph.set_fader(0.5)
    stage.morph.set_fader(0.0)
    assert stage.scene == before


def test_a_fader_without_scenes_says_so(stage: Play) -> None:
    stage.morph.set_fader(0.5)
    assert stage.notices == ["Put a scene on one end of the crossfader first."]


def test_the_fader_stops_time(stage: Play) -> None:
    stage.morph.to(other(stage), length=Length(2))
    stage.turn(1, steps=5)
    stage.morph.set_fader(0.2)
    stage.turn(3)
    assert (stage.morph.position, stage.morph.moving) == (0.2, 0)


def test_a_move_of_the_fader_is_one_step_to_undo(stage: Play) -> None:
    before = stage.scene
    stage.morph.hold("b", other(stage))
    for n in range(1, 20):
        stage.morph.set_fader(n / 20)
        stage.pump.clock.advance(0.02)
    stage.session.undo()
    assert stage.scene == before


def test_after_something_else_was_opened_the_sides_of_a_fader_stay(stage: Play) -> None:
    b = other(stage)
    stage.morph.hold("a")
    stage.morph.hold("b", b)
    stage.morph.set_fader(0.4)
    stage.session.open(other(stage, seed=99))
    assert stage.morph.position is None
    stage.morph.set_fader(1.0)
    assert stage.scene == b


def test_cleared_sides_leave_the_picture(stage: Play) -> None:
    stage.morph.hold("b", other(stage))
    stage.morph.set_fader(0.4)
    here = stage.scene
    stage.morph.clear()
    assert stage.scene is here
    assert (stage.morph.side("a"), stage.morph.position) == (None, None)


def test_a_way_with_one_side_goes_nowhere(stage: Play) -> None:
    stage.morph.reverse()
    stage.morph.hold("a")
    for ask in (stage.morph.reverse, stage.morph.go_on):
        ask()
        stage.turn(1)
    assert stage.morph.moving == 0


# -- signals ---------------------------------------------------------------------------------------


def test_it_tells_when_it_begins_turns_stops_and_ends_but_not_each_step(stage: Play) -> None:
    heard: list[tuple[float | None, int]] = []
    stage.morph.changed.connect(lambda: heard.append((stage.morph.position, stage.morph.moving)))
    stage.morph.to(other(stage), length=Length(1))
    stage.turn(0.5, steps=50)
    assert heard == [(0, 1)]
    stage.turn(1, steps=50)
    assert heard == [(0, 1), (1, 0)]
    stage.morph.set_fader(0.5)
    assert heard[2:] == [(0.5, 0)]
