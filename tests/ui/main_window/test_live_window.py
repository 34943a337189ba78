"""The whole window with the transport in it: keys, jumps on the beat, learning, the stage."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication

from studio.document.scene import home_place
from studio.live.player.protocol import PortsSeen
from studio.settings.model import Settings
from tests.fakes import fake
from tests.ui.hands import CONTROL, RIGHT, SHIFT, drag
from tests.ui.live_stage import choose, right_click, words_of
from tests.ui.stage import Stage, forget_the_dead
from ui.settings.dialog import SettingsDialog

A, B = 0, 1


@pytest.fixture
def playing(stage: Stage) -> Stage:
    """In the middle of a bar, with changes that come with the bar."""
    stage.session.set_score("quantum", "bar")
    stage.desk.rig.transport.play()
    stage.desk.clock.advance(0.53)
    return stage


def test_the_keys_play_the_transport(stage: Stage) -> None:
    transport = stage.desk.rig.transport
    stage.focus(stage.window.pad)
    stage.key(Qt.Key.Key_Space)
    assert transport.movement.playing
    assert stage.front.slots[3] is None, "it does not capture any more"
    stage.key(Qt.Key.Key_Space)
    assert not transport.movement.playing
    stage.key(Qt.Key.Key_Space, SHIFT)
    assert transport.movement.playing
    stage.key(Qt.Key.Key_Period, CONTROL)
    assert not transport.movement.playing
    assert stage.desk.player.calls("panic")
    stage.key(Qt.Key.Key_M)
    assert stage.scene.score["metronome"]
    for _ in range(4):
        stage.key(Qt.Key.Key_B)
        stage.desk.clock.advance(0.75)
    assert stage.scene.score["tempo"] == pytest.approx(80)


@pytest.mark.parametrize("how", ["key", "click"])
def test_a_jump_to_a_slot_waits_for_its_beat(how: str, playing: Stage) -> None:
    before = playing.front.pad
    if how == "key":
        playing.key(Qt.Key.Key_2)
    else:
        playing.window.slots.views[B].gone_to.emit()
    assert playing.front.pad == before
    assert playing.window.live._mark.marks[B].beats == 3
    playing.desk.turn(2.0)
    assert playing.front.pad == home_place(B)
    playing.settle()


def test_a_jump_at_now_is_not_delayed(stage: Stage) -> None:
    stage.desk.rig.transport.play()
    stage.key(Qt.Key.Key_2)
    assert stage.front.pad == home_place(B)


def test_a_jump_to_a_slot_that_is_gone_by_then_does_nothing(playing: Stage) -> None:
    playing.key(Qt.Key.Key_2)
    playing.session.slots.clear("deck1", B)
    before = playing.front.pad
    playing.desk.turn(2.0)
    assert playing.front.pad == before


def test_the_bar_goes_with_the_rest_in_full_screen(stage: Stage) -> None:
    bar = stage.window.live.bar
    assert bar.isVisible()
    stage.key(Qt.Key.Key_F)
    assert not bar.isVisible()
    stage.key(Qt.Key.Key_Escape)
    assert bar.isVisible()


def test_every_row_slot_and_button_can_be_learnt(stage: Stage) -> None:
    window = stage.window
    for widget in (
        window.panel.row("contrast"),
        window.panel.row("seed"),
        window.all_actions.buttons["deck.link"],
    ):
        assert any("MIDI" in words for words in words_of(right_click(widget)))
        close_menu()
    assert "MIDI" in words_of(right_click(window.slots.views[A]))
    close_menu()


def test_a_row_is_learnt_with_a_real_knob(stage: Stage) -> None:
    stage.desk.says(PortsSeen("ALSA", ("Keys",), ()))
    stage.desk.rig.use(Settings(inputs=("Keys",)))
    choose(right_click(stage.window.panel.row("contrast")), "Learn MIDI")
    for value in range(0, 128, 4):
        stage.desk.hears(0xB0, 21, value)
        stage.desk.clock.advance(0.05)
    stage.desk.turn(1)
    (bound,) = stage.desk.rig.surfaces.bound("/deck/1/contrast")
    assert str(bound.binding.source) == "CC 21, channel 1"
    assert (
        said(stage) == "CC 21, channel 1 of Keys plays Deck 1: Contrast. "
        "Turn through 1.00 to pick it up."
    )


def test_rows_that_are_made_anew_can_be_learnt_too(stage: Stage) -> None:
    stage.change(lambda: stage.session.decks.choose_model("deck1", "fake", "wide"))
    forget_the_dead()
    row = stage.window.panel.row("lean")
    assert "Copy OSC address /deck/1/lean" in words_of(right_click(row))
    close_menu()


def test_on_the_pad_a_click_offers_and_a_drag_moves_an_anchor(stage: Stage) -> None:
    pad = stage.window.pad
    at = pad.point_at(home_place(B))
    drag(pad, at, button=RIGHT)
    QApplication.processEvents()
    menu = QApplication.activePopupWidget()
    assert menu is not None
    assert "MIDI" in words_of(menu)  # type: ignore[arg-type]
    close_menu()
    drag(pad, at, at + QPointF(30, 30), button=RIGHT)
    QApplication.processEvents()
    assert QApplication.activePopupWidget() is None
    held = stage.front.slots[B]
    assert held is not None
    assert held.place != home_place(B)


def test_the_map_and_the_settings_open_by_their_keys(stage: Stage) -> None:
    stage.focus(stage.window.pad)
    stage.key(Qt.Key.Key_M, CONTROL)
    assert stage.window.live.map.isVisible()
    stage.key(Qt.Key.Key_Escape)
    assert not stage.window.live.map.isVisible()
    stage.key(Qt.Key.Key_Comma, CONTROL)
    (dialog,) = stage.window.findChildren(SettingsDialog)
    dialog.close()
    forget_the_dead()


def test_what_the_rig_notices_is_in_the_status_bar(stage: Stage) -> None:
    stage.desk.rig.noticed.emit("Synth was lost.")
    assert said(stage) == "Synth was lost."


def test_the_window_ends_the_rig(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(fake())
    stage.window.close()
    assert stage.desk.player.calls("close")
    assert stage.desk.sound.calls("close")


def said(stage: Stage) -> str:
    words: str = stage.window.status._notice.words
    return words


def close_menu() -> None:
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
    forget_the_dead()
