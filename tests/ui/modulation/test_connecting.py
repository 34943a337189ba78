"""Modulators in the row, and how they come to move a control."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.hands import LEFT, mouse
from tests.ui.live_stage import choose, right_click, words_of
from tests.ui.stage import Stage, forget_the_dead
from ui.modulation._card import Card, Grip
from ui.modulation.views import ModulationViews


def views(stage: Stage) -> ModulationViews:
    return stage.window.modulation


def card(stage: Stage, id: int = 1) -> Card:
    return views(stage).row.cards[id]


def contrast(stage: Stage) -> QWidget:
    return stage.window.panel.row("contrast")


def drag_grip(grip: Grip, to: QWidget) -> None:
    """Drag a grip on to the middle of a control, in two moves."""
    middle = QPointF(grip.rect().center())
    there = grip.mapFromGlobal(to.mapToGlobal(to.rect().center())).toPointF()
    mouse(grip, QEvent.Type.MouseButtonPress, middle, LEFT, LEFT)
    for at in (middle + (there - middle) / 2, there):
        mouse(grip, QEvent.Type.MouseMove, at, held=LEFT)
    mouse(grip, QEvent.Type.MouseButtonRelease, there, LEFT)


def test_an_empty_scene_says_what_to_do_and_one_click_begins(stage: Stage) -> None:
    page, row = views(stage).page, views(stage).row
    assert not row.isVisible()
    stage.key(Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
    assert page.isVisible()
    assert page.empty.isVisible()
    wind = next(b for b in page.findChildren(QWidget) if getattr(b, "text", str)() == "Wind")
    QTest.mouseClick(wind, LEFT)
    assert [m.name for m in stage.scene.modulators] == ["Wind"]
    assert row.isVisible()
    assert not page.empty.isVisible()
    stage.session.undo()
    assert not row.isVisible()
    assert page.empty.isVisible()


def test_a_grip_is_dragged_on_to_a_slider(stage: Stage) -> None:
    stage.session.modulation.add("wind")
    QApplication.processEvents()
    drag_grip(card(stage).grip, contrast(stage))
    (made,) = stage.scene.connections
    assert (made.modulator, made.target) == (1, "/deck/1/contrast")
    drag_grip(card(stage).grip, stage.window.canvas)
    assert stage.scene.connections == (made,), "there is nothing to be moved"
    stage.session.undo()
    assert stage.scene.connections == ()


def test_a_grip_on_the_pad_asks_for_the_way(stage: Stage) -> None:
    stage.session.modulation.add("wind")
    QApplication.processEvents()
    drag_grip(card(stage).grip, stage.window.pad)
    menu = QApplication.activePopupWidget()
    choose(menu, "Both")  # type: ignore[arg-type]
    assert [c.target for c in stage.scene.connections] == ["/deck/1/pad/x", "/deck/1/pad/y"]
    stage.settle()


def test_the_menu_of_a_control_connects_and_changes(stage: Stage) -> None:
    choose(right_click(contrast(stage)), "Kick pump")
    assert [m.name for m in stage.scene.modulators] == ["Kick pump"]
    assert [c.target for c in stage.scene.connections] == ["/deck/1/contrast"]
    menu = right_click(contrast(stage))
    assert "Kick pump: +50 %" in words_of(menu)
    choose(menu, "-25 %")
    choose(right_click(contrast(stage)), "one way")
    choose(right_click(contrast(stage)), "Mute")
    (made,) = stage.scene.connections
    assert (made.depth, made.polarity, made.on) == (-0.25, "unipolar", False)
    choose(right_click(contrast(stage)), "Randomise the depth")
    assert abs(stage.scene.connections[0].depth) >= 0.1
    choose(right_click(contrast(stage)), "Remove")
    assert stage.scene.connections == ()
    for _ in range(6):
        stage.session.undo()
    assert stage.scene.modulators == (), "the new one and its connection were one step"


def test_a_slots_menu_moves_its_share_and_midi_plays_the_jump(stage: Stage) -> None:
    menu = right_click(stage.window.slots.views[0])
    assert {"MIDI", "Modulate with"} <= set(words_of(menu))
    choose(menu, "Breathe")
    assert [c.target for c in stage.scene.connections] == ["/deck/1/weight/a"]
    stage.settle()


def test_a_cards_menu_connects_from_the_keyboard(stage: Stage) -> None:
    stage.session.modulation.add("wind")
    stage.session.modulation.add("breathe")
    choose(card(stage).menu(), "Tempo")
    assert [c.target for c in stage.scene.connections] == ["/transport/tempo"]


def test_a_control_is_followed_from_its_menu_and_the_new_card_is_seen(stage: Stage) -> None:
    for _ in range(12):
        stage.session.modulation.add("wind")
    choose(right_click(contrast(stage)), "Follow it with a new modulator")
    made = stage.scene.modulators[-1]
    assert (made.kind, made.name) == ("follow", "Contrast")
    assert made.settings["address"] in ("/deck/1/contrast", "/front/contrast")
    new = card(stage, 13)
    stage.until(lambda: not new.visibleRegion().isEmpty())
    forget_the_dead()
