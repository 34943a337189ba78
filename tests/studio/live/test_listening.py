"""Sound is listened to for what the scene wants and the artist permits, and moves its controls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from studio.audio.listening.messages import Band, Heard, InputState, Listen
from studio.audio.messages import SoundState
from studio.document.modulation import Modulator
from studio.live.listening import UNCHOSEN
from studio.settings.model import Settings, SoundSettings
from tests.fakes import Pump, fake, is_one_sentence
from tests.live_fakes import FakeDesk

MICROPHONE = Settings(sound=SoundSettings(input="ALSA: Microphone"))


class Desk(FakeDesk):
    """A rig on a session that is at rest, with a fake sound input."""

    def __init__(self, pump: Pump, file: Path) -> None:
        super().__init__(pump.session, file)
        self.modulation = pump.session.modulation

    def moves(self, kind: str, **settings: Any) -> int:
        id = self.modulation.add(Modulator(id=1, kind=kind, settings=settings))
        assert id is not None
        self.modulation.connect(id, "/deck/1/contrast", polarity="unipolar", depth=0.4)
        return id

    def hears_sound(self, *levels: tuple[int, float], onsets: Any = (), **more: Any) -> None:
        self.sound_input.hear(Heard(self.clock(), levels, onsets, **more))
        self.rig.collect()
        self.step()

    def step(self, seconds: float = 0.0) -> None:
        self.clock.advance(seconds)
        self.modulation.step(self.clock())

    def asked(self, client: Any) -> Listen:
        """What it was last asked to listen for."""
        calls = client.calls("listen")
        return calls[-1][0] if calls else Listen()


@pytest.fixture
def desk(play: Any, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(play(fake()), tmp_path / "settings.json")
    made.rig.start()
    yield made
    made.rig.close()


def test_no_input_is_touched_unless_a_modulator_wants_one_and_one_is_chosen(desk: Desk) -> None:
    desk.rig.use(MICROPHONE)
    assert not desk.sound_input.calls("start")
    desk.rig.use(Settings())
    desk.moves("sound")
    assert desk.notices == [UNCHOSEN]
    assert is_one_sentence(UNCHOSEN)
    assert not desk.sound_input.calls("start")
    assert desk.asked(desk.sound_input) == Listen()
    desk.rig.use(MICROPHONE)
    assert desk.sound_input.calls("use_device")[-1] == ("ALSA: Microphone",)
    assert desk.sound_input.calls("start")
    assert [band.number for band in desk.asked(desk.sound_input).bands] == [1]
    desk.modulation.remove(1)
    assert desk.asked(desk.sound_input) == Listen()


def test_each_source_is_asked_for_its_own_bands_as_they_are_set(desk: Desk) -> None:
    desk.rig.use(MICROPHONE)
    own = desk.moves("sound", source="instrument", low=100, high=400, gain=3, auto_gain=False)
    ears = desk.moves("sound")
    desk.modulation.set(ears, "release", 900.0)
    (band,) = desk.asked(desk.sound).bands
    assert band == Band(own, 100, 400, 3, False, 10, 150, -60)
    (band,) = desk.asked(desk.sound_input).bands
    assert (band.number, band.release_ms) == (ears, 900)


def test_a_setting_that_is_modulated_itself_is_followed(desk: Desk) -> None:
    desk.rig.use(MICROPHONE)
    ears = desk.moves("sound")
    knob = desk.moves("macro")
    desk.modulation.connect(knob, f"/modulator/{ears}/gain", polarity="unipolar", depth=0.5)
    desk.modulation.set(knob, "value", 1.0)
    desk.step()
    assert desk.asked(desk.sound_input).bands[0].gain_db == pytest.approx(36, abs=0.1)


def test_what_is_heard_moves_the_control_and_rests_when_the_input_goes(desk: Desk) -> None:
    desk.rig.use(MICROPHONE)
    ears = desk.moves("sound")
    desk.hears_sound((ears, 0.5))
    assert desk.modulation.values.of(ears) == 0.5
    assert desk.rig.listening._session.shown.deck("deck1").parameters["contrast"] != 1.0
    lost = InputState(False, "ALSA: Microphone", "ALSA: Microphone is gone.")
    desk.sound_input.hear(lost)
    desk.rig.collect()
    desk.step()
    assert desk.modulation.values.of(ears) == 0.0
    assert desk.notices == ["ALSA: Microphone is gone."]
    desk.sound_input.hear(lost)
    desk.sound_input.hear(InputState(True, "ALSA: Microphone", "Listening."))
    desk.rig.collect()
    desk.hears_sound((ears, 0.25))
    assert desk.modulation.values.of(ears) == 0.25
    assert desk.notices == ["ALSA: Microphone is gone."]


def test_the_instruments_own_sound_rests_when_its_device_goes(desk: Desk) -> None:
    own = desk.moves("sound", source="instrument")
    desk.sound.hear(SoundState(True, "USB", "Playing on USB."))
    desk.sound.hear(Heard(0.0, ((own, 0.5),)))
    desk.rig.collect()
    desk.step()
    assert desk.modulation.values.of(own) == 0.5
    desk.sound.hear(SoundState(False, "USB", "USB is gone."))
    desk.rig.collect()
    desk.step()
    assert desk.modulation.values.of(own) == 0.0


def test_the_newest_level_counts_and_every_onset(desk: Desk) -> None:
    desk.rig.use(MICROPHONE)
    ears = desk.moves("sound")
    ring = desk.moves("envelope", trigger="onset", attack=0.01, decay=1.0, touch=0.0)
    assert desk.asked(desk.sound_input).onsets
    desk.clock.advance(1.0)
    for level, at_s in ((0.9, -0.2), (0.2, -0.1)):
        desk.sound_input.hear(Heard(0.0, ((ears, level),), ((desk.clock() + at_s, 1.0),)))
    desk.hears_sound((ears, 0.3))
    assert desk.modulation.values.of(ears) == 0.3
    assert 0.5 < desk.modulation.values.of(ring) < 1.0
    assert len(desk.modulation.values.inputs.sound.onsets) == 2
    assert desk.modulation.moving, "while the envelope rings"
    desk.step(5.0)
    assert desk.modulation.values.of(ring) == 0.0
    assert not desk.modulation.moving


def test_an_onset_begins_its_envelope_when_it_sounded(desk: Desk) -> None:
    desk.rig.use(MICROPHONE)
    ring = desk.moves("envelope", trigger="onset", attack=0.1, hold=0.001, decay=0.4, touch=0.0)
    desk.clock.advance(1.0)
    desk.hears_sound(onsets=((desk.clock() - 0.05, 1.0),))
    assert desk.modulation.values.of(ring) == pytest.approx(0.5, abs=0.01)
    desk.step(0.05)
    assert desk.modulation.values.of(ring) == pytest.approx(1.0, abs=0.01)


def test_the_spectrum_is_there_while_the_window_watches(desk: Desk) -> None:
    seen: list[str] = []
    desk.rig.use(MICROPHONE)
    desk.rig.listening.heard.connect(seen.append)
    desk.rig.listening.watch("input", on=True)
    assert desk.asked(desk.sound_input) == Listen(spectrum=True)
    desk.hears_sound(spectrum=(-20.0, -30.0))
    assert desk.rig.listening.spectra["input"] == (-20.0, -30.0)
    assert seen == ["input"]
    desk.rig.listening.watch("input", on=False)
    assert desk.asked(desk.sound_input) == Listen()
