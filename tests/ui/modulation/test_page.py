"""The Modulation tab, the cards, and recording."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.modulation.kinds import KINDS
from tests.ui.hands import CONTROL, LEFT, drag
from tests.ui.live_stage import choose, right_click, words_of
from tests.ui.modulation.test_connecting import card, views
from tests.ui.stage import Stage, forget_the_dead
from ui.modulation._card import MacroSlider
from ui.modulation._page import ModulationPage, NextController
from ui.modulation._scope import Scope
from ui.modulation._steps_view import StepsView


@pytest.fixture
def page(stage: Stage) -> ModulationPage:
    """The page of Wind, which moves the contrast."""
    stage.window.frames._clock = stage.desk.clock
    stage.session.modulation.add("wind")
    stage.session.modulation.connect(1, "/deck/1/contrast")
    stage.key(Qt.Key.Key_6, CONTROL)
    return views(stage).page


def test_every_kind_is_set_by_what_it_declares(stage: Stage, page: ModulationPage) -> None:
    for name, kind in KINDS.items():
        id = stage.session.modulation.add(name)
        assert id is not None
        views(stage).selection.choose(id)
        QApplication.processEvents()
        assert list(page.rows) == [setting.name for setting in kind.settings]
        assert all(row.address == f"/modulator/{id}/{name}" for name, row in page.rows.items())
        assert (page.drawn is not None) == (name in ("steps", "sound"))
    forget_the_dead()


def test_rows_set_and_show_and_midi_may_learn_them(stage: Stage, page: ModulationPage) -> None:
    rate = page.rows["rate"]
    rate.wanted.emit(2.0)
    assert stage.session.modulation.modulator(1).settings["rate"] == 2.0
    assert rate.field.text() == "2.000 Hz"  # type: ignore[attr-defined]
    stage.session.undo()
    assert rate.field.text() == "0.150 Hz"  # type: ignore[attr-defined]
    assert (rate.isVisible(), page.rows["division"].isVisible()) == (True, False)
    page.rows["sync"].wanted.emit("beat")
    assert (rate.isVisible(), page.rows["division"].isVisible()) == (False, True)
    stage.session.undo()
    menu = right_click(rate)
    assert {"Copy OSC address /modulator/1/rate", "Modulate with"} <= set(words_of(menu))
    assert menu is not None
    menu.close()
    assert stage.window.live.learn.widget_of("/connection/1/depth") is page.connections[1].amount
    forget_the_dead()


def test_a_connection_is_changed_muted_and_removed(stage: Stage, page: ModulationPage) -> None:
    rows = page.connections[1]
    rows.amount.wanted.emit(-0.3)
    rows.polarity.wanted.emit("unipolar")
    rows.curve.wanted.emit("S")
    QTest.mouseClick(rows.mute, LEFT)
    (made,) = stage.scene.connections
    assert (made.depth, made.polarity, made.curve, made.on) == (-0.3, "unipolar", "S", False)
    stage.session.modulation.disconnect(1)
    assert page.connections == {}
    forget_the_dead()


def test_a_modulator_is_named_and_goes_by_its_kind_without(
    stage: Stage, page: ModulationPage
) -> None:
    page.name.wanted.emit("Storm")
    assert card(stage).name.accessibleName() == "Edit Storm"
    page.name.wanted.emit("")
    assert card(stage).name.accessibleName() == "Edit LFO 1"


def test_steps_are_drawn_in_one_step(stage: Stage, page: ModulationPage) -> None:
    id = stage.session.modulation.add("steps")
    views(stage).selection.choose(id or 0)
    assert isinstance(page.drawn, StepsView)
    bars = page.drawn.bars
    ends = [bars.frame(n).center() for n in (0, 7)]
    drag(bars, QPointF(ends[0].x(), 2), QPointF(ends[1].x(), 2))
    assert [step.value for step in stage.session.modulation.modulator(2).steps] == [1.0] * 8
    stage.clock.advance(1)
    QTest.mouseClick(page.drawn.shown[2], LEFT)
    stage.focus(bars)
    stage.key(Qt.Key.Key_Down)
    assert stage.session.modulation.modulator(2).steps[7].chance == pytest.approx(0.95)
    stage.clock.advance(1)
    page.drawn.count.wanted.emit(16)
    assert len(stage.session.modulation.modulator(2).steps) == 16
    for _ in range(3):
        stage.session.undo()
    assert stage.session.modulation.modulator(2).steps[1].value == 0.25
    forget_the_dead()


def test_copy_paste_delete_and_the_switches_of_a_card(stage: Stage, page: ModulationPage) -> None:
    stage.focus(card(stage).name)
    stage.key(Qt.Key.Key_C, CONTROL)
    stage.key(Qt.Key.Key_V, CONTROL)
    assert [m.name for m in stage.scene.modulators] == ["Wind", "Wind"]
    QTest.mouseClick(card(stage, 2).on, LEFT)
    QTest.mouseClick(card(stage, 2).solo, LEFT)
    second = stage.session.modulation.modulator(2)
    assert (second.on, second.solo) == (False, True)
    QTest.mouseClick(views(stage).row.dice, LEFT)
    assert stage.scene.connections[0].depth != 0.5
    views(stage).row.master.wanted.emit(0.5)
    assert stage.scene.master_depth == 0.5
    stage.focus(card(stage, 2).name)
    stage.key(Qt.Key.Key_Delete)
    assert [m.id for m in stage.scene.modulators] == [1]
    forget_the_dead()


def test_curves_go_on_while_they_are_seen_and_rest_otherwise(
    stage: Stage, page: ModulationPage
) -> None:
    assert views(stage).moves
    assert not stage.window.frames.at_rest
    scope = card(stage).scope
    assert isinstance(scope, Scope)
    scope.turn(stage.session.modulation.present())
    before = scope.seen()
    assert before.past[-1] == before.future[0] == (0.0, before.value)
    assert before.past[0][0] >= -1
    assert before.future[-1][0] <= 1
    stage.desk.clock.advance(1.0)
    stage.window.frames.step()
    assert scope.seen().value != before.value
    stage.key(Qt.Key.Key_M, Qt.KeyboardModifier.ShiftModifier)
    assert not views(stage).row.isVisible()
    assert not views(stage).moves
    stage.settle()


def test_a_gesture_of_the_pad_is_recorded(stage: Stage, page: ModulationPage) -> None:
    record = views(stage).row.record
    QTest.mouseClick(record, LEFT)
    assert record.isChecked()
    assert record.accessibleName() == "Stop recording"
    stage.desk.clock.advance(1.0)
    stage.session.modulation.step(stage.desk.clock())
    stage.drag_puck((0.0, 0.0), (0.4, 0.4))
    stage.desk.clock.advance(1.0)
    QTest.mouseClick(record, LEFT)
    assert not record.isChecked()
    assert [m.kind for m in stage.scene.modulators] == ["lfo", "gesture"]
    assert views(stage).selection.modulator is stage.scene.modulators[1]
    assert [c.target for c in stage.scene.connections[1:]] == ["/deck/1/pad/x", "/deck/1/pad/y"]
    stage.session.undo()
    assert len(stage.scene.modulators) == 1
    stage.settle()


def test_a_control_is_recorded_for_so_many_bars_after_a_bar_of_count_in(
    stage: Stage, page: ModulationPage
) -> None:
    rate = page.rows["rate"]
    choose(right_click(rate), "Count one bar in first")
    choose(right_click(stage.window.slots.views[0]), "2 bars")
    gestures = stage.session.gestures
    assert gestures.recording
    assert gestures.waits_beats == pytest.approx(4.0)
    stage.desk.clock.advance(2.0)
    stage.session.modulation.step(stage.desk.clock())
    assert gestures.waits_beats == 0
    stage.desk.clock.advance(4.0)
    stage.session.modulation.step(stage.desk.clock())
    assert not gestures.recording
    made = stage.scene.modulators[-1]
    assert (made.kind, made.settings["length"]) == ("gesture", pytest.approx(8.0))
    stage.settle()


def test_a_wave_is_tapped_and_its_button_may_be_learnt(stage: Stage, page: ModulationPage) -> None:
    assert page.tap is not None
    for _ in range(3):
        QTest.mouseClick(page.tap, LEFT)
        stage.desk.clock.advance(0.5)
    assert stage.session.modulation.modulator(1).settings["rate"] == pytest.approx(2.0)
    assert stage.window.live.learn.widget_of("/modulator/1/tap") is page.tap
    stage.session.modulation.add("tension")
    views(stage).selection.choose(2)
    assert page.tap is None
    forget_the_dead()


def test_the_next_controller_that_moves_is_followed(stage: Stage, page: ModulationPage) -> None:
    id = stage.session.modulation.add("follow")
    assert id is not None
    views(stage).selection.choose(id)
    (button,) = page.findChildren(NextController)
    stage.desk.hears(0xB0, 1, 5)
    QTest.mouseClick(button, LEFT)
    stage.desk.hears(0x90, 60, 100)
    stage.desk.hears(0xB3, 11, 64)
    settings = stage.session.modulation.modulator(id).settings
    assert (settings["follows"], settings["channel"], settings["number"]) == ("cc", 4, 11)
    assert not button.isChecked()
    stage.desk.hears(0xB3, 12, 64)
    assert stage.session.modulation.modulator(id).settings["number"] == 11
    forget_the_dead()


def test_a_macro_has_its_knob_on_its_card(stage: Stage, page: ModulationPage) -> None:
    id = stage.session.modulation.add("macro")
    assert id is not None
    knob = views(stage).row.cards[id].scope
    assert isinstance(knob, MacroSlider)
    middle = QPointF(knob.rect().center())
    drag(knob, QPointF(8, middle.y()), middle)
    assert stage.session.modulation.modulator(id).settings["value"] == pytest.approx(0.5, abs=0.02)
    assert stage.window.live.learn.widget_of(f"/modulator/{id}/value") is not None
    stage.session.undo()
    assert stage.session.modulation.modulator(id).settings["value"] == 0.0
    assert knob.accessibleDescription() == "0.00"
