"""Nothing waits for the model: the latest wins, the last arrives, a stale picture is never shown.

Every engine here is slow exactly as long as the test wants, so that "in the middle of a render" is
a place and not a matter of luck.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from threading import Thread

import numpy as np
import pytest

from studio.engine import EngineError, Job, Latent, Pixels
from studio.engine.messages import Failed, Pictured, Request
from studio.engine.worker_thread import EngineThread
from studio.session import Session
from tests.fakes import (
    PATIENCE_S,
    Gate,
    Guest,
    Pump,
    SlowEngine,
    fake,
    filled_deck,
    picture_of,
    scene_of,
    slow,
)

Play = Callable[..., Pump]


def place(number: int, count: int) -> tuple[float, float]:
    """The `number`-th of `count` places along a line over the pad."""
    return (-1 + 2 * number / count, 0.25)


def revisions(pump: Pump, deck: str = "deck1") -> list[int]:
    return [p.request.revision for p in pump.shown if p.request.deck == deck]


def shows_the_last(pump: Pump, deck: str = "deck1") -> bool:
    state = pump.state(deck)
    return state.shown is not None and state.shown.request.revision == state.asked


# -- a drag ----------------------------------------------------------------------------------------


def test_a_long_drag_shows_every_picture_that_the_engine_could_make(play: Play) -> None:
    """Ten moves for each picture: each shows the hand as it was when the one before was done."""
    guest = slow()
    pump = play(guest)
    guest.gate.shut()
    pump.shown.clear()
    pump.session.pads.move("deck1", place(0, 201))
    asked = [pump.state().asked]
    guest.gate.await_arrival()
    for number in range(1, 21):
        for step in range(10):  # while the engine draws
            pump.session.pads.move("deck1", place(10 * number + step, 211))
        asked.append(pump.state().asked)
        guest.gate.let_through()
        guest.gate.await_arrival(number + 1)
        pump.session.collect()
        assert revisions(pump) == asked[:-1]
    guest.gate.open()
    pump.until(lambda: shows_the_last(pump), "the last picture")
    assert revisions(pump) == asked
    assert pump.session.engines.dropped_jobs == 20 * 9


def test_ten_thousand_moves_leave_one_job_and_one_step_and_settle_on_the_last(play: Play) -> None:
    guest = slow()
    pump = play(guest, scene=scene_of(filled_deck(guest, slots=2)))
    guest.gate.shut()
    pump.session.history.hold()
    pump.session.pads.move("deck1", (0.0, 0.0))
    guest.gate.await_arrival()  # the engine is at it; all that follows has to wait
    before = pump.session.engines.dropped_jobs
    blocks = sys.getallocatedblocks()
    for number in range(10_000):
        pump.session.pads.move("deck1", place(number, 10_000))
    assert sys.getallocatedblocks() - blocks < 5_000  # less than one for every second move
    pump.session.history.release()
    assert pump.session.engines.dropped_jobs - before == 9_999
    guest.gate.open()
    pump.until(lambda: shows_the_last(pump), "the last picture")
    assert pump.deck().pad == place(9_999, 10_000)
    assert len(guest.engine.rendered) == 3  # the first of all, the one at hand, the last
    assert np.array_equal(pump.state().shown.pixels, picture_of(guest.engine.rendered[-1]))  # type: ignore[union-attr]
    pump.session.undo()
    assert not pump.session.history.can_undo


def test_a_parameters_drag_is_no_different(play: Play) -> None:
    guest = slow()
    pump = play(guest)
    guest.gate.shut()
    for number in range(500):
        pump.session.set("deck1", "contrast", number / 250)
    guest.gate.open()
    pump.until(lambda: shows_the_last(pump), "the last picture")
    assert guest.engine.rendered[-1].parameters["contrast"] == 499 / 250
    assert len(guest.engine.rendered) <= 3


def test_a_deck_in_motion_does_not_starve_the_others(play: Play) -> None:
    first, second = slow(name="one"), slow(name="two")
    pump = play(first, second)
    first.gate.shut()
    second.gate.shut()
    pump.session.pads.move("deck1", (0.0, 0.0))
    first.gate.await_arrival(1)
    pump.session.pads.move("deck2", (0.0, 0.0))
    for number in range(5):
        for step in range(20):
            pump.session.pads.move("deck1", place(20 * number + step, 100))
        first.gate.let_through()
        second.gate.await_arrival(number + 1)  # its turn comes after every picture of the other
        pump.session.pads.move("deck2", place(number, 5))
        second.gate.let_through()
        first.gate.await_arrival(number + 2)
    first.gate.open()
    second.gate.open()
    pump.until(lambda: shows_the_last(pump) and shows_the_last(pump, "deck2"), "both to settle")


def test_thumbnails_wait_while_a_hand_moves(play: Play) -> None:
    guest = slow()
    pump = play(guest)
    guest.gate.shut()
    pump.session.slots.capture("deck1")  # a new point: it will want a thumbnail
    guest.gate.await_arrival(1)
    for number in range(2, 6):
        pump.session.pads.move("deck1", place(number, 6))
        guest.gate.let_through()
        guest.gate.await_arrival(number)
    jobs = [c.argument for c in guest.engine.calls if c.method == "render"][-5:]
    assert not any(job.thumbnail for job in jobs)
    guest.gate.open()
    pump.settle()
    assert pump.session.engines.thumbnails.get(pump.deck(), 3) is not None


# -- no stale picture ------------------------------------------------------------------------------


def test_a_late_picture_of_the_former_model_is_never_shown(play: Play) -> None:
    guest = slow()
    pump = play(guest)
    former = pump.state().shown
    guest.gate.shut()
    pump.session.pads.move("deck1", (0.4, 0.4))
    guest.gate.await_arrival()
    pump.shown.clear()
    pump.session.decks.choose_model("deck1", "slow", "wide")
    epoch = pump.state().epoch
    assert pump.state().shown is former  # until there is a better one
    guest.gate.open()
    pump.settle()
    assert pump.shown
    assert {shown.request.epoch for shown in pump.shown} == {epoch}
    assert guest.made[0].count("render") > 1  # it was made, but came too late
    assert np.array_equal(
        pump.state().shown.pixels,  # type: ignore[union-attr]
        picture_of(guest.made[1].rendered[-1], "wide"),
    )


def test_a_picture_that_waits_in_the_box_when_the_model_changes_is_not_shown(play: Play) -> None:
    """Made before, collected after: the session is told by the epoch."""
    guest = slow()
    pump = play(guest)
    guest.gate.shut()
    pump.session.pads.move("deck1", (0.4, 0.4))
    guest.gate.await_arrival()
    pump.session.set("deck1", "mirror", True)
    guest.gate.let_through()
    guest.gate.await_arrival(2)  # so the first is in the box
    pump.shown.clear()
    pump.session.decks.choose_model("deck1", "slow", "second")
    pump.session.collect()
    assert pump.shown == []
    guest.gate.open()
    pump.settle()
    assert {shown.request.epoch for shown in pump.shown} == {pump.state().epoch}


def test_a_job_that_waited_for_the_former_model_is_not_given_to_the_new_one(play: Play) -> None:
    """Its point lies in another space, and may not even have the size."""
    guest = slow()
    pump = play(guest)
    guest.gate.shut()
    pump.session.pads.move("deck1", (0.4, 0.4))
    guest.gate.await_arrival()
    pump.session.pads.move("deck1", (0.5, 0.5))  # waits
    pump.session.slots.capture("deck1")  # so does its thumbnail
    pump.session.decks.choose_model("deck1", "slow", "wide")
    guest.gate.open()
    pump.settle()
    jobs = [call.argument for call in guest.made[1].calls if call.method == "render"]
    assert {job.latent.shape for job in jobs} == {(6,)}


def test_switching_the_model_in_the_middle_of_a_drag(play: Play) -> None:
    guest = slow()
    pump = play(guest)
    guest.gate.shut()
    for number in range(30):
        pump.session.pads.move("deck1", place(number, 60))
    guest.gate.await_arrival()
    pump.session.decks.choose_model("deck1", "slow", "second")
    for number in range(30, 60):
        pump.session.pads.move("deck1", place(number, 60))
    guest.gate.open()
    pump.settle()
    assert pump.deck().pad == place(59, 60)
    assert pump.deck().model == "second"
    assert shows_the_last(pump)
    last = pump.state().shown
    assert last is not None
    assert np.array_equal(last.pixels, picture_of(last.request.job, "second"))
    assert guest.made[0].closed
    assert pump.notices == []


def test_to_another_model_and_back_before_either_has_drawn(play: Play) -> None:
    guest = slow()
    pump = play(guest)
    before = pump.scene
    guest.gate.shut()
    pump.session.pads.move("deck1", (0.4, 0.4))
    guest.gate.await_arrival()
    for model in ("second", "wide"):
        pump.session.decks.choose_model("deck1", "slow", model)
    pump.session.undo()
    pump.session.undo()
    pump.session.undo()
    assert pump.scene == before
    guest.gate.open()
    pump.settle()
    assert pump.scene == before
    last = pump.state().shown
    assert last is not None
    assert last.request.epoch == pump.state().epoch
    assert np.array_equal(last.pixels, picture_of(last.request.job, "first"))


def test_a_deck_that_was_removed_shows_nothing_more(play: Play) -> None:
    guest, other = slow(), fake()
    pump = play(guest, other)
    guest.gate.shut()
    pump.session.pads.move("deck1", (0.4, 0.4))
    guest.gate.await_arrival()
    pump.session.decks.remove("deck1")
    pump.shown.clear()
    guest.gate.open()
    pump.session.pads.move("deck2", (0.4, 0.4))
    pump.settle()
    pump.until(lambda: guest.engine.closed, "the engine to be closed")
    assert {shown.request.deck for shown in pump.shown} == {"deck2"}


def arrives(pump: Pump, monkeypatch: pytest.MonkeyPatch, *events: object) -> None:
    """Let the session collect `events` instead of what the engine thread has."""
    with monkeypatch.context() as patch:
        patch.setattr(EngineThread, "drain", lambda self: list(events))
        pump.session.collect()


def picture(pump: Pump, revision: int) -> Pictured:
    job = Job(latent=np.full(4, revision, np.float32))
    request = Request("deck1", pump.state().epoch, revision, job, 0.0)
    return Pictured(request, picture_of(job), 1.0)


def test_an_older_picture_never_replaces_a_newer_one(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    pump = play(fake())
    pump.shown.clear()
    newest = picture(pump, 1007)
    arrives(pump, monkeypatch, picture(pump, 1005), newest, picture(pump, 1006))
    assert revisions(pump) == [1005, 1007]
    assert pump.state().shown is newest


def test_a_picture_after_a_failure_is_the_last_word(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    pump = play(fake())
    failed = Failed("deck1", pump.state().epoch, "It did not work.", fatal=False)
    arrives(pump, monkeypatch, failed, picture(pump, 1001))
    assert pump.state().problem == ""


def test_a_deck_is_not_at_rest_while_a_newer_picture_is_on_its_way(play: Play) -> None:
    """Also after a failure, which says nothing about the picture that was asked for since."""

    class NoReader(SlowEngine):
        def encode(self, pixels: Pixels, parameters: object) -> Latent:
            raise EngineError("This is no face.")

    gate = Gate()
    guest = Guest(lambda: NoReader(gate), gate=gate)
    pump = play(guest)
    said: list[str] = []
    pump.session.noticed.connect(said.append)
    guest.gate.shut()
    assert pump.state().settled
    pump.session.set("deck1", "mirror", True)
    assert not pump.state().settled
    guest.gate.await_arrival()
    pump.session.slots.encode("deck1", 7, np.zeros((8, 8, 3), np.uint8))
    guest.gate.let_through()
    pump.until(lambda: shows_the_last(pump), "the picture")
    pump.until(lambda: bool(said), "the failure")
    pump.session.set("deck1", "mirror", False)
    assert not pump.state().settled
    guest.gate.open()
    pump.until(lambda: shows_the_last(pump), "the last picture")
    assert pump.state().settled


# -- the end ---------------------------------------------------------------------------------------


def test_closing_in_the_middle_of_a_render(play: Play) -> None:
    guest = slow()
    pump = play(guest)
    guest.gate.shut()
    pump.session.pads.move("deck1", (0.4, 0.4))
    guest.gate.await_arrival()
    pump.session.pads.move("deck1", (0.5, 0.5))
    closed: list[bool] = []
    closing = Thread(target=lambda: closed.append(pump.session.close()))
    closing.start()
    guest.gate.open()
    closing.join(PATIENCE_S)
    assert closed == [True]
    assert guest.engine.closed
    pump.session.collect()
    pump.session.pads.move("deck1", (0.6, 0.6))  # a last signal of a dying window does no harm
    pump.session.collect()


def test_an_engine_that_hangs_is_left_behind(play: Play) -> None:
    guest = slow()
    pump = play(guest)
    guest.gate.shut()
    pump.session.pads.move("deck1", (0.4, 0.4))
    guest.gate.await_arrival()
    assert pump.session.close(timeout_s=0.01) is False


def test_closing_in_the_middle_of_a_load(play: Play) -> None:
    guest = slow("load")
    guest.gate.shut()
    pump = play(guest, start=False)
    pump.session.start()
    guest.gate.await_arrival()
    pump.close()
    assert guest.engine.closed


def test_a_session_that_was_never_started_can_be_closed() -> None:
    guest = fake()
    session = Session(Pump(guest).session.registry, scene_of(filled_deck(guest)), wake=lambda: None)
    assert session.close()
    assert guest.made == []
