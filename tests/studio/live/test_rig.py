"""The rig: what the scene and the settings say is what plays, and to where."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import numpy as np
import pytest

from studio.audio.messages import FontSeen, SoundState
from studio.document.routes import Route
from studio.engine.deck_job import job_of
from studio.live.connector import OURS
from studio.live.player.protocol import PortsSeen, PortState, Refused
from studio.processes.messages import Due, Received
from studio.settings.model import OscSettings, Settings, SoundSettings
from studio.settings.store import Store
from tests.fakes import PATIENCE_S, Pump, composing, fake, is_one_sentence, slow
from tests.live_fakes import FakeDesk
from tests.ports import free_udp


class Desk(FakeDesk):
    """A rig on a session that is at rest, with recorders at its ends."""

    def __init__(self, pump: Pump, file: Path) -> None:
        super().__init__(pump.session, file)
        self.pump = pump


@pytest.fixture
def desk(play: Any, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(play(fake()), tmp_path / "settings.json")
    made.rig.start()
    yield made
    made.rig.close()


KEYS = Settings(inputs=("Keys",))


# -- the scene -------------------------------------------------------------------------------------


def test_the_transport_follows_the_scene_and_so_does_undo(desk: Desk) -> None:
    desk.pump.session.set_score("tempo", 96.0)
    assert desk.rig.transport.bpm == 96
    desk.pump.session.set_score("metre_beats", 3)
    assert desk.rig.transport.metre.beats == 3
    desk.pump.session.undo()
    desk.pump.session.undo()
    assert (desk.rig.transport.bpm, desk.rig.transport.metre.beats) == (120, 4)


def test_a_tapped_tempo_is_the_scenes(desk: Desk) -> None:
    for _ in range(4):
        desk.rig.scene_transport.tap(desk.clock())
        desk.clock.advance(0.5)
    desk.pump.session.set_score("tempo", 90.0)
    desk.clock.advance(10)
    for _ in range(4):
        desk.rig.scene_transport.tap(desk.clock())
        desk.clock.advance(0.75)
    assert desk.pump.scene.score["tempo"] == pytest.approx(80)


def test_knobs_reach_the_tempo_through_the_scene(desk: Desk) -> None:
    desk.rig.controls.set("/transport/tempo", 141.0)
    assert desk.pump.scene.score["tempo"] == 141
    assert desk.rig.transport.bpm == 141


def test_the_metronome_goes_where_its_route_says(desk: Desk) -> None:
    desk.pump.session.set_routes([Route(track="metronome", port="Drums", channel=3)])
    desk.pump.session.set_score("metronome", True)
    desk.rig.transport.play()
    deadline = monotonic() + PATIENCE_S
    while not (ons := [m for m in desk.player.sent() if m.data[0] == 0x92]):
        assert monotonic() < deadline, "waited for a click in vain"
        desk.clock.advance(0.002)  # the sources answer on threads of their own, in real time
        sleep(0.001)
    assert ons[0].data[1] == 76, "the bar's first beat"
    assert {m.port for m in desk.player.sent()} == {"Drums"}


# -- what waits for the beat -----------------------------------------------------------------------


def test_a_change_waits_for_its_bar(desk: Desk) -> None:
    done: list[str] = []
    desk.pump.session.set_score("quantum", "bar")
    desk.rig.transport.play()
    desk.clock.advance(0.5)
    desk.rig.in_time(lambda: done.append("jump"), "jump")
    desk.rig.tick(desk.clock())
    assert not done
    desk.clock.advance(2.0)  # a bar of four at 120
    desk.rig.tick(desk.clock())
    assert done == ["jump"]


def test_nothing_waits_while_the_transport_stands(desk: Desk) -> None:
    done: list[str] = []
    desk.pump.session.set_score("quantum", "four bars")
    desk.rig.in_time(lambda: done.append("jump"), "jump")
    assert done == ["jump"]


# -- what comes in ---------------------------------------------------------------------------------


def test_a_knob_that_was_learnt_turns_its_control(desk: Desk) -> None:
    desk.rig.use(KEYS)
    desk.rig.surfaces.learn("/deck/1/contrast")
    for value in range(0, 128, 4):
        desk.hears(0xB0, 21, value)
        desk.clock.advance(0.05)
    desk.rig.tick(desk.clock() + 1)
    assert desk.rig.surfaces.bound("/deck/1/contrast")
    for value in range(127, 59, -1):
        desk.hears(0xB0, 21, value)
    assert desk.pump.deck().parameters["contrast"] == pytest.approx(2 * 60 / 127, abs=0.02)


def test_notes_that_come_in_sound_here_unless_that_is_switched_off(desk: Desk) -> None:
    desk.rig.use(KEYS)
    desk.hears(0x90, 60, 100)
    assert [m.data for m in desk.sound.sent()] == [bytes((0x90, 60, 100))]
    desk.rig.use(KEYS.but(echo=False))
    desk.hears(0x90, 62, 100)
    sent = [m.data for m in desk.sound.sent()]
    assert sent[1:] == [bytes((0x80, 60, 0))], "the key that is held ends with it"


def test_a_note_that_comes_in_is_told_to_the_lead_before_the_window_knows(desk: Desk) -> None:
    struck: list[bytes] = []
    desk.rig.ensemble.strike = lambda event: struck.append(event.data)  # type: ignore[method-assign]
    desk.rig.use(KEYS)
    desk.rig._hear(Received(desk.clock(), "Keys", bytes((0x90, 60, 100))))
    assert struck == [bytes((0x90, 60, 100))]
    desk.rig._is_bound = lambda _: True  # type: ignore[method-assign]
    desk.rig._hear(Received(desk.clock(), "Keys", bytes((0x90, 61, 100))))
    assert len(struck) == 1, "a key that plays a control"


def test_keys_that_a_hand_holds_end_when_their_input_is_lost_or_taken_away(desk: Desk) -> None:
    desk.rig.use(KEYS)
    desk.hears(0x90, 60, 100)
    desk.hears(0xB0, 64, 127)
    desk.rig.devices.take(PortState("Keys", False, "Keys was lost.", "in"))
    assert [m.data for m in desk.sound.sent()][2:] == [bytes((0x80, 60, 0)), bytes((0xB0, 64, 0))]
    desk.hears(0x90, 61, 100)
    desk.rig.use(KEYS.but(inputs=()))
    assert desk.sound.sent()[-1].data == bytes((0x80, 61, 0))


def test_an_incoming_clock_moves_the_transport(desk: Desk) -> None:
    desk.rig.use(KEYS.but(follow="Keys"))
    desk.hears(0xFA)
    for _ in range(24 * 8):
        desk.hears(0xF8)
        desk.clock.advance(60 / 100 / 24)
    assert desk.rig.transport.state == "playing"
    assert desk.rig.transport.bpm == pytest.approx(100, abs=0.5)
    desk.hears(0xFC)
    assert desk.rig.transport.state == "stopped"


# -- settings --------------------------------------------------------------------------------------


def test_ports_are_opened_and_let_go_as_the_settings_say(desk: Desk) -> None:
    desk.rig.use(Settings(outputs=("Synth",), inputs=("Keys",)))
    assert desk.player.calls("open_output") == [("Synth", "Synth")]
    assert desk.player.calls("open_input") == [("Keys", "Keys")]
    desk.rig.use(Settings(outputs=("Drums",)))
    assert desk.player.calls("close_output") == [("Synth",)]
    assert desk.player.calls("close_input") == [("Keys",)]


def test_what_was_connected_is_connected_the_next_time(play: Any, tmp_path: Path) -> None:
    for _ in range(2):
        desk = Desk(play(fake()), tmp_path / "settings.json")
        desk.rig.start()
        if desk.rig.settings == Settings():
            desk.rig.use(Settings(outputs=("Synth",), sound=SoundSettings(volume=0.25)))
        desk.rig.close()
    assert desk.player.calls("open_output") == [("Synth", "Synth")]
    assert desk.sound.calls("set_volume")[-1] == (0.25,)


def test_settings_that_cannot_be_read_are_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    for text in ("", "[]", '{"outputs": [""]}', '{"sound": {"volume": 9}}', "{" * 9000):
        file.write_text(text)
        assert Store(file).settings == Settings()


def test_settings_that_cannot_be_kept_are_used_and_say_so(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    desk.rig.use(Settings(outputs=("Synth",)))
    desk.rig.tick(desk.clock() + 2)
    assert desk.player.calls("open_output")
    assert is_one_sentence(desk.notices[0])


def test_parts_of_a_new_deck_go_where_the_settings_say(play: Any, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"routes": {"lead": {"port": "Synth"}}}')
    desk = Desk(play(composing()), tmp_path / "settings.json")
    desk.pump.session.set_routes(())
    desk.rig.start()
    desk.rig.collect()
    ports = {route.track: route.port for route in desk.pump.scene.routes}
    assert (ports["deck1 lead"], ports["deck1 bass"]) == ("Synth", "sound")
    desk.rig.close()


def test_what_is_wrong_with_the_settings_is_said_at_the_start(play: Any, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("{")
    desk = Desk(play(fake()), tmp_path / "settings.json")
    assert desk.notices == []
    desk.rig.start()
    assert len(desk.notices) == 1
    assert is_one_sentence(desk.notices[0])
    desk.rig.close()


def test_our_own_ports_are_made_on_request(desk: Desk) -> None:
    desk.rig.use(Settings(virtual_ports=True))
    assert ("open_output", (OURS, OURS), {"virtual": True}) in desk.player.asked
    assert ("open_input", (OURS, OURS), {"virtual": True}) in desk.player.asked
    desk.rig.use(Settings())
    assert desk.player.calls("close_input") == [(OURS,)]


def test_osc_is_off_until_it_is_switched_on_and_then_on_this_computer(desk: Desk) -> None:
    assert desk.rig.osc.listening is None
    desk.rig.use(Settings(osc=OscSettings(listens=True, port=free_udp())))
    assert desk.rig.osc.listening is not None
    assert desk.rig.osc.listening[0] == "127.0.0.1"
    desk.rig.use(Settings())
    assert desk.rig.osc.listening is None


def test_without_sound_the_rest_goes_on(play: Any, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"sound": {"on": false}}')
    desk = Desk(play(fake()), tmp_path / "settings.json")
    desk.rig.start()
    assert not desk.sound.calls("start")
    desk.rig.close()


def test_a_knob_on_the_volume_writes_nothing_until_it_rests(desk: Desk, tmp_path: Path) -> None:
    for value in (0.1, 0.2, 0.3):
        desk.rig.controls.set("/sound/volume", value)
        desk.rig.tick(desk.clock())
    assert desk.sound.calls("set_volume")[-1] == (0.3,)
    assert not (tmp_path / "settings.json").exists()
    desk.rig.tick(desk.clock() + 2)
    assert Store(tmp_path / "settings.json").settings.sound.volume == 0.3


# -- trouble ---------------------------------------------------------------------------------------


def test_a_port_that_goes_and_comes_is_a_sentence_each_time(desk: Desk) -> None:
    desk.rig.use(Settings(outputs=("Synth",)))
    for is_open, sentence in (
        (True, "Synth is open."),
        (False, "Synth was lost."),
        (True, "Back."),
    ):
        desk.player.hear(PortState("Synth", is_open, sentence))
    desk.rig.collect()
    assert desk.notices == ["Synth was lost.", "Back."]


def test_the_loss_of_the_sound_is_a_sentence(desk: Desk) -> None:
    desk.sound.hear(SoundState(True, "Built-in", "Playing."))
    desk.sound.hear(SoundState(False, "Built-in", "The sound device is gone."))
    desk.rig.collect()
    assert desk.notices == ["The sound device is gone."]


def test_a_font_of_the_artist_s_is_played_and_kept_unless_it_is_refused(
    desk: Desk, tmp_path: Path
) -> None:
    def use(file: Path) -> None:
        settings = desk.rig.settings
        desk.rig.use(settings.but(sound=settings.sound.but(font=str(file))))

    good, bad = tmp_path / "good.sf2", tmp_path / "bad.sf2"
    for file in (good, bad):
        file.write_bytes(b"")
    desk.sound.hear(FontSeen("Folk", "", ()))
    use(good)
    desk.sound.hear(FontSeen("Good", "", (), path=str(good)))
    use(bad)
    desk.sound.hear(FontSeen("Good", "", (), "The SoundFont bad.sf2 is damaged.", str(good)))
    desk.rig.collect()
    assert desk.notices == [
        "The instruments are those of Good.",
        "The SoundFont bad.sf2 is damaged.",
    ]
    assert desk.rig.settings.sound.font == str(good)
    assert desk.sound.calls("use_font") == [(good,), (bad,), (good,)]
    away = tmp_path / "on a disk that is away.sf2"
    use(away)
    desk.sound.hear(FontSeen("Good", "", (), "That file is not there.", str(good)))
    desk.rig.collect()
    assert desk.rig.settings.sound.font == str(away)


def test_what_the_player_sees_is_there_for_the_window(desk: Desk) -> None:
    told: list[int] = []
    desk.rig.changed.connect(lambda: told.append(1))
    desk.player.hear(PortsSeen("ALSA", ("Keys",), ("Synth",)))
    desk.player.hear(Refused("The MIDI player cannot be started."))
    desk.rig.collect()
    assert desk.rig.devices.ports.outputs == ("Synth",)
    assert told
    assert desk.notices == ["The MIDI player cannot be started."]


def test_panic_stops_and_silences_everything(desk: Desk) -> None:
    desk.rig.transport.play()
    desk.rig.panic()
    assert desk.rig.transport.state == "stopped"
    assert desk.player.calls("panic")
    assert desk.sound.calls("panic")


# -- what must not stop the beat -------------------------------------------------------------------


def clicks(desk: Desk, count: int) -> list[Due]:
    """Let time pass until `count` more clicks have left, and see what left."""
    before = len(desk.player.sent())
    deadline = monotonic() + PATIENCE_S
    while True:
        left = [m for m in desk.player.sent()[before:] if m.data[0] == 0x99]
        if len(left) >= count:
            return left
        assert monotonic() < deadline, "waited for the beat in vain"
        desk.clock.advance(0.002)  # the sources answer on threads of their own, in real time
        sleep(0.001)


def keep_the_beat(desk: Desk) -> None:
    desk.pump.session.set_routes([Route(track="metronome", port="Drums", channel=10)])
    desk.pump.session.set_score("metronome", True)
    desk.rig.transport.play()
    clicks(desk, 1)


def test_an_engine_that_is_frozen_does_not_stop_the_beat(play: Any, tmp_path: Path) -> None:
    guest = slow()
    desk = Desk(play(guest), tmp_path / "settings.json")
    desk.rig.start()
    keep_the_beat(desk)
    guest.gate.shut()
    desk.pump.session.pads.move("deck1", (0.5, 0.5))
    guest.gate.await_arrival(1)
    dues = [m.due_s for m in clicks(desk, 10)]  # five seconds at 120
    assert np.diff(dues) == pytest.approx(np.full(len(dues) - 1, 0.5))
    guest.gate.open()
    desk.rig.close()


def test_a_full_disk_during_an_export_costs_the_file_and_not_the_beat(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def __init__(self, *_: Any) -> None: ...

        def add(self, picture: Any) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None: ...

    monkeypatch.setattr("studio.export.exports.FilmWriter", Full)
    keep_the_beat(desk)
    deck = desk.pump.deck()
    export = desk.pump.session.exports.film("deck1", tmp_path / "a.mp4", [job_of(deck, 4)] * 30)
    desk.pump.until(lambda: export.is_over, "the end of the export")
    assert is_one_sentence(export.problem)
    assert "No space left" in export.problem
    assert not (tmp_path / "a.mp4").exists()
    assert len(clicks(desk, 4)) >= 4


# -- decks that compose ----------------------------------------------------------------------------


def test_a_deck_that_composes_plays_in_time_beside_everything_else(
    play: Any, tmp_path: Path
) -> None:
    desk = Desk(play(composing()), tmp_path / "settings.json")
    desk.rig.start()
    desk.pump.session.set_score("tempo", 300.0)
    notes: list[Due] = []
    deadline = monotonic() + PATIENCE_S
    while len(notes) < 16:  # four bars; the sources answer on threads of their own, in real time
        assert monotonic() < deadline, "waited for the notes in vain"
        desk.pump.session.collect()
        desk.rig.collect()
        desk.turn(0.002)
        if not desk.rig.transport.movement.playing and desk.rig.ensemble.roll("deck1").bars:
            desk.rig.transport.play()
        notes = [m for m in desk.sound.sent() if m.data[0] == 0x90]
        sleep(0.001)
    firsts = [m.data[1] for m in notes[:16:4]]
    assert firsts == [firsts[0] + n for n in range(4)]
    assert desk.rig.ensemble.late_bars == 0
    assert "/deck/1/hold" in {control.address for control in desk.rig.controls.all()}
    desk.rig.close()
