"""MIDI messages to sound, rendered without a device: pitch, moment, level."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from studio.audio import fonts
from studio.audio._instrument import DRUMS, SoundFontInstrument
from studio.audio._renderer import Message, Renderer
from studio.audio._synths import FluidSynth, NoSynthError, TinySoundFont
from studio.audio.offline import RATE_HZ as OFFLINE_HZ
from studio.audio.offline import OfflineSound
from tests.studio.audio.jack import pitch_hz

RATE_HZ = 48_000
WHISTLE, PIANO, FLUTE, OCARINA, WOODBLOCK = 78, 0, 73, 79, 115


@pytest.fixture(scope="module", params=[TinySoundFont, FluidSynth])
def font(request: pytest.FixtureRequest) -> SoundFontInstrument:
    try:
        return SoundFontInstrument(fonts.OWN, RATE_HZ, request.param)
    except ImportError:
        pytest.skip("this synthesiser is not here")


@pytest.fixture
def instrument(font: SoundFontInstrument) -> SoundFontInstrument:
    font.silence()
    font.use_rate(RATE_HZ)
    font.render(RATE_HZ // 4, memoryview(bytearray(2 * RATE_HZ)))  # what silence leaves to fade
    for channel in range(16):
        font.play(bytes((0xB0 | channel, 0, 0)))
        font.play(bytes((0xC0 | channel, 0)))
    return font


def rendered(
    instrument: SoundFontInstrument, messages: list[Message], seconds: float, room: float = 0.0
) -> NDArray[np.float32]:
    renderer = Renderer(instrument)
    renderer.set_room(room)
    renderer.send(messages)
    sound = np.zeros((round(seconds * RATE_HZ), 2), np.float32)
    for begin in range(0, len(sound), 200):
        renderer.render(sound[begin : begin + 200], begin / RATE_HZ, 1 / RATE_HZ)
    return sound


def note(pitch: int, channel: int = 0, at_s: float = 0.1, length_s: float = 1.0) -> list[Message]:
    return [
        (at_s, bytes((0x90 | channel, pitch, 100))),
        (at_s + length_s, bytes((0x80 | channel, pitch, 0))),
    ]


def choose(program: int, channel: int = 0) -> Message:
    return 0.0, bytes((0xC0 | channel, program))


def cents(hertz: float, pitch: int) -> float:
    return float(1200 * np.log2(hertz / (440 * 2 ** ((pitch - 69) / 12))))


@pytest.mark.parametrize("pitch", [57, 62, 69, 74, 81])
def test_the_pitch_is_right(instrument: SoundFontInstrument, pitch: int) -> None:
    sound = rendered(instrument, [choose(OCARINA), *note(pitch)], 1.0)[RATE_HZ // 4 :, 0]
    assert abs(cents(pitch_hz(sound), pitch)) < 20


def test_the_pitch_is_right_at_another_rate(instrument: SoundFontInstrument) -> None:
    instrument.use_rate(44_100)
    sound = rendered(instrument, [choose(OCARINA), *note(69)], 1.0)[RATE_HZ // 4 :, 0]
    assert abs(cents(pitch_hz(sound, 44_100), 69)) < 20


def test_volume_and_program_survive_another_rate(instrument: SoundFontInstrument) -> None:
    def peak() -> float:
        return float(np.abs(rendered(instrument, note(76), 0.5)).max())

    instrument.play(bytes((0xC0, OCARINA)))
    instrument.play(bytes((0xB0, 7, 0)))
    instrument.use_rate(44_100)
    quiet = peak()
    instrument.play(bytes((0xB0, 7, 100)))
    sound = rendered(instrument, note(69), 1.0)[RATE_HZ // 4 :, 0]
    assert quiet < 1e-3 < 1e-2 < peak()
    assert abs(cents(pitch_hz(sound, 44_100), 69)) < 20
    assert np.abs(sound[-RATE_HZ // 4 :]).max() > np.abs(sound).max() / 2  # no piano dies so slowly


def test_two_notes_begin_exactly_as_far_apart_as_they_are_due(
    instrument: SoundFontInstrument,
) -> None:
    due = [0.1, 0.1 + 12_345 / RATE_HZ]
    messages = [choose(WOODBLOCK), *note(76, at_s=due[0]), *note(76, at_s=due[1])]
    sound = rendered(instrument, messages, 0.6)[:, 0]
    first = sound[4800 : 4800 + 2000]
    match = np.correlate(sound[5000:], first)
    apart = int(match.argmax()) + 5000 - 4800
    assert abs(apart - 12_345) <= instrument.step_frames - 1


def test_nothing_sounds_before_its_moment(instrument: SoundFontInstrument) -> None:
    sound = rendered(instrument, [choose(WOODBLOCK), *note(76)], 0.2)
    assert not sound[:4800].any()
    assert np.abs(sound[4800 : 4800 + 240]).max() > 0.01


def test_a_note_off_ends_it(instrument: SoundFontInstrument) -> None:
    sound = rendered(instrument, [choose(WHISTLE), *note(80, length_s=0.3)], 2.0)
    assert np.abs(sound[RATE_HZ // 5 : RATE_HZ // 3]).max() > 0.01
    assert np.abs(sound[-RATE_HZ // 2 :]).max() < 1e-3


def test_every_program_number_sounds(instrument: SoundFontInstrument) -> None:
    for program in range(128):
        instrument.silence()
        sound = rendered(instrument, [choose(program), *note(60, at_s=0.0)], 0.3)
        assert np.abs(sound).max() > 1e-3, f"program {program} is silent"


@pytest.mark.parametrize("key", [36, 38, 42, 46, 49, 51, 45, 54])
def test_the_drums_sound_on_their_channel(instrument: SoundFontInstrument, key: int) -> None:
    instrument.silence()
    assert np.abs(rendered(instrument, note(key, DRUMS, 0.0), 0.2)).max() > 1e-3


def test_a_missing_program_plays_a_relative(instrument: SoundFontInstrument) -> None:
    assert instrument.nearest(0, PIANO) == (0, PIANO)
    assert instrument.nearest(0, 1) == (0, PIANO)
    assert instrument.nearest(5, FLUTE) == (0, FLUTE)
    assert instrument.nearest(128, 25)[0] == 128
    family = [instrument.nearest(0, program)[1] // 8 == program // 8 for program in range(128)]
    assert all(family)


def test_banks_choose_variations(instrument: SoundFontInstrument) -> None:
    instrument.play(bytes((0xB0, 0, 16)))
    instrument.play(bytes((0xC0, 25)))
    assert instrument.presets[instrument.nearest(16, 25)] == "Mandolin"


def test_another_font_plays_what_was_chosen(instrument: SoundFontInstrument) -> None:
    instrument.play(bytes((0xC3, OCARINA)))
    other = fonts.load(None, RATE_HZ)[0]
    other.adopt(instrument)
    sound = rendered(other, note(69, 3), 1.0)[RATE_HZ // 4 :, 0]
    assert abs(cents(pitch_hz(sound), 69)) < 20


@pytest.mark.parametrize("data", [b"", b"\xf8", b"\x90", b"\x90\xff\x7f", b"\xf0\x01\xf7", b"\x45"])
def test_what_is_no_message_does_nothing(instrument: SoundFontInstrument, data: bytes) -> None:
    instrument.play(data)
    assert not rendered(instrument, [], 0.1).any()


def test_a_band_at_full_velocity_stays_below_full_scale(instrument: SoundFontInstrument) -> None:
    messages = [choose(110), choose(32, 1), choose(25, 2), choose(21, 3), choose(73, 4)]
    for channel, pitches in enumerate([(74,), (38,), (50, 57, 62, 66), (62, 69), (81,)]):
        messages += [(0.05, bytes((0x90 | channel, pitch, 127))) for pitch in pitches]
    messages += [(0.05, bytes((0x99, key, 127))) for key in (36, 42)]
    sound = rendered(instrument, messages, 1.5)
    assert 0.2 < np.abs(sound).max() <= 0.9


@pytest.mark.parametrize(
    ("platform", "way"), [("linux", "python3 start.py"), ("darwin", "brew install fluidsynth")]
)
def test_without_a_synthesiser_one_sentence_says_how_one_comes(
    platform: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("tinysoundfont", "fluidsynth"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(NoSynthError, match=rf"FluidSynth .* is missing; run `{way}`\.$"):
        SoundFontInstrument(fonts.OWN, RATE_HZ)


def test_a_pan_stays_through_silence_and_another_font_s_load(
    instrument: SoundFontInstrument,
) -> None:
    sides = lambda sound: np.abs(sound).max(axis=0)  # noqa: E731
    instrument.play(bytes((0xB0, 10, 0)))
    left, right = sides(rendered(instrument, note(60), 0.5))
    assert left > 20 * right
    instrument.silence()
    rendered(instrument, [], 0.5)
    left, right = sides(rendered(instrument, note(60), 0.5))
    assert left > 20 * right
    instrument.play(bytes((0xB0, 10, 64)))


def test_a_channel_has_as_much_of_the_room_as_it_is_given() -> None:
    def tail(*controls: bytes, room: float = 1.0) -> float:
        sound = OfflineSound()
        sound.set_room(room)
        sound.send([(0.0, data) for data in (bytes((0xC0, WOODBLOCK)), *controls)])
        sound.send(note(60, length_s=0.05))
        return float(np.abs(sound.render(1.2)[round(0.8 * OFFLINE_HZ) :]).max())

    whole, dry = tail(), tail(room=0.0)
    assert whole > 20 * dry
    assert tail(bytes((0xB0, 91, 0))) == pytest.approx(dry, abs=whole / 100)
    assert tail(bytes((0xB1, 91, 0))) == pytest.approx(whole, rel=0.1)  # another channel's
    assert 0.1 < tail(bytes((0xB0, 91, 32))) / whole < 0.9
