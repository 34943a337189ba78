"""What modulators hear while the instrument plays, from the beat to a pedal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from studio.control.deck_controls import controls_of
from studio.document.modulation import Modulator
from studio.document.parameters import Toggle
from studio.live.ensemble.band import BandBar, Task
from studio.live.modulation_source import ModulationSource
from studio.modulation.inputs import Sound, Strike
from studio.music.chords import Chord
from studio.music.notes import Note
from studio.music.phrases import Key, on_track
from studio.processes.messages import Received
from tests.fakes import Pump, composing, fake, filled_deck, scene_of
from tests.live_fakes import FakeDesk
from tests.studio.live.ensemble.ensemble_stage import BAR_S, Stage

Play = Callable[..., Pump]


def kicking(task: Task) -> BandBar:
    """The melody, and a kick that is late by a hair in every bar."""
    kick = Note("drums", 1.013, 0.1, 36, 100)
    return BandBar(
        notes=(*on_track("lead", task.lead.notes), kick), chords=((0.0, "C"), (2.0, "G7"))
    )


@pytest.fixture
def stage(play: Play) -> Stage:
    guest = composing()
    scene = scene_of(filled_deck(guest), filled_deck(fake(), "deck2"))
    pump_play = lambda *guests, **given: play(*guests, fake(), **given)  # noqa: E731
    made = Stage(pump_play, guest, scene=scene, arrange=kicking).start()
    made.source = ModulationSource(  # type: ignore[attr-defined]
        made.session, made.transport, made.ensemble, controls_of(made.session)
    )
    made.session.modulation.listen_to(made.source)  # type: ignore[attr-defined]
    return made


def moves(stage: Stage, what: str, target: str = "/deck/2/contrast", **settings: Any) -> int:
    modulation = stage.session.modulation
    id = modulation.add(Modulator(id=1, kind=what, settings=settings))
    assert id is not None
    modulation.connect(id, target, polarity="unipolar", depth=0.4)
    return id


def at(stage: Stage, beat: float) -> float:
    """The modulator at a beat, though nobody has come there yet."""
    modulation = stage.session.modulation
    modulation.step(stage.transport.movement.line.time_of(beat))
    return modulation.values.of(1)


def test_ahead_it_peaks_with_a_kick_of_the_bar_to_come(stage: Stage) -> None:
    moves(stage, "envelope", trigger="kick", offset=-0.5, touch=0.0)
    stage.transport.play()
    stage.run(0.75 * BAR_S)
    kick = 4 + 1.013  # in the second bar, which has not begun
    assert at(stage, kick - 0.6) == 0.0
    assert 0.0 < at(stage, kick - 0.25) < 1.0
    assert at(stage, kick) == pytest.approx(1.0, abs=1e-6)
    assert at(stage, kick + 0.2) < 1.0
    assert stage.session.shown.deck("deck2").parameters["contrast"] != 1.0


def test_notes_and_chords_of_the_deck_that_plays_them_are_heard(stage: Stage) -> None:
    moves(stage, "notes", measure="chord root", smooth=0.0)
    stage.transport.play()
    stage.run(0.9 * BAR_S)
    assert [at(stage, beat) for beat in (1.0, 3.0)] == pytest.approx([0.0, 7 / 12])
    stage.session.modulation.set(1, "measure", "pitch")
    playing = {note.pitch for note in stage.ensemble.roll("deck1").bars[0].notes}
    assert round(36 + 60 * at(stage, 0.01)) in playing
    stage.session.modulation.set(1, "deck", 2)
    assert at(stage, 0.01) == 0.0


def test_what_is_composed_is_the_scene_as_it_will_be_when_its_bar_begins(stage: Stage) -> None:
    moves(stage, "lfo", "/deck/1/contrast", shape="ramp up", division="4 bars")
    stage.transport.play()
    stage.run(2.5 * BAR_S)
    stage.transport.stop()
    asked = {p.number: p.parameters["contrast"] for p in stage.passages}
    assert [asked[n] for n in range(4)] == pytest.approx([1.0, 1.2, 1.4, 1.6])
    assert stage.pump.deck().parameters["contrast"] == 1.0


def test_seconds_begin_with_the_music(stage: Stage) -> None:
    wave = moves(stage, "lfo", sync="free", rate=0.5, shape="ramp up")
    stage.run(1.234)
    for home in (0.0, 8.0):
        stage.transport.locate(home)
        stage.transport.play()
        stage.run(0.5)
        stage.session.modulation.step(stage.clock())
        seconds = home / 2 + 0.5
        assert stage.session.modulation.values.of(wave) == pytest.approx(seconds / 2 % 1.0)
        stage.transport.stop()


def test_keys_are_heard_while_nothing_plays_and_until_they_have_rung(stage: Stage) -> None:
    moves(stage, "envelope", trigger="midi", attack=0.1, decay=0.4, hold=0.1, release=0.4)
    modulation, clock = stage.session.modulation, stage.clock
    modulation.step(clock())
    modulation.step(clock())
    assert not modulation.moving
    received(stage, 0x90, 60, 127)
    assert modulation.moving
    clock.advance(0.15)
    modulation.step(clock())
    assert modulation.values.of(1) == 1.0
    received(stage, 0x80, 60, 0)
    clock.advance(0.2)
    modulation.step(clock())
    assert 0 < modulation.values.of(1) < 1
    clock.advance(2.0)
    modulation.step(clock())
    assert modulation.values.of(1) == 0.0
    assert not modulation.moving


def received(stage: Stage, *data: int, is_music: bool = True) -> None:
    source: ModulationSource = stage.source  # type: ignore[attr-defined]
    source.hear(Received(stage.clock(), "Keys", bytes(data)), is_music=is_music)


def test_pedals_controls_osc_and_sound_are_followed(stage: Stage) -> None:
    modulation, source = stage.session.modulation, stage.source  # type: ignore[attr-defined]
    for settings in (
        {"follows": "cc", "channel": 2, "number": 11},
        {"follows": "cc", "channel": 0, "number": 11},
        {"follows": "osc", "address": "/tilt"},
        {"follows": "control", "address": "/deck/2/contrast"},
    ):
        moves(stage, "follow", "/deck/2/glow", **settings)
    modulation.add("sound")
    moves(stage, "crowd", "/deck/2/glow", way="bright", smooth=0.0)

    def values() -> list[float]:
        modulation.step(stage.clock())
        return [modulation.values.of(id) for id in range(1, 7)]

    assert values() == [0, 0, 0, 0.5, 0, 0.5]
    received(stage, 0xB1, 11, 127)
    assert source.hear_osc("/tilt", 0.25)
    assert not source.hear_osc("/elsewhere", 0.25)
    stage.session.set("deck2", "contrast", 1.5)
    source.hear_sound(Sound({5: 0.6}, (Strike(stage.clock()),)))
    source.hear_crowd(0.0, 0.75)
    assert values() == [1, 1, 0.25, 0.75, 0.6, 0.75]
    received(stage, 0x90, 11, 127, is_music=False)
    assert values() == [1, 1, 0.25, 0.75, 0.6, 0.75]


# -- through the rig -------------------------------------------------------------------------------


@pytest.fixture
def desk(play: Play, tmp_path: Path) -> Iterator[FakeDesk]:
    made = FakeDesk(play(fake()).session, tmp_path / "settings.json")
    made.rig.start()
    yield made
    made.rig.close()


def test_tempo_and_volume_are_played_as_they_are_moved_and_set_as_they_were(
    desk: FakeDesk,
) -> None:
    rig, session = desk.rig, desk.rig._session
    session.modulation.add("macro")
    session.modulation.set(1, "value", 1.0)
    session.modulation.connect(1, "/transport/tempo", polarity="unipolar", depth=0.1)
    assert rig.transport.bpm == pytest.approx(148)
    assert session.scene.score["tempo"] == 120
    assert rig.controls.get("/transport/tempo") == 120, "a knob that is nudged goes from there"
    session.modulation.connect(1, "/sound/volume", polarity="unipolar", depth=-0.1)
    (volume,) = desk.sound.calls("set_volume")[-1]
    assert volume < rig.settings.sound.volume
    session.modulation.connect(1, "/sound/room", polarity="unipolar", depth=0.5)
    assert desk.sound.calls("set_room")[-1] > (rig.settings.sound.room,)
    session.modulation.remove(1)
    assert rig.transport.bpm == 120
    assert desk.sound.calls("set_room")[-1] == (rig.settings.sound.room,)
    assert desk.sound.calls("set_volume")[-1] == (rig.settings.sound.volume,)


def test_whatever_a_knob_can_play_can_be_modulated_but_switches_and_what_a_bar_is_counted_by(
    desk: FakeDesk,
) -> None:
    session = desk.rig._session
    session.modulation.add("wind")
    session.modulation.connect(1, "/deck/1/contrast")
    knobs = [c for c in desk.rig.controls.all() if c.kind == "value" and c.learnable]
    left = {c.address for c in knobs if session.modulation.parameter(c.address) is None}
    switches = {c.address for c in knobs if isinstance(c.parameter, Toggle)}
    metre = {"/transport/metre/beats", "/transport/metre/unit", "/transport/count_in"}
    computer = {"/sound/offset", "/sound/buffer", "/output/fade"}
    decks = {f"{at}/{name}" for at in ("/deck/1", "/front") for name in ("seed", "walk/pace")}
    assert left - switches == metre | computer | decks


def test_a_controller_and_osc_reach_all_of_it(desk: FakeDesk) -> None:
    session, controls = desk.rig._session, desk.rig.controls
    session.modulation.add("macro")
    session.modulation.add("wind")
    session.modulation.connect(2, "/deck/1/contrast")
    for address, value in (
        ("/macro/1", 0.5),
        ("/modulator/2/rate", 2.0),
        ("/modulator/2/on", False),
        ("/modulator/2/solo", True),
        ("/connection/1/depth", -0.25),
        ("/connection/1/on", False),
        ("/modulation/depth", 0.75),
    ):
        found = controls.find(address)
        assert found is not None, address
        assert found.learnable
        controls.set(address, value)
        assert controls.get(address) == value
    controls.trigger("/modulator/2/tap", 1.0)
    controls.trigger("/modulator/2/tap", 1.25)
    assert controls.get("/modulator/2/rate") == pytest.approx(4.0)
    controls.trigger("/modulation/record")
    assert controls.get("/modulation/record") is True
    controls.trigger("/modulation/record")
    assert [m.kind for m in session.scene.modulators] == ["macro", "lfo", "gesture"]
    session.modulation.remove(2)
    assert controls.find("/modulator/2/rate") is None
    assert controls.find("/connection/1/depth") is None


def test_chords_say_how_far_from_home_they_are() -> None:
    home, key = Chord.parse("C"), Key(0)
    assert home == Chord(0)
    assert home is not None
    assert home.tension(key) == 0.0
    for name in ("F#m", "Bb", "Gdim", "A7"):
        chord = Chord.parse(name)
        assert chord is not None
        assert 0 < chord.tension(key) <= 1
    assert Chord.parse("a mess") is None
    assert Chord(7, "7").tension(key) > Chord(7).tension(key)
    assert Chord(6).tension(key) > Chord(2).tension(key)
