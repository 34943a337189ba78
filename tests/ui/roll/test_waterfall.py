"""The waterfall: a note reaches its key when it sounds, and no more is painted than is seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.live.layers.roll_bars import PART_COLOURS
from studio.music.metres import Metre
from studio.music.phrases import Key
from tests.ui.roll.roll_hall import bar, busy_bar, note
from tests.ui.roll.test_view import Painted
from ui.roll._waterfall import Waterfall
from ui.roll._waterfall_painting import GUTTER_PX, KEYS_PX, Keyboard

COMMON, D_MAJOR = Metre(), Key(2)
AMBER = QColor(PART_COLOURS["lead"])


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[Waterfall]:
    view = Waterfall()
    qtbot.addWidget(view)
    view.resize(600, 476)
    view.show()
    yield view
    view.close()


def colour_at(view: Waterfall, pitch: int, y: float) -> QColor:
    left, width = view.keys.room(pitch)
    picture = view.grab().toImage()
    ratio = picture.devicePixelRatio()
    return picture.pixelColor(round((GUTTER_PX + left + width / 2 - 4) * ratio), round(y * ratio))


def like(colour: QColor, other: QColor) -> bool:
    pairs = zip(colour.getRgb()[:3], other.getRgb()[:3], strict=True)
    return all(abs(a - b) < 40 for a, b in pairs)


def test_a_note_reaches_its_key_when_it_sounds(view: Waterfall) -> None:
    view.show_bars([bar(0, note(2.0, 1.0, 64))], COMMON, D_MAJOR)
    floor = view.height() - KEYS_PX
    for place, top in ((0.0, 0.625), (1.0, 0.75)):  # of eight beats
        view.turn(place, True)
        assert view.px_of(3.0) == pytest.approx(floor * top)
        assert like(colour_at(view, 64, view.px_of(2.9)), AMBER)
        assert not view.sounding
    view.turn(2.0, True)
    assert [n.pitch for n in view.sounding] == [64]
    assert like(colour_at(view, 64, view.height() - 24), AMBER), "the key is down"
    view.turn(3.0, True)
    assert not view.sounding


def test_the_keys_are_a_piano_s() -> None:
    keys = Keyboard.over((61, 73), 800.0)
    assert (keys.lowest, keys.highest) == (60, 74), "a white one at each end"
    assert keys.white_px == pytest.approx(800 / 9)
    assert keys.room(60)[0] == 0
    assert keys.room(62)[0] == pytest.approx(keys.white_px)
    left, width = keys.room(61)
    assert left + width / 2 == pytest.approx(keys.white_px), "between C and D"
    assert keys.room(74)[0] + keys.white_px == pytest.approx(800)


def test_a_frame_paints_once_and_only_what_has_moved(view: Waterfall) -> None:
    view.show_bars([busy_bar(n) for n in range(40)], COMMON, D_MAJOR)
    view.turn(8.0, True)
    QApplication.processEvents()
    painted = Painted(view)
    assert painted.during(lambda: view.turn(8.0 + 1e-6, True)).isEmpty()
    assert set(view._tiles) == {0, 4, 8, 12}, "the two bars that are seen, and were before"

    def several() -> None:
        for place in (8.1, 8.2, 8.3):
            view.turn(place, True)
        view.show_bars([busy_bar(n) for n in range(41)], COMMON, D_MAJOR)

    painted.during(several)
    assert painted.times == 1


def test_hidden_it_does_nothing(view: Waterfall) -> None:
    view.show_bars([bar(0)], COMMON, D_MAJOR)
    view.turn(0.0, True)
    QApplication.processEvents()
    view.hide()
    assert not view._tiles
    view.turn(1.0, True)
    view.show_bars([bar(0), bar(1)], COMMON, D_MAJOR)
    assert (view._place, view.sounding) == (0.0, ())
