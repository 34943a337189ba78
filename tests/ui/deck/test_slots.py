"""The shelf: eight slots of the front deck, by mouse, key and menu."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDrag, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from studio.document.scene import SLOT_COUNT, home_place
from studio.latent.mixing import weights_of
from studio.music.files import midi as midi_files
from studio.music.notes import Note
from tests.fakes import composing, fake, filled_deck, scene_of, slow
from tests.fakes import slot as filled_slot
from tests.ui.hands import LEFT, drag, move, press, release
from tests.ui.stage import Stage, forget_the_dead
from ui.deck._slot_view import SlotView
from ui.deck.pad import SLOT_MIME
from ui.theme import ACCENT

A, B, C, D = range(4)
"""Slots A to C of the fixture's deck are filled, D to H empty."""


def slot(stage: Stage, index: int) -> SlotView:
    return stage.window.slots.views[index]


def key(stage: Stage, index: int, pressed: Qt.Key) -> None:
    QTest.keyClick(slot(stage, index), pressed)


def click(stage: Stage, index: int) -> None:
    QTest.mouseClick(slot(stage, index), LEFT)


def is_filled(stage: Stage, index: int) -> bool:
    return stage.front.slots[index] is not None


# -- what it shows ---------------------------------------------------------------------------------


def test_a_filled_slot_shows_its_thumbnail_and_an_empty_one_none(stage: Stage) -> None:
    thumbnails = [view.thumbnail is not None for view in stage.window.slots.views]
    assert thumbnails == [True] * 3 + [False] * 5


def test_while_another_decks_thumbnails_are_made_there_are_none_of_the_one_before(
    open_stage: Callable[..., Stage],
) -> None:
    guest = slow()
    stage = open_stage(guest)
    assert slot(stage, A).thumbnail is not None
    guest.gate.shut()
    other = filled_deck(guest, "deck2").with_slot(A, filled_slot(77))
    stage.session.open(scene_of(other))
    assert slot(stage, A).thumbnail is None
    guest.gate.open()
    stage.until(lambda: slot(stage, A).thumbnail is not None)


def test_every_slot_says_what_it_holds_and_its_share(stage: Stage) -> None:
    weights = weights_of(stage.front)
    said = [view.accessibleDescription() for view in stage.window.slots.views]
    assert said[A] == f"{round(100 * weights[A])} %"
    assert said[D] == "empty"
    stage.session.slots.lock("deck1", B, True)
    assert slot(stage, B).accessibleDescription().endswith(", locked")


def test_the_bar_under_a_slot_is_as_wide_as_its_weight(stage: Stage) -> None:
    stage.session.pads.move("deck1", home_place(A))
    full = bar_px(stage, A)
    assert full > 0.9 * slot(stage, A)._frame().width()
    stage.session.pads.move("deck1", home_place(B))
    assert bar_px(stage, A) == 0
    stage.session.pads.move("deck1", (0.0, 0.5))
    share = weights_of(stage.front)[A]
    assert bar_px(stage, A) == pytest.approx(share * full, abs=3)


def bar_px(stage: Stage, index: int) -> int:
    view = slot(stage, index)
    shown, frame = view.grab().toImage(), view._frame()
    line = round(frame.bottom() - 3)
    width = range(round(frame.left()) + 2, round(frame.right()) - 2)
    return sum(shown.pixelColor(x, line).name() == ACCENT.lower() for x in width)


def test_a_new_thumbnail_reaches_the_shelf_and_the_pad(stage: Stage) -> None:
    told: list[int] = []
    stage.window.slots.thumbnail_changed.connect(lambda index, thumbnail: told.append(index))
    before = slot(stage, A).thumbnail
    stage.change(lambda: stage.session.slots.sample("deck1", A))
    stage.until(lambda: slot(stage, A).thumbnail is not before)
    assert set(told) == {A}


def test_moving_an_anchor_draws_no_thumbnail_again(stage: Stage) -> None:
    told: list[int] = []
    stage.window.slots.thumbnail_changed.connect(lambda index, thumbnail: told.append(index))
    stage.session.slots.place("deck1", A, (0.0, 0.0))
    stage.session.slots.lock("deck1", A, True)
    assert told == []


# -- the mouse -------------------------------------------------------------------------------------


def test_a_click_brings_the_puck_to_the_slot(stage: Stage) -> None:
    click(stage, B)
    assert stage.front.pad == home_place(B)


def test_a_click_on_an_empty_slot_fills_it_with_a_sample(stage: Stage) -> None:
    stage.change(lambda: click(stage, D))
    filled = stage.front.slots[D]
    assert filled is not None
    assert filled.origin == "sampled"


def test_a_drag_carries_the_slot(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    carried: list[bytes] = []
    monkeypatch.setattr(
        QDrag, "exec", lambda drag, *_: carried.append(drag.mimeData().data(SLOT_MIME).data())
    )
    before = stage.scene
    drag(slot(stage, C), QPointF(20, 20), QPointF(22, 21), QPointF(60, 40), QPointF(90, 60))
    assert carried == [b"2"]
    assert stage.scene is before, "a drag is no click"


def test_an_empty_slot_cannot_be_carried(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QDrag, "exec", lambda *_: pytest.fail("it was carried"))
    press(slot(stage, D), QPointF(20, 20))
    move(slot(stage, D), QPointF(90, 60))


def test_the_right_button_does_not_go_there(stage: Stage) -> None:
    before = stage.scene
    press(slot(stage, B), QPointF(20, 20), Qt.MouseButton.RightButton)
    release(slot(stage, B), QPointF(20, 20), Qt.MouseButton.RightButton)
    assert stage.scene is before


# -- the keys --------------------------------------------------------------------------------------


def test_s_samples_c_captures_l_locks_and_del_clears(stage: Stage) -> None:
    before = stage.front.slots[A]
    stage.change(lambda: key(stage, A, Qt.Key.Key_S))
    assert stage.front.slots[A] != before
    stage.change(lambda: key(stage, D, Qt.Key.Key_C))
    captured = stage.front.slots[D]
    assert captured is not None
    assert captured.origin == "captured"
    key(stage, A, Qt.Key.Key_L)
    locked = stage.front.slots[A]
    assert locked is not None
    assert locked.locked
    key(stage, A, Qt.Key.Key_L)
    key(stage, A, Qt.Key.Key_Delete)
    assert not is_filled(stage, A)
    key(stage, B, Qt.Key.Key_Backspace)
    assert not is_filled(stage, B)


def test_enter_goes_there(stage: Stage) -> None:
    key(stage, C, Qt.Key.Key_Return)
    assert stage.front.pad == home_place(C)


def test_a_locked_slot_keeps_what_it_holds_and_says_so(stage: Stage) -> None:
    stage.session.slots.lock("deck1", A, True)
    held = stage.front.slots[A]
    for pressed in (Qt.Key.Key_S, Qt.Key.Key_C, Qt.Key.Key_Delete):
        key(stage, A, pressed)
    stage.settle()
    assert stage.front.slots[A] == held
    assert stage.notices == ["Slot A is locked."] * 3


# -- the menu --------------------------------------------------------------------------------------


def menu_of(stage: Stage, index: int) -> dict[str, tuple[bool, object]]:
    """The menu as it opens: whether each entry can be chosen, by its words."""
    view = slot(stage, index)
    middle = view.rect().center()
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, middle, view.mapToGlobal(middle), Qt.NoModifier
    )
    QApplication.sendEvent(view, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return {a.text().split("\t")[0]: (a.isEnabled(), a) for a in menu.actions()}


def choose(stage: Stage, index: int, words: str) -> None:
    enabled, action = menu_of(stage, index)[words]
    assert enabled
    action.trigger()
    close_menu()


def close_menu() -> None:
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
    forget_the_dead()


def test_the_menu_offers_what_is_possible(stage: Stage) -> None:
    def possible(index: int) -> dict[str, bool]:
        offered = {words: enabled for words, (enabled, _) in menu_of(stage, index).items()}
        close_menu()
        del offered[""]  # a line, and below it what every control has
        assert offered.pop("MIDI")
        assert offered.pop("Modulate with")
        assert offered.pop("Record a gesture")
        assert offered.pop("Follow it with a new modulator")
        return offered

    fills = (
        "New sample",
        "Capture what is shown here",
        "Open picture…",
        "Paste picture",
        "Draw a picture…",
    )
    assert possible(A) == {**dict.fromkeys(fills, True), "Lock": True, "Clear": True}
    assert possible(D) == {**dict.fromkeys(fills, True), "Lock": False, "Clear": False}
    stage.session.slots.lock("deck1", A, True)
    assert possible(A) == {**dict.fromkeys(fills, False), "Unlock": True, "Clear": False}


def test_an_engine_that_takes_no_pictures_in_offers_none(
    open_stage: Callable[..., Stage],
) -> None:
    stage = open_stage(fake(encodes=False))
    assert not menu_of(stage, A)["Open picture…"][0]
    close_menu()


def test_the_menu_does_what_it_says(stage: Stage) -> None:
    stage.change(lambda: choose(stage, D, "New sample"))
    assert is_filled(stage, D)
    stage.change(lambda: choose(stage, D + 1, "Capture what is shown here"))
    assert is_filled(stage, D + 1)
    choose(stage, A, "Lock")
    choose(stage, A, "Unlock")
    choose(stage, A, "Clear")
    assert not is_filled(stage, A)


def test_a_closed_menu_is_gone(stage: Stage) -> None:
    menus = len(stage.window.findChildren(QMenu))
    for index in range(SLOT_COUNT):
        menu_of(stage, index)
        close_menu()
    assert len(stage.window.findChildren(QMenu)) == menus


# -- pictures that are dropped ---------------------------------------------------------------------


def let_fall(stage: Stage, index: int, file: Path) -> bool:
    """Drop a file on a slot as a file manager does; whether the slot took it."""
    view, carried = slot(stage, index), QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(file))])
    at, way = view.rect().center(), Qt.DropAction.CopyAction
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at, way, carried, LEFT, none)
    QApplication.sendEvent(view, enter)
    QApplication.sendEvent(view, QDropEvent(QPointF(at), way, carried, LEFT, none))
    return enter.isAccepted()


def test_a_dropped_picture_becomes_the_slots_point(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "mine.png"
    Image.new("RGB", (32, 32), "teal").save(file)
    assert let_fall(stage, D, file)
    stage.until(lambda: is_filled(stage, D))
    held = stage.front.slots[D]
    assert held is not None
    assert held.origin == "encoded"
    stage.session.undo()
    assert not is_filled(stage, D)


def test_a_dropped_text_is_a_sentence_and_nothing_is_lost(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "words.png"
    file.write_text("not a picture")
    before, said = stage.session.scene, []
    stage.session.noticed.connect(said.append)
    let_fall(stage, A, file)
    stage.until(lambda: bool(said))
    assert said == ["The file words.png is not a picture that can be read."]
    assert stage.session.scene == before
    assert not stage.session.state("deck1").problem


# -- a deck that composes --------------------------------------------------------------------------


@pytest.fixture
def singing(open_stage: Callable[..., Stage]) -> Stage:
    """A deck whose slots hold melodies, and behind it one with pictures."""
    return open_stage(composing(), fake())


def tune(folder: Path) -> Path:
    file = folder / "tune.mid"
    notes = [Note("lead", beat, 1, 72 + beat, 90) for beat in range(4)]
    midi_files.write(file, [midi_files.MidiTrack("Lead", notes)])
    return file


def test_a_dropped_midi_file_becomes_the_slots_point(singing: Stage, tmp_path: Path) -> None:
    assert let_fall(singing, D, tune(tmp_path))
    singing.until(lambda: is_filled(singing, D))
    held = singing.front.slots[D]
    assert held is not None
    assert held.latent[0] == pytest.approx(72 / 60 - 1)
    assert held.origin == "encoded"


def test_a_picture_dropped_on_a_melody_is_a_sentence(singing: Stage, tmp_path: Path) -> None:
    file = tmp_path / "mine.png"
    Image.new("RGB", (32, 32), "teal").save(file)
    before = singing.scene
    let_fall(singing, A, file)
    singing.until(lambda: bool(singing.notices))
    assert singing.notices == ["The file mine.png is not a MIDI file that can be read."]
    assert singing.scene == before


def test_its_slots_speak_of_melodies(singing: Stage) -> None:
    assert "MIDI file" in slot(singing, A).toolTip()
    assert {"Open melody…", "Paste melody", "What you just played"} <= menu_of(singing, A).keys()
    close_menu()
    singing.session.decks.bring_to_front("deck2")
    assert "picture" in slot(singing, A).toolTip()
    assert {"Open picture…", "Paste picture"} <= menu_of(singing, A).keys()
    close_menu()


def test_o_asks_for_a_melody(singing: Stage) -> None:
    key(singing, A, Qt.Key.Key_O)
    (dialog,) = singing.window.findChildren(QFileDialog)
    assert dialog.windowTitle() == "Open a melody"
    assert "*.mid" in dialog.nameFilters()[0]
    dialog.close()
    forget_the_dead()


def test_i_takes_in_what_was_played(singing: Stage) -> None:
    """On a slot into that one, elsewhere into the first empty one."""
    said: list[str] = []
    singing.desk.rig.noticed.connect(said.append)
    for slot_index in (D + 2, None):
        focused = slot(singing, slot_index) if slot_index else singing.window.pad
        singing.focus(focused)
        singing.key(Qt.Key.Key_I)
    assert len(said) == 2
    assert len(set(said)) == 1, "there is nothing yet"
    for pitch in (64, 66, 68, 69):
        singing.desk.hears(0x90, pitch, 90)
        singing.desk.clock.advance(0.5)
        singing.desk.hears(0x80, pitch, 0)
    singing.focus(slot(singing, D + 2))
    singing.key(Qt.Key.Key_I)
    singing.until(lambda: is_filled(singing, D + 2))
    held = singing.front.slots[D + 2]
    assert held is not None
    assert held.latent[0] == pytest.approx(64 / 60 - 1)
    singing.focus(singing.window.pad)
    singing.key(Qt.Key.Key_I)
    singing.until(lambda: is_filled(singing, D))


def test_a_copied_midi_file_is_pasted(
    singing: Stage, tmp_path: Path, clipboard: Callable[[QMimeData], None]
) -> None:
    words = QMimeData()
    words.setText("no melody")
    clipboard(words)
    singing.window.slots.paste()
    assert singing.notices == ["There is no file of a melody on the clipboard."]
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(tune(tmp_path)))])
    clipboard(carried)
    singing.window.slots.paste()
    singing.until(lambda: is_filled(singing, D))
