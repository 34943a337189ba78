"""Recording a session: what lies in the folder, and what is said when it cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from threading import Event
from threading import enumerate as threads

import mido
import pytest

from studio.audio.messages import FontSeen
from studio.audio.protocol import SetVolume, UseFont
from studio.document.routes import SOUND
from studio.document.scene import Scene
from studio.live.listening import UNRECORDED
from studio.processes.messages import Due, Panic, Received, Stop
from studio.recording._endings import notes_process
from studio.recording._wire import Ended, Progress
from studio.recording.notes import sound_messages, write_notes
from studio.recording.recorder import WARNING
from studio.recording.take import Take, read
from studio.recording.words import SUBTITLES, TEXT, write_words
from tests.fakes import FakeEngine, is_one_sentence
from tests.studio.recording.stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.recorder.close()
    made.pump.close()


def take_in(stage: Stage) -> Path:
    assert stage.recorder.folder is not None
    return stage.recorder.folder / "take.take"


def test_a_recording_has_all_that_a_hand_did_and_all_that_was_heard(stage: Stage) -> None:
    scenes: list[Scene] = [stage.session.scene]
    stage.recorder.toggle()
    assert (stage.recorder.is_on, stage.films[0].begin.width) == (True, 1280)
    stage.after(1.0).session.pads.move(stage.session.scene.front, (0.5, 0.5))
    scenes.append(stage.session.scene)
    now_s = stage.after(0.5).desk.clock()
    stage.desk.rig.heard.emit(Received(now_s, "Keys", bytes((0xB0, 7, 100))))
    stage.heard([Due(stage.desk.clock() + 0.1, SOUND, bytes((0x90, 60, 90)))])
    for told in (SetVolume(0.5), Stop(), Panic()):
        stage.heard(told)
    assert stage.after(0.5).recorder.seconds == pytest.approx(2.0)
    stage.recorder.toggle()
    stage.recorder.close()
    stage.recorder.collect()
    take = read(take_in(stage))
    assert stage.recorder.folder is not None
    assert stage.recorder.folder.name == "2026-11-29 21.30.05"
    assert [take.at(t).scene for t in (0.9, 1.1)] == scenes
    assert take.header.models[0].model == "first"
    assert list(take.of_kind("midi_in")) == [(1.5, [1.5, "Keys", "b00764"])]
    assert list(sound_messages(take)) == [
        (1.5, [(1.6, bytes((0x90, 60, 90)))]),
        (1.5, {"volume": 0.5}),
        (1.5, "stop"),
        (1.5, "panic"),
    ]
    assert stage.films[0].told == [bytes((0x90, 60, 90)), SetVolume(0.5), Stop(), Panic()]
    assert (stage.films[0].finished, take.seconds, take.is_whole) == (2.0, 2.0, True)
    assert stage.said == [f"Recorded 0:02 in {stage.recorder.folder}."]


def test_the_film_and_the_take_have_the_font_that_plays(stage: Stage) -> None:
    stage.desk.rig.devices.take(FontSeen("Mine", "", (), path="/fonts/mine.sf2"))
    stage.recorder.start()
    stage.after(0.5).heard(FontSeen("Own", "", ()))
    stage.recorder.stop()
    stage.recorder.close()
    assert stage.films[0].begin.font == "/fonts/mine.sf2"
    assert stage.films[0].told == [UseFont(None)]
    take = read(take_in(stage))
    assert take.header.font == "/fonts/mine.sf2"
    assert list(sound_messages(take)) == [(0.5, {"font": ""})]


def test_the_notes_have_a_track_for_each_part(stage: Stage, tmp_path: Path) -> None:
    stage.recorder.start()
    transport, clock = stage.desk.rig.transport, stage.desk.clock
    transport.play()
    line = transport.movement.line
    for beat, channel, pitch in ((0.0, 0, 60), (1.0, 9, 37), (2.0, 0, 64)):
        for at, status in ((beat, 0x90), (beat + 0.5, 0x80)):
            data = bytes((status | channel, pitch, 90))
            stage.heard([Due(line.time_of(at), SOUND, data)])
    clock.advance(3.0)
    stage.recorder.stop()
    stage.recorder.close()
    write_notes(tmp_path / "notes.mid", read(take_in(stage)))
    file = mido.MidiFile(tmp_path / "notes.mid")
    played = {
        track.name: [m.note for m in track if m.type == "note_on" and m.velocity]
        for track in file.tracks[1:]
    }
    assert sorted(played.values()) == [[37], [60, 64]]
    assert file.length == pytest.approx(2.5 * 60 / transport.bpm, abs=0.01)


def test_what_a_deck_says_becomes_a_text_and_subtitles(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeEngine, "words", lambda _, job: f"Line {round(10 * job.latent[0])}")
    stage.pump.start()
    stage.recorder.start()
    room, front = stage.desk.rig.picture.room, stage.session.scene.front
    for x in (-1.0, 1.0, 1.0, -1.0):
        stage.session.pads.move(front, (x, 1.0))
        stage.pump.settle()
        room.turn()
        stage.after(1.5)
    stage.recorder.stop()
    stage.recorder.close()
    take = read(take_in(stage))
    assert write_words(tmp_path, take) == 3, "a line that stays is one"
    first, second, third = (tmp_path / TEXT).read_text("utf-8").splitlines()
    assert first == third != second
    numbered = (tmp_path / SUBTITLES).read_text("utf-8").split("\n\n")
    assert [cue.split("\n")[2] for cue in numbered] == [first, second, third]
    assert numbered[1].split("\n")[1] == "00:00:01,500 --> 00:00:04,500"
    assert write_words(tmp_path / "none", Take("a", take.header, {}, [])) == 0


def test_keys_that_are_played_while_the_transport_stands_are_among_the_notes(
    stage: Stage, tmp_path: Path
) -> None:
    """At 120 bpm: two keys before play, a note of the tune, and one key after the stop."""
    transport, clock = stage.desk.rig.transport, stage.desk.clock

    def key(pitch: int, seconds: float) -> None:
        stage.heard([Due(clock(), SOUND, bytes((0x90, pitch, 90)))])
        clock.advance(seconds)
        stage.heard([Due(clock(), SOUND, bytes((0x80, pitch, 0)))])

    transport.set_tempo(120.0)
    stage.recorder.start()
    stage.after(3.0)
    for pitch in (60, 62):
        key(pitch, 0.5)
    stage.after(0.2)
    transport.play()
    line = transport.movement.line
    stage.heard([Due(line.time_of(0.5), SOUND, bytes((0x90, 72, 90)))])
    clock.advance(1.0)
    transport.stop()
    stage.heard([Due(clock(), SOUND, bytes((0x80, 72, 0)))])
    stage.after(5.0)
    key(64, 0.25)
    stage.recorder.stop()
    stage.recorder.close()
    at_s, found = 0.0, []
    write_notes(tmp_path / "notes.mid", read(take_in(stage)))
    for message in mido.MidiFile(tmp_path / "notes.mid"):
        at_s += message.time
        if message.type in ("note_on", "note_off"):
            found.append((round(at_s, 2), message.note))
    struck = [(0.0, 60), (0.5, 60), (0.5, 62), (1.0, 62), (1.0, 72), (1.72, 72), (2.0, 64)]
    assert found == [*struck, (2.25, 64)]


def test_little_room_on_the_disk_is_said_once_and_a_film_that_ends_ends_the_recording(
    stage: Stage,
) -> None:
    stage.recorder.start()
    film = stage.films[0]
    for left in (3_000_000_000, 1_900_000_000, 1_800_000_000):
        film.hear(Progress(1.0, 30, left))
    stage.recorder.collect()
    assert stage.said == [WARNING]
    film.hear(Ended("The disk is full: the recording has ended, and what was recorded is kept."))
    stage.recorder.collect()
    assert not stage.recorder.is_on
    assert stage.said[1].startswith("The disk is full")
    stage.recorder.close()
    assert read(take_in(stage)).is_whole


def test_the_next_recording_waits_for_no_end_and_outlives_the_last_one(stage: Stage) -> None:
    stage.recorder.start()
    first, closes = stage.films[0], Event()
    first.finish = lambda _: closes.wait(30)  # type: ignore[method-assign,assignment]
    first.dropped = 2
    stage.recorder.stop()
    stage.recorder.start()
    last, present = (film.begin.file.split("/")[-2] for film in stage.films)
    assert last != present
    first.hear(Ended("The disk is full."))
    stage.recorder.collect()
    assert stage.recorder.is_on
    closes.set()
    stage.recorder.close()
    stage.recorder.collect()
    assert stage.said[0] == f"{last}: The disk is full."
    told = [said for said in stage.said[1:] if "Pictures dropped" in said and last in said]
    assert told, stage.said  # in whatever order the two have come to their end


def test_a_film_that_cannot_begin_leaves_no_take_growing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(stage.recorder, "_film_of", fail)
    before = set(threads())
    stage.recorder.start()
    for thread in set(threads()) - before:
        thread.join(5)
        assert not thread.is_alive()
    assert (stage.recorder.is_on, read(take_in(stage)).seconds) == (False, 0)
    assert stage.said == ["The recording cannot begin: Cannot allocate memory."]


def test_a_value_that_cannot_be_written_ends_the_recording_with_a_sentence(stage: Stage) -> None:
    stage.recorder.start()
    take = stage.recorder._take
    assert take is not None
    take.say(1.0, heard=[float("nan")])
    take.close()
    stage.recorder.collect()
    assert not stage.recorder.is_on
    assert is_one_sentence(stage.said[0])


def test_notes_are_written_by_a_process_and_their_failure_is_a_sentence(
    stage: Stage,
) -> None:
    stage.recorder.start()
    stage.heard([Due(stage.desk.clock(), SOUND, bytes((0x90, 60, 90)))])
    stage.recorder.stop()
    stage.recorder.close()
    folder = take_in(stage).parent
    assert notes_process(folder).communicate() == (None, b"")
    assert len(mido.MidiFile(folder / "notes.mid").tracks) == 2
    stage.recorder._endings._notes = notes_process
    stage.recorder.start()
    take_in(stage).unlink()
    said: Queue[str] = Queue()
    stage.recorder._endings._tell = said.put
    stage.recorder.stop()
    assert said.get(timeout=30).startswith("Recorded 0:00")
    assert said.get(timeout=30) == (
        f"There is no notes.mid in {take_in(stage).parent}: The take take.take cannot be read: "
        "No such file or directory."
    )


def test_a_folder_that_cannot_be_written_costs_a_sentence(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "Videos").write_text("a file in the place of the folder")
    stage.recorder.start()
    assert not stage.recorder.is_on
    assert len(stage.said) == 1
    assert not stage.films


def test_one_key_records_by_its_address_too(stage: Stage) -> None:
    controls = stage.desk.rig.controls
    controls.add(stage.recorder.controls())
    controls.trigger("/record")
    assert controls.get("/record") is True
    controls.trigger("/record")
    assert not stage.recorder.is_on


def test_a_second_recording_has_a_folder_of_its_own(stage: Stage) -> None:
    stage.recorder.start()
    first = stage.recorder.folder
    stage.recorder.stop()
    stage.recorder.start()
    assert stage.recorder.folder != first


def test_an_output_of_another_size_is_recorded_anew(stage: Stage) -> None:
    store = stage.desk.store
    stage.recorder.start()
    first = stage.recorder.folder
    for volume in (0.5, 0.6):
        output = store.settings.output.but(format="1920 x 1080")
        sound = store.settings.sound.but(volume=volume)
        store.use(store.settings.but(output=output, sound=sound))
        stage.after(0.5).recorder.collect()
        assert stage.recorder.folder == first, "a hand may be on its way"
    stage.after(0.6).recorder.collect()
    assert stage.recorder.folder != first
    sizes = [(film.begin.width, film.begin.height) for film in stage.films]
    assert sizes == [(1280, 720), (1920, 1080)]
    stage.recorder.close()
    stage.recorder.collect()
    assert read(take_in(stage)).header.size == (1920, 1080)
    assert [is_one_sentence(said) for said in stage.said] == [True] * 3


def test_the_chosen_input_is_recorded_where_that_is_wished(stage: Stage) -> None:
    store = stage.desk.store
    sound = store.settings.sound.but(record_input=True)
    store.use(store.settings.but(sound=sound))
    stage.recorder.start()
    stage.recorder.stop()
    assert stage.desk.notices == [UNRECORDED]
    stage.desk.rig.listening.use_device("Line")
    stage.recorder.start()
    stage.recorder.stop()
    (file, begun_s), (nothing, _) = stage.desk.sound_input.calls("record")[-2:]
    assert (file.name, file.parent, nothing) == ("input.wav", stage.recorder.folder, None)
    assert begun_s == stage.desk.clock()
