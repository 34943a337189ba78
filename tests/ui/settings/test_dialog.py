"""One dialog for all settings, with a search over them and over the keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from studio.settings.declared import SETTINGS
from studio.settings.model import PartRoute
from tests.fakes import fake, is_one_sentence
from tests.ui.live_stage import LiveStage
from tests.ui.stage import Stage, forget_the_dead
from ui.settings.dialog import SettingsDialog


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path, no_widget_left_behind: None) -> Iterator[LiveStage]:
    made = LiveStage(qtbot, tmp_path)
    yield made
    made.close()


@pytest.fixture
def dialog(stage: LiveStage) -> SettingsDialog:
    dialog = stage.open_settings()
    QApplication.processEvents()
    return dialog


def page(dialog: SettingsDialog, title: str) -> Any:
    dialog.open_page(title)
    QApplication.processEvents()
    return dialog.page


def found(dialog: SettingsDialog) -> list[str]:
    rows = dialog.found.list
    return [rows.item(i).text().partition("   ")[0] for i in range(rows.count())]


# -- the search ------------------------------------------------------------------------------------


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.path)
def test_every_setting_is_found_by_its_name_and_shown(dialog: SettingsDialog, setting: Any) -> None:
    dialog.search.setText(setting.parameter.label)
    assert dialog.page is dialog.found
    entry = next(entry for entry in dialog.found.found if entry.name == setting.path)
    dialog.found.wanted.emit(entry)
    assert dialog.page.title == setting.page
    control = dialog.page.controls[setting.path]
    focus = dialog.focusWidget()
    assert focus is control or not control.isEnabled() or control.isAncestorOf(focus)
    assert dialog.search.text() == ""


def test_actions_are_found_by_what_they_do_and_by_their_keys(dialog: SettingsDialog) -> None:
    for typed in ("tap tempo", "PLAY space"):
        dialog.search.setText(typed)
        assert dialog.found.found[0].page == "Keys"
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    assert dialog.page.title == "Keys"
    assert dialog.focusWidget() is dialog.page.controls["transport.play"]


def test_the_arrows_move_in_the_list_and_escape_gives_up(dialog: SettingsDialog) -> None:
    page(dialog, "OSC")
    dialog.search.setText("port")
    assert len(found(dialog)) > 2
    assert "Port of the target" in found(dialog)
    assert "Tap the tempo" not in found(dialog), "a word in the middle of Transport"
    QTest.keyClick(dialog.search, Qt.Key.Key_Down)
    assert dialog.found.list.currentRow() == 1
    QTest.keyClick(dialog.search, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert dialog.page.title == "OSC"


def test_nothing_found_is_said(dialog: SettingsDialog) -> None:
    dialog.search.setText("xyzzy")
    assert found(dialog) == []
    assert is_one_sentence(dialog.found.about.text())
    QTest.keyClick(dialog.search, Qt.Key.Key_Return)
    assert dialog.page is dialog.found


def test_control_f_goes_to_the_search(dialog: SettingsDialog) -> None:
    page(dialog, "Sound")
    QTest.keyClick(dialog, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert dialog.focusWidget() is dialog.search


# -- pages -----------------------------------------------------------------------------------------


def test_what_is_declared_is_a_row_that_applies_at_once(
    stage: LiveStage, dialog: SettingsDialog
) -> None:
    general = page(dialog, "General")
    general.rows["window.text_size"].wanted.emit("130 %")
    general.rows["morph.bars"].wanted.emit(8)
    general._apply.finish()
    assert stage.rig.settings.window.text_size == "130 %"
    assert stage.rig.settings.morph.bars == 8
    files = page(dialog, "Files")
    files.rows["files.autosave_s"].field.wanted.emit(
        files.rows["files.autosave_s"].parameter.parse("2,5")
    )
    assert stage.rig.settings.files.autosave_s == 2.5


def test_the_presets_folder_is_typed_or_chosen(
    stage: LiveStage, dialog: SettingsDialog, tmp_path: Path
) -> None:
    files = page(dialog, "Files")
    assert files.folder.placeholderText().endswith("Presets")
    files.folder.setText(str(tmp_path))
    files.folder.editingFinished.emit()
    assert stage.rig.settings.files.presets_folder == str(tmp_path)
    files.folder.setText(str(tmp_path / "nowhere"))
    files.folder.editingFinished.emit()
    assert stage.rig.settings.files.presets_folder == str(tmp_path)
    assert is_one_sentence(dialog.words.words)
    (tmp_path / "mine").mkdir()
    files.choose.click()
    (chooser,) = files.findChildren(QFileDialog)
    chooser.fileSelected.emit(str(tmp_path / "mine"))
    chooser.close()
    forget_the_dead()
    assert stage.rig.settings.files.presets_folder == str(tmp_path / "mine")
    assert files.folder.text() == str(tmp_path / "mine")


def test_where_the_parts_of_new_decks_go(stage: LiveStage, dialog: SettingsDialog) -> None:
    stage.connect()
    routes = page(dialog, "Routes").new_decks
    for field, words in (("port", "Synth"), ("channel", "Channel 5"), ("program", "1  ")):
        picker = routes.pickers["lead", field]
        index = next(i for i in range(picker.count()) if picker.itemText(i).startswith(words))
        picker.setCurrentIndex(index)
        picker.activated.emit(index)
    wanted = PartRoute(port="Synth", channel=5, program=0)
    assert stage.rig.settings.routes.lead == wanted
    stage.rig.use(stage.rig.settings.but(outputs=()))
    dialog.refresh()
    assert routes.pickers["lead", "port"].currentText() == "Synth (not used here)"


def test_the_window_opens_one_and_takes_it_along(open_stage: Any) -> None:
    stage: Stage = open_stage(fake())
    stage.focus(stage.window.pad)
    stage.key(Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    (dialog,) = stage.window.findChildren(SettingsDialog)
    assert stage.window.open_settings("Keys") is dialog
    assert dialog.page.title == "Keys"
    assert not dialog.isModal()
