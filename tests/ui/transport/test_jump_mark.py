"""Jumps to slots that wait for the beat, and the mark on the slot that waits."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from tests.fakes import fake
from tests.ui.live_stage import LiveStage


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path, no_widget_left_behind: None) -> Iterator[LiveStage]:
    made = LiveStage(qtbot, tmp_path, fake(), fake("other"))
    made.session.set_score("quantum", "bar")
    yield made
    made.close()


@pytest.fixture
def slots(stage: LiveStage) -> list[QWidget]:
    made = [stage.add(QPushButton(name)) for name in "ABC"]
    stage.live.mark_slots(made)
    return made


def marks(stage: LiveStage) -> list[int | None]:
    assert stage.live._mark is not None
    return [mark.beats for mark in stage.live._mark.marks]


def playing(stage: LiveStage, seconds: float = 0.53) -> None:
    """Play for so long: the first beat comes 0.03 s after the button."""
    stage.rig.transport.play()
    stage.desk.clock.advance(seconds)


def test_a_jump_waits_for_its_bar_and_the_slot_says_so(
    stage: LiveStage, slots: list[QWidget]
) -> None:
    done: list[str] = []
    playing(stage)
    stage.live.jump(1, lambda: done.append("B"))
    assert marks(stage) == [None, 3, None]
    assert not done
    stage.desk.turn(0.6)
    stage.live._frame()
    assert marks(stage) == [None, 2, None]
    stage.desk.turn(1.5)
    stage.live._frame()
    assert done == ["B"]
    assert marks(stage) == [None, None, None]


def test_the_newest_jump_wins(stage: LiveStage, slots: list[QWidget]) -> None:
    done: list[str] = []
    playing(stage)
    stage.live.jump(0, lambda: done.append("A"))
    stage.live.jump(2, lambda: done.append("C"))
    assert marks(stage) == [None, None, 3]
    stage.desk.turn(3)
    assert done == ["C"]


def test_while_nothing_plays_a_jump_comes_at_once(stage: LiveStage, slots: list[QWidget]) -> None:
    done: list[str] = []
    stage.live.jump(0, lambda: done.append("A"))
    assert done == ["A"]
    assert marks(stage) == [None, None, None]


def test_stopping_lets_it_come_and_takes_the_mark_away(
    stage: LiveStage, slots: list[QWidget]
) -> None:
    done: list[str] = []
    playing(stage)
    stage.live.jump(0, lambda: done.append("A"))
    stage.rig.transport.stop()
    stage.until(lambda: done == ["A"] and marks(stage) == [None, None, None])


def test_another_decks_jump_is_not_shown_on_these_slots(
    stage: LiveStage, slots: list[QWidget]
) -> None:
    playing(stage)
    stage.live.jump(0, lambda: None)
    stage.session.decks.bring_to_front("deck2")
    stage.live._frame()
    assert marks(stage) == [None, None, None]
    stage.live.jump(1, lambda: None)
    assert marks(stage) == [None, 3, None]
    assert len(stage.rig.later.waiting) == 2


def test_a_hand_that_goes_elsewhere_takes_the_jump_back(stage: LiveStage) -> None:
    done: list[str] = []
    playing(stage)
    stage.live.jump(0, lambda: done.append("A"))
    stage.live.jumps.cancel("deck1")
    stage.desk.turn(3)
    assert not done


def test_the_mark_lets_the_mouse_through_and_grows_with_its_slot(
    stage: LiveStage, slots: list[QWidget]
) -> None:
    playing(stage)
    stage.live.jump(0, lambda: None)
    mark = stage.live._mark.marks[0]  # type: ignore[union-attr]
    assert mark.isVisible()
    assert slots[0].childAt(slots[0].rect().center()) is not mark
    stage.window.resize(1500, 420)
    stage.until(lambda: mark.geometry() == slots[0].rect())
