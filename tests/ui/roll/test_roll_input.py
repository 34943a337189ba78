"""The piano roll under the hand: it blends, takes bars, scrolls and zooms."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.music.metres import Metre
from studio.music.phrases import Key
from tests.fakes import FakeClock
from tests.ui.hands import CONTROL, SHIFT, drag, move, press, release, wheel
from tests.ui.roll.roll_hall import bar, note
from ui.roll._frame import KEYS_PX
from ui.roll._roll_input import PianoRoll

COMMON = Metre()
MIDDLE = Qt.MouseButton.MiddleButton


class Heard:
    """What a roll has reported."""

    def __init__(self, roll: PianoRoll) -> None:
        self.taken: list[tuple[int, int]] = []
        roll.bars_taken.connect(lambda first, last, at: self.taken.append((first, last)))


@pytest.fixture
def roll(qtbot: QtBot) -> Iterator[PianoRoll]:
    roll = PianoRoll(clock=FakeClock())
    qtbot.addWidget(roll)
    roll.resize(846, 500)
    roll.show_bars([bar(n) for n in range(8)], COMMON, Key(2))
    roll.show()
    roll.activateWindow()
    qtbot.waitUntil(roll.isActiveWindow)
    yield roll
    roll.close()


@pytest.fixture
def heard(roll: PianoRoll) -> Heard:
    return Heard(roll)


def in_bar(roll: PianoRoll, number: int, y: float = 300) -> QPointF:
    return QPointF(roll.scale.x(roll.bars[number].start_beats + 1.5), y)


# -- pulling ---------------------------------------------------------------------------------------


def test_a_drag_pulls_the_music_along(roll: PianoRoll, heard: Heard) -> None:
    beat = roll.scale.beat(300)
    drag(roll, QPointF(300, 300), QPointF(250, 300), QPointF(250, 175))
    assert roll.scale.beat(250) == pytest.approx(beat, abs=0.01), "what was under the hand still is"
    assert not heard.taken


def test_a_roll_that_is_hidden_under_the_hand_lets_go(roll: PianoRoll) -> None:
    press(roll, QPointF(300, 300))
    move(roll, QPointF(250, 300))
    roll.hide()
    beat = roll.scale.beat(300)
    roll.show()
    move(roll, QPointF(200, 300))
    assert roll.scale.beat(300) == pytest.approx(beat)


# -- bars ------------------------------------------------------------------------------------------


def test_a_click_takes_the_bar(roll: PianoRoll, heard: Heard) -> None:
    at = in_bar(roll, 2)
    drag(roll, at)
    assert heard.taken == [(2, 2)]
    assert roll.chosen == (2, 2)


def test_a_trembling_hand_still_clicks(roll: PianoRoll, heard: Heard) -> None:
    at = in_bar(roll, 1)
    drag(roll, at, at + QPointF(2, 1))
    assert heard.taken == [(1, 1)]


def test_where_there_is_no_bar_there_is_nothing_to_take(roll: PianoRoll, heard: Heard) -> None:
    roll.show_bars([bar(0)], COMMON, None)
    drag(roll, QPointF(roll.scale.x(9), 300))
    assert not heard.taken


def test_a_drag_along_the_ruler_takes_several(roll: PianoRoll, heard: Heard) -> None:
    drag(roll, in_bar(roll, 2, 10), in_bar(roll, 1, 10), in_bar(roll, 0, 12))
    assert heard.taken == [(0, 2)]


def test_bars_are_taken_by_the_keyboard_too(roll: PianoRoll, heard: Heard) -> None:
    roll.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Return):
        QTest.keyClick(roll, key)
    assert heard.taken == [(0, 0)]
    for _ in range(5):
        QTest.keyClick(roll, Qt.Key.Key_Right)
    assert roll.chosen == (5, 5)
    assert roll.scale.end_beats >= 24, "and is seen"
    for _ in range(20):
        QTest.keyClick(roll, Qt.Key.Key_Left)
    assert roll.chosen == (0, 0)
    assert roll.scale.origin_beats == 0


# -- scrolling and zooming -------------------------------------------------------------------------


def test_the_wheel_zooms_about_the_pointer(roll: PianoRoll) -> None:
    middle = roll.rect().center().x()
    beat = roll.scale.beat(middle)
    wheel(roll, 2)
    assert roll.scale.shown_beats < 16
    assert roll.scale.x(beat) == pytest.approx(middle, abs=2)
    wheel(roll, -2)
    assert roll.scale.shown_beats == pytest.approx(16)


def test_the_wheel_scrolls_with_shift_and_sideways(roll: PianoRoll) -> None:
    wheel(roll, -2, modifiers=SHIFT)
    there = roll.scale.origin_beats
    assert there == pytest.approx(4)
    assert not roll.following
    wheel(roll, sideways=-1)
    assert roll.scale.origin_beats > there
    assert roll.scale.shown_beats == 16


def test_control_and_the_wheel_zoom(roll: PianoRoll) -> None:
    wheel(roll, 1, modifiers=CONTROL)
    assert roll.scale.shown_beats == pytest.approx(16 / 1.25)


def test_the_middle_button_pulls_the_music_along(roll: PianoRoll, heard: Heard) -> None:
    beat = roll.scale.beat(500)
    press(roll, QPointF(500, 300), MIDDLE)
    move(roll, QPointF(300, 300), MIDDLE)
    release(roll, QPointF(300, 300), MIDDLE)
    assert roll.scale.beat(300) == pytest.approx(beat)
    move(roll, QPointF(100, 300), Qt.MouseButton.NoButton)
    assert roll.scale.beat(300) == pytest.approx(beat), "let go"
    assert not heard.taken


def test_a_pinch_zooms_about_its_middle(roll: PianoRoll) -> None:
    beat = roll.scale.beat(400)
    at = QPointF(400, 200)
    pinch = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        at,
        at,
        QPointF(roll.mapToGlobal(at)),
        0.5,
        QPointF(),
    )
    QApplication.sendEvent(roll, pinch)
    assert roll.scale.shown_beats == pytest.approx(16 / 1.5)
    assert roll.scale.x(beat) == pytest.approx(400)


def test_while_it_follows_a_zoom_keeps_the_playhead(roll: PianoRoll) -> None:
    roll.turn(9.0, True)
    x = roll.scale.x(9.0)
    roll.zoom(1.5, KEYS_PX)
    assert roll.scale.x(9.0) == pytest.approx(x)


def test_plus_minus_and_end(roll: PianoRoll) -> None:
    roll.setFocus()
    QTest.keyClick(roll, Qt.Key.Key_Plus)
    assert roll.scale.shown_beats == pytest.approx(16 / 1.25)
    QTest.keyClick(roll, Qt.Key.Key_Minus)
    assert roll.scale.shown_beats == pytest.approx(16)
    roll.scroll_beats(8)
    QTest.keyClick(roll, Qt.Key.Key_End)
    assert roll.following
    assert roll.scale.origin_beats == 0


# -- names -----------------------------------------------------------------------------------------


def test_the_pointer_on_a_note_tells_its_name(roll: PianoRoll) -> None:
    roll.show_bars([bar(0, note(0, 1.5, 66), note(2, part="drums", pitch=36))], COMMON, Key(2))
    QApplication.processEvents()
    plain = roll.grab().toImage()
    y = roll.scale.y(66) + roll.scale.row_px / 2
    move(roll, QPointF(roll.scale.x(0.5), y), Qt.MouseButton.NoButton)
    assert roll.hovered == "F♯4  ·  lead  ·  1.5 beats"
    assert roll.grab().toImage() != plain
    move(roll, QPointF(roll.scale.x(1.8), y), Qt.MouseButton.NoButton)
    assert roll.hovered == ""
    assert roll.grab().toImage() == plain


def test_names_go_when_the_pointer_does(roll: PianoRoll) -> None:
    y = roll.scale.y(roll.bars[0].notes[0].pitch) + roll.scale.row_px / 2
    move(roll, QPointF(roll.scale.x(0.5), y), Qt.MouseButton.NoButton)
    assert roll.hovered
    QApplication.sendEvent(roll, QEvent(QEvent.Type.Leave))
    assert roll.hovered == ""
