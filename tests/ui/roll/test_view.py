"""The piano roll: what is solid, what is outlined, what is lit, and how little it paints."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, QRect, QRectF
from PySide6.QtGui import QColor, QImage, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.live.layers.roll_bars import PART_COLOURS
from studio.live.layers.roll_scale import RollScale
from studio.music.metres import Metre
from studio.music.phrases import Key
from tests.fakes import FakeClock
from tests.ui.roll.roll_hall import bar, busy_bar, note
from ui.roll._bar_pixmaps import BarPixmaps
from ui.roll._frame import KEYS_PX, RULER_PX
from ui.roll._painting import BarStyle, note_rect
from ui.roll._view import RollView
from ui.theme import ACCENT

COMMON, D_MAJOR = Metre(), Key(2)
AMBER = QColor(ACCENT)


class Painted(QObject):
    """Remembers which part of a widget was painted."""

    def __init__(self, view: RollView) -> None:
        super().__init__(view)
        self.region, self.times = QRegion(), 0
        view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.region = self.region.united(event.region())
            self.times += 1
        return False

    def during(self, do: Callable[[], object]) -> QRegion:
        """What was painted for `do`."""
        QApplication.processEvents()
        self.region, self.times = QRegion(), 0
        do()
        QApplication.processEvents()
        return self.region


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def view(qtbot: QtBot, clock: FakeClock) -> Iterator[RollView]:
    view = RollView(clock=clock)
    qtbot.addWidget(view)
    view.resize(846, 500)
    view.show()
    yield view
    view.close()


def show(view: RollView, *bars: object, key: Key | None = D_MAJOR) -> None:
    view.show_bars(bars, COMMON, key)
    QApplication.processEvents()


def picture(view: RollView) -> QImage:
    return view.grab().toImage()


def rect_of(view: RollView, number: int, index: int = 0) -> QRectF:
    held = view.bars[number]
    return note_rect(held.notes[index], view.scale, view.begin_px(held.start_beats))


def colour_in(view: RollView, number: int, index: int = 0) -> QColor:
    """In the middle of a note."""
    return picture(view).pixelColor(rect_of(view, number, index).center().toPoint())


def near(a: QColor, b: QColor, by: int = 24) -> bool:
    pairs = zip(a.toTuple()[:3], b.toTuple()[:3], strict=True)
    return all(abs(x - y) <= by for x, y in pairs)


# -- what is seen ----------------------------------------------------------------------------------


def test_what_has_begun_is_solid_and_what_comes_is_an_outline(view: RollView) -> None:
    show(view, bar(0), bar(1, settled=False))
    assert near(colour_in(view, 0), AMBER)
    assert colour_in(view, 1).lightness() < 80, "hollow"
    edge = rect_of(view, 1).toAlignedRect()
    line = [
        picture(view).pixelColor(x, edge.center().y()) for x in range(edge.left(), edge.right())
    ]
    assert any(near(c, AMBER, 60) for c in line), "with an edge in the part's colour"


def test_every_part_has_its_colour(view: RollView) -> None:
    parts = ("lead", "bass", "chords")
    show(view, bar(0, *(note(n, 1, 60 + 5 * n, part) for n, part in enumerate(parts))))
    for index, held in enumerate(view.bars[0].notes):
        assert near(colour_in(view, 0, index), QColor(PART_COLOURS[held.track]))


def test_bars_behind_the_playing_one_are_dimmed(view: RollView) -> None:
    show(view, bar(0), bar(1))
    bright = colour_in(view, 0, 2).lightness()
    view.turn(0.0, True)
    view.turn(6.1, True)
    assert colour_in(view, 0, 2).lightness() < 0.7 * bright
    assert near(colour_in(view, 1, 3), AMBER), "the playing bar is not"


def test_notes_are_lit_while_they_sound(view: RollView) -> None:
    show(view, bar(0), bar(1))
    view.turn(1.05, True)
    assert [n.start_beats for n in view.sounding] == [1.0]
    assert colour_in(view, 0, 1).lightness() > AMBER.lightness() + 20
    view.turn(4.5, True)
    assert [n.pitch for n in view.sounding] == [view.bars[1].notes[0].pitch]
    view.turn(4.5, False)
    assert not view.sounding


def test_drums_have_a_lane_of_their_own_once_there_are_some(view: RollView) -> None:
    show(view, bar(0))
    without = view.scale.height
    show(view, bar(0), bar(1, note(0, part="drums", pitch=36)))
    assert view.scale.height < without - 50
    drum = rect_of(view, 1)
    assert drum.top() > view.scale.top + view.scale.height
    view.turn(4.05, True)
    assert [n.track for n in view.sounding] == ["drums"]


def test_the_playhead_is_where_the_music_is(view: RollView) -> None:
    show(view, bar(0), bar(1))
    view.turn(5.5, True)
    x = round(view.scale.x(5.5))
    assert near(picture(view).pixelColor(x, 480), AMBER)
    assert not near(picture(view).pixelColor(x + 20, 480), AMBER)


def test_a_key_of_the_piano_is_pressed_while_its_note_sounds(view: RollView) -> None:
    show(view, bar(0))
    y = round(rect_of(view, 0).center().y())
    before = picture(view).pixelColor(8, y)
    view.turn(0.2, True)
    assert near(picture(view).pixelColor(8, y), AMBER)
    assert not near(before, AMBER)


def test_names_of_chords_stand_over_their_beats(view: RollView) -> None:
    show(view, bar(0))
    view.turn(0.0, False)
    plain = picture(view)
    show(view, bar(0, chords=((0.0, "Dm"), (2.0, "G7"))))
    there = QRect(round(view.scale.x(2)) + 4, 4, 40, int(RULER_PX) - 8)
    assert picture(view).copy(there) != plain.copy(there)


def test_a_tie_goes_over_the_bar_line_without_a_gap(view: RollView) -> None:
    tied = bar(1, note(0, 1, 62, tied=True))
    show(view, bar(0, note(3, 1, 62)), tied)
    y = round(rect_of(view, 0).center().y())
    line = round(view.scale.x(4))
    assert all(near(picture(view).pixelColor(x, y), AMBER, 40) for x in range(line - 4, line + 4))
    show(view, bar(0, note(3, 1, 62)), bar(1, note(0, 1, 62)))
    assert not all(
        near(picture(view).pixelColor(x, y), AMBER, 40) for x in range(line - 4, line + 4)
    )


# -- how little is painted -------------------------------------------------------------------------


def test_a_frame_paints_the_playhead_and_nothing_else(view: RollView) -> None:
    show(view, *(busy_bar(n) for n in range(4)))
    view.turn(4.30, True)
    view.turn(4.31, True)
    painted = Painted(view)
    region = painted.during(lambda: view.turn(4.33, True))
    assert not region.isEmpty()
    assert region.boundingRect().width() < 24


def test_notes_that_begin_paint_themselves_and_the_keys(view: RollView) -> None:
    show(view, bar(0), bar(1))
    view.turn(0.95, True)
    painted = Painted(view)
    region = painted.during(lambda: view.turn(1.0, True))
    assert region.intersects(rect_of(view, 0, 1).toAlignedRect())
    assert region.intersects(QRect(0, 100, int(KEYS_PX), 10))
    assert not region.intersects(rect_of(view, 0, 3).toAlignedRect())


def test_nothing_is_painted_while_nothing_moves(view: RollView) -> None:
    show(view, bar(0))
    view.turn(0.0, False)
    painted = Painted(view)
    assert painted.during(lambda: view.turn(0.0, False)).isEmpty()
    same = view.bars[0]
    assert painted.during(lambda: view.show_bars([same], COMMON, D_MAJOR)).isEmpty()


def test_another_bar_to_come_paints_that_bar(view: RollView) -> None:
    first, second = bar(0), bar(1, settled=False)
    show(view, first, second)
    painted = Painted(view)
    other = bar(1, note(0, 2, 64), settled=False)
    region = painted.during(lambda: view.show_bars([first, other], COMMON, D_MAJOR))
    assert region.boundingRect().left() >= view.scale.x(4) - 8
    assert region.boundingRect().width() < view.scale.width / 3


# -- where it looks --------------------------------------------------------------------------------


def test_it_follows_by_gliding_at_the_bar_line(view: RollView, clock: FakeClock) -> None:
    show(view, *(bar(n) for n in range(5)))
    view.turn(11.9, True)
    assert view.scale.origin_beats == 0
    view.turn(12.0, True)
    clock.advance(0.1)
    view.turn(12.2, True)
    assert 0 < view.scale.origin_beats < 4
    clock.advance(0.2)
    view.turn(12.6, True)
    assert view.scale.origin_beats == 4


def test_it_looks_where_it_was_told_until_it_follows_again(view: RollView) -> None:
    told: list[bool] = []
    view.moved.connect(lambda: told.append(view.following))
    show(view, *(bar(n) for n in range(9)))
    view.turn(21, True)
    view.scroll_beats(-12)
    assert told[-1] is False
    there = view.scale.origin_beats
    view.turn(29, True)
    assert view.scale.origin_beats == there
    view.follow()
    assert told[-1] is True
    assert view.scale.origin_beats == 20


def test_music_that_is_replaced_while_it_stands_is_looked_for(view: RollView) -> None:
    show(view, *(bar(n) for n in range(9)))
    view.turn(33, True)
    view.turn(33, False)
    assert view.scale.origin_beats > 16
    show(view, bar(0, settled=False), bar(1, settled=False))
    assert view.scale.origin_beats == 0
    view.scroll_beats(8)
    there = view.scale.origin_beats
    show(view, bar(5, settled=False))
    assert view.scale.origin_beats == there, "but not where a hand has chosen"


def test_another_deck_begins_from_the_beginning(view: RollView) -> None:
    show(view, *(bar(n) for n in range(9)))
    view.zoom(2)
    view.scroll_beats(20)
    view.forget()
    assert (view.following, view.scale.origin_beats, dict(view.bars)) == (True, 0, {})
    assert view.scale.shown_beats == 16


def test_a_large_roll_of_many_bars_can_be_seen_at_once(view: RollView) -> None:
    show(view, *(busy_bar(n) for n in range(64)))
    view.zoom(1 / 16, KEYS_PX)
    assert view.scale.shown_beats == 256
    assert not picture(view).isNull()


# -- pictures of bars ------------------------------------------------------------------------------


@pytest.fixture
def look() -> BarStyle:
    return BarStyle(RollScale(0, 36, 800, 400), 1.0, D_MAJOR, False)


def test_a_bar_is_drawn_once(qapp: QApplication, look: BarStyle) -> None:
    tiles, held = BarPixmaps(FakeClock()), bar(0)
    tiles.begin_frame()
    tile = tiles.take(held, look, 400, 1.0)
    scrolled = BarStyle(look.scale.moved(7), 1.0, D_MAJOR, False)
    assert tiles.take(held, scrolled, 400, 1.0).cacheKey() == tile.cacheKey()
    assert tiles.take(held, look, 400, 1.0, past=True).cacheKey() != tile.cacheKey()


def test_bars_whose_turn_has_not_come_are_stretched_for_a_frame(
    qapp: QApplication, look: BarStyle
) -> None:
    clock = FakeClock()
    tiles, bars = BarPixmaps(clock), [bar(n) for n in range(3)]
    tiles.begin_frame()
    first = [tiles.take(b, look, 400, 1.0).cacheKey() for b in bars]
    nearer = BarStyle(look.scale.zoomed(2, 0), 1.0, D_MAJOR, False)
    tiles.begin_frame()
    now = [tiles.take(bars[0], nearer, 400, 1.0).cacheKey()]
    clock.advance(1)
    now += [tiles.take(b, nearer, 400, 1.0).cacheKey() for b in bars[1:]]
    assert [a == b for a, b in zip(first, now, strict=True)] == [False, True, True]
    assert tiles.late
    for _ in range(2):
        tiles.begin_frame()
        clock.advance(1)
        now = [tiles.take(b, nearer, 400, 1.0).cacheKey() for b in bars]
    assert not any(a == b for a, b in zip(first, now, strict=True))
    assert not tiles.late


def test_a_late_picture_is_made_in_the_next_frame(view: RollView, qtbot: QtBot) -> None:
    show(view, *(bar(n) for n in range(4)))
    view.zoom(2, KEYS_PX)
    qtbot.waitUntil(lambda: not view._late.isActive())
    assert not view._tiles.late


def test_pictures_of_bars_do_not_pile_up(qapp: QApplication, look: BarStyle) -> None:
    tiles = BarPixmaps(FakeClock())
    tiles.begin_frame()
    for number in range(300):
        tiles.take(bar(number), look, 60, 1.0)
    assert len(tiles._tiles) < 100
