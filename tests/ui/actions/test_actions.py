"""Every action is declared once; its keys can be changed, and all that shows them follows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.stage import Stage, forget_the_dead
from ui.actions.actions import Action, Actions
from ui.actions.key_list import KeyList
from ui.actions.palette import Command, PaletteDialog, found, rank


class Bench:
    """A window with three actions that note down what was done."""

    def __init__(self, bot: QtBot) -> None:
        self.done: list[str] = []
        self.on = False
        self.window = QWidget()
        bot.addWidget(self.window)
        self.field = QPushButton("Play", self.window)
        self.field.setToolTip("Play from the beginning")
        self.actions = Actions(
            (
                self.action("play", "Play or stop", "P", "Shift+Space", buttons=(self.field,)),
                Action("link", "Deck", "One gesture", self.flip, ("T",), is_on=lambda: self.on),
                self.action("quit", "Quit"),
            ),
            self.window,
        )
        self.window.show()
        self.window.activateWindow()
        bot.waitUntil(self.window.isActiveWindow)

    def action(
        self, id: str, text: str, *keys: str, buttons: tuple[QWidget, ...] = (), series: str = ""
    ) -> Action:
        return Action(
            id, "Test", text, lambda: self.done.append(id), keys, buttons=buttons, series=series
        )

    def button(self, id: str) -> QToolButton:
        button = self.actions.button(id)
        button.setParent(self.window)
        return button

    def flip(self) -> None:
        self.on = not self.on

    def press(self, key: Qt.Key) -> list[str]:
        """What is done when this key is pressed."""
        self.done.clear()
        QTest.keyClick(self.window, key)
        return self.done


def lines_of(actions: Actions) -> list[tuple[str, str]]:
    return [line for lines in actions.key_lines().values() for line in lines]


@pytest.fixture
def bench(qtbot: QtBot, no_widget_left_behind: None) -> Iterator[Bench]:
    bench = Bench(qtbot)
    yield bench
    bench.window.close()
    bench.window.deleteLater()
    forget_the_dead()


def test_a_key_does_its_action_and_another_key_does_it_after_a_change(bench: Bench) -> None:
    assert bench.press(Qt.Key.Key_P) == ["play"]
    bench.actions.set_keys("play", ("L", "F5"))
    assert bench.press(Qt.Key.Key_P) == []
    assert bench.press(Qt.Key.Key_L) == ["play"]
    assert bench.press(Qt.Key.Key_F5) == ["play"]
    bench.actions.reset_keys()
    assert bench.press(Qt.Key.Key_P) == ["play"]
    assert bench.press(Qt.Key.Key_L) == []


def test_tooltips_and_the_key_list_show_the_keys_that_hold(bench: Bench) -> None:
    button = bench.button("play")
    assert button.toolTip() == "Play or stop (P)"
    assert bench.field.toolTip() == "Play from the beginning (P)"
    assert lines_of(bench.actions)[0] == ("P or Shift+Space", "Play or stop")
    bench.actions.set_keys("play", ("L",))
    assert button.toolTip() == "Play or stop (L)"
    assert bench.field.toolTip() == "Play from the beginning (L)"
    assert lines_of(bench.actions)[0] == ("L", "Play or stop")
    bench.actions.set_keys("play", ())
    assert button.toolTip() == "Play or stop"
    assert lines_of(bench.actions)[0] == ("T", "One gesture")


def test_one_can_ask_who_has_a_key_however_it_is_written(bench: Bench) -> None:
    for written in ("Shift+Space", "shift+space", " Shift+Space"):
        found = bench.actions.who_has(written)
        assert found is not None
        assert found.id == "play"
    assert bench.actions.who_has("Ctrl+Q") is None


def test_a_key_that_is_given_to_another_is_lost_by_the_first(bench: Bench) -> None:
    told: list[bool] = []
    bench.actions.changed.connect(lambda: told.append(True))
    bench.actions.set_keys("quit", ("p",))
    assert told == [True]
    assert bench.actions.keys("quit") == ("P",)
    assert bench.actions.keys("play") == ("Shift+Space",)
    assert not bench.actions.has_default_keys("play")
    assert bench.press(Qt.Key.Key_P) == ["quit"]


@pytest.mark.parametrize(
    ("id", "key", "error"), [("play", "Hyper", ValueError), ("no such", "P", KeyError)]
)
def test_what_is_no_key_or_no_action_changes_nothing(
    id: str, key: str, error: type[Exception], bench: Bench
) -> None:
    with pytest.raises(error):
        bench.actions.set_keys(id, ("F5", key))
    assert bench.actions.keys("play") == ("P", "Shift+Space")


def test_what_can_be_switched_shows_whether_it_is_on(bench: Bench) -> None:
    button = bench.button("link")
    button.click()
    assert bench.on
    assert button.isChecked()
    bench.on = False
    bench.actions.refresh()
    assert not button.isChecked()


def test_two_with_one_id_or_one_key_are_refused(bench: Bench) -> None:
    for other in (bench.action("play", "Again"), bench.action("other", "Other", "p")):
        with pytest.raises(ValueError, match="is there already"):
            Actions((bench.action("play", "Play", "P"), other), bench.window)


def test_a_series_is_one_line_for_as_long_as_its_keys_are_the_default_ones(bench: Bench) -> None:
    slots = (bench.action(f"slot.{n}", f"Slot {n}", str(n), series="Go there") for n in (1, 2, 3))
    actions = Actions(slots, bench.window)
    assert lines_of(actions)[0] == ("1 to 3", "Go there")
    actions.set_keys("slot.2", ("F2",))
    lines = [("1", "Slot 1"), ("F2", "Slot 2"), ("3", "Slot 3")]
    assert lines_of(actions)[:3] == lines


# -- in the window ---------------------------------------------------------------------------------


def test_every_action_has_a_plain_id_a_group_and_words(stage: Stage) -> None:
    for action in stage.window.all_actions:
        assert action.id.replace(".", "").replace("_", "").isalnum()
        assert action.id == action.id.lower()
        assert action.group
        assert action.text[0].isupper()


def test_a_changed_key_plays_and_is_shown_wherever_keys_are_shown(stage: Stage) -> None:
    window, actions = stage.window, stage.window.all_actions
    for id, key in (
        ("deck.randomise", "X"),
        ("scene.save", "F6"),
        ("snapshot.1.recall", "F7"),
        ("slot.a", "F8"),
        ("slot.paste", "F9"),
    ):
        actions.set_keys(id, (key,))
    assert window.scenes.save.toolTip().endswith("(F6)")
    assert "F7 opens" in window.scenes.snapshots.buttons[0].toolTip()
    assert "(key F8)" in window.slots.views[0].toolTip()
    assert "paste one with F9" in window.slots.views[0].toolTip()
    for index in range(8):
        stage.session.slots.clear("deck1", index)
    assert "Press X," in window.pad._shown.words
    stage.change(lambda: stage.key(Qt.Key.Key_X))
    assert all(stage.front.slots)


def test_the_key_list_shows_changed_keys(stage: Stage) -> None:
    stage.window.all_actions.set_keys("export", ("Ctrl+Shift+E",))
    stage.key(Qt.Key.Key_F1)
    (listed,) = stage.window.findChildren(KeyList)
    assert "Ctrl+Shift+E" in {label.text() for label in listed.findChildren(QLabel)}
    listed.close()
    forget_the_dead()


def test_a_library_that_is_made_later_shows_the_key_that_holds(stage: Stage) -> None:
    stage.window.all_actions.set_keys("scene.library", ("F4",))
    stage.window.toggle_library()
    assert stage.window.library is not None
    assert stage.window.library.close_button.toolTip() == "Close the scenes (F4)"


def test_the_key_list_is_searched_and_fits_the_window(stage: Stage) -> None:
    stage.window.resize(1120, 660)
    stage.key(Qt.Key.Key_F1)
    (listed,) = stage.window.findChildren(KeyList)
    assert listed.height() <= 660
    QTest.keyClicks(listed.search, "redo")
    seen = {label.text() for label in listed.findChildren(QLabel) if label.isVisible()}
    assert "Redo" in seen
    assert "Tap the tempo" not in seen
    assert not listed.nothing.isVisible()
    QTest.keyClicks(listed.search, "qqq")
    assert listed.nothing.isVisible()
    listed.close()
    forget_the_dead()


# -- the palette -----------------------------------------------------------------------------------


def palette(stage: Stage, typed: str) -> PaletteDialog:
    stage.key(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    (opened,) = stage.window.findChildren(PaletteDialog)
    QTest.keyClicks(opened.line, typed)
    return opened


def test_the_best_find_is_first() -> None:
    assert rank("und", "Undo") == 0
    assert rank("tem", "Tap the tempo") == 1
    assert rank("tempo tap", "Tap the tempo") == 2
    assert rank("ttmp", "Tap the tempo") == 3
    assert rank("xq", "Tap the tempo") is None


def test_a_slip_of_the_finger_finds_too_where_nothing_else_does() -> None:
    commands = [Command(words, "", list) for words in ("Contrast", "Contour", "Take snapshot 1")]
    assert [each.words for each in found("cont", commands)] == ["Contour", "Contrast"]
    assert [each.words for each in found("contarst", commands)] == ["Contrast"]
    assert [each.words for each in found("snapshto take", commands)] == ["Take snapshot 1"]
    assert found("xylophone", commands) == []


def test_the_palette_does_what_is_found(stage: Stage) -> None:
    opened = palette(stage, "rndmse")
    stage.change(lambda: QTest.keyClick(opened.line, Qt.Key.Key_Return))
    assert all(stage.front.slots)
    forget_the_dead()


def test_where_nothing_is_found_the_palette_says_so(stage: Stage) -> None:
    opened = palette(stage, "xylophone")
    assert opened.nothing.isVisible()
    QTest.keyClick(opened.line, Qt.Key.Key_Return)
    opened.close()
    forget_the_dead()


def test_the_palette_gives_a_control_the_keyboard(stage: Stage) -> None:
    stage.window.tabs.turn_to(1)
    opened = palette(stage, "contrast")
    QTest.keyClick(opened.line, Qt.Key.Key_Return)
    assert stage.window.tabs.place == 0
    row = stage.window.panel.row("contrast")
    stage.until(lambda: row.isAncestorOf(QApplication.focusWidget() or stage.window))
    forget_the_dead()


def test_what_cannot_be_done_now_is_found_but_greyed_and_does_nothing(stage: Stage) -> None:
    opened = palette(stage, "undo")
    first = opened.list.topLevelItem(0)
    assert first.text(0) == "Undo"
    assert first.isDisabled()
    assert first.text(1) == "not now"
    QTest.keyClick(opened.line, Qt.Key.Key_Return)
    assert opened.isVisible()
    opened.close()
    forget_the_dead()
