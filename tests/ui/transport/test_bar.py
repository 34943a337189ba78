"""The transport's row: what it shows, and what a hand does with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from studio.audio.messages import SoundState
from studio.live.connector import LINK
from studio.live.player.protocol import Lateness, Scheduling
from studio.music.metres import Metre
from tests.ui.hands import ALT, SHIFT, double_click, drag, turn
from tests.ui.live_stage import KEYS, LiveStage
from ui.theme import ACCENT, QUIET, WELL
from ui.transport._beat_display import seen


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path, no_widget_left_behind: None) -> Iterator[LiveStage]:
    made = LiveStage(qtbot, tmp_path)
    yield made
    made.close()


def middle(widget: object) -> QPointF:
    return QPointF(widget.rect().center())  # type: ignore[attr-defined]


# -- moving ----------------------------------------------------------------------------------------


def test_play_stop_and_continue(stage: LiveStage) -> None:
    transport = stage.rig.transport
    stage.bar.play.click()
    assert transport.state != "stopped"
    stage.desk.clock.advance(1.0)
    stage.bar.stop.click()
    stood = transport.place
    assert transport.state == "stopped"
    stage.bar.resume.click()
    assert transport.place == pytest.approx(stood, abs=0.1)
    stage.shown()
    assert stage.bar.play.isChecked()
    assert not stage.bar.resume.isEnabled()


def test_what_a_narrow_window_has_no_room_for_is_in_a_menu(stage: LiveStage) -> None:
    bar, transport = stage.bar, stage.rig.transport
    for width, narrow in ((1300, False), (1120, True)):
        stage.window.resize(width, 300)
        hidden = [not w.isVisible() for w in (bar.resume, bar.back, bar.ahead)]
        assert hidden == [narrow] * 3
        assert bar.more.isVisible() == narrow
    resume, back, ahead = bar.more.menu().actions()
    bar.play.click()
    bar.more.menu().aboutToShow.emit()
    assert not resume.isEnabled()
    before = transport.movement.beat_at(stage.desk.clock() + 5)
    ahead.trigger()
    assert transport.movement.beat_at(stage.desk.clock() + 5) > before
    back.trigger()
    assert transport.movement.beat_at(stage.desk.clock() + 5) == pytest.approx(before)
    bar.stop.click()
    bar.more.menu().aboutToShow.emit()
    resume.trigger()
    assert transport.movement.playing


def test_panic_stops_and_silences(stage: LiveStage) -> None:
    stage.bar.play.click()
    stage.bar.panic.click()
    assert stage.rig.transport.state == "stopped"
    assert stage.desk.player.calls("panic")
    assert stage.desk.sound.calls("panic")


def test_the_count_in_is_the_scenes(stage: LiveStage) -> None:
    turn(stage.bar.count_in, 1)
    assert stage.scene.score["count_in"] == 1
    stage.bar.play.click()
    assert stage.rig.transport.state == "counting in"


# -- the beat --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "metre", "words"),
    [
        (0.0, Metre(), "1.1"),
        (3.99, Metre(), "1.4"),
        (4.0, Metre(), "2.1"),
        (2.999999999, Metre(3, 4), "2.1"),  # sums of floats do not land on the dot
        (0.5, Metre(6, 8), "1.2"),
        (400.0, Metre(), "101.1"),
    ],
)
def test_bar_and_beat_are_counted_from_one(place: float, metre: Metre, words: str) -> None:
    assert seen(place, metre, "playing").words == words


def test_a_count_in_says_how_many_beats_are_left() -> None:
    places = (-8.0, -4.0, -1.0)
    told = [seen(place, Metre(), "counting in").words for place in places]
    assert told == ["in 8", "in 4", "in 1"]


def test_a_pulse_is_bright_on_the_beat_and_at_rest_before_the_next() -> None:
    shades = [seen(place, Metre(), "playing").shade for place in (4.0, 4.2, 4.4, 4.6, 4.9)]
    assert shades == sorted(shades, reverse=True)
    assert shades[0] == 5
    assert shades[-1] == 0
    assert seen(4.0, Metre(), "stopped").shade == 0


def test_play_does_not_flash_the_bar_before(stage: LiveStage) -> None:
    """The first notes get a moment to be ready: until then the first beat is waited for."""
    stage.bar.play.click()
    stage.bar.turn()
    assert stage.bar.beat.seen.words == "1.1"


def test_the_beat_moves_while_the_transport_does(stage: LiveStage) -> None:
    stage.bar.play.click()
    stage.until(lambda: stage.live.clockwork.every_ms is not None)
    stage.desk.clock.advance(0.03 + 2.6)  # five beats and a bit at 120
    stage.until(lambda: stage.bar.beat.seen.words == "2.2")
    assert "2.2" in stage.bar.beat.accessibleDescription()


def test_it_repaints_a_few_times_a_beat_however_often_it_is_told(stage: LiveStage) -> None:
    stage.bar.play.click()
    beat, painted = stage.bar.beat, []
    beat.update = lambda: painted.append(1)  # type: ignore[method-assign]
    for _ in range(1000):  # two seconds: four beats
        stage.desk.clock.advance(0.002)
        stage.bar.turn()
    assert 4 <= len(painted) <= 4 * 8


# -- tempo -----------------------------------------------------------------------------------------


def test_the_tempo_is_dragged_turned_and_typed(stage: LiveStage) -> None:
    tempo = stage.bar.tempo
    turn(tempo, 2)
    assert stage.scene.score["tempo"] == 122
    turn(tempo, 1, modifiers=SHIFT)
    assert stage.scene.score["tempo"] == pytest.approx(122.1)
    drag(tempo, middle(tempo), middle(tempo) - QPointF(0, 30), middle(tempo) - QPointF(0, 60))
    assert stage.scene.score["tempo"] == pytest.approx(132.1)
    double_click(tempo)
    QTest.keyClicks(QApplication.focusWidget(), "97.5")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert stage.scene.score["tempo"] == 97.5
    assert tempo.hasFocus()


def test_a_drag_is_one_step_of_the_history(stage: LiveStage) -> None:
    tempo = stage.bar.tempo
    ways = [middle(tempo) - QPointF(0, 6 * n) for n in range(6)]
    drag(tempo, *ways)
    assert stage.scene.score["tempo"] > 120
    stage.session.undo()
    assert stage.scene.score["tempo"] == 120
    assert not stage.session.history.can_undo


def test_the_tempo_stays_in_its_range_and_alt_click_resets_it(stage: LiveStage) -> None:
    tempo = stage.bar.tempo
    turn(tempo, 500)
    assert stage.scene.score["tempo"] == 300
    drag(tempo, middle(tempo), modifiers=ALT)
    assert stage.scene.score["tempo"] == 120


def test_what_cannot_be_read_is_a_sentence(stage: LiveStage) -> None:
    told: list[str] = []
    stage.session.noticed.connect(told.append)
    stage.bar.tempo.edit()
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    QTest.keyClicks(line, "fast")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert told
    assert told[0].startswith("Tempo")
    assert stage.scene.score["tempo"] == 120


def test_escape_leaves_the_tempo(stage: LiveStage) -> None:
    stage.bar.tempo.edit()
    QTest.keyClicks(QApplication.focusWidget(), "80")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert stage.scene.score["tempo"] == 120


def test_taps_set_the_tempo(stage: LiveStage) -> None:
    for _ in range(4):
        stage.bar.tap.pressed.emit()
        stage.desk.clock.advance(0.75)
    assert stage.scene.score["tempo"] == pytest.approx(80)
    stage.shown()
    assert stage.bar.tempo.text() == "80.0 bpm"


def test_nudges_shift_the_beat_and_not_the_tempo(stage: LiveStage) -> None:
    stage.bar.play.click()
    line = stage.rig.transport.movement.line
    stage.bar.ahead.click()
    later = stage.desk.clock() + 10
    ahead = stage.rig.transport.movement.line.beat_at(later) - line.beat_at(later)
    assert ahead == pytest.approx(0.01 * 2, rel=0.01)
    stage.bar.back.click()
    assert stage.scene.score["tempo"] == 120


def test_metre_and_metronome_are_the_scenes(stage: LiveStage) -> None:
    turn(stage.bar.beats, 2)
    turn(stage.bar.unit, 1)
    assert stage.rig.transport.metre == Metre(6, 8)
    stage.bar.metronome.click()
    stage.bar.level.wanted.emit(0.25)
    assert (stage.rig.metronome.on, stage.rig.metronome.level) == (True, 0.25)
    stage.session.undo()
    stage.session.undo()
    stage.shown()
    assert not stage.bar.metronome.isChecked()


# -- a leader --------------------------------------------------------------------------------------


def tick(stage: LiveStage, bpm: float = 100.0, beats: int = 8) -> None:
    stage.desk.hears(0xFA)
    for _ in range(24 * beats):
        stage.desk.hears(0xF8)
        stage.desk.clock.advance(60 / bpm / 24)


def test_while_a_leader_is_heard_the_tempo_is_its_own(stage: LiveStage) -> None:
    stage.connect(KEYS.but(follow="Keys"))
    stage.shown()
    assert not stage.bar.tempo.locked, "nobody is heard yet"
    assert (stage.bar.follow.words, stage.bar.follow.light) == ("Keys", QUIET)
    tick(stage)
    stage.shown()
    assert stage.bar.tempo.locked
    assert stage.bar.tempo.text() == "100.0 bpm"
    assert stage.bar.follow.light == WELL
    for told in ("phase error", "jitter", "100.0 bpm"):
        assert told in stage.bar.follow.toolTip()
    turn(stage.bar.tempo, 3)
    assert stage.scene.score["tempo"] == 120


def test_until_the_beat_is_sure_the_lamp_is_amber(stage: LiveStage) -> None:
    stage.connect(KEYS.but(follow="Keys"))
    tick(stage, beats=1)
    stage.shown()
    light = stage.bar.follow.light
    assert light == (
        WELL if stage.rig.connector.follower.locked else ACCENT if _drawn(stage) else QUIET
    )


def _drawn(stage: LiveStage) -> bool:
    return stage.rig.connector.follower.line is not None


def test_whoever_is_connected_can_be_followed(stage: LiveStage) -> None:
    stage.connect()
    menu = stage.bar.follow.menu_of_leaders()
    actions = {action.text(): action for action in menu.actions()}
    assert list(actions) == ["Own tempo", "Clock of Keys", "Ableton Link"]
    actions["Clock of Keys"].trigger()
    assert stage.rig.settings.follow == "Keys"
    menu.deleteLater()


def test_link_that_is_not_there_is_a_sentence(stage: LiveStage) -> None:
    stage.connect()
    stage.rig.use(KEYS.but(follow=LINK))
    stage.shown()
    if stage.rig.transport.leader is None:  # the extra is not installed here
        assert "aalink" in stage.bar.follow.toolTip()


# -- what waits ------------------------------------------------------------------------------------


def test_the_quantum_is_one_of_four_words(stage: LiveStage) -> None:
    buttons = stage.bar.quantum.buttons
    assert list(buttons) == ["now", "beat", "bar", "four bars"]
    buttons["bar"].click()
    assert stage.scene.score["quantum"] == "bar"


def test_what_waits_is_counted_down(stage: LiveStage) -> None:
    stage.session.set_score("quantum", "bar")
    stage.bar.play.click()
    stage.desk.clock.advance(0.53)
    stage.shown()
    assert not stage.bar.waits.isVisible()
    stage.rig.in_time(lambda: None, "deck1.jump")
    stage.shown()
    assert stage.bar.waits.text() == "1 in 3"
    assert "deck1.jump" in stage.bar.waits.toolTip()
    stage.desk.turn(3.0)
    stage.shown()
    assert not stage.bar.waits.isVisible()


# -- MIDI and sound --------------------------------------------------------------------------------


def test_the_lamp_is_lit_by_what_comes_in(stage: LiveStage) -> None:
    stage.connect(KEYS, Scheduling("real-time, FIFO 20"), Lateness(12, 0.01, 0.05, 0.1, 0))
    stage.shown()
    assert not stage.bar.lamp.lit
    stage.desk.hears(0x90, 60, 100)
    assert stage.bar.lamp.lit
    stage.until(lambda: not stage.bar.lamp.lit)
    for told in ("ALSA", "real-time, FIFO 20", "p99 0.05 ms"):
        assert told in stage.bar.lamp.toolTip()


def test_no_midi_is_a_state_with_its_sentence(stage: LiveStage) -> None:
    assert stage.bar.lamp.toolTip().startswith("There is no MIDI")


def test_the_sounds_latency_and_volume(stage: LiveStage) -> None:
    sound = stage.bar.sound
    assert sound.state.text() == "off"
    stage.desk.sound.hear(SoundState(True, "Built-in", "Playing on Built-in (12 ms).", 12.0, 2))
    stage.rig.collect()
    stage.shown()
    assert sound.state.text() == "12 ms"
    assert "2 underruns" in sound.state.toolTip()
    sound.volume.wanted.emit(0.25)
    sound.volume.wanted.emit(0.5)
    sound.volume.released.emit()
    assert stage.rig.settings.sound.volume == 0.5
    assert stage.desk.sound.calls("set_volume")[-1] == (0.5,)


def test_a_volume_on_its_way_does_not_jump_back(stage: LiveStage) -> None:
    sound = stage.bar.sound
    for volume in (0.25, 0.5):
        sound.volume.wanted.emit(volume)
    stage.bar.refresh()
    assert sound.volume.accessibleDescription() == "0.50"


# -- room ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [1120, 1280, 1920])
def test_it_fits_in_one_slim_row(width: int, stage: LiveStage) -> None:
    stage.connect()
    stage.window.setFixedWidth(width)
    stage.until(lambda: stage.bar.width() == width)
    stage.shown()
    assert stage.bar.height() <= 40
    assert stage.bar.layout().minimumSize().width() <= width
    right = 0
    for widget in (*(w for w, _ in stage.bar.addresses()), stage.bar.sound.state):
        assert widget.height() <= 36
        if widget.isVisible():
            assert widget.width() >= widget.minimumSizeHint().width(), widget.accessibleName()
            corner = widget.mapTo(stage.bar, widget.rect().topLeft())
            assert stage.bar.rect().contains(widget.rect().translated(corner))
            right = max(right, corner.x() + widget.width())
    assert right <= width


def test_every_part_of_it_has_a_name_and_a_tooltip(stage: LiveStage) -> None:
    stage.shown()
    for widget, address in stage.bar.addresses():
        assert stage.rig.controls.find(address) is not None, address
        assert widget.toolTip(), address
        assert widget.accessibleName() or address == "/transport/quantum", address


# -- the clockwork ---------------------------------------------------------------------------------


def test_nothing_ticks_while_nothing_wants_it(stage: LiveStage) -> None:
    clockwork = stage.live.clockwork
    assert clockwork.every_ms is None
    stage.bar.play.click()
    stage.until(lambda: clockwork.every_ms == 16)
    stage.bar.stop.click()
    stage.until(lambda: clockwork.every_ms is None)


def test_a_controller_is_looked_after_at_leisure_and_learning_at_once(stage: LiveStage) -> None:
    stage.connect()
    assert stage.live.clockwork.every_ms == 40
    stage.rig.surfaces.learn("/transport/tempo")
    assert stage.live.clockwork.every_ms == 16


def test_what_waits_for_a_beat_comes_when_the_transport_stops(stage: LiveStage) -> None:
    done: list[str] = []
    stage.session.set_score("quantum", "four bars")
    stage.bar.play.click()
    stage.desk.clock.advance(1.0)
    stage.rig.in_time(lambda: done.append("jump"), "jump")
    stage.bar.stop.click()
    stage.until(lambda: done == ["jump"])


def test_settings_that_have_rested_are_written(
    stage: LiveStage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.live.clockwork._rested.setInterval(0)
    stage.desk.clock.advance(10)
    stage.rig.use(stage.rig.settings.but(echo=False))
    stage.desk.clock.advance(10)
    stage.live.clockwork._clock = stage.desk.clock
    stage.until((tmp_path / "settings.json").exists)


def test_the_record_button_is_red_and_counts(stage: LiveStage, tmp_path: Path) -> None:
    store, live = stage.desk.store, stage.live
    store.use(store.settings.but(files=store.settings.files.but(recordings_folder=str(tmp_path))))
    live.record.button.click()
    assert live.recorder.is_on
    stage.desk.clock.advance(65.0)
    live.record.turn()
    assert live.record.button.text() == "1:05"
    stage.window.setFixedWidth(1120)
    stage.until(lambda: stage.bar.width() == 1120)
    assert stage.bar.layout().minimumSize().width() <= 1120
    live.record.button.click()
    assert live.record.button.text() == ""
    live.recorder.close()
    assert live.recorder.folder is not None
    assert (live.recorder.folder / "take.take").is_file()
