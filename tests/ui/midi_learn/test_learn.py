"""MIDI learn: right-click on a control, move a knob."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio.document.scene import INTERPOLATION, SEED
from studio.live.player.protocol import PortsSeen
from studio.settings.model import Settings
from tests.fakes import fake, is_one_sentence
from tests.ui.hands import LEFT, RIGHT, drag, mouse, press, release
from tests.ui.live_stage import LiveStage, choose, right_click, words_of
from tests.ui.stage import forget_the_dead
from ui.widgets.parameter_rows import row_for


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path, no_widget_left_behind: None) -> Iterator[LiveStage]:
    made = LiveStage(qtbot, tmp_path, fake(), fake("other"))
    made.connect()
    yield made
    made.close()


@pytest.fixture
def row(stage: LiveStage) -> QWidget:
    """The front deck's contrast, learnable in one line."""
    made = stage.add(row_for(stage.session.controls("deck1")[0]))
    stage.live.learn.offer(made, stage.live.front("contrast"))
    return made


def bound(stage: LiveStage, address: str) -> list[str]:
    return [str(each.binding.source) for each in stage.rig.surfaces.bound(address)]


def learnt(stage: LiveStage, widget: QWidget, words: str = "Learn MIDI") -> None:
    choose(right_click(widget), words)
    stage.turn_knob()


# -- learning --------------------------------------------------------------------------------------


def test_right_click_then_a_knob(stage: LiveStage, row: QWidget) -> None:
    choose(right_click(row), "Learn MIDI")
    assert stage.live.learn.armed is not None
    assert stage.said[-1] == "Move a knob or press a key for Deck 1: Contrast. Esc cancels."
    stage.turn_knob()
    assert stage.live.learn.armed is None
    assert bound(stage, "/deck/1/contrast") == ["CC 21, channel 1"]
    assert (
        stage.said[-1] == "CC 21, channel 1 of Keys plays Deck 1: Contrast. "
        "Turn through 1.00 to pick it up."
    )


def test_the_slider_inside_a_row_has_the_rows_menu(stage: LiveStage, row: QWidget) -> None:
    assert "Learn MIDI" in words_of(right_click(row.slider))  # type: ignore[attr-defined]
    close_menu()


def test_it_can_be_learnt_for_whichever_deck_is_in_front(stage: LiveStage, row: QWidget) -> None:
    learnt(stage, row, "Learn MIDI for whichever deck is in front")
    assert bound(stage, "/front/contrast") == ["CC 21, channel 1"]
    assert bound(stage, "/deck/1/contrast") == []


def test_the_address_is_that_of_the_deck_in_front(stage: LiveStage, row: QWidget) -> None:
    stage.session.decks.bring_to_front("deck2")
    learnt(stage, row)
    assert bound(stage, "/deck/2/contrast") == ["CC 21, channel 1"]


def test_what_is_armed_has_an_outline_that_lets_the_mouse_through(
    stage: LiveStage, row: QWidget
) -> None:
    halo = stage.live.learn._halo
    assert not halo.isVisible()
    choose(right_click(row), "Learn MIDI")
    assert halo.isVisible()
    where = row.rect().translated(row.mapTo(stage.window, QPoint(0, 0)))
    assert halo.geometry().contains(where)
    assert stage.window.childAt(where.center()) is not halo
    stage.turn_knob()
    assert not halo.isVisible()


@pytest.mark.parametrize("focused", ["row", "tempo", "nothing"])
def test_escape_cancels_wherever_the_focus_is(focused: str, stage: LiveStage, row: QWidget) -> None:
    left: list[bool] = []
    stage.window.addAction("Leave", Qt.Key.Key_Escape, lambda: left.append(True))
    choose(right_click(row), "Learn MIDI")
    stage.activate()  # without a window system nobody does so after a menu
    where = {"row": row.slider, "tempo": stage.bar.tempo}.get(focused)  # type: ignore[attr-defined]
    if where is not None:
        where.setFocus()
    stage.key(Qt.Key.Key_Escape)
    assert stage.rig.surfaces.learning is None
    assert not left, "Esc is the window's again only afterwards"
    stage.key(Qt.Key.Key_Escape)
    assert left


def test_the_menu_can_cancel_too(stage: LiveStage, row: QWidget) -> None:
    choose(right_click(row), "Learn MIDI")
    choose(right_click(row), "Cancel learning\tEsc")
    assert stage.rig.surfaces.learning is None


def test_without_a_controller_the_way_to_one_is_offered(stage: LiveStage, row: QWidget) -> None:
    stage.connect(Settings())
    choose(right_click(row), "Learn MIDI: connect an input first…")
    assert stage.settings is not None
    assert stage.settings.page.title == "MIDI inputs"


def test_a_control_that_is_gone_is_no_longer_offered(stage: LiveStage, row: QWidget) -> None:
    count = len(stage.live.learn._offers)
    row.deleteLater()
    forget_the_dead()
    assert len(stage.live.learn._offers) == count - 1


def test_a_control_without_an_address_has_no_menu(stage: LiveStage) -> None:
    plain = stage.add(QPushButton("plain"))
    stage.live.learn.offer(plain, lambda: "/nowhere")
    assert right_click(plain) is None


# -- what is bound ---------------------------------------------------------------------------------


def test_the_menu_tells_what_plays_it(stage: LiveStage, row: QWidget) -> None:
    learnt(stage, row)
    assert words_of(right_click(row)) == [
        "Learn MIDI",
        "Learn MIDI for whichever deck is in front",
        "Keys: CC 21, channel 1",
        "Forget MIDI",
        "Copy OSC address /deck/1/contrast",
        "Copy OSC address /front/contrast",
    ]
    close_menu()


def test_it_can_be_forgotten(stage: LiveStage, row: QWidget) -> None:
    learnt(stage, row)
    choose(right_click(row), "Forget MIDI")
    assert bound(stage, "/deck/1/contrast") == []


def test_a_knob_can_be_inverted(stage: LiveStage, row: QWidget) -> None:
    learnt(stage, row)
    choose(right_click(row), "Invert")
    (held,) = stage.rig.surfaces.bound("/deck/1/contrast")
    assert held.binding.invert
    choose(right_click(row), "Invert")
    (held,) = stage.rig.surfaces.bound("/deck/1/contrast")
    assert not held.binding.invert


def test_its_range_is_set_where_the_control_stands(stage: LiveStage, row: QWidget) -> None:
    learnt(stage, row)
    stage.session.set("deck1", "contrast", 0.5)
    choose(right_click(row), "Begin the range here")
    stage.session.set("deck1", "contrast", 1.5)
    choose(right_click(row), "End the range here")
    (held,) = stage.rig.surfaces.bound("/deck/1/contrast")
    assert (held.binding.low, held.binding.high) == pytest.approx((0.25, 0.75))
    choose(right_click(row), "Play the whole range")
    (held,) = stage.rig.surfaces.bound("/deck/1/contrast")
    assert (held.binding.low, held.binding.high) == (0, 1)


def test_a_range_cannot_be_made_empty(stage: LiveStage, row: QWidget) -> None:
    learnt(stage, row)
    stage.session.set("deck1", "contrast", 2.0)
    with pytest.raises(AssertionError):
        choose(right_click(row), "Begin the range here")
    close_menu()


def test_the_address_is_copied(stage: LiveStage, row: QWidget) -> None:
    choose(right_click(row), "Copy OSC address /deck/1/contrast")
    assert QGuiApplication.clipboard().text() == "/deck/1/contrast"


# -- menus that are there already ------------------------------------------------------------------


def own_menu(parent: QWidget, done: list[str]) -> QMenu:
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addAction("Clear").triggered.connect(lambda: done.append("cleared"))
    return menu


def test_a_menu_that_is_there_stays_and_gets_one_entry_more(stage: LiveStage) -> None:
    done: list[str] = []
    slot = stage.add(QPushButton("slot"))
    own = partial(own_menu, slot, done)
    stage.live.learn.offer(slot, stage.live.front("slot/a"), own=own)
    assert words_of(right_click(slot)) == ["Clear", "MIDI"]
    close_menu()
    choose(right_click(slot), "Clear")
    assert done == ["cleared"]
    choose(right_click(slot), "Learn MIDI")
    stage.desk.hears(0x90, 36, 100)
    assert bound(stage, "/deck/1/slot/a") == ["Note 36, channel 1"]


def test_both_axes_of_a_pad_have_their_own_menu(stage: LiveStage) -> None:
    pad = stage.add(QPushButton("pad"))
    stage.live.learn.offer(pad, stage.live.front("pad/x"), stage.live.front("pad/y"))
    menu = right_click(pad)
    assert words_of(menu) == ["MIDI: Pad left-right", "MIDI: Pad down-up"]
    choose(menu, "Copy OSC address /deck/1/pad/y")
    assert QGuiApplication.clipboard().text() == "/deck/1/pad/y"


class Field(QPushButton):
    """Stands in for the pad: its left half is an anchor, and it hears how it is dragged."""

    def __init__(self) -> None:
        super().__init__("field")
        self.heard: list[QEvent.Type] = []

    def anchor_at(self, at: QPointF) -> int | None:
        return 2 if at.x() < self.width() / 2 else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.heard.append(event.type())


@pytest.fixture
def field(stage: LiveStage) -> Field:
    made: Field = stage.add(Field())
    stage.live.offer_pad(made, made.anchor_at, lambda _: own_menu(made, []))
    return made


def clicked_right(stage: LiveStage, field: Field, *way: QPointF) -> list[str] | None:
    """What the menu offers after the right button was pressed, moved over `way`, and let go."""
    drag(field, *way, button=RIGHT)
    QApplication.processEvents()
    menu = QApplication.activePopupWidget()
    words = words_of(menu) if isinstance(menu, QMenu) else None
    close_menu()
    return words


def test_a_right_click_on_a_pad_offers_its_axes_or_the_anchor_under_it(
    stage: LiveStage, field: Field
) -> None:
    right, left = QPointF(field.width() - 9, 9), QPointF(9, 9)
    axes = ["MIDI: Pad left-right", "MIDI: Pad down-up"]
    assert clicked_right(stage, field, right) == axes
    assert clicked_right(stage, field, left) == ["Clear", "MIDI"]
    assert len(field.heard) == 2


def test_dragging_with_the_right_button_opens_nothing(stage: LiveStage, field: Field) -> None:
    assert clicked_right(stage, field, QPointF(9, 9), QPointF(90, 9), QPointF(9, 9)) is None
    assert len(field.heard) == 1


def test_the_menu_key_offers_the_same(stage: LiveStage, field: Field) -> None:
    QTest.keyClick(field, Qt.Key.Key_Menu)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert words_of(menu)[-1].startswith("MIDI")
    close_menu()


def test_the_rows_of_a_panel_are_learnt_by_what_they_declare(stage: LiveStage) -> None:
    panel = stage.add(QWidget())
    column = QVBoxLayout(panel)
    for parameter in (INTERPOLATION, SEED, *stage.session.controls("deck1")):
        column.addWidget(row_for(parameter))
    stage.live.offer_rows(panel)
    offers = [o for o in stage.live.learn._offers.values() if panel.isAncestorOf(o.widget)]
    addresses = [control.address for o in offers for control in stage.live.learn.known(o)]
    assert addresses[:3] == ["/deck/1/path", "/deck/1/seed", "/deck/1/contrast"]
    assert len(addresses) == 2 + len(stage.session.controls("deck1"))


# -- the map ---------------------------------------------------------------------------------------


def test_the_map_shows_every_control_with_what_plays_it(stage: LiveStage, row: QWidget) -> None:
    binding_map = stage.live.map
    learnt(stage, row)
    binding_map.toggle()
    assert binding_map.geometry() == stage.window.rect()
    QApplication.processEvents()
    offers = {offer.widget: offer for offer in stage.live.learn.offers}
    told = binding_map._words(offers[row], stage.live.learn.bound(offers[row]))
    assert told == "CC 21"
    tempo = offers[stage.bar.tempo]
    assert binding_map._words(tempo, ()) == "Tempo"
    binding_map.toggle()
    assert not binding_map.isVisible()


def over(stage: LiveStage, widget: QWidget) -> QPointF:
    return QPointF(widget.mapTo(stage.window, widget.rect().center()))


def test_a_click_on_the_map_arms_the_control_under_it(stage: LiveStage, row: QWidget) -> None:
    binding_map = stage.live.map
    binding_map.toggle()
    at = over(stage, row)
    press(binding_map, at)
    release(binding_map, at, LEFT)
    assert stage.rig.surfaces.learning == "/deck/1/contrast"
    stage.turn_knob()
    assert bound(stage, "/deck/1/contrast")
    mouse(binding_map, QEvent.Type.MouseMove, at)
    assert "CC 21" in binding_map.toolTip()


def test_escape_or_a_click_beside_puts_the_map_away(stage: LiveStage, row: QWidget) -> None:
    binding_map = stage.live.map
    binding_map.toggle()
    stage.bar.tempo.setFocus()
    stage.key(Qt.Key.Key_Escape)
    assert not binding_map.isVisible()
    binding_map.toggle()
    press(binding_map, over(stage, stage.add(QLabel("beside"))))
    assert not binding_map.isVisible()


def test_the_map_grows_with_the_window(stage: LiveStage) -> None:
    stage.live.map.toggle()
    stage.window.resize(1400, 420)
    stage.until(lambda: stage.live.map.geometry() == stage.window.rect())


# -- everything ------------------------------------------------------------------------------------


def test_every_control_of_the_bar_can_be_learnt(stage: LiveStage) -> None:
    for widget, address in stage.bar.addresses():
        menu = right_click(widget)
        assert "Learn MIDI" in words_of(menu), address
        close_menu()


def test_what_learning_says_is_a_sentence_each_time(stage: LiveStage, row: QWidget) -> None:
    learnt(stage, row)
    choose(right_click(row), "Learn MIDI")
    stage.key(Qt.Key.Key_Escape)
    assert len(stage.said) >= 3
    for sentence in stage.said:
        assert is_one_sentence(sentence.replace("Esc cancels.", "Esc cancels."))


def close_menu() -> None:
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
    forget_the_dead()


def test_while_learning_all_inputs_are_heard_and_the_learnt_one_stays_ticked(
    stage: LiveStage, row: QWidget
) -> None:
    stage.desk.says(PortsSeen("ALSA", ("Keys", "Knobs"), ("Synth",)))
    stage.rig.use(stage.rig.settings.but(inputs=()))
    choose(right_click(row), "Learn MIDI")
    assert stage.rig.settings.inputs == ("Keys", "Knobs")
    stage.turn_knob()
    assert bound(stage, "/deck/1/contrast") == ["CC 21, channel 1"]
    assert stage.rig.settings.inputs == ("Keys",)
    choose(right_click(row), "Learn MIDI")
    assert stage.rig.settings.inputs == ("Keys", "Knobs")
    stage.live.learn.cancel()
    stage.until(lambda: stage.rig.settings.inputs == ("Keys",))
