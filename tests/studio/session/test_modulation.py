"""What modulators move is shown and played; the scene keeps what the hand has set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from studio.document.modulation import CONNECTION_LIMIT, MODULATOR_LIMIT, Modulator
from studio.document.parameters import Float, ParameterError
from studio.document.scene import Scene
from studio.engine.decks import checked
from studio.modulation.inputs import Inputs
from studio.modulation.kinds import ModulationError
from studio.session.shown import Now, Outside
from tests.fakes import Pump, composing, fake, filled_deck, is_one_sentence, scene_of
from tests.texture_fakes import textured, textures

Play = Callable[..., Pump]


class Time:
    """A transport at 120 that the test moves on."""

    def __init__(self, *, moves: bool = True) -> None:
        self.s, self.moves = 0.0, moves

    def clock(self) -> float:
        return self.s

    def now(self, at_s: float) -> Now:
        return Now(2 * at_s if self.moves else 0.0, at_s, Inputs(), self.moves)

    def ahead(self, beat: float) -> Now:
        return Now(beat, beat / 2, Inputs(), moves=True)


@pytest.fixture
def pump(play: Play) -> Pump:
    found = play(fake(), fake("other"))
    found.session.modulation.listen_to(Time())
    return found


def knob(pump: Pump, target: str, value: float = 1.0, **how: Any) -> int:
    """A macro at `value` that moves a control one way; its number."""
    modulation = pump.session.modulation
    id = modulation.add("macro")
    assert id is not None
    modulation.set(id, "value", value)
    modulation.connect(id, target, **{"polarity": "unipolar", "depth": 0.25, **how})
    return id


def shown(pump: Pump, name: str = "contrast") -> Any:
    return pump.session.shown.front_deck.parameters[name]


# -- what is shown and played ----------------------------------------------------------------------


def test_the_engine_draws_what_is_moved_and_the_scene_keeps_what_was_set(pump: Pump) -> None:
    knob(pump, "/deck/1/contrast")
    pump.settle()
    assert shown(pump) == 1.5
    assert pump.deck().parameters["contrast"] == 1.0
    assert pump.shown[-1].request.job.parameters["contrast"] == 1.5
    pump.session.set("deck1", "contrast", 0.5)
    assert shown(pump) == 1.0, "the hand moves it along"
    assert pump.session.modulation.base("/deck/1/contrast") == 0.25
    assert pump.session.modulation.positions == {"/deck/1/contrast": 0.5}


def test_a_scene_without_modulators_is_shown_as_it_is(pump: Pump) -> None:
    assert pump.session.shown is pump.scene
    assert not pump.session.modulation.moving
    pump.session.modulation.step(1.0)
    assert pump.session.shown is pump.scene


def test_time_moves_it_and_only_what_differs_is_told(pump: Pump) -> None:
    modulation, told = pump.session.modulation, list[dict[str, float | None]]()
    modulation.moved.connect(told.append)
    wave = modulation.add("lfo")
    assert wave is not None
    modulation.set(wave, "shape", "ramp up")
    modulation.connect(wave, "/front/contrast", polarity="unipolar", depth=0.4)
    knob(pump, "/deck/2/glow")
    told.clear()
    modulation.step(1.0)
    assert told == [{"/front/contrast": pytest.approx(0.7)}]
    modulation.step(1.0)
    assert len(told) == 1, "nothing has changed"
    asked = pump.state().asked
    modulation.step(1.0)
    assert pump.state().asked == asked
    modulation.disconnect(1)
    assert told[-1] == {"/front/contrast": None}


def test_a_scene_moves_only_as_time_or_what_runs_freely_does(pump: Pump) -> None:
    time, modulation = Time(), pump.session.modulation
    modulation.listen_to(time)
    wave = modulation.add("lfo")
    assert wave is not None
    modulation.step(0.0)
    assert not modulation.moving, "nothing is connected"
    modulation.connect(wave, "/deck/1/contrast")
    time.moves = False
    assert modulation.moving, "it was connected just now"
    modulation.step(0.0)
    modulation.step(0.1)
    assert not modulation.moving
    modulation.set(wave, "sync", "free")
    modulation.step(0.2)
    modulation.step(0.3)
    assert modulation.moving
    modulation.change(wave, on=False)
    modulation.step(0.4)
    modulation.step(0.5)
    assert not modulation.moving
    time.moves = True
    assert not modulation.moving
    modulation.change(wave, on=True)
    assert modulation.moving


def test_an_angle_goes_round(play: Play) -> None:
    pump = play(textures(), scene=scene_of(textured(textures())))
    knob(pump, "/deck/1/across", depth=0.5, polarity="unipolar")
    pump.session.set("deck1", "across", 0.75)
    assert shown(pump, "across") == pytest.approx(0.25)


def test_pad_and_shares_of_slots_move_the_point(pump: Pump) -> None:
    session = pump.session
    before = session.point("deck1")
    knob(pump, "/deck/1/pad/x", depth=0.2)
    assert session.shown.front_deck.pad == pytest.approx((0.5, 0.5))
    assert not np.array_equal(session.point("deck1"), before)
    session.modulation.disconnect(1)
    assert np.array_equal(session.point("deck1"), before)
    session.modulation.connect(1, "/deck/1/weight/b", depth=1.0, polarity="unipolar")
    held = pump.deck().slots[1]
    assert held is not None
    apart = np.linalg.norm(session.point("deck1") - np.asarray(held.latent, np.float32))
    assert apart < 0.2 * np.linalg.norm(before - np.asarray(held.latent, np.float32))


def test_a_point_that_is_held_is_moved_as_far_as_the_blend(pump: Pump) -> None:
    session = pump.session
    session.pads.go_to("deck1", session.point("deck1") + 1)
    held = session.point("deck1")
    knob(pump, "/deck/1/pad/x", depth=0.0)
    assert np.array_equal(session.point("deck1"), held)
    session.modulation.change_connection(1, depth=0.2)
    moved = session.point("deck1") - held
    session.pads.move("deck1", pump.deck().pad)
    now = session.point("deck1")
    session.modulation.change_connection(1, depth=0.0)
    assert moved == pytest.approx(now - session.point("deck1"), abs=1e-5)


def test_words_switches_and_whole_numbers_are_moved_in_steps(pump: Pump) -> None:
    knob(pump, "/deck/1/bands", depth=0.6)
    knob(pump, "/deck/1/tint", depth=0.5)
    knob(pump, "/deck/1/mirror", depth=0.6)
    found = pump.session.shown.front_deck.parameters
    assert (found["bands"], found["tint"], found["mirror"]) == (5, "red", True)


def test_what_leads_nowhere_rests(pump: Pump) -> None:
    knob(pump, "/deck/7/contrast")
    knob(pump, "/nobody")
    assert pump.session.shown is pump.scene
    assert pump.session.modulation.positions == {}


def test_what_is_no_part_of_the_scene_is_moved_by_its_owner(pump: Pump) -> None:
    volume, heard = Float(name="volume", label="Volume", low=0, high=1, default=0.5), []
    pump.session.modulation.add_outside("/v", Outside(volume, lambda: 0.5, heard.append))
    knob(pump, "/v")
    assert heard == [0.75]
    assert pump.session.modulation.positions == {"/v": 0.75}
    pump.session.undo()
    assert heard == [0.75, 0.5], "and then it is as the hand has it"


def test_the_phrase_of_a_deck_that_composes_is_not_drawn_with_every_picture(play: Play) -> None:
    pump = play(composing(), fake())
    pump.session.modulation.listen_to(Time())
    knob(pump, "/deck/1/contrast")
    asked = pump.state("deck1").asked
    for value in (0.2, 0.4, 0.6):
        pump.session.modulation.set(1, "value", value)
    assert pump.session.shown.front_deck.parameters["contrast"] != 1.0
    assert pump.state("deck1").asked == asked
    pump.session.set("deck1", "contrast", 0.5)
    assert pump.state("deck1").asked > asked


def test_ahead_is_the_scene_as_it_will_be(pump: Pump) -> None:
    modulation = pump.session.modulation
    wave = modulation.add("lfo")
    assert wave is not None
    modulation.set(wave, "shape", "ramp up")
    modulation.connect(wave, "/transport/tempo", polarity="unipolar", depth=0.1)
    modulation.step(0.0)
    coming = modulation.ahead(2.0)
    assert coming.score["tempo"] == pytest.approx(120 + 0.05 * 280)
    assert pump.session.shown.score["tempo"] == 120


# -- what a hand does ------------------------------------------------------------------------------


def test_each_act_is_one_step_to_undo(pump: Pump) -> None:
    modulation, scenes = pump.session.modulation, [pump.scene]

    def act(do: Callable[[], object]) -> None:
        pump.clock.advance(5)
        do()
        assert pump.scene != scenes[-1]
        scenes.append(pump.scene)

    act(lambda: modulation.add("wind"))
    act(lambda: modulation.add("steps"))
    act(lambda: modulation.connect(1, "/deck/1/contrast"))
    act(lambda: modulation.connect(2, "/modulator/1/rate"))
    act(lambda: modulation.set(1, "rate", 2.0))
    act(lambda: modulation.change(1, name="Breeze"))
    act(lambda: modulation.change(2, solo=True))
    act(lambda: modulation.change_connection(1, depth=-0.3))
    act(lambda: modulation.change_connection(1, on=False))
    act(lambda: modulation.set_master(0.5))
    act(lambda: modulation.randomise_depths(seed=1))
    act(lambda: modulation.disconnect(1))
    act(lambda: modulation.remove(1))
    assert pump.scene.connections == ()
    for before in reversed(scenes[:-1]):
        pump.session.undo()
        assert pump.scene == before
    assert pump.session.shown is pump.scene
    for after in scenes[1:]:
        pump.session.redo()
        assert pump.scene == after


def test_a_knob_that_is_turned_is_one_step(pump: Pump) -> None:
    modulation = pump.session.modulation
    modulation.add("lfo")
    before = pump.scene
    pump.clock.advance(5)
    for rate in (1.0, 1.5, 2.0):
        modulation.set(1, "rate", rate)
    pump.session.undo()
    assert pump.scene == before


def test_what_cannot_be_is_one_sentence_and_changes_nothing(pump: Pump) -> None:
    modulation = pump.session.modulation
    modulation.add("lfo")
    before, notices = pump.scene, len(pump.notices)
    assert modulation.connect(1, "/modulator/1/rate") is None
    assert modulation.connect(9, "/deck/1/contrast") is None
    assert modulation.add("theremin") is None
    modulation.remove(9)
    modulation.disconnect(9)
    assert pump.scene is before
    assert len(pump.notices) == notices + 5
    assert all(is_one_sentence(sentence) for sentence in pump.notices)
    with pytest.raises(ParameterError):
        modulation.set(1, "rate", 1e9)
    with pytest.raises(ModulationError):
        modulation.set(1, "nothing", 1.0)


def test_there_is_room_for_so_many(pump: Pump) -> None:
    modulation = pump.session.modulation
    for _ in range(MODULATOR_LIMIT):
        assert modulation.add("lfo") is not None
    assert modulation.add("lfo") is None
    for n in range(CONNECTION_LIMIT):
        assert modulation.connect(1 + n % 32, f"/deck/1/p{n // 32}") is not None
    assert modulation.connect(1, "/deck/1/more") is None
    modulation.remove(5)
    assert modulation.add("lfo") == 5
    for id in range(1, 9):
        modulation.remove(id)
    assert [modulation.add("macro") for _ in range(8)] == list(range(1, 9))
    modulation.remove(9)
    assert modulation.add("macro") is None
    assert pump.notices[-1] == "There are 8 macros and no more."


def test_one_connection_from_one_modulator_to_one_control(pump: Pump) -> None:
    modulation = pump.session.modulation
    modulation.add("lfo")
    assert modulation.connect(1, "/deck/1/contrast", depth=0.1) == 1
    assert modulation.connect(1, "/deck/1/contrast", depth=0.7) == 1
    assert [c.depth for c in pump.scene.connections] == [0.7]
    assert modulation.connections_to("/deck/1/contrast") == pump.scene.connections


def test_a_copy_is_another_one_and_a_gone_one_takes_its_connections_along(pump: Pump) -> None:
    modulation = pump.session.modulation
    modulation.add("steps")
    modulation.connect(1, "/deck/1/contrast")
    assert modulation.add(modulation.modulator(1)) == 2
    assert modulation.modulator(2).steps == modulation.modulator(1).steps
    modulation.connect(2, "/connection/1/depth")
    modulation.connect(2, "/modulator/1/rate")
    modulation.connect(2, "/deck/1/glow")
    modulation.remove(1)
    assert [c.target for c in pump.scene.connections] == ["/deck/1/glow"]


def test_another_rate_goes_on_from_where_the_wave_is(pump: Pump) -> None:
    modulation = pump.session.modulation
    wave = modulation.add(Modulator(id=1, kind="lfo", settings={"sync": "free", "rate": 0.37}))
    assert wave is not None
    modulation.connect(wave, "/deck/1/contrast")
    modulation.step(123.4)
    before = modulation.values.of(wave)
    for rate in (0.4, 1.0, 5.0):
        modulation.set(wave, "rate", rate)
        assert modulation.values.of(wave) == pytest.approx(before)


def test_taps_set_how_fast_it_goes_round(pump: Pump) -> None:
    modulation = pump.session.modulation
    modulation.add(Modulator(id=1, kind="lfo", settings={"sync": "free", "shape": "ramp up"}))
    modulation.add("steps")
    modulation.connect(1, "/deck/1/contrast")
    for id in (1, 2):
        for tap in (10.0, 10.5, 11.0):
            modulation.tap(id, tap)
    assert modulation.modulator(1).settings["rate"] == pytest.approx(2.0)
    modulation.step(11.0)
    assert modulation.values.of(1) == pytest.approx(0.0, abs=1e-9), "a round begins with the tap"
    assert modulation.modulator(2).settings["division"] == "1/4", "half a second at 120"


def test_connections_go_along_where_a_deck_is_taken_away(pump: Pump) -> None:
    knob(pump, "/deck/1/contrast")
    knob(pump, "/deck/2/contrast")
    knob(pump, "/front/glow")
    pump.session.decks.remove("deck1")
    assert [c.target for c in pump.scene.connections] == ["/deck/1/contrast", "/front/glow"]
    assert pump.session.shown.deck("deck2").parameters["contrast"] == 1.5


def test_a_capture_keeps_what_is_shown(pump: Pump) -> None:
    knob(pump, "/deck/1/pad/y", depth=-0.4)
    point = pump.session.point("deck1")
    pump.session.slots.capture("deck1", 6)
    held = pump.deck().slots[6]
    assert held is not None
    assert held.latent == tuple(point.tolist())


# -- scenes that come from a file ------------------------------------------------------------------


def strange(**changes: Any) -> Scene:
    guest = fake()
    return scene_of(filled_deck(guest)).but(**changes)


def test_a_scene_that_contradicts_itself_is_refused_in_one_sentence(pump: Pump) -> None:
    wave = Modulator(id=1, kind="lfo")
    for scene in (
        strange(modulators=(wave.but(kind="theremin"),)),
        strange(modulators=(wave, wave)),
        strange(modulators=(wave.but(settings={"rate": -1.0}),)),
        strange(modulators=(wave.but(settings={"wobble": 1.0}),)),
    ):
        with pytest.raises((ModulationError, ParameterError)) as refused:
            checked(pump.session.registry, scene)
        assert is_one_sentence(str(refused.value))
