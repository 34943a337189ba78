"""The window as a whole: what a hand does on one view reaches the session and every other view."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QMenu, QPushButton, QWidget

from studio.document.parameters import Choice, Value
from studio.document.scene import home_place
from studio.latent.mixing import weights_of
from tests.fakes import broken, fake, filled_deck, picture_of, scene_of, slow
from tests.ui.hands import CONTROL, LEFT, PLAIN, SHIFT, drag, press, release, turn, wheel
from tests.ui.stage import Stage, forget_the_dead
from ui.actions.key_list import KeyList
from ui.main_window.status import StatusBar
from ui.widgets.parameter_rows import ChoiceRow, SeedRow, SliderRow, ToggleRow
from ui.widgets.pixmaps import pixmap_of


@pytest.fixture
def two(open_stage: Callable[..., Stage]) -> Stage:
    return open_stage(fake("images"), fake("textures"))


def slider_row(stage: Stage, name: str) -> SliderRow:
    row = stage.window.panel.row(name)
    assert isinstance(row, SliderRow)
    return row


# -- the panel -------------------------------------------------------------------------------------


def test_the_panel_has_a_row_for_everything_that_the_spec_declares(stage: Stage) -> None:
    for parameter in stage.session.controls("deck1"):
        assert stage.window.panel.row(parameter.name).parameter == parameter
    assert stage.window.panel.row("seed")
    assert stage.window.panel.row("interpolation")


def test_a_slider_sets_the_session_as_one_step_a_drag(stage: Stage) -> None:
    slider = slider_row(stage, "contrast").slider
    y, width = slider.height() / 2, slider.width()
    drag(slider, *(QPointF(8 + step * (width - 16) / 20, y) for step in range(20)))
    assert stage.parameter("contrast") == pytest.approx(1.9)
    stage.settle()
    stage.session.undo()
    assert stage.parameter("contrast") == 1.0
    assert not stage.session.history.can_undo


def test_every_kind_of_row_sets_the_session(stage: Stage) -> None:
    panel = stage.window.panel
    turn(slider_row(stage, "glow").slider, 1)
    assert stage.parameter("glow") == pytest.approx(0.25 * 16**0.52)
    turn(slider_row(stage, "bands").slider, 1)
    assert stage.parameter("bands") == 2
    tint, mirror, path = panel.row("tint"), panel.row("mirror"), panel.row("interpolation")
    assert isinstance(tint, ChoiceRow)
    tint.buttons.button(2).click()
    assert stage.parameter("tint") == "blue"
    assert isinstance(mirror, ToggleRow)
    mirror.button.click()
    assert stage.parameter("mirror") is True
    assert isinstance(path, ChoiceRow)
    path.buttons.button(0).click()
    assert stage.front.interpolation == "straight"


def test_every_one_of_them_changes_the_picture(stage: Stage) -> None:
    other: dict[str, Value] = {
        "contrast": 2.0,
        "glow": 3.0,
        "bands": 5,
        "tint": "red",
        "mirror": True,
    }
    seen = [stage.picture()]
    for name, value in other.items():
        stage.change(lambda name=name, value=value: stage.session.set("deck1", name, value))
        seen.append(stage.picture())
    assert all(one != other for n, one in enumerate(seen) for other in seen[:n])


def test_a_typed_seed_brings_the_samples_of_that_seed(stage: Stage) -> None:
    row = stage.window.panel.row("seed")
    assert isinstance(row, SeedRow)
    stage.change(lambda: row.wanted.emit(99))
    held, again = stage.front.slots, fake()
    assert stage.front.seed == 99
    latents = again.make().sample(99, 8, 4)
    assert [slot and slot.latent for slot in held] == [tuple(map(float, z)) for z in latents]


def test_showing_sets_nothing(stage: Stage) -> None:
    """Undo and a jump elsewhere bring one change each: no view answers with another."""
    stage.session.set("deck1", "contrast", 1.5)
    stage.session.set("deck1", "tint", "red")
    stage.session.set("deck1", "mirror", True)
    stage.session.pads.move("deck1", (0.5, 0.5))
    stage.settle()
    stage.changes.clear()
    for _ in range(4):
        stage.session.undo()
        stage.settle()
    assert len(stage.changes) == 4
    stage.session.open(scene_of(filled_deck(stage.guests[0]).but(seed=5)))
    stage.settle()
    assert len(stage.changes) == 5


def test_a_value_that_does_not_fit_is_told_in_the_status_bar(stage: Stage) -> None:
    field = slider_row(stage, "contrast").field
    field.edit()
    edit = field.findChild(QLineEdit)
    QTest.keyClicks(edit, "12")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert said(stage) == "Contrast wants a number from 0 to 2, not '12'."
    assert stage.parameter("contrast") == 1.0


def test_another_model_brings_its_own_panel_shelf_and_credit(
    open_stage: Callable[..., Stage],
) -> None:
    """The list itself is part of what is replaced: choosing from it must not pull its ground."""
    only = Choice(name="only", label="Only", options=("a", "b"), default="a")
    stage = open_stage(fake("images"), fake("textures", parameters=(only,)))
    box = next(b for b in stage.window.findChildren(QComboBox) if b.accessibleName() == "Model")
    index = box.findText("Textures · Second")
    stage.focus(box)
    stage.change(lambda: (box.setCurrentIndex(index), box.activated.emit(index)))
    assert stage.window.panel.row("only")
    assert (stage.front.engine, stage.front.model) == ("textures", "second")
    assert all(stage.front.slots)
    forget_the_dead()
    focused = QApplication.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == "Model"


def test_the_wheel_changes_no_control_that_has_not_the_focus(stage: Stage) -> None:
    stage.window.setFocus()
    before = stage.scene
    seen = [w for w in stage.window.findChildren(QWidget) if not w.visibleRegion().isEmpty()]
    for control in seen:
        wheel(control, -1)
    assert len(seen) > 100
    assert stage.scene is before


# -- the pad and the stage -------------------------------------------------------------------------


def test_a_drag_on_the_pad_blends_and_is_undone_at_once(stage: Stage) -> None:
    before = stage.front.pad
    stage.drag_puck((0, 0), (0.2, 0.1), (0.3, 0.3), (0.4, 0.5))
    assert stage.front.pad == pytest.approx((0.4, 0.5))
    stage.settle()
    stage.key(Qt.Key.Key_Z, CONTROL)
    assert stage.front.pad == before
    stage.key(Qt.Key.Key_Z, CONTROL | SHIFT)
    assert stage.front.pad == pytest.approx((0.4, 0.5))
    stage.key(Qt.Key.Key_Z, CONTROL)
    stage.key(Qt.Key.Key_Y, CONTROL)
    assert stage.front.pad == pytest.approx((0.4, 0.5))


def test_two_drags_are_two_steps(stage: Stage) -> None:
    stage.drag_puck((0, 0), (0.5, 0.5))
    stage.drag_puck((0.5, 0.5), (-0.5, -0.5))
    stage.session.undo()
    assert stage.front.pad == pytest.approx((0.5, 0.5))


def test_a_drag_that_full_screen_cuts_off_is_over(stage: Stage) -> None:
    press(stage.window.pad, stage.window.pad.point_at((0, 0)))
    stage.window.all_actions["view.full_screen"].do()
    stage.session.pads.move("deck1", (0.5, 0.5))
    stage.clock.advance(10)
    stage.session.pads.move("deck1", (0.7, 0.7))
    stage.session.undo()
    assert stage.front.pad == (0.5, 0.5), "slow moves join only while a hand holds on"


def test_the_stage_shows_exactly_what_the_engine_made(stage: Stage) -> None:
    shown = stage.state.shown
    assert shown is not None
    made = picture_of(shown.request.job)
    assert (shown.pixels == made).all()
    assert stage.window.canvas._picture.toImage() == pixmap_of(made).toImage()


def test_a_drag_on_the_picture_is_a_drag_of_the_puck(stage: Stage) -> None:
    canvas = stage.window.canvas
    height = canvas.frame().height()
    x, y = stage.front.pad
    at = canvas.frame().center()
    drag(canvas, at, at + QPointF(height / 8, height / 8))
    assert stage.front.pad == pytest.approx((x + 0.25, y - 0.25))
    drag(canvas, at, at + QPointF(height / 8, 0), modifiers=SHIFT)
    assert stage.front.pad == pytest.approx((x + 0.3, y - 0.25))


def test_an_anchor_moved_on_the_pad_changes_the_blend(stage: Stage) -> None:
    pad = stage.window.pad
    before = weights_of(stage.front)
    drag(
        pad,
        pad.point_at(home_place(1)),
        pad.point_at((-0.5, -0.5)),
        button=Qt.MouseButton.RightButton,
    )
    held = stage.front.slots[1]
    assert held is not None
    assert held.place == pytest.approx((-0.5, -0.5))
    assert weights_of(stage.front) != before


def test_one_gesture_moves_the_pictures_of_both_decks(two: Stage) -> None:
    two.window.all_actions.buttons["deck.link"].click()
    assert two.scene.tied
    shown = [two.session.state(key).shown for key in ("deck1", "deck2")]
    two.changes.clear()
    two.drag_puck((0.1, 0.5), (-0.6, -0.2))
    two.settle()
    for key, before in zip(("deck1", "deck2"), shown, strict=True):
        now = two.session.state(key).shown
        assert now is not None
        assert before is not None
        assert two.scene.deck(key).pad == pytest.approx((-0.6, -0.2))
        assert (now.pixels != before.pixels).any()
    two.session.undo()
    assert [deck.pad for deck in two.scene.decks] == [(0.1, 0.5)] * 2
    two.window.all_actions.buttons["deck.link"].click()
    two.drag_puck((0, 0), (0.5, 0))
    assert two.scene.deck("deck2").pad == (0.1, 0.5)


def test_the_trail_shows_where_this_puck_came_from_and_no_other(two: Stage) -> None:
    trail = two.window.pad._shown.trail
    assert not trail
    two.drag_puck((0.1, 0.5), (0.2, 0.5), (0.3, 0.5))
    assert trail[-1] == pytest.approx((0.2, 0.5))
    two.session.decks.bring_to_front("deck2")
    assert not trail


def test_surprise_spares_what_is_locked(stage: Stage) -> None:
    stage.session.slots.lock("deck1", 1, True)
    before = stage.front.slots
    stage.change(lambda: stage.key(Qt.Key.Key_R))
    assert stage.front.slots[1] == before[1]
    assert all(stage.front.slots)
    assert stage.front.slots[0] != before[0]


def test_an_empty_shelf_says_what_to_do_but_not_while_the_model_loads(
    open_stage: Callable[..., Stage],
) -> None:
    stage = open_stage(guest := slow("load"), start=False, scene=None)
    guest.gate.shut()
    stage.session.open(scene_of(filled_deck(guest, slots=0)))
    stage.window.show()
    stage.session.start()
    guest.gate.await_arrival()
    assert stage.window.canvas._words == "Loading the model…"
    assert stage.window.pad._shown.words == ""
    guest.gate.open()
    stage.settle()
    for index in range(8):
        stage.session.slots.clear("deck1", index)
    assert stage.window.pad._shown.words.startswith("All slots are empty.")
    stage.change(lambda: stage.key(Qt.Key.Key_1))
    assert stage.front.slots[0] is not None


def test_capture_keeps_the_present_point_in_the_first_empty_slot(stage: Stage) -> None:
    shown = stage.state.shown
    assert shown is not None
    stage.change(lambda: stage.key(Qt.Key.Key_C))
    captured = stage.front.slots[3]
    assert captured is not None
    assert captured.latent == pytest.approx(tuple(shown.request.job.latent))


def test_capture_with_a_full_shelf_says_so(stage: Stage) -> None:
    stage.change(lambda: stage.key(Qt.Key.Key_R))
    stage.key(Qt.Key.Key_C)
    assert said(stage).startswith("All slots are full")


# -- the keys, wherever the focus is ---------------------------------------------------------------


def places_of_focus(stage: Stage) -> dict[str, QWidget]:
    window, row = stage.window, stage.window.panel.row
    seed, tint, mirror = row("seed"), row("tint"), row("mirror")
    assert isinstance(seed, SeedRow)
    assert isinstance(tint, ChoiceRow)
    assert isinstance(mirror, ToggleRow)
    return {
        "pad": window.pad,
        "slot": window.slots.views[2],
        "slider": slider_row(stage, "contrast").slider,
        "choice": tint.buttons.button(0),
        "toggle": mirror.button,
        "seed": seed.field,
        "die": seed.die,
        "models": next(b for b in window.findChildren(QComboBox) if b.accessibleName() == "Model"),
        "deck": window.deck_bar.button("deck1"),
        "tie": window.all_actions.buttons["deck.link"],
        "device": next(
            b for b in window.findChildren(QPushButton) if b.accessibleName() == "Performance"
        ),
    }


FOCI = pytest.mark.parametrize(
    "where",
    ["pad", "slot", "slider", "choice", "toggle", "seed", "die", "models", "deck", "tie", "device"],
)


@FOCI
def test_the_keys_work_wherever_the_focus_is(where: str, two: Stage) -> None:
    two.focus(places_of_focus(two)[where])
    two.key(Qt.Key.Key_2)
    assert two.front.pad == home_place(1)
    two.key(Qt.Key.Key_Z, CONTROL)
    assert two.front.pad == (0.1, 0.5)
    two.key(Qt.Key.Key_T)
    assert two.scene.tied
    two.key(Qt.Key.Key_T)
    two.key(Qt.Key.Key_Space)
    assert two.desk.rig.transport.movement.playing
    if where != "slot":  # one with the focus is captured into itself
        two.change(lambda: two.key(Qt.Key.Key_C))
        assert two.front.slots[3] is not None
    two.change(lambda: two.key(Qt.Key.Key_R))
    assert two.front.slots[7] is not None
    two.key(Qt.Key.Key_F11)
    assert two.window.full_screen.is_on
    two.key(Qt.Key.Key_Escape)
    assert not two.window.full_screen.is_on
    two.key(Qt.Key.Key_P)
    assert two.window.pad.hasFocus()
    two.key(Qt.Key.Key_Tab, CONTROL)
    assert two.scene.front == "deck2"


@FOCI
def test_home_centres_the_puck_unless_a_slider_has_the_focus(where: str, stage: Stage) -> None:
    stage.session.set("deck1", "contrast", 1.7)
    stage.focus(places_of_focus(stage)[where])
    stage.key(Qt.Key.Key_Home)
    if where == "slider":
        assert stage.parameter("contrast") == 1.0
        assert stage.front.pad == (0.1, 0.5)
    else:
        assert stage.front.pad == (0.0, 0.0)


def test_the_letters_of_a_slot_do_not_reach_the_window(stage: Stage) -> None:
    stage.focus(stage.window.slots.views[0])
    stage.key(Qt.Key.Key_L)
    held = stage.front.slots[0]
    assert held is not None
    assert held.locked


def test_while_a_value_is_typed_the_keys_are_letters(stage: Stage) -> None:
    field = slider_row(stage, "contrast").field
    field.edit()
    stage.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    before = stage.scene
    for typed in ("1", "2", "R", "T", "P", "F", " ", "S"):
        QTest.keyClicks(QApplication.focusWidget(), typed)
    stage.key(Qt.Key.Key_Z, CONTROL)
    stage.key(Qt.Key.Key_Home)
    assert stage.scene is before
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    stage.key(Qt.Key.Key_Escape)
    assert stage.scene is before


def test_what_is_typed_is_not_meant_for_another_deck(two: Stage) -> None:
    slider_row(two, "contrast").field.edit()
    two.until(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    QTest.keyClicks(QApplication.focusWidget(), "2")
    two.key(Qt.Key.Key_Tab, CONTROL)
    assert two.scene.front == "deck2"
    two.key(Qt.Key.Key_Return)
    assert [deck.parameters["contrast"] for deck in two.scene.decks] == [1.0, 1.0]


@pytest.mark.parametrize("where", ["choice", "toggle", "tie"])
def test_enter_presses_what_has_the_focus(where: str, stage: Stage) -> None:
    button = places_of_focus(stage)[where]
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    stage.focus(button)
    stage.key(Qt.Key.Key_Return)
    assert len(pressed) == 1


def test_enter_opens_the_list_of_models(stage: Stage) -> None:
    stage.focus(places_of_focus(stage)["models"])
    stage.key(Qt.Key.Key_Enter)
    popup = QApplication.activePopupWidget()
    assert popup is not None
    popup.close()


def test_the_key_list_names_every_key_and_stops_nothing(stage: Stage) -> None:
    stage.key(Qt.Key.Key_F1)
    (listed,) = stage.window.findChildren(KeyList)
    words = {label.text() for label in listed.findChildren(QWidget) if hasattr(label, "text")}
    for action in stage.window.all_actions:
        assert not action.keys or (action.series or action.text) in words
    stage.change(lambda: stage.session.pads.move("deck1", (0.5, 0.5)))
    QTest.keyClick(listed, Qt.Key.Key_Escape)
    forget_the_dead()
    assert not stage.window.findChildren(KeyList)


# -- full screen -----------------------------------------------------------------------------------


def test_full_screen_is_the_picture_with_the_pad_over_it(stage: Stage) -> None:
    window = stage.window
    stage.key(Qt.Key.Key_F)
    stage.until(window.stage_pad.isVisible)
    assert window.isFullScreen()
    for part in (window.deck_bar, window.slots, window.panel, window.status):
        assert not part.isVisible()
    stage.until(lambda: window.canvas.size() == window.centralWidget().size())
    assert window.canvas.rect().contains(window.stage_pad.geometry())
    assert window.stage_pad.hasFocus()
    drag(window.stage_pad, QPointF(130, 130), window.stage_pad.point_at((0.5, 0.25)))
    assert stage.front.pad == pytest.approx((0.5, 0.25))
    stage.key(Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert window.panel.isVisible()
    assert not window.stage_pad.isVisible()
    assert window.pad.hasFocus()


def test_escape_off_the_stage_changes_nothing(stage: Stage) -> None:
    stage.key(Qt.Key.Key_Escape)
    assert stage.window.panel.isVisible()


# -- the status bar --------------------------------------------------------------------------------


def said(stage: Stage) -> str:
    return stage.window.status.findChild(QWidget, "notice").words


def figures(stage: Stage) -> list[str]:
    stage.window.status.refresh()
    return [label.text() for label in stage.window.status.findChildren(QWidget) if text_of(label)]


def text_of(widget: QWidget) -> str:
    return widget.text() if hasattr(widget, "text") else ""


def test_the_status_bar_tells_the_device_and_the_figures(stage: Stage) -> None:
    stage.change(lambda: stage.session.pads.move("deck1", (0.5, 0.5)))
    stage.picture()
    assert "● Ready" in figures(stage)
    told = stage.window.status.performance()
    assert told[0] == "Computed by: CPU fake"
    assert told[1].startswith("Pictures on the screen: ")
    assert " 0 a second" not in told[1]
    assert told[2].startswith("From hand to picture: ")
    assert told[3].endswith(f": {stage.session.engines.dropped_jobs}")


def test_before_the_engine_is_there_it_says_so(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(fake(), start=False)
    assert "○ loading…" in figures(stage)


def test_a_long_sentence_does_not_widen_the_window(stage: Stage) -> None:
    width, sentence = stage.window.width(), "A long story. " * 40
    stage.session.noticed.emit(sentence)
    QApplication.processEvents()
    assert stage.window.minimumSizeHint().width() <= stage.window.minimumWidth()
    assert stage.window.width() == width
    assert said(stage) == sentence
    assert stage.window.status.findChild(QWidget, "notice").toolTip() == sentence


def test_a_sentence_goes_by_itself(stage: Stage) -> None:
    stage.session.noticed.emit("Something to know.")
    assert said(stage) == "Something to know."
    stage.window.status._quiet.setInterval(0)
    stage.until(lambda: said(stage) == "")


def test_the_device_is_chosen_from_its_menu(stage: Stage) -> None:
    status = stage.window.status
    chooser = next(
        b for b in status.findChildren(QPushButton) if b.accessibleName() == "Performance"
    )
    chooser.click()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    choices = [action for action in menu.actions() if action.isCheckable()]
    words = [action.text() for action in choices]
    cpu = ["CPU", "CPU, by OpenVINO"]
    assert words == ["Choose by itself", "NVIDIA GPU (CUDA)", "Apple GPU (MPS)", *cpu]
    choices[1].trigger()
    menu.close()
    stage.until(lambda: stage.state.device == "CUDA fake")
    stage.settle()
    forget_the_dead()
    assert not status.findChildren(QMenu)


def test_the_log_is_offered_only_in_trouble(
    open_stage: Callable[..., Stage], tmp_path: object
) -> None:
    for guest, expected in ((fake(), False), (broken("load"), True)):
        stage = open_stage(guest)
        bar = StatusBar(stage.session, tmp_path / "latentloom.log")
        stage.bot.addWidget(bar)
        bar.show()
        bar.refresh()
        offers = next(b for b in bar.findChildren(QPushButton) if b.text() == "show log")
        assert offers.isVisible() is expected


def test_pressing_and_letting_go_of_the_pad_without_moving_is_one_step(stage: Stage) -> None:
    at = stage.window.pad.point_at((0.5, 0.5))
    press(stage.window.pad, at)
    release(stage.window.pad, at, LEFT, modifiers=PLAIN)
    stage.session.undo()
    assert not stage.session.history.can_undo


# -- small screens ---------------------------------------------------------------------------------


def _bars(stage: Stage) -> tuple[int, int]:
    """How far the parts scroll, across and down."""
    layout = stage.window.centralWidget()
    return layout.horizontalScrollBar().maximum(), layout.verticalScrollBar().maximum()


def test_on_a_small_screen_everything_is_reached_by_scrolling(stage: Stage) -> None:
    """1024 x 600 is a netbook, and 1366 x 768 at 125 % is little more."""
    stage.window.resize(1024, 600)
    stage.settle()
    assert (stage.window.width(), stage.window.height()) == (1024, 600)
    across, down = _bars(stage)
    assert 1120 - 1024 <= across <= 1120 - 1024 + 20, "and the width of the other bar"
    assert 660 - 600 <= down <= 660 - 600 + 20
    layout = stage.window.centralWidget()
    layout.ensureWidgetVisible(stage.window.status)
    assert stage.window.status.visibleRegion().boundingRect().height() > 0


@pytest.mark.parametrize("size", [(1120, 660), (1440, 900)])
def test_where_there_is_room_nothing_scrolls(stage: Stage, size: tuple[int, int]) -> None:
    stage.window.resize(*size)
    stage.settle()
    assert _bars(stage) == (0, 0)


def test_in_full_screen_a_small_screen_shows_all_of_the_picture(stage: Stage) -> None:
    stage.window.resize(1024, 600)
    stage.window.all_actions["view.full_screen"].do()
    stage.settle()
    assert _bars(stage) == (0, 0)
