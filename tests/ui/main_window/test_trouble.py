"""What must not hurt: bursts, closing and switching at the wrong moment, engines that break."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from shiboken6 import Shiboken

from studio.engine import EngineError
from tests.fakes import broken, fake, picture_of, slow
from tests.ui.hands import move, press, release
from tests.ui.stage import Stage, forget_the_dead
from ui.bridge import Bridge
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.parameter_rows import SliderRow

METHODS = ["factory", "load", "render", "sample", "encode", "close", "use_threads"]


def slider_of(stage: Stage, name: str) -> tuple[QWidget, Callable[[float], QPointF]]:
    """A slider and the point of it for a position in [0, 1]."""
    row = stage.window.panel.row(name)
    assert isinstance(row, SliderRow)
    slider = row.slider
    return slider, lambda at: QPointF(8 + at * (slider.width() - 16), slider.height() / 2)


def notice(stage: Stage) -> str:
    """The sentence in the status bar."""
    return next(words.words for words in stage.window.status.findChildren(ElidedLabel))


# -- bursts ----------------------------------------------------------------------------------------


def test_thousands_of_moves_settle_on_the_last_and_leave_nothing_behind(
    open_stage: Callable[..., Stage],
) -> None:
    guest = slow()
    stage = open_stage(guest)
    slider, at = slider_of(stage, "contrast")

    def burst(moves: int) -> None:
        """While the engine is busy with one picture."""
        guest.gate.shut()
        press(slider, at(0.1))
        guest.gate.await_arrival()
        for number in range(moves):
            move(slider, at((number * 37 % 1000) / 1000))
            if number % 100 == 0:
                QApplication.processEvents()
        move(slider, at(0.25))
        release(slider, at(0.25))
        guest.gate.open()
        stage.settle()

    burst(100)  # whatever is made once and kept is made here
    guest.engine.calls.clear()
    stage.changes.clear()
    gc.collect()
    widgets, objects = len(QApplication.allWidgets()), len(gc.get_objects())
    burst(2_000)
    shown = stage.state.shown
    assert shown is not None
    assert stage.parameter("contrast") == pytest.approx(0.5, abs=0.001)
    assert shown.request.job.parameters["contrast"] == stage.parameter("contrast")
    assert (shown.pixels == picture_of(shown.request.job)).all()
    assert len(guest.engine.rendered) == 2, "the first and the last; the rest is dropped"
    guest.engine.calls.clear()
    stage.changes.clear()
    gc.collect()
    assert len(QApplication.allWidgets()) == widgets
    assert len(gc.get_objects()) - objects < 2_000
    stage.session.undo()
    stage.session.undo()
    assert not stage.session.history.can_undo, "each burst is one step"


def test_opening_and_closing_decks_and_models_leaves_no_widget_behind(stage: Stage) -> None:
    def round_trip() -> None:
        stage.change(lambda: stage.session.decks.add("fake", "second"))
        stage.change(lambda: stage.session.decks.choose_model("deck2", "fake", "wide"))
        stage.change(lambda: stage.session.decks.remove("deck2"))
        forget_the_dead()

    round_trip()
    widgets = len(QApplication.allWidgets())
    for _ in range(15):
        round_trip()
    assert len(QApplication.allWidgets()) == widgets


def test_a_slow_engine_shows_pictures_during_a_drag_and_the_last_one_after_it(
    open_stage: Callable[..., Stage],
) -> None:
    guest = slow()
    stage = open_stage(guest)
    seen: list[int] = []

    def see(deck: str) -> None:
        shown = stage.state.shown
        assert shown is not None
        seen.append(shown.request.revision)

    stage.session.pictured.connect(see)
    guest.gate.shut()
    for number in range(1, 11):
        for step in range(20):
            stage.session.pads.move("deck1", (number / 20, step / 20))
        guest.gate.await_arrival(number)
        guest.gate.let_through()
        stage.until(lambda number=number: len(seen) >= number)
    assert seen == sorted(seen)
    assert stage.session.engines.dropped_jobs >= 10 * 18
    guest.gate.open()
    stage.settle()
    assert stage.state.shown.request.revision == stage.state.asked


# -- the wrong moment ------------------------------------------------------------------------------


def test_closing_in_the_middle_of_a_render_hides_the_window_at_once(
    open_stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = slow()
    stage = open_stage(guest)
    guest.gate.shut()
    stage.session.pads.move("deck1", (0.5, 0.5))
    guest.gate.await_arrival()
    visible: list[bool] = []
    close = stage.session.close

    def close_now() -> bool:
        visible.append(stage.window.isVisible())
        guest.gate.open()
        return close()

    monkeypatch.setattr(stage.session, "close", close_now)
    assert stage.window.close()
    assert visible == [False]
    QApplication.processEvents()  # a picture that comes too late meets a window that is closed
    assert guest.engine.closed


def test_closing_before_the_first_picture(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(fake(), start=False)
    stage.window.show()
    stage.session.start()
    assert stage.window.close()


def test_closing_a_window_that_was_never_shown(open_stage: Callable[..., Stage]) -> None:
    assert open_stage(fake(), start=False).window.close()


def test_switching_the_model_in_the_middle_of_a_drag_shows_no_stale_picture(
    open_stage: Callable[..., Stage],
) -> None:
    guest = slow()
    stage = open_stage(guest)
    pad = stage.window.pad
    guest.gate.shut()
    press(pad, pad.point_at((0.2, 0.2)))
    guest.gate.await_arrival()  # a picture of the first model is being made
    shown: list[int] = []

    def see(deck: str) -> None:
        assert stage.state.shown is not None
        shown.append(stage.state.shown.request.epoch)

    stage.session.pictured.connect(see)
    stage.session.decks.choose_model("deck1", "slow", "second")
    epoch = stage.state.epoch
    move(pad, pad.point_at((0.3, 0.3)))
    guest.gate.open()
    move(pad, pad.point_at((0.4, 0.4)))
    stage.until(lambda: bool(stage.state.device) and any(stage.front.slots))
    move(pad, pad.point_at((-0.4, -0.6)))
    release(pad, pad.point_at((-0.4, -0.6)))
    stage.settle()
    assert set(shown) == {epoch}
    last = stage.state.shown
    assert last is not None
    assert (last.pixels == picture_of(last.request.job, "second")).all()
    assert stage.front.pad == pytest.approx((-0.4, -0.6))


def test_a_slider_that_vanishes_in_a_drag_holds_no_history(stage: Stage) -> None:
    slider, at = slider_of(stage, "contrast")
    press(slider, at(0.2))
    move(slider, at(0.3))
    stage.change(lambda: stage.session.decks.choose_model("deck1", "fake", "second"))
    stage.session.pads.move("deck1", (0.5, 0.5))
    stage.clock.advance(10)
    stage.session.pads.move("deck1", (0.7, 0.7))
    stage.session.undo()
    assert stage.front.pad == (0.5, 0.5)


def test_a_wake_after_the_window_is_gone_is_nothing() -> None:
    bridge = Bridge()
    Shiboken.delete(bridge)
    bridge.wake()


# -- engines that break ----------------------------------------------------------------------------


def test_the_last_good_picture_stays_and_a_sentence_says_why(
    open_stage: Callable[..., Stage],
) -> None:
    failing: list[bool] = []
    stage = open_stage(broken("render", breaks=lambda engine: bool(failing)))
    good = stage.picture()
    failing.append(True)
    stage.session.pads.move("deck1", (0.9, 0.9))
    stage.until(lambda: bool(stage.state.problem))
    assert stage.picture() == good
    assert "Something gave way" in stage.state.problem
    assert notice(stage) == stage.state.problem
    assert "▲ stopped" in [b.text() for b in stage.window.status.findChildren(QPushButton)]
    assert "stopped" in stage.window.deck_bar.button("deck1").accessibleName()

    failing.clear()
    stage.session.pads.move("deck1", (-0.5, 0.5))
    stage.until(lambda: not stage.state.problem)
    stage.settle()
    assert stage.picture() != good
    stage.window.status.refresh()
    assert "● Ready" in [b.text() for b in stage.window.status.findChildren(QPushButton)]


def test_a_deck_without_a_picture_says_why_on_the_stage(
    open_stage: Callable[..., Stage],
) -> None:
    stage = open_stage(broken("load", lambda: EngineError("The weights are truncated.")))
    assert stage.window.canvas._words == "The weights are truncated."
    assert notice(stage) == "The weights are truncated."


def test_another_model_may_be_chosen_after_a_failure(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(broken("load"), fake())
    assert stage.state.problem
    stage.change(lambda: stage.session.decks.choose_model("deck1", "fake", "first"))
    assert not stage.state.problem
    assert stage.state.shown is not None


@pytest.mark.parametrize("method", METHODS)
def test_the_window_outlives_an_engine_that_breaks_in_any_method(
    method: str, open_stage: Callable[..., Stage]
) -> None:
    stage = open_stage(broken(method), fake("sound"))
    session = stage.session
    session.slots.randomise("deck1", 3)
    session.pads.move("deck1", (0.3, 0.3))
    session.slots.encode("deck1", 0, np.zeros((8, 8, 3), np.uint8))
    session.engines.use_threads(1)
    session.slots.sample("deck1", 5)
    session.decks.choose_model("deck1", "broken", "second")
    stage.settle()
    before = session.state("deck2").shown
    stage.change(lambda: session.pads.move("deck2", (-0.7, 0.7)))
    assert session.state("deck2").shown is not before
    assert all(sentence.endswith(".") for sentence in stage.notices)


@pytest.mark.parametrize("error", [SystemExit, MemoryError, RecursionError])
def test_not_even_these_end_the_window(
    error: type[BaseException], open_stage: Callable[..., Stage]
) -> None:
    stage = open_stage(broken("render", error))
    assert stage.state.problem
    assert stage.window.isVisible()


# -- the toolkit -----------------------------------------------------------------------------------

EMITS = """
from PySide6.QtCore import QObject, Signal
class Bell(QObject):
    rung = Signal()
    told = Signal(object)
bell, heard = Bell(), []
bell.rung.connect(lambda: None)
bell.told.connect(lambda value: None)
for number in range(10_000):
    bell.rung.emit()
    bell.told.emit(number)
    bell.objectName()
    bell.setObjectName("bell")
print("well")
"""


def test_ten_thousand_emits_do_not_end_the_process() -> None:
    """PySide6 6.12.0 loses a reference with each on Python 3.11, and dies after some hundred."""
    done = subprocess.run([sys.executable, "-c", EMITS], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.strip()) == (0, "well"), done.stderr
