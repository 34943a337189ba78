"""Notes in the score under the hand: moved by steps of the key, lengthened, written, taken out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.live.ensemble.played import RollBar
from studio.music.metres import Metre
from studio.music.notes import Note
from tests.ui.hands import CONTROL, RIGHT, SHIFT, drag, press, release
from tests.ui.roll.roll_hall import bar, note
from tests.ui.score.printer import BEAT, D_MAJOR, Printer, x_of, y_of
from ui.roll.melody_edit import MelodyEdit, written_melody
from ui.score import view as views
from ui.score.view import ScoreView


class Desk(QObject):
    """Shows bars, and takes what is edited as a session would."""

    def __init__(self, bot: QtBot, *bars: RollBar) -> None:
        super().__init__()
        self.bot = bot
        self.printers: list[Printer] = []
        self.bars = {each.number: each for each in bars}
        self.metre, self.key, self.place = Metre(), D_MAJOR, 0.0
        self.gestures: list[str] = []
        self.melody = MelodyEdit(self, self)
        self.melody.edited.connect(self._edit)
        self.view = ScoreView(make_engraver=self._make)  # type: ignore[arg-type]
        self.view.edit_by(self.melody)
        self.view.set_edits(True)
        bot.addWidget(self.view)
        self.view.resize(1000, 400)
        self._show()
        self.view.show()
        self.engrave()

    def number_at(self, place: float) -> int:
        return self.metre.bar_at(place).number

    def _make(self, hear: Any) -> Printer:
        self.printers.append(Printer(hear))
        return self.printers[-1]

    def _edit(self, number: int, notes: tuple[Note, ...], gesture: str) -> None:
        self.gestures.append(gesture)
        self.bars[number] = bar(number, *notes, own=True)
        self._show()

    def _show(self) -> None:
        self.view.show_bars([*self.bars.values()], self.metre, self.key)

    def engrave(self) -> None:
        """Let what was asked for come."""
        (printer,) = self.printers
        while self.view.engraved != (0,):
            printer.answer()
            self.bot.wait(1)

    def at(self, number: int, beat: float, pitch: int) -> QPointF:
        """The middle of where such a head stands on the view."""
        scale, (_, _, corner) = self.view._scale(), next(iter(self.view._rows()))
        return QPointF(corner) + QPointF(x_of(number, beat) + 118, y_of(pitch)) * scale

    def by(self, at: QPointF, beats: float, steps: int) -> QPointF:
        return at + QPointF(beats * BEAT, -90 * steps) * self.view._scale()

    def notes(self, number: int) -> list[tuple[float, float, int]]:
        return [(n.start_beats, n.length_beats, n.pitch) for n in written_melody(self.bars[number])]


@pytest.fixture
def desk(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(views, "check", lambda: None)
    made = Desk(qtbot, bar(0), bar(1, note(0, 1, 64), note(2, 1, 66)))
    yield made
    made.view.close_down()


def test_a_drag_moves_a_note_by_steps_of_the_key_and_by_semitones_with_control(desk: Desk) -> None:
    at = desk.at(0, 1, 64)  # an E
    drag(desk.view, at, desk.by(at, 0, 1), desk.by(at, 0, 2))
    assert desk.notes(0)[1] == (1, 1, 67), "F sharp is passed"
    assert len(set(desk.gestures)) == 1, "one step to undo"
    chosen = desk.view.selected
    assert chosen is not None
    assert chosen.contains(desk.at(0, 1, 67)), "it is seen before it is engraved"
    desk.engrave()
    at = desk.at(0, 1, 67)
    drag(desk.view, at, desk.by(at, 0, 1), modifiers=CONTROL)
    assert desk.notes(0)[1] == (1, 1, 68)
    desk.engrave()
    at = desk.at(1, 2, 66)
    drag(desk.view, at, desk.by(at, -0.5, 0))
    assert desk.notes(1) == [(0, 1, 64), (1.5, 1, 66)]


def test_shift_lengthens_an_empty_place_writes_a_right_click_takes_out(desk: Desk) -> None:
    at = desk.at(1, 0, 64)
    drag(desk.view, at, desk.by(at, 0.5, 0), modifiers=SHIFT)
    assert desk.notes(1)[0] == (0, 1.5, 64)
    desk.engrave()
    drag(desk.view, desk.at(1, 3, 73))
    assert desk.notes(1)[2] == (3, 1, 73), "a C sharp, as the signature has it"
    drag(desk.view, desk.at(1, 1.5, 69))
    assert desk.notes(1)[1] == (1.5, 0.5, 69), "up to the next one"
    gone = desk.at(1, 2, 66)
    for _ in range(2):  # the second time the page still shows it
        press(desk.view, gone, RIGHT)
        release(desk.view, gone, RIGHT)
        press(desk.view, gone)
        release(desk.view, gone)
    assert [n[0] for n in desk.notes(1)] == [0, 1.5, 3]


def test_a_right_click_beside_notes_asks_what_can_be_done_with_the_bar(desk: Desk) -> None:
    asked: list[int] = []
    desk.view.bar_wanted.connect(lambda number, at: asked.append(number))
    for at in (desk.at(1, 3, 71), desk.at(1, 2, 66)):  # the second is on a note
        where = desk.view.mapToGlobal(at).toPoint()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at.toPoint(), where)
        QApplication.sendEvent(desk.view, event)
    assert asked == [1]


def test_keys_do_all_of_it(desk: Desk) -> None:
    def key(key: Qt.Key, *modifiers: Any) -> tuple[float, float, int]:
        QTest.keyClick(desk.view, key, *modifiers)
        number, index = desk.melody.selected or (0, 0)
        return desk.notes(number)[index]

    desk.view.setFocus()
    assert key(Qt.Key.Key_Right, CONTROL) == (0, 1, 62)
    assert key(Qt.Key.Key_Down) == (0, 1, 61)
    assert key(Qt.Key.Key_Up, CONTROL) == (0, 1, 62)
    assert key(Qt.Key.Key_Up, CONTROL) == (0, 1, 63)
    assert key(Qt.Key.Key_Up) == (0, 1, 64), "a strange note steps to the next of the key"
    assert key(Qt.Key.Key_Up, SHIFT) == (0, 1, 76)
    assert key(Qt.Key.Key_Left, SHIFT) == (0, 0.75, 76)
    assert key(Qt.Key.Key_Insert) == (0.75, 0.25, 76)
    key(Qt.Key.Key_Delete)
    assert len(desk.notes(0)) == 4
    assert key(Qt.Key.Key_Right, CONTROL)[0] == 0
    key(Qt.Key.Key_Escape)
    assert desk.view.selected is None
    desk.view.set_edits(False)
    QTest.keyClick(desk.view, Qt.Key.Key_Right, CONTROL)
    assert desk.melody.selected is None
