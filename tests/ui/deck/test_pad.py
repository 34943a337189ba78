"""The blend pad: every way a hand may play it, and that it shows what it is told."""

from __future__ import annotations

from itertools import product

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QImage, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.document.scene import SLOT_COUNT, Place, home_place
from tests.ui.hands import RIGHT, SHIFT, double_click, drag, move, press, release, wheel
from ui.deck.pad import SLOT_MIME, Pad
from ui.theme import ACCENT

HOMES = {index: home_place(index) for index in range(SLOT_COUNT)}


class Played:
    """A pad on screen that shows what its hand wants, as the window would."""

    def __init__(self, bot: QtBot, width: int = 344, height: int = 344) -> None:
        self.pad = Pad()
        self.puck: Place = (0.0, 0.0)
        self.told: list[str] = []
        self.anchors: list[tuple[int, Place]] = []
        self.pad.moved.connect(self._on_moved)
        self.pad.anchor_moved.connect(lambda slot, place: self.anchors.append((slot, place)))
        self.pad.pressed.connect(lambda: self.told.append("pressed"))
        self.pad.released.connect(lambda: self.told.append("released"))
        self.pad.resize(width, height)
        bot.addWidget(self.pad)
        self.pad.show()
        bot.waitExposed(self.pad).__enter__()
        self.show((0.0, 0.0))
        self.told.clear()

    def _on_moved(self, place: Place) -> None:
        self.told.append("moved")
        self.show(place)

    def show(self, place: Place) -> None:
        self.puck = place
        self.pad.show_blend(place, HOMES, (1 / SLOT_COUNT,) * SLOT_COUNT)

    def at(self, x: float, y: float) -> QPointF:
        return self.pad.point_at((x, y))


@pytest.fixture
def played(qtbot: QtBot) -> Played:
    return Played(qtbot)


def close_to(x: float, y: float) -> object:
    return pytest.approx((x, y), abs=1e-6)


# -- geometry --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "height"), [(180, 180), (344, 300), (260, 260), (900, 400)])
def test_places_and_points_are_each_others_inverse(width: int, height: int, qtbot: QtBot) -> None:
    pad = Played(qtbot, width, height).pad
    for x, y in product((-1.0, -0.37, 0.0, 0.5, 1.0), repeat=2):
        assert pad.place_at(pad.point_at((x, y))) == close_to(x, y)


def test_up_is_up_and_the_field_is_square_in_the_middle(played: Played) -> None:
    middle, top, right = played.at(0, 0), played.at(0, 1), played.at(1, 0)
    assert middle == QPointF(172, 172)
    assert top.y() < middle.y()
    assert right.x() - middle.x() == middle.y() - top.y()


def test_points_outside_count_as_the_edge(played: Played) -> None:
    assert played.pad.place_at(QPointF(-500, 9999)) == (-1.0, -1.0)


def test_it_is_as_high_as_it_is_wide(played: Played) -> None:
    assert played.pad.hasHeightForWidth()
    assert played.pad.heightForWidth(300) == 300


# -- the mouse -------------------------------------------------------------------------------------


def test_the_puck_follows_the_mouse_between_press_and_release(played: Played) -> None:
    press(played.pad, played.at(0.5, 0.25))
    assert played.puck == close_to(0.5, 0.25)
    move(played.pad, played.at(-0.5, 0.75))
    assert played.puck == close_to(-0.5, 0.75)
    release(played.pad, played.at(-0.5, 0.75))
    move(played.pad, played.at(0.9, 0.9), Qt.MouseButton.NoButton)
    assert played.told == ["pressed", "moved", "moved", "released"]


def test_a_drag_out_of_the_pad_stays_on_its_edge(played: Played) -> None:
    drag(played.pad, played.at(0, 0), QPointF(10_000, -10_000))
    assert played.puck == (1.0, 1.0)


def test_shift_moves_the_puck_slowly_from_where_it_is(played: Played) -> None:
    played.show((0.2, 0.2))
    drag(played.pad, played.at(-0.5, -0.5), played.at(0.0, -0.5), modifiers=SHIFT)
    assert played.puck == close_to(0.3, 0.2)


def test_a_double_click_centres(played: Played) -> None:
    played.show((0.7, -0.7))
    double_click(played.pad, played.at(0.4, 0.4))
    assert played.puck == (0.0, 0.0)


def test_a_right_drag_moves_the_anchor_under_it_and_not_the_puck(played: Played) -> None:
    drag(played.pad, played.at(*HOMES[2]), played.at(0.1, 0.6), button=RIGHT)
    assert played.anchors == [(2, close_to(0.1, 0.6))]
    assert played.told == ["pressed", "released"]
    assert played.puck == (0.0, 0.0)


def test_a_right_drag_beside_the_anchors_does_nothing(played: Played) -> None:
    drag(played.pad, played.at(0.1, 0.1), played.at(0.5, 0.5), button=RIGHT)
    assert (played.anchors, played.told) == ([], [])


def test_of_anchors_on_top_of_each_other_the_upper_one_is_taken(played: Played) -> None:
    played.pad.show_blend((0, 0), {0: (0.5, 0.5), 3: (0.5, 0.5)}, (0.125,) * SLOT_COUNT)
    drag(played.pad, played.at(0.5, 0.5), played.at(0.6, 0.6), button=RIGHT)
    assert [slot for slot, _ in played.anchors] == [3]


def test_a_pad_that_is_hidden_in_a_drag_lets_go(played: Played) -> None:
    press(played.pad, played.at(0.5, 0.5))
    played.pad.hide()
    assert played.told == ["pressed", "moved", "released"]


# -- keys, wheel, finger ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "x", "y"),
    [
        (Qt.Key.Key_Left, -0.05, 0),
        (Qt.Key.Key_Right, 0.05, 0),
        (Qt.Key.Key_Up, 0, 0.05),
        (Qt.Key.Key_Down, 0, -0.05),
    ],
)
def test_arrow_keys_step_and_with_shift_finely(
    key: Qt.Key, x: float, y: float, played: Played
) -> None:
    QTest.keyClick(played.pad, key)
    assert played.puck == close_to(x, y)
    QTest.keyClick(played.pad, key, SHIFT)
    assert played.puck == close_to(1.2 * x, 1.2 * y)


def test_home_centres(played: Played) -> None:
    played.show((0.3, 0.3))
    QTest.keyClick(played.pad, Qt.Key.Key_Home)
    assert played.puck == (0.0, 0.0)


def test_the_wheel_moves_up_and_down_and_with_shift_to_the_sides(played: Played) -> None:
    wheel(played.pad, 2)
    assert played.puck == close_to(0, 0.1)
    wheel(played.pad, -1, modifiers=SHIFT)
    assert played.puck == close_to(-0.05, 0.1)
    wheel(played.pad, sideways=2)
    assert played.puck == close_to(0.05, 0.1)


def test_a_finger_plays_like_the_mouse(played: Played, qtbot: QtBot) -> None:
    screen = QTest.createTouchDevice()
    touch = QTest.touchEvent(played.pad, screen)
    touch.press(0, played.at(0.5, 0.5).toPoint(), played.pad).commit()
    touch.move(0, played.at(-0.25, 0.75).toPoint(), played.pad).commit()
    touch.release(0, played.at(-0.25, 0.75).toPoint(), played.pad).commit()
    QApplication.processEvents()
    assert played.puck == pytest.approx((-0.25, 0.75), abs=0.01)
    assert played.told[0] == "pressed"
    assert played.told[-1] == "released"


# -- a slot dragged here ---------------------------------------------------------------------------


def drop(pad: Pad, at: QPointF, mime: QMimeData) -> bool:
    """Carry `mime` over the pad and let it fall; whether the pad took it."""
    plain = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, SHIFT & ~SHIFT)
    enter = QDragEnterEvent(at.toPoint(), *plain)
    QApplication.sendEvent(pad, enter)
    if not enter.isAccepted():
        return False
    fall = QDropEvent(at, *plain)
    QApplication.sendEvent(pad, fall)
    return fall.isAccepted()


def test_a_slot_dropped_on_the_pad_puts_its_anchor_there(played: Played) -> None:
    carried = QMimeData()
    carried.setData(SLOT_MIME, b"4")
    assert drop(played.pad, played.at(0.25, -0.5), carried)
    assert played.anchors == [(4, close_to(0.25, -0.5))]


@pytest.mark.parametrize("written", [b"", b"8", b"-1", b"\xff", b"4; import os"])
def test_a_drop_that_names_no_slot_does_nothing(written: bytes, played: Played) -> None:
    carried = QMimeData()
    carried.setData(SLOT_MIME, written)
    drop(played.pad, played.at(0, 0), carried)
    assert played.anchors == []


def test_strangers_are_not_taken(played: Played) -> None:
    words = QMimeData()
    words.setText("0")
    assert not drop(played.pad, played.at(0, 0), words)


# -- what it shows ---------------------------------------------------------------------------------


def painted(pad: Pad, scale: float = 1.0) -> QImage:
    """The pad as a screen of `scale` would show it."""
    shown = QPixmap(pad.size() * scale)
    shown.setDevicePixelRatio(scale)
    pad.render(shown, QPoint())
    return shown.toImage()


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0, 3.0])
def test_the_puck_is_painted_where_the_hand_finds_it(scale: float, played: Played) -> None:
    played.show((-0.4, -0.3))
    at = played.at(-0.4, -0.3) * scale
    assert painted(played.pad, scale).pixelColor(at.toPoint()) == QColor(ACCENT)


def test_faces_are_as_sharp_as_the_screen(played: Played) -> None:
    """Stripes of one screen pixel survive at twofold scale only if nothing is drawn at onefold."""
    thumbnail = QImage(92, 92, QImage.Format.Format_RGB32)
    for x in range(92):
        for y in range(92):
            thumbnail.setPixelColor(x, y, QColor("white" if x % 2 else "black"))
    played.pad.resize(351, 351)  # a face is then 46 px wide
    QApplication.processEvents()
    played.pad.show_blend((-0.9, -0.9), {0: (0.0, 0.0)}, (1.0,) + (0.0,) * 7)
    played.pad.show_thumbnail(0, QPixmap.fromImage(thumbnail))
    shown, middle = painted(played.pad, 2.0), played.at(0, 0) * 2
    lights = [
        shown.pixelColor(round(middle.x()) + step, round(middle.y())).lightness()
        for step in range(-10, 10)
    ]
    assert max(lights) - min(lights) > 200


def test_no_weight_is_hidden_by_the_puck(played: Played) -> None:
    """A letter stands above its anchor where the puck or the edge would cover it."""
    geometry = played.pad._geometry
    size = geometry.anchor_px
    for puck in [(0.0, -0.06), (0.0, -0.3), (0.0, 0.5)]:
        played.show(puck)
        disc = played.pad.point_at((0.0, 0.0))
        around = QPointF(size / 2, size / 2)
        at = played.pad.point_at(puck)
        frame = geometry.label_frame(QRectF(disc - around, QSizeF(size, size)), at)
        away = at - frame.center()
        assert abs(away.y()) > 16 or abs(away.x()) > 16
    edge = geometry.label_frame(QRectF(150, 344 - size, size, size), at)
    assert played.pad.rect().toRectF().contains(edge)


def test_showing_never_reports(played: Played) -> None:
    for place in [(0.1, 0.2), (1.0, -1.0)]:
        played.show(place)
        QApplication.processEvents()
    played.pad.show_thumbnail(0, QPixmap(8, 8))
    played.pad.show_thumbnail(0, None)
    assert (played.told, played.anchors) == ([], [])


def test_without_anchors_it_says_what_to_do(played: Played) -> None:
    with_slots = painted(played.pad)
    played.pad.show_words("Fill a slot.")
    assert painted(played.pad) == with_slots
    played.pad.show_words("")
    played.pad.show_blend((0, 0), {}, (0.0,) * SLOT_COUNT)
    empty = painted(played.pad)
    played.pad.show_words("Fill a slot.")
    assert painted(played.pad) != empty


def test_focus_is_seen(played: Played, qtbot: QtBot) -> None:
    played.pad.clearFocus()
    without = painted(played.pad)
    played.pad.activateWindow()
    played.pad.setFocus()
    qtbot.waitUntil(played.pad.hasFocus)
    assert painted(played.pad) != without
