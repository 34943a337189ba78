"""A broken engine costs its picture, not the performance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from studio.engine import DeviceError, EngineError, Resources, WeightsError
from studio.engine.decks import fresh_deck
from tests.fakes import (
    FakeEngine,
    Gate,
    Guest,
    Pump,
    SlowEngine,
    broken,
    fake,
    filled_deck,
    is_one_sentence,
    not_on_cpu,
    picture_of,
    scene_of,
)

Play = Callable[..., Pump]
GPU = Resources(device="cuda", threads=1)
METHODS = ["factory", "load", "render", "sample", "encode", "use_threads", "close"]
PICTURE = np.zeros((8, 8, 3), np.uint8)


class Panic(BaseException):
    """What a native library may raise: no `Exception` at all."""


ERRORS: dict[str, Callable[[], BaseException]] = {
    "RuntimeError": lambda: RuntimeError("Something gave way.\nSomewhere."),
    "SystemExit": lambda: SystemExit("Goodbye"),
    "MemoryError": MemoryError,
    "EngineError": lambda: EngineError("The moon is in the wrong phase."),
    "WeightsError": lambda: WeightsError("These weights are not for us."),
    "DeviceError": lambda: DeviceError("The device went away."),
    "Panic": lambda: Panic("gave way"),
}


class Switch:
    """A guest that can be broken, and mended, during play."""

    def __init__(
        self, method: str, error: Callable[[], BaseException] = ERRORS["RuntimeError"]
    ) -> None:
        self.broken = False
        self.guest = broken(method, error, lambda engine: self.broken)
        if method == "factory":
            self.guest.make = self._make
        self._error = error

    def _make(self) -> FakeEngine:
        if self.broken:
            raise self._error()
        return FakeEngine()


def other_deck_goes_on(pump: Pump) -> None:
    """The fake on deck2 still draws what it is asked for."""
    x, y = pump.deck("deck2").pad
    pump.session.pads.move("deck2", (-x, -y))
    pump.until(lambda: pump.state("deck2").settled, "the other deck's picture")
    shown = pump.state("deck2").shown
    assert shown is not None
    assert np.array_equal(shown.pixels, picture_of(shown.request.job))
    assert pump.state("deck2").problem == ""


def everything(pump: Pump) -> None:
    """Whatever makes the engine on deck1 work, in each of its methods."""
    pump.session.engines.use_threads(1)
    pump.session.pads.move("deck1", (0.7, 0.1))
    pump.session.slots.randomise("deck1", seed=3)
    pump.session.slots.encode("deck1", 7, PICTURE)
    pump.session.set("deck1", "mirror", True)
    other_deck_goes_on(pump)
    pump.session.decks.choose_model("deck1", "broken", "second")
    other_deck_goes_on(pump)
    pump.session.set("deck1", "tint", "red")
    pump.session.undo()
    pump.session.undo()
    other_deck_goes_on(pump)


# -- whatever breaks, the session goes on ----------------------------------------------------------


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
@pytest.mark.parametrize("method", METHODS)
def test_a_broken_engine_stops_nobody(
    play: Play, method: str, error: Callable[[], BaseException]
) -> None:
    switch = Switch(method, error)
    pump = play(switch.guest, fake())
    good = pump.state().shown
    switch.broken = True
    everything(pump)
    assert all(is_one_sentence(notice) for notice in pump.notices)
    assert pump.state().shown is not None  # the last good picture
    if method == "render":
        assert pump.state().shown is good
    if method in ("factory", "load", "render"):
        pump.until(lambda: bool(pump.state().problem), "a sentence")
        assert is_one_sentence(pump.state().problem)
        assert pump.notices
    if method in ("use_threads", "close"):
        assert pump.notices == []  # nothing that an artist could see is wrong


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
@pytest.mark.parametrize("method", METHODS)
def test_an_engine_that_is_broken_from_the_start_stops_nobody(
    play: Play, method: str, error: Callable[[], BaseException]
) -> None:
    bad, good = broken(method, error), fake()
    scene = scene_of(fresh_deck(bad.spec), filled_deck(good, "deck2"))
    pump = play(bad, good, scene=scene)
    everything(pump)
    assert all(is_one_sentence(notice) for notice in pump.notices)
    if method in ("factory", "load"):
        pump.until(lambda: bool(pump.state().problem), "a sentence")
        assert pump.state().device == ""
    if method in ("factory", "load", "render"):
        assert pump.state().shown is None


@pytest.mark.parametrize("method", METHODS)
def test_a_mended_engine_plays_again(play: Play, method: str) -> None:
    switch = Switch(method)
    pump = play(switch.guest, fake())
    switch.broken = True
    everything(pump)
    switch.broken = False
    pump.session.decks.choose_model("deck1", pump.deck().engine, pump.deck().model)  # "try again"
    pump.until(lambda: bool(pump.state().device), "the engine")
    pump.session.set("deck1", "bands", 5)
    pump.until(lambda: pump.state().settled and not pump.state().problem, "a picture")
    shown = pump.state().shown
    assert shown is not None
    assert shown.request.job.parameters["bands"] == 5


# -- what the artist sees --------------------------------------------------------------------------


def test_the_last_good_picture_stays_and_one_sentence_says_why(play: Play) -> None:
    switch = Switch("render")
    pump = play(switch.guest)
    good = pump.state().shown
    switch.broken = True
    for number in range(20):
        before = switch.guest.engine.count("render")
        pump.session.pads.move("deck1", (number / 20, 0.0))
        pump.until(lambda: switch.guest.engine.count("render") > before, "the attempt")  # noqa: B023
    pump.until(lambda: bool(pump.state().problem), "the sentence")
    assert pump.state().shown is good
    assert pump.notices == [pump.state().problem]  # said once, not at every move
    switch.broken = False
    pump.session.pads.move("deck1", (0.0, 0.9))
    pump.until(lambda: pump.state().shown is not good, "the next good picture")
    assert pump.state().problem == ""


def test_a_failed_thumbnail_does_not_take_the_picture_away(play: Play) -> None:
    class NoThumbnails(FakeEngine):
        def _enter(self, method: str, argument: object) -> None:
            super()._enter(method, argument)
            if method == "render" and getattr(argument, "thumbnail", False):
                raise RuntimeError("Too small.")

    pump = play(Guest(NoThumbnails), start=False)
    pump.session.start()
    pump.until(lambda: bool(pump.notices), "the sentence")
    pump.session.set("deck1", "mirror", True)
    pump.until(lambda: pump.state().settled and not pump.state().problem, "the picture")


def test_a_model_that_does_not_load_leaves_the_former_picture(play: Play) -> None:
    bad, good = broken("load", lambda: WeightsError("The weights are cut short.")), fake()
    pump = play(good, bad, scene=scene_of(filled_deck(good)))
    shown = pump.state().shown
    pump.session.decks.choose_model("deck1", "broken", "first")
    pump.until(lambda: bool(pump.state().problem), "the sentence")
    assert pump.state().problem == "The weights are cut short."
    assert pump.state().shown is shown
    assert pump.state().device == ""
    pump.change(pump.session.undo)
    assert pump.state().problem == ""
    assert pump.state().device == "CPU fake"


def test_a_first_fill_that_failed_can_be_asked_for_again(play: Play) -> None:
    switch = Switch("sample")
    switch.broken = True
    guest = switch.guest
    pump = play(guest, scene=scene_of(fresh_deck(guest.spec)))
    assert is_one_sentence(pump.state().problem)
    assert not any(pump.deck().slots)
    switch.broken = False
    pump.change(lambda: pump.session.slots.randomise("deck1"))
    assert all(pump.deck().slots)


def test_an_engine_that_scribbles_over_its_job_harms_only_itself(play: Play) -> None:
    class Scribbler(FakeEngine):
        def render(self, job: Any) -> Any:
            job.latent[:] = np.nan
            job.parameters["contrast"] = "very"

    guest = Guest(Scribbler)
    scene = scene_of(filled_deck(guest))
    pump = play(guest, scene=scene)
    before = pump.scene.model_dump_json()
    pump.session.pads.move("deck1", (0.7, 0.7))
    pump.settle()
    pump.session.undo()
    assert pump.scene.model_dump_json() == before


def test_an_encoder_that_finds_no_usable_point_leaves_the_scene_alone(play: Play) -> None:
    class Lost(FakeEngine):
        def encode(self, pixels: object, parameters: object) -> np.ndarray:
            return np.full(4, np.nan, np.float32)

    pump = play(Guest(Lost))
    before = pump.scene
    said: list[str] = []
    pump.session.noticed.connect(said.append)
    pump.session.slots.encode("deck1", 7, PICTURE)
    pump.until(lambda: bool(said), "the sentence")
    assert is_one_sentence(said[0])
    assert pump.scene is before
    assert not pump.state().problem  # the deck plays on


# -- devices ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["load", "render"])
def test_without_its_device_an_engine_goes_on_with_the_cpu(play: Play, method: str) -> None:
    guest = broken(method, lambda: DeviceError("The GPU is out of memory."), not_on_cpu)
    pump = play(guest, resources=GPU)
    assert pump.state().device == "CPU fake"
    assert pump.state().problem == ""
    assert len(pump.notices) == 1
    assert pump.notices[0].startswith("The GPU is out of memory.")
    assert "CPU" in pump.notices[0]
    pump.change(lambda: pump.session.set("deck1", "tint", "red"))
    shown = pump.state().shown
    assert shown is not None
    assert np.array_equal(shown.pixels, picture_of(shown.request.job))
    assert len(guest.made) == 1


def test_both_decks_of_an_engine_see_that_it_moved(play: Play) -> None:
    guest = broken("render", lambda: DeviceError("The GPU is out of memory."), not_on_cpu)
    scene = scene_of(filled_deck(guest), filled_deck(guest, "deck2", 5))
    pump = play(guest, scene=scene, resources=GPU)
    assert [pump.state(d.key).device for d in scene.decks] == ["CPU fake", "CPU fake"]
    assert guest.engine.count("load") == 2


@pytest.mark.parametrize("method", ["load", "render"])
def test_when_the_cpu_fails_too_it_is_tried_once_and_said(play: Play, method: str) -> None:
    bad, good = broken(method, lambda: DeviceError("Nothing works at all.")), fake()
    pump = play(bad, good, resources=GPU)
    pump.until(lambda: bool(pump.state().problem), "the sentence")
    for _ in range(3):
        other_deck_goes_on(pump)
    assert pump.state().problem == "Nothing works at all."
    assert bad.engine.count("load") == 2
    tries = bad.engine.count("render")
    for _ in range(3):
        other_deck_goes_on(pump)
    assert bad.engine.count("render") == tries  # no loop of its own
    assert tries <= 2 * (1 + 3)  # a picture and three thumbnails, on either device


def test_a_deck_whose_shelf_was_cleared_while_its_device_gave_up_is_at_rest(play: Play) -> None:
    class Fails(SlowEngine):
        def _enter(self, method: str, argument: Any) -> None:
            super()._enter(method, argument)
            if method == "render" and trouble and not_on_cpu(self):
                raise DeviceError("The GPU is out of memory.")

    trouble: list[str] = []
    gate = Gate()
    guest = Guest(lambda: Fails(gate), gate=gate)
    pump = play(guest, scene=scene_of(filled_deck(guest, slots=1)), resources=GPU)
    gate.shut()
    pump.session.set("deck1", "mirror", True)
    gate.await_arrival()
    trouble.append("now")
    pump.session.slots.clear("deck1", 0)
    assert not pump.state().settled
    gate.open()
    pump.settle()
    assert pump.state().device == "CPU fake"
    assert pump.state().settled
    assert not any(pump.deck().slots)  # cleared by hand: nobody fills it again


def test_back_on_a_device_that_works_again(play: Play) -> None:
    gone = True
    guest = broken(
        "render",
        lambda: DeviceError("The GPU is out of memory."),
        lambda engine: gone and not_on_cpu(engine),
    )
    pump = play(guest, resources=GPU)
    assert pump.state().device == "CPU fake"
    gone = False
    pump.session.decks.choose_model("deck1", "broken", "first")
    pump.settle()
    assert pump.state().device == "CUDA fake"
    assert pump.state().problem == ""
