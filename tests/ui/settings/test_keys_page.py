"""Keys are shown, changed by pressing others, and kept; a conflict is said first."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.storage import folders
from tests.fakes import fake, is_one_sentence
from tests.ui.hands import PLAIN
from tests.ui.stage import Stage
from ui.actions.actions import Actions
from ui.settings._keys_page import KeyRow, KeysPage
from ui.settings.keys import KEYS_OF_0_1, kept_keys, use_keys

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def page(stage: Stage) -> KeysPage:
    page = stage.window.open_settings("Keys").page
    assert isinstance(page, KeysPage)
    QApplication.processEvents()
    return page


def press(row: KeyRow, key: Qt.Key | str, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    row.keys.click()
    assert row.keys.text() == "Press a key…"
    QTest.keyClick(row.keys, key, modifiers)


def actions(stage: Stage) -> Actions:
    return stage.window.all_actions


def kept(stage: Stage) -> dict[str, tuple[str, ...]]:
    return stage.desk.rig.settings.action_keys


def test_every_action_is_there_with_its_keys(stage: Stage, page: KeysPage) -> None:
    assert set(page.rows) == {action.id for action in actions(stage)}
    assert page.rows["redo"].keys.text() == "Ctrl+Shift+Z or Ctrl+Y"
    assert not page.rows["redo"].reset.isEnabled()


def test_a_key_is_changed_by_pressing_another(stage: Stage, page: KeysPage) -> None:
    row = page.rows["export"]
    press(row, Qt.Key.Key_J, CONTROL | SHIFT)
    assert actions(stage).keys("export") == ("Ctrl+Shift+J",)
    assert row.keys.text() == "Ctrl+Shift+J"
    assert kept(stage) == {"export": ("Ctrl+Shift+J",)}
    row.reset.click()
    assert actions(stage).keys("export") == ("Ctrl+E",)
    assert kept(stage) == {}


def test_escape_leaves_it_and_backspace_takes_it_away(stage: Stage, page: KeysPage) -> None:
    row = page.rows["export"]
    press(row, Qt.Key.Key_Escape)
    assert page.window().isVisible()
    assert (row.keys.text(), kept(stage)) == ("Ctrl+E", {})
    press(row, Qt.Key.Key_Backspace)
    assert actions(stage).keys("export") == ()
    assert (row.keys.text(), kept(stage)) == ("no key", {"export": ()})


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Left])
def test_keys_that_move_through_the_window_are_never_taken(
    stage: Stage, page: KeysPage, key: Qt.Key
) -> None:
    row = page.rows["export"]
    press(row, key)
    assert row.keys.waits
    page.rows["undo"].keys.setFocus()
    assert not row.keys.waits
    assert kept(stage) == {}


def test_a_sign_is_the_same_on_every_keyboard(stage: Stage, page: KeysPage) -> None:
    press(page.rows["view.keys"], "!", SHIFT)
    assert actions(stage).keys("view.keys") == ("!",)


def test_a_conflict_is_said_and_the_key_taken_only_when_asked_twice(
    stage: Stage, page: KeysPage
) -> None:
    row = page.rows["export"]
    press(row, Qt.Key.Key_Z, CONTROL)
    assert is_one_sentence(page.conflict.text())
    assert "Ctrl+Z is the key of “Undo”" in page.conflict.text()
    assert page.take.isVisible()
    assert kept(stage) == {}
    page.keep.click()
    assert not page.take.isVisible()
    press(row, Qt.Key.Key_Z, CONTROL)
    page.take.click()
    assert actions(stage).keys("export") == ("Ctrl+Z",)
    assert page.rows["undo"].keys.text() == "no key"
    assert kept(stage) == {"export": ("Ctrl+Z",), "undo": ()}


def test_going_back_to_a_key_that_is_taken_asks_too(stage: Stage, page: KeysPage) -> None:
    press(page.rows["export"], Qt.Key.Key_J, CONTROL | SHIFT)
    press(page.rows["deck.next"], Qt.Key.Key_E, CONTROL)
    page.rows["export"].reset.click()
    assert page.take.isVisible()
    page.take.click()
    assert kept(stage) == {"deck.next": ()}


def test_all_keys_go_back_at_once(stage: Stage, page: KeysPage) -> None:
    press(page.rows["export"], Qt.Key.Key_J, CONTROL | SHIFT)
    press(page.rows["undo"], Qt.Key.Key_Backspace)
    page.reset_all.click()
    assert all(actions(stage).has_default_keys(id) for id in page.rows)
    assert kept(stage) == {}


def test_the_keys_of_the_first_version_are_a_set(stage: Stage, page: KeysPage) -> None:
    press(page.rows["undo"], Qt.Key.Key_Space)
    page.take.click()
    page.old_set.click()
    assert kept(stage) == KEYS_OF_0_1
    assert actions(stage).keys("undo") == ("Ctrl+Z",)
    use_keys(actions(stage), kept(stage))
    assert kept_keys(actions(stage), {}) == KEYS_OF_0_1
    page.reset_all.click()
    assert actions(stage).keys("transport.play") == ("Space",)
    assert kept(stage) == {}


def test_changed_keys_work_and_are_there_the_next_time(open_stage: type[Stage]) -> None:
    file = folders.settings_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({"action_keys": {"deck.link": ["J"], "of a newer version": ["T"]}}))
    stage = open_stage(fake())
    stage.focus(stage.window.pad)
    stage.change(lambda: stage.key(Qt.Key.Key_J))
    assert stage.scene.tied
    assert kept_keys(actions(stage), kept(stage)) == {
        "deck.link": ("J",),
        "of a newer version": ("T",),
    }


def test_what_is_no_key_here_is_left_out(stage: Stage) -> None:
    use_keys(actions(stage), {"undo": ("no such key!",), "export": ("Ctrl+9",)})
    assert actions(stage).has_default_keys("undo")
    assert actions(stage).keys("export") == ("Ctrl+9",)
