"""The sheet of variations: neighbours of the point, children of two slots."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.latent.variations import MIDDLE, children, variations
from tests.fakes import fake
from tests.ui.hands import CONTROL, LEFT, PLAIN, drag
from tests.ui.stage import Stage
from ui.tabs._variations import Variations
from ui.widgets.drag_data import carry_point

A, B, C, D = range(4)


@pytest.fixture
def sheet(stage: Stage) -> Stage:
    """The stage with its sheet in front and drawn."""
    stage.key(Qt.Key.Key_2, CONTROL)
    stage.until(lambda: drawn(stage))
    stage.changes.clear()
    return stage


def page(stage: Stage) -> Variations:
    return stage.window.tabs.variations


def drawn(stage: Stage) -> bool:
    held = page(stage).sheet
    known, deck = stage.session.engines.thumbnails, stage.scene.deck("deck1")
    found = [known.at(deck, point) for point in held.points]
    thumbnails = [held.picture(i) is not None for i in range(9)]
    return len(found) == 9 and all(f is not None for f in found) and all(thumbnails)


def middle(stage: Stage, index: int) -> QPointF:
    return page(stage).sheet.frame(index).center()


def click(stage: Stage, index: int) -> None:
    QTest.mouseClick(page(stage).sheet, LEFT, pos=middle(stage, index).toPoint())


def test_the_point_stands_in_the_middle_of_its_neighbours(sheet: Stage) -> None:
    points = page(sheet).sheet.points
    expected = variations(sheet.session.point("deck1"), 0.35, 0)
    assert all((a == b).all() for a, b in zip(points, expected, strict=True))
    assert (points[MIDDLE] == sheet.session.point("deck1")).all()


def test_a_click_goes_there_and_it_becomes_the_middle(sheet: Stage) -> None:
    wanted = page(sheet).sheet.points[0]
    sheet.change(lambda: click(sheet, 0))
    assert (sheet.session.point("deck1") == wanted).all()
    sheet.until(lambda: (page(sheet).sheet.points[MIDDLE] == wanted).all())
    sheet.session.undo()
    assert sheet.front.held is None


def test_the_middle_is_marked_and_what_is_shown_is_told_on_the_pad(sheet: Stage) -> None:
    assert sheet.window.pad.accessibleDescription() == ""
    sheet.change(lambda: click(sheet, 8))
    for pad in (sheet.window.pad, sheet.window.stage_pad):
        assert pad.accessibleDescription().startswith("outside the blend")


def test_a_drag_on_the_pad_draws_no_sheet_until_the_point_rests(sheet: Stage) -> None:
    before = page(sheet).sheet.points
    sheet.drag_puck((0, 0), *((n / 20, 0.1) for n in range(15)))
    assert page(sheet).sheet.points is before
    sheet.until(lambda: (page(sheet).sheet.points[MIDDLE] == sheet.session.point("deck1")).all())


def test_nothing_is_drawn_while_nobody_looks(stage: Stage) -> None:
    asked: list[object] = []
    stage.session.engines.thumbnail = lambda *given: asked.append(given)  # type: ignore[method-assign]
    stage.session.pads.move("deck1", (0.5, 0.5))
    stage.settle()
    page(stage)._rest.timeout.emit()
    assert asked == []


def test_again_throws_other_neighbours_around_the_same_point(sheet: Stage) -> None:
    before = list(page(sheet).sheet.points)
    page(sheet).again.click()
    after = page(sheet).sheet.points
    assert (after[MIDDLE] == before[MIDDLE]).all()
    assert all((after[i] != before[i]).any() for i in range(9) if i != MIDDLE)
    assert sheet.changes == [], "looking around changes nothing"


def test_breadth_sets_how_far_they_go(sheet: Stage) -> None:
    def spread() -> float:
        points = page(sheet).sheet.points
        return float(np.linalg.norm(points[0] - points[MIDDLE]))

    near = spread()
    page(sheet).breadth.slider.wanted.emit(1.0)
    assert page(sheet).breadth.field.text() == "1.00"
    sheet.until(lambda: spread() > 1.5 * near)


def test_the_keys_choose_as_well(sheet: Stage) -> None:
    held = page(sheet).sheet
    sheet.focus(held)
    assert held.accessibleDescription() == "row 2, column 2"
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Right):
        sheet.key(key)
    assert held.accessibleDescription() == "row 1, column 3"
    wanted = held.points[2]
    sheet.change(lambda: sheet.key(Qt.Key.Key_Return))
    assert (sheet.session.point("deck1") == wanted).all()


# -- carrying --------------------------------------------------------------------------------------


def test_a_variation_is_carried_to_a_slot(sheet: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = page(sheet).sheet.points[5]

    monkeypatch.setattr(QDrag, "exec", lambda held, *_: let_fall(sheet, D, held.mimeData()))
    begin = middle(sheet, 5)
    sheet.change(lambda: drag(page(sheet).sheet, begin, begin + QPointF(40, 0)))
    held = sheet.front.slots[D]
    assert held is not None
    assert held.latent == pytest.approx(tuple(wanted.tolist()))


def let_fall(stage: Stage, index: int, carried: QMimeData) -> None:
    """Drop what is carried on a slot."""
    slot, way = stage.window.slots.views[index], Qt.DropAction.CopyAction
    at = slot.rect().center()
    QApplication.sendEvent(slot, QDragEnterEvent(at, way, carried, LEFT, PLAIN))
    QApplication.sendEvent(slot, QDropEvent(QPointF(at), way, carried, LEFT, PLAIN))


def test_a_locked_slot_takes_none(sheet: Stage) -> None:
    sheet.session.slots.lock("deck1", A, True)
    before = sheet.scene
    let_fall(sheet, A, carry_point(np.ones(4, np.float32)))
    assert sheet.notices == ["Slot A is locked."]
    assert sheet.scene is before


@pytest.mark.parametrize("point", [np.ones(6, np.float32), np.full(4, np.nan, np.float32)])
def test_a_point_of_another_model_or_of_no_sense_is_not_taken(point: object, sheet: Stage) -> None:
    before = sheet.scene
    let_fall(sheet, D, carry_point(point))
    assert sheet.scene is before


# -- breeding --------------------------------------------------------------------------------------


def test_two_slots_breed(sheet: Stage) -> None:
    held = page(sheet)
    held.breed.click()
    assert held.first.isVisible()
    held.second.setCurrentIndex(C)
    held.second.activated.emit(C)
    parents = [np.float32(sheet.front.slots[i].latent) for i in (A, C)]
    expected = children(*parents, 0.35, 0)
    assert all((a == b).all() for a, b in zip(held.sheet.points, expected, strict=True))
    sheet.until(lambda: drawn(sheet))
    sheet.change(lambda: click(sheet, 4))
    assert (sheet.session.point("deck1") == expected[4]).all()


def test_parents_are_the_filled_slots(sheet: Stage) -> None:
    held = page(sheet)
    held.breed.click()
    assert [held.first.itemText(i) for i in range(held.first.count())] == ["A", "B", "C"]
    sheet.session.slots.clear("deck1", A)
    sheet.until(lambda: held.first.count() == 2)
    assert held.first.currentText() == "B"
    assert len(held.sheet.points) == 9


def test_a_lonely_slot_breeds_nothing(sheet: Stage) -> None:
    sheet.session.slots.clear("deck1", A)
    sheet.session.slots.clear("deck1", B)
    sheet.until(lambda: not page(sheet).breed.isEnabled())
    assert page(sheet).around.isEnabled()


def test_another_deck_shows_its_own_neighbours(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(fake("images"), fake("textures"))
    stage.window.tabs.turn_to(1)
    stage.session.pads.move("deck2", (-0.7, -0.7))
    stage.session.decks.bring_to_front("deck2")
    points = page(stage).sheet.points
    assert (points[MIDDLE] == stage.session.point("deck2")).all()
    stage.settle()
