"""A take played again shows what was shown, and sounds as it sounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from studio.audio import offline
from studio.commands._stage import replay as replay_command
from studio.document.mix import ROLL, TEXT, Layer, Mix
from studio.document.parameters import Choice, Text
from studio.document.routes import SOUND
from studio.engine import Resources
from studio.engine.registry import Registry
from studio.live.ensemble.ensemble import Ensemble
from studio.live.ensemble.played import Roll, RollBar
from studio.modulation import told
from studio.music.notes import Note
from studio.outputs.sink import Frame
from studio.processes.messages import Due
from studio.recording.errors import RecordingError
from studio.recording.layers import LayersAgain
from studio.recording.replay import Anew, Replay, sound_of, write_film
from studio.recording.take import Header, Take, read
from tests.fakes import PARAMETERS, fake, scene_of
from tests.studio.audio.small_font import small_font
from tests.studio.recording.films import seen
from tests.studio.recording.stage import Stage

CPU = Resources(device="cpu", threads=1)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path)
    yield made
    made.recorder.close()
    made.pump.close()


def performed(stage: Stage) -> tuple[Take, list[Frame]]:
    """A hand drags and mixes; a note is struck at 0.5 s. The take, and the frames of the output,
    whose seconds count from its beginning."""
    stage.pump.start()
    stage.recorder.start()
    begun_s, room, front = (
        stage.desk.clock(),
        stage.desk.rig.picture.room,
        stage.session.scene.front,
    )
    frames = []
    for step in range(12):
        if step == 5:
            stage.heard([Due(begun_s + 0.5, SOUND, bytes((0x99, 37, 127)))])
        if step == 7:
            mix = Mix(layers={front: Layer(opacity=0.5, scale=0.5)}, red=0.2)
            stage.session.replace(stage.session.scene.but(mix=mix), None)
        stage.session.pads.move(front, (step / 12, -step / 20))
        if step % 3:
            stage.pump.settle()  # else the picture is late
        stage.after(0.05)
        room.turn()
        newest = room.newest
        frames.append(Frame(newest.pixels, newest.seconds - begun_s, newest.beat))
        stage.after(0.05)
    stage.pump.settle()
    stage.after(0.300007).recorder.stop()  # between two samples of sound
    stage.recorder.close()
    assert stage.recorder.folder is not None
    return read(stage.recorder.folder / "take.take"), frames


def test_every_picture_that_was_shown_comes_back_to_the_byte(stage: Stage) -> None:
    take, frames = performed(stage)
    with Replay(take, stage.session.registry, CPU) as replay:
        equal = [np.array_equal(replay.at(f.seconds), f.pixels) for f in frames]
        backwards = [np.array_equal(replay.at(f.seconds), f.pixels) for f in reversed(frames)]
    assert len({f.pixels.tobytes() for f in frames}) > 5
    assert all(equal)
    assert all(backwards)


def test_a_text_that_tells_the_bar_is_replayed_with_what_it_told(tmp_path: Path) -> None:
    """No control is moved: the text alone is another in each bar."""
    guest = fake()
    word = Text(name="word", label="Word", default="hi", max_length=3, told_by="shows", help="")
    own = (word, told.choice("shows", "The word", ""))
    guest.spec = replace(guest.spec, models=(replace(guest.spec.models[0], parameters=own),))
    stage = Stage(tmp_path, guest)
    session, transport = stage.session, stage.desk.rig.transport
    deck = session.scene.front_deck
    session.open(scene_of(deck.but(parameters={**deck.parameters, "shows": "bar"})))
    stage.pump.start()
    stage.recorder.start()
    transport.play()
    bar_s = 4 * 60 / transport.bpm
    stage.after(0.2)  # the music does not begin at once
    for _ in range(3):
        session.modulation.step(stage.desk.clock())
        stage.pump.settle()
        stage.desk.rig.picture.room.turn()
        stage.after(bar_s)
    transport.stop()
    stage.recorder.stop()
    stage.recorder.close()
    stage.pump.close()
    assert stage.recorder.folder is not None
    take = read(stage.recorder.folder / "take.take")
    with Replay(take, session.registry, CPU) as replay:
        for bar in (1, 2, 3):
            seconds = (bar - 0.5) * bar_s
            moment = take.at(seconds)
            assert moment.shown.front_deck.parameters["word"] == str(bar)
            assert moment.scene.front_deck.parameters["word"] == "hi", "what was typed"
            assert replay.at(seconds).any()
            assert replay._made[deck.key][0].parameters["word"] == str(bar)


def test_the_first_picture_of_a_model_that_is_loaded_meanwhile_is_replayed_with_it(
    stage: Stage,
) -> None:
    """Its engine asks for it when it is ready, and no hand does."""
    session, room = stage.session, stage.desk.rig.picture.room
    stage.pump.start()
    stage.recorder.start()
    front, begun_s, frames = session.scene.front, stage.desk.clock(), list[Frame]()

    def see(seconds: float = 0.1) -> None:
        stage.pump.settle()
        room.turn()
        frames.append(Frame(room.newest.pixels, stage.desk.clock() - begun_s, 0.0))
        stage.after(seconds)

    session.pads.move(front, (0.4, 0.1))
    see()
    deck = session.scene.front_deck.but(model="second")
    session.replace(session.scene.with_deck(deck), None)
    see(1.0)
    session.replace(session.scene.but(mix=Mix(red=0.5)), None)
    see()
    session.pads.move(front, (0.6, 0.1))
    see()
    stage.recorder.stop()
    stage.recorder.close()
    assert stage.recorder.folder is not None
    take = read(stage.recorder.folder / "take.take")
    assert [changes for _, (_, changes) in take.of_kind("picture")] == [0, 1, 2, 4]
    with Replay(take, session.registry, CPU) as replay:
        assert [np.array_equal(replay.at(f.seconds), f.pixels) for f in frames] == [True] * 4


def test_blackout_freeze_the_roll_and_the_words_come_back_to_the_byte(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fades take 0.4 s; the roll plays on from 0.6 s."""
    bars = [RollBar(n, 4.0 * n, 4.0, (Note("lead", 0, 2, 60 + n, 90),)) for n in range(3)]
    rolls = [Roll(tuple(bars[:2])), Roll((bars[0], *bars[2:]))]
    monkeypatch.setattr(Ensemble, "decks", property(lambda _: ("deck1",)))
    monkeypatch.setattr(Ensemble, "roll", lambda _, deck: rolls[0])
    session, rig = stage.session, stage.desk.rig
    output, room, layers = rig.picture, rig.picture.room, rig.picture.layers
    stage.pump.start()
    layers.write("First light", "")
    session.replace(
        session.scene.but(mix=Mix(layers={ROLL: Layer(), TEXT: Layer(opacity=0.5)})), None
    )
    stage.pump.settle()
    output.freeze(True)  # before the recording: it begins with what it has
    output.freeze(False)
    stage.after(2.0).recorder.start()
    begun_s = stage.desk.clock()
    does = {
        2: lambda: room.black_out(True, 0.4),
        5: lambda: room.black_out(False, 0.4),
        6: rig.transport.play,
        12: lambda: room.freeze(True),
        13: lambda: rolls.pop(0),
        16: lambda: room.freeze(False, 0.4),
        18: lambda: room.freeze(True),
        19: lambda: layers.write("Reel", "In D"),
        22: lambda: room.freeze(False, 0.4),
    }
    frames = []
    for step in range(28):
        does.get(step, lambda: None)()
        session.pads.move("deck1", (step / 30, 0))
        stage.pump.settle()
        room.turn()
        frames.append((stage.desk.clock() - begun_s, room.newest.pixels))
        stage.after(0.1)
    stage.recorder.stop()
    stage.recorder.close()
    assert stage.recorder.folder is not None
    take = read(stage.recorder.folder / "take.take")
    with Replay(take, session.registry, CPU) as replay:
        wrong = [n for n, (at_s, seen) in enumerate(frames)
                 if not np.array_equal(replay.at(at_s), seen)]  # fmt: skip
    assert len({seen.tobytes() for _, seen in frames}) > 15
    assert wrong == []


def test_it_is_rendered_anew_at_another_size_and_with_other_values(stage: Stage) -> None:
    take, _ = performed(stage)
    with Replay(take, stage.session.registry, CPU, Anew(size=(400, 300))) as replay:
        assert replay.at(0.7).shape == (300, 400, 3)
    with Replay(take, stage.session.registry, CPU) as replay:
        before = replay.at(0.7)
    with Replay(take, stage.session.registry, CPU, Anew(values={"contrast": 0.1})) as replay:
        assert not np.array_equal(replay.at(0.7), before)


def test_the_size_that_was_recorded_is_no_other_size(stage: Stage) -> None:
    """Else an engine that draws at several sizes would draw other pictures."""
    take, _ = performed(stage)
    sizes = Choice(name="size", label="Size", help="Of it.", options=("512", "2048"), default="512")
    registry = Registry.of(fake(parameters=(*PARAMETERS, sizes), size="size").spec)
    drawn = [
        replay._deck(take.at(0).scene.front, take.at(0))
        for anew in (Anew(), Anew(size=take.header.size), Anew(size=(1920, 1080)))
        if (replay := Replay(take, registry, CPU, anew))
    ]
    assert drawn[0] == drawn[1] != drawn[2]


def test_its_sound_is_in_time_and_its_film_has_every_picture(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where there is no H.264."""
    take, _ = performed(stage)
    sound = np.concatenate(list(sound_of(take, 0.25, take.seconds)))
    assert len(sound) == round(1.25 * 48_000)
    assert np.argmax(np.abs(sound[:, 0]) > 1e-3) / 48_000 == pytest.approx(0.25, abs=0.005)
    monkeypatch.setattr(offline, "try_out", lambda *_: None)
    said, mine = list[str](), take.header.but(font=str(small_font(tmp_path)))
    lines = [*take.events, {"t": 1.4, "sound": {"font": "/gone.sf2"}}]
    other = sound_of(Take("a.take", mine, {}, lines), 0.25, take.seconds, said.append)
    assert not np.array_equal(np.concatenate(list(other)), sound)
    assert len(said) == 1
    file = tmp_path / "again.mp4"
    monkeypatch.setattr(av.codec, "codecs_available", {"mpeg4"})
    with Replay(take, stage.session.registry, CPU, Anew(size=(160, 90))) as replay:
        assert write_film(file, replay, rate=20, begin_s=0.25, end_s=1.25) == 20
        with pytest.raises(RecordingError, match=r"is 1\.5 s long: there is nothing"):
            write_film(file, replay, rate=20, begin_s=7.0)
    found = seen(file)
    assert (found.size, len(found.times)) == ((160, 90), 20)
    with av.open(str(file)) as film:
        assert film.streams.video[0].codec_context.name == "mpeg4"
    assert found.click() - found.times[0] == pytest.approx(0.25, abs=0.02)


def test_any_moment_is_a_scene_of_its_own_and_notes_are_written_and_no_more_than_there_is(
    stage: Stage, tmp_path: Path
) -> None:
    take, _ = performed(stage)
    assert take.at(take.seconds).scene == stage.session.scene
    assert take.at(0.35).scene.front_deck.pad == (3 / 12, -3 / 20)
    folder, app = stage.recorder.folder, typer.Typer()
    assert folder is not None
    app.command()(replay_command)

    def replayed(out: str, *words: str) -> str:
        done = CliRunner().invoke(app, [str(folder / "take.take"), "--out", out, *words])
        return str(done.exception) if done.exception else done.output.strip()

    files = {kind: str(tmp_path / f"a.{kind}") for kind in ("wav", "loom", "png", "mp4", "mid")}
    assert replayed(files["mid"]).endswith("a.mid: 1 notes, of the whole take")
    assert Path(files.pop("mid")).is_file()
    for kind, out in files.items():
        assert "is 1.5 s long: there is nothing" in replayed(out, "--from", "5"), kind
        assert not Path(out).exists()
    assert replayed(files["wav"], "--from", "1", "--to", "20").endswith("a.wav: 0.5 s of sound")
    assert replayed(files["loom"], "--from", "1").endswith("a.loom: the scene at 1 s")


def test_layers_that_are_none_are_a_sentence() -> None:
    bar = {"number": 0, "start_beats": 0, "length_beats": 4, "notes": [], "settled": True}
    roll = {"bars": [], "gone": [], "key": None, "metre": [4, 4], "late": 0.0}
    for said in (
        {"roll": {**roll, "bars": [{**bar, "length_beats": 1e9}]}},
        {"roll": {**roll, "key": {"tonic": 40, "mode": "major"}}},
        {"transport": {"playing": True, "bpm": 120, "at": 1e17}},
        {"text": 7},
        {"freeze": [True]},
    ):
        with pytest.raises(RecordingError, match="is damaged"):
            LayersAgain(Take("a.take", Header(), {}, [{"t": 0.0, **said}]))
