"""Notes under the hand: moved, drawn, resized, taken out, undone; bars of the artist's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from studio.music.chords import parsed
from studio.music.notes import Note
from tests.ui.hands import CONTROL, SHIFT, drag, press, release
from tests.ui.live_stage import choose
from tests.ui.roll.roll_hall import Hall
from tests.ui.score.printer import Printer
from ui.roll._bar_tools import GIVE_BACK, KEEP_RHYTHM
from ui.roll._painting import note_rect
from ui.roll._phrase_preview import FEWEST as BARS
from ui.roll.melody_edit import written_melody
from ui.roll.stage import RollStage
from ui.score import view as views


@pytest.fixture
def opened(
    qtbot: QtBot, tmp_path: Path, no_widget_left_behind: None, no_thread_left_behind: None
) -> Iterator[tuple[Hall, RollStage]]:
    hall = Hall(qtbot, tmp_path)
    stage = RollStage(hall.session, hall.ensemble, hall.transport, clock=hall.clock)
    hall.session.state_changed.connect(lambda deck: stage.refresh())
    hall.start()
    hall.add(stage)
    hall.until(lambda: len(stage.roll.bars) == BARS)
    stage.edit.setChecked(True)
    yield hall, stage
    hall.close()


def notes_of(stage: RollStage, bar: int) -> list[tuple[float, float, int]]:
    return [(n.start_beats, n.length_beats, n.pitch) for n in written_melody(stage.roll.bars[bar])]


def place_of(stage: RollStage, bar: int, index: int, along: float = 0.4) -> QPointF:
    note: Note = written_melody(stage.roll.bars[bar])[index]
    begin = stage.roll.begin_px(stage.roll.bars[bar].start_beats)
    rect = note_rect(note, stage.roll.scale, begin)
    return QPointF(rect.left() + along * rect.width(), rect.center().y())


def by(stage: RollStage, at: QPointF, beats: float, rows: int) -> QPointF:
    scale = stage.roll.scale
    return at + QPointF(beats * scale.px_per_beat, -rows * scale.row_px)


def drag_note(stage: RollStage, at: QPointF, beats: float, rows: int = 0) -> None:
    drag(stage.roll, at, by(stage, at, beats / 2, 0), by(stage, at, beats, rows))


def test_a_drag_moves_a_note_in_one_step_that_is_undone(opened: tuple[Hall, RollStage]) -> None:
    hall, stage = opened
    before = [notes_of(stage, n) for n in range(BARS)]
    at = place_of(stage, 1, 2)
    drag_note(stage, at, 0.5, rows=3)
    start, length, pitch = before[1][2]
    assert notes_of(stage, 1)[2] == (start + 0.5, length, pitch + 3)
    assert stage.roll.bars[1].own
    assert not stage.roll.bars[0].own
    hall.settle()
    assert hall.session.scene.deck("deck1").own_bars.keys() == {1}
    hall.session.undo()
    hall.until(lambda: [notes_of(stage, n) for n in range(BARS)] == before)
    assert hall.session.scene.deck("deck1").own_bars == {}


def test_an_end_is_dragged_an_empty_place_draws_a_right_click_takes_out(
    opened: tuple[Hall, RollStage],
) -> None:
    _, stage = opened
    drag_note(stage, place_of(stage, 0, 0, along=0.97), -0.5)
    assert notes_of(stage, 0)[0][1] == 0.5
    pitch = notes_of(stage, 0)[0][2]
    at = by(stage, place_of(stage, 0, 0, along=0.0), 0.55, 5)
    drag_note(stage, at, 0.25)
    assert (0.5, 0.5, pitch + 5) in notes_of(stage, 0)
    count = len(notes_of(stage, 0))
    press(stage.roll, place_of(stage, 0, 1), Qt.MouseButton.RightButton)
    release(stage.roll, place_of(stage, 0, 1), Qt.MouseButton.RightButton)
    assert len(notes_of(stage, 0)) == count - 1


def test_all_of_it_by_keys(opened: tuple[Hall, RollStage]) -> None:
    _, stage = opened
    roll = stage.roll
    roll.setFocus()

    def key(key: Qt.Key, *modifiers: Any) -> None:
        QTest.keyClick(roll, key, *modifiers)

    first = notes_of(stage, 0)[0]
    key(Qt.Key.Key_Right, CONTROL)
    key(Qt.Key.Key_Up)
    key(Qt.Key.Key_Up, SHIFT)
    assert notes_of(stage, 0)[0] == (first[0], first[1], first[2] + 13)
    key(Qt.Key.Key_Left, SHIFT)
    assert notes_of(stage, 0)[0][1] == first[1] - 0.25
    key(Qt.Key.Key_Insert)
    assert notes_of(stage, 0)[1] == (first[1] - 0.25, 0.25, first[2] + 13)
    key(Qt.Key.Key_Delete)
    assert len(notes_of(stage, 0)) == 4
    key(Qt.Key.Key_Escape)
    assert roll.melody.selected is None


def test_a_bar_is_given_back_by_its_menu(opened: tuple[Hall, RollStage]) -> None:
    hall, stage = opened
    before = notes_of(stage, 1)
    drag_note(stage, place_of(stage, 1, 0), 0, rows=7)
    assert notes_of(stage, 1) != before
    hall.settle()
    choose(stage.tools.menu(1, 1), GIVE_BACK)
    hall.until(lambda: notes_of(stage, 1) == before)


def test_chords_are_typed_over_bars(opened: tuple[Hall, RollStage]) -> None:
    hall, stage = opened
    dialog = stage.tools.ask_chords(0, 1)
    dialog.textValueSelected.emit("Dm G7 | F")
    dialog.close()
    assert stage.roll.bars[0].chords == ((0.0, "Dm"), (2.0, "G7"))
    assert stage.roll.bars[1].chords == ((0.0, "F"),)
    hall.session.undo()
    assert not hall.session.scene.deck("deck1").own_bars
    stage.tools.set_chords(0, 0, "nonsense")
    assert "no chord" in hall.notices[-1]


def test_the_score_edits_the_same_notes_and_shows_chords_that_are_typed(
    opened: tuple[Hall, RollStage], monkeypatch: pytest.MonkeyPatch
) -> None:
    hall, stage = opened
    printers: list[Printer] = []

    def make(hear: Any) -> Printer:
        printers.append(Printer(hear))
        return printers[-1]

    monkeypatch.setattr(views, "check", lambda: None)
    monkeypatch.setattr(stage.score, "_make_engraver", make)
    edit, score, _ = stage.window_actions()
    hall.settle()
    score.do()
    stage.edit.setChecked(False)
    edit.do()
    assert (stage.edit.isChecked(), stage.score.hasFocus()) == (True, True)
    before = notes_of(stage, 0)
    QTest.keyClick(stage.score, Qt.Key.Key_Right, CONTROL)
    QTest.keyClick(stage.score, Qt.Key.Key_Up)
    assert notes_of(stage, 0)[0][2] > before[0][2]
    printers[0].answer()
    hall.until(lambda: len(printers[0].asked) == 2)
    assert printers[0].asked[1].staves[0].bars[0][0].pitch == notes_of(stage, 0)[0][2]
    hall.session.undo()
    hall.until(lambda: notes_of(stage, 0) == before)
    stage.tools.set_chords(0, 0, "Dm G7")
    while printers[0].asked[-1].chords[0] != parsed(((0.0, "Dm"), (2.0, "G7"))):
        printers[0].answer()
        hall.bot.wait(1)


def test_while_it_plays_a_coming_bar_is_rewritten(opened: tuple[Hall, RollStage]) -> None:
    hall, stage = opened
    hall.play(0.5)
    hall.until(lambda: 1 in stage.roll.bars)
    drag_note(stage, place_of(stage, 1, 0), 0, rows=9)
    wanted = notes_of(stage, 1)
    hall.pass_beats(4)
    heard = hall.ensemble.phrase("deck1", 1)
    assert heard is not None
    assert [(n.start_beats, n.length_beats, n.pitch) for n in heard.notes] == wanted


def test_bars_are_filled_anew_and_keep_what_is_asked(opened: tuple[Hall, RollStage]) -> None:
    hall, stage = opened
    before = [written_melody(stage.roll.bars[n]) for n in range(BARS)]
    choose(stage.tools.menu(1, 2), KEEP_RHYTHM)
    own = lambda: hall.session.scene.deck("deck1").own_bars  # noqa: E731
    hall.until(lambda: own().keys() == {1, 2})
    asked = next(c.argument for c in reversed(hall.guests[0].engine.calls)
                 if c.method == "compose" and c.argument.kept)  # fmt: skip
    assert (asked.number, asked.bars, asked.free, asked.kept.what) == (1, 2, True, "rhythm")
    assert [n.pitch for n in asked.kept.phrase.notes] == [n.pitch for n in before[1] + before[2]]
    assert [bar.notes for bar in asked.past] == [before[0]]
    assert asked.then.notes == before[3], "they lead there"
    hall.session.undo()
    assert own() == {}
