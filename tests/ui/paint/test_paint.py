"""Painting on the picture: the brush, the rubber, pins, and what the page shows of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from studio.document.scene import Pin
from tests.fakes import fake, scene_of
from tests.texture_fakes import textured, textures
from tests.ui.hands import LEFT, PLAIN, RIGHT, SHIFT, drag, move, press, release, wheel
from tests.ui.paint.paint_stage import PaintStage, artist
from tests.ui.stage import Stage
from ui.widgets.drag_data import SLOT_MIME

__all__ = ["artist"]

A, B, C, D = range(4)


def choose(artist: PaintStage, slot: int) -> None:
    chips = artist.page.slots
    QTest.mouseClick(chips, LEFT, pos=chips.chip(slot).center().toPoint())


def colour_at(artist: PaintStage, x: float, y: float) -> QColor:
    """What the stage shows at a place of the picture, without what lies over it."""
    artist.stage.settle()
    shown = artist.stage.state.shown
    assert shown is not None
    height, width, _ = shown.pixels.shape
    return QColor(*shown.pixels[int(y * height), int(x * width)].tolist())


def drop(artist: PaintStage, slot: int, x: float, y: float) -> None:
    carried = QMimeData()
    carried.setData(SLOT_MIME, str(slot).encode())
    held = (Qt.DropAction.CopyAction, carried, LEFT, PLAIN)
    QApplication.sendEvent(artist.view, QDragEnterEvent(artist.at(x, y).toPoint(), *held))
    QApplication.sendEvent(artist.view, QDropEvent(artist.at(x, y), *held))


# -- where it is -----------------------------------------------------------------------------------


def test_the_page_is_there_for_decks_that_can_be_painted_and_the_hand_with_it(
    artist: PaintStage,
) -> None:
    assert artist.view.isVisible()
    artist.stage.window.tabs.turn_to(0)
    assert not artist.view.isVisible(), "the canvas is for the puck again"
    artist.stage.window.tabs.turn_to_own()
    assert artist.view.isVisible()
    assert artist.view.geometry() == artist.stage.window.canvas.rect()


def test_another_deck_that_cannot_be_painted_has_neither(
    open_stage: Callable[..., Stage],
) -> None:
    able, other = textures(), fake("plain")
    decks = textured(able), textured(other).but(key="deck2")
    found = PaintStage(open_stage(able, other, scene=scene_of(*decks)))
    found.stage.session.decks.bring_to_front("deck2")
    assert found.stage.window.tabs.place == 0
    assert not found.view.isVisible()
    found.stage.session.decks.bring_to_front("deck1")
    assert not found.view.isVisible(), "the controls are in front"
    found.stage.settle()


def test_in_full_screen_the_hand_goes_on_painting(artist: PaintStage) -> None:
    artist.stage.window.all_actions["view.full_screen"].do()
    assert artist.view.isVisible()
    choose(artist, B)
    drag(artist.view, artist.at(0.5, 0.4), artist.at(0.5, 0.5))
    assert len(artist.stage.front.strokes) == 1
    artist.stage.window.all_actions["view.leave_full_screen"].do()
    artist.stage.settle()


def test_in_full_screen_the_audience_sees_no_marks_while_the_hand_rests(
    artist: PaintStage,
) -> None:
    drop(artist, A, 0.5, 0.5)
    artist.stage.settle()
    assert artist.view.shows_marks
    artist.stage.window.all_actions["view.full_screen"].do()
    artist.view._rest.stop()
    artist.view._rest.timeout.emit()
    assert not artist.view.shows_marks
    unmarked = artist.stage.picture()
    move(artist.view, artist.at(0.2, 0.2), button=Qt.MouseButton.NoButton)
    assert artist.view.shows_marks
    assert artist.stage.picture() != unmarked
    artist.stage.window.all_actions["view.leave_full_screen"].do()
    assert artist.view.shows_marks


# -- the brush -------------------------------------------------------------------------------------


def test_a_drag_paints_with_the_slot_and_is_one_step(artist: PaintStage) -> None:
    before = artist.stage.scene
    choose(artist, B)
    drag(artist.view, artist.at(0.3, 0.3), artist.at(0.4, 0.3), artist.at(0.7, 0.3))
    (stroke,) = artist.stage.front.strokes
    assert (stroke.slot, stroke.strength) == (B, 1.0)
    assert stroke.points[0] == pytest.approx((0.3, 0.3), abs=0.01)
    assert stroke.points[-1] == pytest.approx((0.7, 0.3), abs=0.01)
    green, bare = colour_at(artist, 0.5, 0.3), colour_at(artist, 0.5, 0.8)
    assert green.green() > green.red()
    assert bare.green() < bare.red()
    artist.stage.session.undo()
    assert artist.stage.scene == before
    artist.stage.settle()


def test_a_click_leaves_a_dab(artist: PaintStage) -> None:
    choose(artist, C)
    QTest.mouseClick(artist.view, LEFT, pos=artist.at(0.5, 0.5).toPoint())
    assert colour_at(artist, 0.5, 0.5).blue() > 150


def test_a_stroke_that_leaves_the_picture_comes_in_at_the_other_side(artist: PaintStage) -> None:
    drag(artist.view, artist.at(0.95, 0.5), artist.at(1.02, 0.5), artist.at(1.1, 0.5))
    (stroke,) = artist.stage.front.strokes
    assert stroke.points[-1] == pytest.approx((0.1, 0.5), abs=0.01)
    artist.stage.settle()


def test_beside_the_picture_the_drag_is_the_canvas_s(artist: PaintStage) -> None:
    before = artist.stage.front.pad
    side = artist.view.point_at((-0.2, 0.5))
    QTest.mousePress(artist.view, LEFT, pos=side.toPoint())
    QTest.mouseMove(artist.view, side.toPoint() + QPoint(0, 40))
    QTest.mouseRelease(artist.view, LEFT, pos=side.toPoint() + QPoint(0, 40))
    assert artist.stage.front.strokes == ()
    assert artist.stage.front.pad != before
    artist.stage.settle()


def test_the_rubber_brings_back_what_was_there(artist: PaintStage) -> None:
    bare = colour_at(artist, 0.5, 0.5)
    choose(artist, C)
    drag(artist.view, artist.at(0.5, 0.5), artist.at(0.55, 0.5))
    assert colour_at(artist, 0.5, 0.5) != bare
    artist.page.rub.click()
    assert artist.page.words.text().startswith("Erase")
    drag(artist.view, artist.at(0.45, 0.5), artist.at(0.6, 0.5))
    assert artist.stage.front.strokes[-1].slot is None
    again = colour_at(artist, 0.5, 0.5)
    assert again.getRgb() == pytest.approx(bare.getRgb(), abs=4)


def test_choosing_a_slot_lays_the_rubber_aside(artist: PaintStage) -> None:
    artist.page.rub.click()
    choose(artist, B)
    assert artist.page.brush.isChecked()
    assert artist.page.slot == B


def test_radius_and_strength_are_the_brush_s(artist: PaintStage) -> None:
    artist.page.radius_row.wanted.emit(0.3)
    artist.page.strength_row.wanted.emit(0.4)
    assert artist.page.radius_row.field.text() == "0.30"
    QTest.mouseClick(artist.view, LEFT, pos=artist.at(0.5, 0.5).toPoint())
    (stroke,) = artist.stage.front.strokes
    assert (stroke.radius, stroke.strength) == (0.3, 0.4)
    artist.stage.settle()


def test_the_wheel_and_the_brackets_size_the_brush(artist: PaintStage) -> None:
    before = artist.page.radius
    wheel(artist.view, 1)
    larger = artist.page.radius
    assert larger > before
    artist.stage.focus(artist.view)
    artist.stage.key(Qt.Key.Key_BracketLeft)
    assert artist.page.radius == pytest.approx(before)
    assert artist.page.radius_row.field.text() == "0.12"


def test_clear_takes_the_paint_and_leaves_the_pins(artist: PaintStage) -> None:
    assert not artist.page.clear.isEnabled()
    drop(artist, A, 0.5, 0.5)
    QTest.mouseClick(artist.view, LEFT, pos=artist.at(0.2, 0.2).toPoint())
    artist.stage.settle()
    artist.page.clear.click()
    assert artist.stage.front.strokes == ()
    assert list(artist.stage.front.pins) == [A]
    assert not artist.page.clear.isEnabled()
    artist.stage.settle()


def test_an_empty_slot_says_what_to_do(artist: PaintStage) -> None:
    choose(artist, D)
    QTest.mouseClick(artist.view, LEFT, pos=artist.at(0.5, 0.5).toPoint())
    assert artist.stage.notices == ["Slot D is empty; fill it to paint."]
    assert not artist.page.pin.isEnabled()


def test_hiding_the_page_in_the_middle_of_a_stroke_ends_it(artist: PaintStage) -> None:
    press(artist.view, artist.at(0.5, 0.5))
    move(artist.view, artist.at(0.6, 0.5))
    artist.stage.window.tabs.turn_to(0)
    artist.stage.window.tabs.turn_to_own()
    count = len(artist.stage.front.strokes[0].points)
    move(artist.view, artist.at(0.8, 0.5))
    assert len(artist.stage.front.strokes[0].points) == count
    release(artist.view, artist.at(0.8, 0.5))
    artist.stage.settle()


def test_the_brush_is_seen_where_the_hand_hovers(artist: PaintStage) -> None:
    artist.stage.settle()
    before = artist.view.grab().toImage()
    move(artist.view, artist.at(0.5, 0.5), button=Qt.MouseButton.NoButton)
    assert artist.view.grab().toImage() != before
    assert artist.view.cursor().shape() == Qt.CursorShape.CrossCursor


# -- pins ------------------------------------------------------------------------------------------


def test_a_slot_carried_to_the_picture_is_pinned_there(artist: PaintStage) -> None:
    drop(artist, B, 0.25, 0.75)
    assert artist.stage.front.pins[B].place == pytest.approx((0.25, 0.75), abs=0.01)
    assert artist.page.slot == B
    green = colour_at(artist, 0.25, 0.75)
    assert green.green() > green.red()
    assert artist.view.accessibleDescription() == "pins B"


def test_a_pin_is_dragged_on_the_picture_in_one_step(artist: PaintStage) -> None:
    drop(artist, B, 0.25, 0.75)
    drag(artist.view, artist.at(0.25, 0.75), artist.at(0.4, 0.6), artist.at(0.8, 0.2))
    assert artist.stage.front.strokes == (), "a hand on a pin does not paint"
    assert artist.stage.front.pins[B].place == pytest.approx((0.8, 0.2), abs=0.01)
    artist.stage.session.undo()
    assert artist.stage.front.pins[B].place == pytest.approx((0.25, 0.75), abs=0.01)
    artist.stage.settle()


def test_a_pin_dragged_over_the_edge_comes_in_at_the_other(artist: PaintStage) -> None:
    drop(artist, B, 0.9, 0.5)
    drag(artist.view, artist.at(0.9, 0.5), artist.at(1.02, 0.5), artist.at(1.1, 0.5))
    assert artist.stage.front.pins[B].place == pytest.approx((0.1, 0.5), abs=0.01)
    artist.stage.settle()


def test_the_button_pins_to_the_middle_and_takes_away(artist: PaintStage) -> None:
    choose(artist, C)
    assert artist.page.pin.text() == "Pin C"
    artist.page.pin.click()
    assert artist.stage.front.pins[C].place == (0.5, 0.5)
    assert artist.page.pin.isChecked()
    artist.page.pin.click()
    assert artist.stage.front.pins == {}
    assert not artist.page.pin.isChecked()
    artist.stage.settle()


def test_reach_is_the_pin_s_and_the_next_one_s(artist: PaintStage) -> None:
    artist.page.reach_row.wanted.emit(0.5)
    drop(artist, B, 0.25, 0.75)
    assert artist.stage.front.pins[B].reach == 0.5
    artist.page.reach_row.wanted.emit(0.1)
    assert artist.stage.front.pins[B].reach == 0.1
    drop(artist, B, 0.5, 0.5)
    assert artist.stage.front.pins[B] == Pin(place=(0.5, 0.5), reach=0.1)
    artist.stage.session.undo()
    assert artist.page.reach_row.field.text() == "0.10"
    artist.stage.settle()


def test_the_wheel_over_a_pin_is_its_reach(artist: PaintStage) -> None:
    drop(artist, B, 0.5, 0.5)
    wheel(artist.view, 1)
    assert artist.stage.front.pins[B].reach > 0.25
    assert artist.page.radius == pytest.approx(0.12)
    artist.stage.settle()


def test_the_keys_move_a_pin_and_take_it_away(artist: PaintStage) -> None:
    drop(artist, B, 0.5, 0.5)
    artist.stage.focus(artist.view)
    artist.stage.key(Qt.Key.Key_Right)
    artist.stage.key(Qt.Key.Key_Up, SHIFT)
    assert artist.stage.front.pins[B].place == pytest.approx((0.55, 0.49))
    artist.stage.key(Qt.Key.Key_Delete)
    assert artist.stage.front.pins == {}
    artist.stage.settle()


def test_the_chips_keys_move_a_pin_too(artist: PaintStage) -> None:
    chips = artist.page.slots
    artist.stage.focus(chips)
    artist.stage.key(Qt.Key.Key_Left, SHIFT)
    assert artist.stage.front.pins == {}
    artist.stage.key(Qt.Key.Key_Return)
    artist.stage.key(Qt.Key.Key_Left, SHIFT)
    artist.stage.key(Qt.Key.Key_Down, SHIFT)
    assert artist.stage.front.pins[A].place == pytest.approx((0.48, 0.52))
    artist.stage.settle()


def test_a_pin_s_menu_takes_it_away(artist: PaintStage) -> None:
    drop(artist, B, 0.5, 0.5)
    menu = artist.view.menu(B)
    assert isinstance(menu, QMenu)
    menu.actions()[0].trigger()
    menu.close()
    assert artist.stage.front.pins == {}
    press(artist.view, artist.at(0.5, 0.5), RIGHT)
    release(artist.view, artist.at(0.5, 0.5), RIGHT)
    assert artist.stage.front.strokes == (), "the right button does not paint"
    artist.stage.settle()


def test_a_pin_s_slot_that_is_emptied_keeps_its_place_for_the_next(artist: PaintStage) -> None:
    drop(artist, B, 0.5, 0.5)
    bare = colour_at(artist, 0.1, 0.1)
    artist.stage.change(lambda: artist.stage.session.slots.clear("deck1", B))
    assert colour_at(artist, 0.5, 0.5).red() > 150
    artist.stage.change(lambda: artist.stage.session.undo())
    assert colour_at(artist, 0.1, 0.1) == bare
    assert colour_at(artist, 0.5, 0.5).green() > 150


# -- what the page shows ---------------------------------------------------------------------------


def test_the_chips_show_the_slots_and_speak(artist: PaintStage) -> None:
    chips = artist.page.slots
    assert [chips.thumbnail(i) is not None for i in range(4)] == [True, True, True, False]
    artist.stage.focus(chips)
    artist.stage.key(Qt.Key.Key_Right)
    assert chips.accessibleDescription() == "B"
    artist.stage.key(Qt.Key.Key_Return)
    assert chips.accessibleDescription() == "B, pinned"
    artist.stage.key(Qt.Key.Key_Return)
    for _ in range(2):
        artist.stage.key(Qt.Key.Key_Right)
    assert chips.accessibleDescription() == "D, empty"
    artist.stage.settle()


def test_every_control_has_a_name_and_a_tooltip(artist: PaintStage) -> None:
    page = artist.page
    for part in (page.slots, page.pin, page.clear, page.drift.play, page.drift.export):
        assert part.accessibleName()
        assert part.toolTip()
    for button in (page.brush, page.rub):
        assert button.toolTip()
    assert artist.view.accessibleName()


def test_the_painted_picture_survives_undo_and_redo_to_the_pixel(artist: PaintStage) -> None:
    choose(artist, B)
    drag(artist.view, artist.at(0.3, 0.3), QPointF(artist.at(0.6, 0.5)))
    artist.stage.settle()
    shown = artist.stage.state.shown
    assert shown is not None
    artist.stage.session.undo()
    artist.stage.settle()
    artist.stage.session.redo()
    artist.stage.settle()
    again = artist.stage.state.shown
    assert again is not None
    assert (again.pixels == shown.pixels).all()


def test_home_brings_the_chosen_pin_to_the_middle_and_else_the_puck(artist: PaintStage) -> None:
    stage = artist.stage
    artist.page.choose(1)
    artist.page.pin_at(1, (0.2, 0.8))
    stage.focus(artist.page.pin)
    stage.key(Qt.Key.Key_Home)
    assert stage.front.pins[1].place == (0.5, 0.5)
    stage.session.painting.unpin("deck1")
    stage.session.pads.move("deck1", (0.3, 0.3))
    stage.key(Qt.Key.Key_Home)
    assert stage.front.pad == (0.0, 0.0)
    stage.settle()
