"""The walk: its way, its length and pace, and what moves while it plays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from studio.document.scene import Walk
from tests.fakes import FakeClock, fake, filled_deck, scene_of
from tests.ui.hands import CONTROL, LEFT, SHIFT, drag
from tests.ui.stage import Stage
from ui.tabs._walk_page import WalkPage
from ui.tabs._walk_stops import WalkStops

A, B, C, D = range(4)


@pytest.fixture
def walker(stage: Stage) -> Stage:
    """The walk's page in front, and a clock of its own that stands still."""
    clock = FakeClock()
    stage.window.frames._clock = clock
    stage.walk_clock = clock  # type: ignore[attr-defined]
    stage.key(Qt.Key.Key_4, CONTROL)
    assert page(stage).isVisible()
    stage.changes.clear()
    return stage


def page(stage: Stage) -> WalkPage:
    return stage.window.tabs.walk


def stops(stage: Stage) -> WalkStops:
    return page(stage).stops


def click(stage: Stage, place: int) -> None:
    QTest.mouseClick(stops(stage), LEFT, pos=stops(stage).chip(place).center().toPoint())


def go_on(stage: Any, seconds: float) -> None:
    stage.walk_clock.advance(seconds)
    stage.window.frames.step()


def begin(stage: Any) -> None:
    stage.session.motion.start_walk("deck1", stage.walk_clock())


# -- the way ---------------------------------------------------------------------------------------


def test_at_first_it_goes_through_every_filled_slot(walker: Stage) -> None:
    assert stops(walker).order == [A, B, C]
    assert stops(walker).accessibleDescription() == "through A, B, C; on A, in"
    assert page(walker).words.text() == "3 slots, and back to the first"


def test_a_click_takes_a_slot_out_and_in_again_at_the_end(walker: Stage) -> None:
    click(walker, A)
    assert walker.front.walk.slots == (B, C)
    assert stops(walker).order == [B, C, A], "those that are out stand behind"
    click(walker, 2)
    assert walker.front.walk.slots == (B, C, A)


def test_the_last_stop_stays(walker: Stage) -> None:
    walker.session.motion.set_walk("deck1", Walk(slots=(B,)))
    click(walker, 0)
    assert walker.front.walk.slots == (B,)


def test_a_drag_moves_a_stop(walker: Stage) -> None:
    held = stops(walker)
    before = held.chip(0).center()
    drag(held, before, before + QPointF(20, 0), held.chip(2).center())
    assert walker.front.walk.slots == (B, C, A)


def test_the_keys_do_the_same(walker: Stage) -> None:
    walker.focus(stops(walker))
    walker.key(Qt.Key.Key_Right)
    walker.key(Qt.Key.Key_Right, SHIFT)
    assert walker.front.walk.slots == (A, C, B)
    walker.key(Qt.Key.Key_Return)
    assert walker.front.walk.slots == (A, C)
    assert stops(walker).accessibleDescription() == "through A, C; on B, out"


def test_length_and_pace_are_rows_like_all_others(walker: Stage) -> None:
    page(walker).length.wanted.emit(20.0)
    page(walker).pace.buttons.button(1).click()
    assert (walker.front.walk.seconds, walker.front.walk.easing) == (20.0, "flow")
    assert page(walker).length.field.text() == "20.0 s"
    walker.session.undo()
    assert page(walker).length.field.text() == "8.0 s"


def test_the_chips_show_the_slots_pictures(walker: Stage) -> None:
    thumbnails = [stops(walker)._thumbnails[i].picture for i in range(4)]
    assert [thumbnail is not None for thumbnail in thumbnails] == [True, True, True, False]


# -- playing ---------------------------------------------------------------------------------------


def test_w_plays_and_stops_wherever_one_is(stage: Stage) -> None:
    assert stage.window.frames.at_rest
    stage.key(Qt.Key.Key_W)
    assert stage.session.motion.walking("deck1") is not None
    assert not stage.window.frames.at_rest
    stage.key(Qt.Key.Key_W)
    assert stage.session.motion.walking("deck1") is None
    assert stage.window.frames.at_rest
    stage.settle()


def test_it_moves_the_picture_and_shows_how_far_round_it_is(walker: Stage) -> None:
    begin(walker)
    before = walker.picture()
    go_on(walker, 1.5)
    assert walker.session.motion.walking("deck1") == pytest.approx(1.5 / 8)
    walker.settle()
    assert walker.picture() != before
    assert page(walker).progress._share == pytest.approx(1.5 / 8)
    assert page(walker).play.text() == "Stop"
    walker.session.motion.stop_walk("deck1")
    assert page(walker).progress._share is None
    assert page(walker).play.text() == "Play"


def test_the_pad_says_that_it_walks_and_moving_the_puck_stops_it(walker: Stage) -> None:
    begin(walker)
    go_on(walker, 0.5)
    assert walker.window.pad.accessibleDescription().startswith("walking")
    walker.drag_puck((0.3, 0.3), (0.4, 0.4))
    assert walker.session.motion.walking("deck1") is None
    assert walker.window.pad.accessibleDescription() == ""
    walker.settle()


def test_a_walk_that_is_stopped_holds_its_point(walker: Stage) -> None:
    begin(walker)
    go_on(walker, 1.0)
    page(walker).play.click()
    assert walker.window.pad.accessibleDescription().startswith("outside the blend")
    shares = {view.accessibleDescription() for view in walker.window.slots.views[:3]}
    assert shares == {"0 %"}, "the slots have no part in what is shown"
    walker.settle()


def test_a_walk_sets_no_control_again(walker: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(walker)
    asked: list[int] = []
    monkeypatch.setattr(walker.window.panel, "refresh", lambda: asked.append(1))
    for _ in range(5):
        go_on(walker, 0.1)
    assert asked == []
    walker.settle()


def test_with_fewer_than_two_slots_it_says_what_to_do(open_stage: Callable[..., Stage]) -> None:
    guest = fake()
    stage = open_stage(guest, scene=scene_of(filled_deck(guest, slots=1)))
    stage.window.tabs.turn_to(3)
    assert page(stage).words.text().startswith("Fill two slots")
    assert not page(stage).play.isEnabled()
    assert not page(stage).export.isEnabled()
    stage.key(Qt.Key.Key_W)
    assert stage.notices == ["A walk needs at least two filled slots."]


def test_closing_in_the_middle_of_a_walk(walker: Stage) -> None:
    begin(walker)
    go_on(walker, 0.5)
    assert walker.window.close()
