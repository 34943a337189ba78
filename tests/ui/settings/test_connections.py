"""The connections: what is plugged in, what is used, and what goes where. All applies at once."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QMenu,
    QWidget,
)
from pytestqt.qtbot import QtBot

from studio.audio.listening.messages import InputsSeen, InputState
from studio.audio.messages import DevicesSeen, FontSeen, SoundDevice, SoundState
from studio.document.routes import Route
from studio.live.connector import OURS
from studio.live.player.protocol import PortsSeen, PortState, Scheduling
from studio.settings.model import OscSettings, Settings
from tests.fakes import is_one_sentence
from tests.ports import free_udp
from tests.ui.hands import turn
from tests.ui.live_stage import KEYS, LiveStage, choose
from tests.ui.stage import forget_the_dead
from ui.midi_learn.map_button import MapButton
from ui.settings._port_pages import PortPage
from ui.settings._routes_page import CHANNEL, TRANSPOSE, RoutesPage
from ui.settings.dialog import SettingsDialog
from ui.settings.general_midi import NAMES
from ui.widgets.slider import Slider

PAGES = ["General", "Files", "Sound", "MIDI outputs", "MIDI inputs", "Routes", "OSC", "Keys"]
CONTROLS = (QAbstractButton, QComboBox, QLineEdit, Slider)


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path, no_widget_left_behind: None) -> Iterator[LiveStage]:
    made = LiveStage(qtbot, tmp_path)
    yield made
    made.close()


def opened(stage: LiveStage, page: str) -> Any:
    """The page, on the screen."""
    stage.open_settings(page)
    assert stage.settings is not None
    shown(stage)
    return stage.settings.pages[page]


def shown(stage: LiveStage) -> None:
    QApplication.processEvents()
    assert stage.settings is not None
    stage.settings.refresh()
    QApplication.processEvents()


def rows_of(page: PortPage) -> dict[str, tuple[bool, str]]:
    """What the list says: whether a port is used, and its sentence."""
    return {name: (row.use.isChecked(), row.state.text()) for name, row in page.rows.items()}


# -- ports -----------------------------------------------------------------------------------------


def test_outputs_are_used_by_a_tick(stage: LiveStage) -> None:
    stage.desk.says(PortsSeen("ALSA", (), ("Synth", "Drums")))
    page = opened(stage, "MIDI outputs")
    assert list(page.rows) == ["Synth", "Drums"]
    page.rows["Drums"].use.click()
    assert stage.rig.settings.outputs == ("Drums",)
    assert stage.desk.player.calls("open_output") == [("Drums", "Drums")]
    page.rows["Drums"].use.click()
    assert stage.desk.player.calls("close_output") == [("Drums",)]


def test_each_port_says_how_it_stands(stage: LiveStage) -> None:
    stage.desk.says(PortsSeen("ALSA", (), ("Synth",)))
    stage.rig.use(Settings(outputs=("Synth", "Old one")))
    stage.desk.says(PortState("Synth", True, "Synth is open."))
    page = opened(stage, "MIDI outputs")
    assert rows_of(page) == {
        "Synth": (True, "Synth is open."),
        "Old one": (True, "Not connected now; it opens by itself when it comes back."),
    }


def test_what_is_plugged_in_or_out_is_seen_at_once(stage: LiveStage) -> None:
    page = opened(stage, "MIDI outputs")
    assert list(page.rows) == []
    stage.desk.says(PortsSeen("ALSA", (), ("Synth",)))
    stage.until(lambda: list(page.rows) == ["Synth"])
    stage.desk.says(PortsSeen("ALSA", (), ()))
    stage.until(lambda: list(page.rows) == [])
    assert page._none.isVisible()


def test_an_output_gets_the_clock_only_while_it_is_used(stage: LiveStage) -> None:
    stage.desk.says(PortsSeen("ALSA", (), ("Synth",)))
    page = opened(stage, "MIDI outputs")
    row = page.rows["Synth"]
    assert not row.clock.isEnabled()
    row.use.click()
    shown(stage)
    row.clock.click()
    assert stage.rig.settings.clock_to == ("Synth",)
    row.use.click()
    assert stage.rig.settings.clock_to == ()


def test_no_midi_is_a_state_and_no_error(stage: LiveStage) -> None:
    page = opened(stage, "MIDI outputs")
    assert page.about.text() == "The MIDI player is starting."
    stage.desk.says(Scheduling("normal priority"), PortsSeen("", (), ()))
    shown(stage)
    assert page.about.text().startswith("There is no MIDI on this computer")
    stage.desk.says(PortsSeen("ALSA", (), ()))
    shown(stage)
    assert page.about.text().startswith("MIDI through ALSA")


def test_ports_of_our_own(stage: LiveStage) -> None:
    page = opened(stage, "MIDI outputs")
    page.own.click()
    shown(stage)
    assert stage.rig.settings.virtual_ports
    assert list(page.rows) == [OURS]
    assert not page.rows[OURS].use.isEnabled()


def test_inputs_are_heard_and_followed_by_a_tick(stage: LiveStage) -> None:
    stage.desk.says(PortsSeen("ALSA", ("Keys", "Pads"), ()))
    page = opened(stage, "MIDI inputs")
    page.rows["Keys"].clock.click()
    assert stage.rig.settings.inputs == ("Keys",)
    assert stage.rig.settings.follow == "Keys"
    shown(stage)
    page.rows["Pads"].use.click()
    page.rows["Keys"].use.click()
    assert stage.rig.settings.inputs == ("Pads",)
    assert stage.rig.settings.follow is None
    page.echo.click()
    assert not stage.rig.settings.echo


# -- maps ------------------------------------------------------------------------------------------


@pytest.fixture
def button(stage: LiveStage) -> MapButton:
    """The map of Keys, whose one knob plays the tempo."""
    stage.connect()
    stage.rig.surfaces.learn("/transport/tempo")
    stage.turn_knob()
    made: MapButton = opened(stage, "MIDI inputs")._maps["Keys"]
    return made


def test_a_map_is_exported_and_imported(
    stage: LiveStage, button: MapButton, tmp_path: Path
) -> None:
    assert button.text() == "1 binding"
    button.write(tmp_path / "mine.json")
    button.forget()
    shown(stage)
    assert button.text() == "nothing bound"
    button.read(tmp_path / "mine.json")
    assert stage.rig.surfaces.bound("/transport/tempo")


def test_a_file_that_is_no_map_is_a_sentence(
    stage: LiveStage, button: MapButton, tmp_path: Path
) -> None:
    told: list[str] = []
    button.said.connect(told.append)
    (tmp_path / "no.json").write_text("[]")
    button.read(tmp_path / "no.json")
    button.write(tmp_path)
    assert all(is_one_sentence(sentence) for sentence in told)
    assert len(told) == 2
    assert stage.rig.surfaces.bound("/transport/tempo")


def test_lamps_follow_when_they_are_asked_to(stage: LiveStage, button: MapButton) -> None:
    choose(button.menu_of_map(), "Lamps and motors follow")
    assert stage.rig.surfaces.map("Keys").feedback


def test_choosing_a_file_stops_nothing(stage: LiveStage, button: MapButton) -> None:
    choose(button.menu_of_map(), "Export this map…")
    (dialog,) = button.findChildren(QFileDialog)
    assert dialog.isVisible()
    dialog.reject()
    forget_the_dead()
    for menu in button.findChildren(QMenu):
        menu.deleteLater()


# -- routes ----------------------------------------------------------------------------------------


def chosen(picker: QComboBox, words: str) -> None:
    """Choose what begins with `words`, as a hand does."""
    listed = [picker.itemText(i) for i in range(picker.count())]
    index = next(i for i, text in enumerate(listed) if text.startswith(words))
    picker.setCurrentIndex(index)
    picker.activated.emit(index)


def test_a_route_is_played_by_hand(stage: LiveStage) -> None:
    stage.connect()
    page: RoutesPage = opened(stage, "Routes")
    (row,) = page.rows
    chosen(row.port, "Synth")
    chosen(row.program, "41  Brush kit")
    turn(row.channel, -2)
    shown(stage)
    row.transpose.wanted.emit(-12)
    row.mute.click()
    assert stage.scene.routes == (
        Route(track="metronome", port="Synth", channel=8, program=40, transpose=-12, mute=True),
    )
    stage.session.undo()
    assert stage.scene.routes != (stage.scene.routes, ())


def test_routes_come_and_go(stage: LiveStage) -> None:
    stage.connect()
    page: RoutesPage = opened(stage, "Routes")
    page.add.click()
    shown(stage)
    assert [route.port for route in stage.scene.routes] == ["sound", "Synth"]
    page.rows[0].remove.click()
    shown(stage)
    assert [route.port for route in stage.scene.routes] == ["Synth"]
    page.rows[0].remove.click()
    shown(stage)
    assert stage.scene.routes == ()
    assert page._none.isVisible()
    stage.session.undo()
    shown(stage)
    assert page.rows


def test_a_route_to_what_is_not_here_says_so(stage: LiveStage) -> None:
    stage.session.set_routes([Route(track="melody", port="Her synth")])
    page: RoutesPage = opened(stage, "Routes")
    (row,) = page.rows
    assert row.port.currentText() == "Her synth (not used here)"
    assert row.track.currentText() == "Melody"


def test_instruments_have_the_names_of_what_plays_them(stage: LiveStage) -> None:
    stage.connect()
    stage.desk.sound.hear(FontSeen("Folk", "MIT", ((0, "Upright"), (24, "Guitar"))))
    stage.rig.collect()
    stage.session.set_routes(
        [Route(track="a", port="sound", program=0), Route(track="b", port="Synth", program=0)]
    )
    page: RoutesPage = opened(stage, "Routes")
    assert [row.program.currentText() for row in page.rows] == [
        "1  Upright",
        "1  Acoustic Grand Piano",
    ]
    assert page.rows[0].program.itemText(2) == "2  Bright Acoustic Piano ≈"
    assert (NAMES[40], NAMES[73], len(NAMES)) == ("Violin", "Flute", 128)


def test_the_ranges_are_those_of_the_route() -> None:
    assert (CHANNEL.low, CHANNEL.high, CHANNEL.default) == (1, 16, 1)
    assert (TRANSPOSE.low, TRANSPOSE.high, TRANSPOSE.default) == (-60, 60, 0)


# -- sound -----------------------------------------------------------------------------------------


def test_the_sound_is_set_and_says_how_it_stands(stage: LiveStage) -> None:
    page = opened(stage, "Sound")
    assert page.about.text() == "The sound is not started."
    assert not page.test.isEnabled()
    stage.desk.sound.hear(
        DevicesSeen((SoundDevice("USB", 2, 48000), SoundDevice("Built-in", 2, 44100)))
    )
    stage.desk.sound.hear(SoundState(True, "USB", "Playing on USB (9 ms).", 9.0, 3, 1))
    stage.rig.collect()
    shown(stage)
    assert page.about.text() == "Playing on USB (9 ms)."
    assert page.figures.text() == "Latency 9 ms · 3 underruns · 1 late notes"
    chosen(page.device, "Built-in")
    assert stage.desk.sound.calls("use_device")[-1] == ("Built-in",)
    for field, value in (("volume", 0.5), ("room", 0.75), ("offset_ms", 20.0)):
        page.rows[f"sound.{field}"].wanted.emit(value)
        page.rows[f"sound.{field}"].released.emit()
        assert getattr(stage.rig.settings.sound, field) == value
    page.rows["sound.buffer"].wanted.emit("large")
    page._apply.finish()
    assert stage.rig.settings.sound.buffer == "large"


def test_four_notes_can_be_heard_and_end(stage: LiveStage) -> None:
    page = opened(stage, "Sound")
    stage.desk.sound.hear(SoundState(True, "USB", "Playing."))
    stage.rig.collect()
    shown(stage)
    page.test.click()
    sent = stage.desk.sound.sent()
    ons = [m.data[1] for m in sent if m.data[0] == 0x90]
    offs = [m.data[1] for m in sent if m.data[0] == 0x80]
    assert len(ons) == 4
    assert ons == offs
    assert [m.due_s for m in sent] == sorted(m.due_s for m in sent)


def test_a_device_that_is_away_is_waited_for(stage: LiveStage) -> None:
    stage.rig.use(Settings.model_validate({"sound": {"device": "USB"}}))
    page = opened(stage, "Sound")
    assert page.device.currentText() == "USB (away)"


def test_a_sound_input_is_chosen_and_says_how_it_stands(stage: LiveStage) -> None:
    page = opened(stage, "Sound")
    assert stage.desk.sound_input.calls("look"), "which there are now"
    stage.desk.sound_input.hear(InputsSeen((SoundDevice("Microphone", 1, 48000),)))
    stage.rig.collect()
    shown(stage)
    assert page.input.currentText() == "Listen to nothing"
    chosen(page.input, "Microphone")
    assert stage.desk.sound_input.calls("use_device")[-1] == ("Microphone",)
    stage.desk.sound_input.hear(InputsSeen(()))
    stage.desk.sound_input.hear(InputState(False, "Microphone", "Microphone is gone."))
    stage.rig.collect()
    shown(stage)
    assert page.input.currentText() == "Microphone (away)"
    assert page.listening.text() == "Microphone is gone."


def test_the_sound_can_be_switched_off(stage: LiveStage) -> None:
    page = opened(stage, "Sound")
    page.on.click()
    shown(stage)
    assert not stage.rig.settings.sound.on
    assert page.about.text() == "The sound is switched off."
    assert stage.desk.sound.calls("set_volume")[-1] == (0.0,)


# -- OSC -------------------------------------------------------------------------------------------


def typed(line: QLineEdit, words: str) -> None:
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, words)
    QTest.keyClick(line, Qt.Key.Key_Return)
    line.clearFocus()


def test_osc_is_off_until_it_is_ticked_and_then_for_this_computer(stage: LiveStage) -> None:
    page, port = opened(stage, "OSC"), free_udp()
    assert page.about.text() == "OSC is off."
    typed(page.port, str(port))
    page.listens.click()
    shown(stage)
    assert stage.rig.osc.listening == ("127.0.0.1", port)
    assert page.about.text() == f"OSC is received on port {port}, from here."
    assert not page.warning.isVisible()


def test_opening_it_to_the_network_comes_with_a_warning(stage: LiveStage) -> None:
    page = opened(stage, "OSC")
    page.open.click()
    shown(stage)
    assert stage.rig.settings.osc.open_to_network
    assert page.warning.isVisible()
    assert "password" in page.warning.text()


def test_a_port_that_is_taken_is_a_sentence(stage: LiveStage) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as holder:
        holder.bind(("127.0.0.1", 0))
        port = holder.getsockname()[1]
        page = opened(stage, "OSC")
        stage.rig.use(Settings(osc=OscSettings(port=port)))
        page.listens.click()
        shown(stage)
    assert page.about.text() == f"Port {port} could not be opened: another program may have it."
    assert stage.settings is not None
    assert is_one_sentence(stage.settings.words.words)


@pytest.mark.parametrize("nonsense", ["0", "65536", "ninety"])
def test_a_port_that_is_none_is_refused(nonsense: str, stage: LiveStage) -> None:
    page = opened(stage, "OSC")
    told: list[str] = []
    page.said.connect(told.append)
    typed(page.port, nonsense)
    assert told
    assert told[0].startswith("Port wants")
    assert page.port.text() == str(OscSettings().port)
    assert stage.rig.settings.osc == OscSettings()


def test_a_target_is_told_what_changes(stage: LiveStage) -> None:
    page = opened(stage, "OSC")
    page.tells.click()
    assert stage.rig.settings.osc.target == "127.0.0.1"
    typed(page.target_port, "9100")
    assert stage.rig.settings.osc.target_port == 9100
    shown(stage)
    page.tells.click()
    assert stage.rig.settings.osc.target is None


# -- the dialog ------------------------------------------------------------------------------------


def test_it_opens_once_and_goes_without_a_trace(stage: LiveStage) -> None:
    stage.open_settings()
    stage.open_settings("Sound")
    (dialog,) = stage.window.findChildren(SettingsDialog)
    assert dialog.page.title == "Sound"
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    forget_the_dead()
    assert not stage.window.findChildren(SettingsDialog)
    assert stage.settings is None
    stage.desk.says(PortsSeen("ALSA", (), ("Synth",)))  # nobody listens, nothing breaks


def test_enter_takes_what_was_typed_and_presses_nothing_else(stage: LiveStage) -> None:
    page = opened(stage, "OSC")
    typed(page.port, "9100")
    assert stage.rig.settings.osc.port == 9100
    assert stage.settings is not None
    assert stage.settings.page is page
    page.listens.setFocus()
    QTest.keyClick(page.listens, Qt.Key.Key_Return)
    assert stage.rig.settings.osc.listens


def test_what_goes_wrong_is_told_at_its_foot(stage: LiveStage) -> None:
    opened(stage, "MIDI outputs")
    stage.rig.noticed.emit("Something to know.")
    assert stage.settings is not None
    assert stage.settings.words.words == "Something to know."


@pytest.mark.parametrize("page", PAGES)
def test_everything_on_it_has_a_name_and_a_tooltip(page: str, stage: LiveStage) -> None:
    stage.connect(KEYS.but(virtual_ports=True))
    opened(stage, page)
    assert stage.settings is not None
    for widget in stage.settings.findChildren(QWidget):
        if widget.isVisible() and isinstance(widget, CONTROLS):
            named = widget.accessibleName() or getattr(widget, "text", str)()
            assert named, type(widget)
            assert told(widget), named


def told(widget: QWidget | None) -> str:
    """The tooltip that shows over `widget`."""
    while widget is not None and not widget.toolTip():
        widget = widget.parentWidget()
    return "" if widget is None else widget.toolTip()
