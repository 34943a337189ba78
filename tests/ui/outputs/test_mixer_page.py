"""The Mixer tab in the window: strips, the chosen layer, the preview, actions, learn and undo."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.document.mix import ROLL, TEXT, Mix
from tests.fakes import composing, fake
from tests.ui.hands import SHIFT, drag
from tests.ui.stage import Stage, forget_the_dead
from ui.actions.palette import PaletteDialog
from ui.outputs.mixer_page import MixerPage
from ui.outputs.screen_dialog import ScreenDialog
from ui.outputs.test_card import test_card as card
from ui.outputs.windows import MOVABLE


@pytest.fixture
def two(open_stage: Callable[..., Stage]) -> Stage:
    stage = open_stage(fake("fake"), fake("other"))
    stage.window.tabs.turn_to_page(stage.window.outputs.page)
    return stage


def page_of(stage: Stage) -> MixerPage:
    return stage.window.outputs.page


def test_a_strip_for_each_layer_the_highest_first(two: Stage) -> None:
    page = page_of(two)
    assert list(page.strips) == [TEXT, ROLL, "deck2", "deck1"]
    assert page.words.isVisible()
    page.strips["deck2"].opacity.wanted.emit(0.5)
    assert two.scene.layer("deck2").opacity == 0.5
    assert not page.words.isVisible()
    page.strips["deck2"].solo.click()
    assert two.scene.layer("deck2").solo
    two.session.undo()
    two.session.undo()
    assert two.scene.mix == Mix()
    assert page.strips["deck2"].opacity._value == 0.0


def test_the_chosen_layer_has_its_rows_and_its_order(two: Stage) -> None:
    page = page_of(two)
    page.strips["deck2"].name.click()
    assert page.chosen == "deck2"
    assert not page.rows["key"].isVisible()
    page.rows["blend"].wanted.emit("luma key")
    page.rows["scale"].wanted.emit(2.0)
    assert two.scene.layer("deck2").blend == "luma key"
    assert page.rows["key"].isVisibleTo(page)
    page.lower_layer.click()
    assert list(page.strips) == [TEXT, ROLL, "deck1", "deck2"]
    page.reset.click()
    assert two.scene.layer("deck2").scale == 1.0
    page.front_only.click()
    assert two.scene.mix == Mix()
    assert list(page.strips) == [TEXT, ROLL, "deck2", "deck1"]


def test_a_layer_is_dragged_on_the_preview_in_one_step(two: Stage) -> None:
    page = page_of(two)
    preview = page.preview
    two.until(lambda: two.desk.rig.picture.room.picture("deck1") is not None)
    two.session.mixer.set_layer("deck2", blend="add")
    page.choose("deck2")
    middle, frame = preview.frame().center(), preview.frame()
    drag(preview, middle, middle + QPointF(frame.width() / 4, -frame.height() / 4))
    layer = two.scene.layer("deck2")
    assert (layer.x, layer.y) == (pytest.approx(0.25), pytest.approx(0.25))
    two.session.undo()
    assert two.scene.layer("deck2").x == 0
    two.focus(preview)
    two.key(Qt.Key.Key_Left)
    two.key(Qt.Key.Key_Up, SHIFT)
    layer = two.scene.layer("deck2")
    assert (layer.x, layer.y) == (pytest.approx(-0.02), pytest.approx(0.002))
    drag(preview, frame.topLeft(), frame.topLeft())  # beside every layer: nothing is chosen
    assert page.chosen == "deck2"
    page.choose(TEXT)
    drag(preview, middle, middle)
    assert page.chosen == "deck1"


def test_the_preview_shows_the_output_only_while_it_is_seen(two: Stage) -> None:
    room, page = two.desk.rig.picture.room, page_of(two)
    two.until(lambda: page.preview._shown is not None)
    assert room.sinks == (page.preview.sink,)
    assert not room.is_open
    room.use_size((90, 160))
    frame = page.preview.frame
    two.until(lambda: page.preview._shown.shape[1] == round(frame().width()) < 90)
    two.window.tabs.turn_to(0)
    assert room.sinks == ()


def test_every_control_of_the_page_can_be_learnt(two: Stage) -> None:
    page = page_of(two)
    page.choose("deck2")
    known = {two.desk.rig.controls.find(a) is not None and a
             for offer in two.window.live.learn.every_offer if page.isAncestorOf(offer.widget)
             for a in offer.movable}  # fmt: skip
    wanted = {f"/deck/{n}/layer/{name}" for n in "12" for name in ("opacity", "solo", "mute")}
    wanted |= {f"/deck/2/layer/{name}" for name in page.rows}
    wanted |= {f"/output/{name}" for name in (*page.whole, "blackout", "freeze")}
    assert wanted <= known
    assert False not in known
    assert two.window.live.learn.widget_of("/deck/2/layer/x") is page.rows["x"]


def test_blackout_freeze_and_the_windows_are_actions(two: Stage) -> None:
    actions, views = two.window.all_actions.qactions, two.window.outputs
    room = two.desk.rig.picture.room
    actions["output.blackout"].trigger()
    assert room.is_dark
    assert views.blackout.isChecked()
    assert "black" in two.window.status._notice.words
    actions["output.freeze"].trigger()
    assert room.is_frozen
    views.freeze.click()
    assert not room.is_frozen
    actions["output.window"].trigger()
    assert MOVABLE in views.windows.open
    assert room.is_open
    assert actions["output.window"].isChecked()
    assert views.screens.text() == "Output (1)"
    menu = views.screens.menu()
    menu.aboutToShow.emit()
    tips = {action.text(): action.toolTip() for action in menu.actions()}
    assert menu.toolTipsVisible()
    assert "unencrypted" in tips["Send to: NDI"]
    actions["output.test_card"].trigger()
    assert views.windows.shows_card
    actions["output.window"].trigger()
    assert not views.windows.open


def test_a_screen_is_set_up_by_its_corners(two: Stage) -> None:
    two.window.all_actions.qactions["output.screens"].trigger()
    (dialog,) = two.window.findChildren(ScreenDialog)
    assert dialog.name == MOVABLE
    view = dialog.corners
    first = view.points()[0]
    drag(view, first, first + QPointF(20, 10))
    corners = two.window.outputs.windows.settings_of(MOVABLE).corners
    assert corners[0] == (
        pytest.approx(20 / view.frame().width()),
        pytest.approx(10 / view.frame().height()),
    )
    drag(view, view.points()[2], first + QPointF(5, 5))  # it would be folded over itself
    assert two.window.outputs.windows.settings_of(MOVABLE).corners == corners
    QTest.keyClick(view, Qt.Key.Key_2)
    QTest.keyClick(view, Qt.Key.Key_Down, SHIFT)
    moved = two.window.outputs.windows.settings_of(MOVABLE).corners[1]
    assert moved == (0.0, pytest.approx(10 / 720))
    dialog.rows["gamma"].wanted.emit(2.0)
    assert two.desk.rig.settings.output.screens[MOVABLE].gamma == 2.0
    dialog.close()


def test_the_roll_and_the_text_are_drawn_while_they_are_seen(open_stage) -> None:
    stage = open_stage(composing())
    stage.window.tabs.turn_to_page(page_of(stage))
    room, mixer = stage.desk.rig.picture.room, stage.session.mixer
    assert room.picture(ROLL) is None
    mixer.set_layer(ROLL, opacity=1.0)
    mixer.set_layer(TEXT, opacity=1.0)
    stage.until(lambda: room.picture(ROLL) is not None and room.picture(TEXT) is not None)
    assert room.picture(ROLL).shape == room.picture(TEXT).shape == (720, 1280, 3)
    assert room.picture(ROLL).max() > 40


def test_the_card_ends_at_the_last_pixel(qapp) -> None:
    shown = card(321, 181, "Beamer")
    assert shown.shape == (181, 321, 3)
    edges = (shown[0], shown[-1], shown[:, 0], shown[:, -1])
    assert all((edge == 255).all() for edge in edges)


def test_the_palette_leads_to_a_layer_and_leaves_the_front_deck(two: Stage) -> None:
    two.window.tabs.turn_to(0)
    two.key(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    (opened,) = two.window.findChildren(PaletteDialog)
    QTest.keyClicks(opened.line, "Deck 2: Layer scale")
    QTest.keyClick(opened.line, Qt.Key.Key_Return)
    row = page_of(two).rows["scale"]
    two.until(lambda: row.isAncestorOf(QApplication.focusWidget() or two.window))
    assert page_of(two).chosen == "deck2"
    assert two.scene.front == "deck1"
    forget_the_dead()
