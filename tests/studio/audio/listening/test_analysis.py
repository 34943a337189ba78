"""What is heard in sounds whose levels and onsets are known."""

from __future__ import annotations

import numpy as np
import pytest

from studio.audio.listening.analysis import SPECTRUM_HZ, Analysis
from studio.audio.listening.messages import Band, Listen
from tests.studio.audio.listening.sounds import (
    BANDS,
    RATE_HZ,
    Sound,
    clicks,
    hear,
    levels,
    onsets,
    pink_noise,
    silence,
    tone,
)

ALL = Listen(BANDS, onsets=True)
PLAIN = tuple(band._replace(auto_gain=False) for band in BANDS)


def noise_floor(seconds: float) -> Sound:
    """Of a microphone in a quiet room."""
    noise = np.random.default_rng(2).standard_normal(round(RATE_HZ * seconds))
    return (10 ** (-75 / 20) * noise).astype(np.float32)


@pytest.mark.parametrize(
    "quiet", [silence(60), noise_floor(10)], ids=["silence", "the noise of a room"]
)
def test_in_silence_there_is_no_level_no_onset_and_no_drift(quiet: Sound) -> None:
    music = pink_noise(2, 0.4)
    heard = hear(np.concatenate((music, quiet, music)), ALL)
    found, second = levels(heard), 188
    assert not found[4 * second : -3 * second].any()
    assert [at for at, _ in onsets(heard) if 1 < at < 2 + len(quiet) / RATE_HZ - 1] == []
    loud_before, loud_after = found[second : 2 * second], found[-second:]
    assert loud_after.mean(0) == pytest.approx(loud_before.mean(0), abs=0.05)


@pytest.mark.parametrize(("hertz", "band"), [(100, 0), (1000, 1), (8000, 2)])
def test_a_tone_is_heard_in_its_band_alone(hertz: float, band: int) -> None:
    found = levels(hear(tone(hertz), Listen(PLAIN)))[-1]
    assert int(found.argmax()) == band
    assert found[band] == pytest.approx(0.5**0.6, abs=0.01)
    assert np.delete(found, band).max() < 0.03


def test_pink_noise_is_as_loud_in_each_octave_and_has_no_onsets_but_its_beginning() -> None:
    octaves = tuple(Band(n, 125 * 2**n, 250 * 2**n, 12, auto_gain=False) for n in range(6))
    heard = hear(pink_noise(15), Listen(octaves, onsets=True))
    mean = levels(heard)[len(heard) // 4 :].mean(0)
    assert mean.max() / mean.min() < 1.15
    assert [at for at, _ in onsets(heard)] == pytest.approx([0.0], abs=0.05)


@pytest.mark.parametrize("under", [0.0, 0.02], ids=["in silence", "in pink noise"])
def test_every_click_is_an_onset_once_and_at_its_moment(under: float) -> None:
    at_s = [1.0 + 0.31 * n for n in range(16)]
    found = onsets(hear(clicks(at_s, 6) + pink_noise(6, under), ALL))
    assert [at for at, _ in found if at > 0.5] == pytest.approx(at_s, abs=1e-3)
    assert all(0 < strength <= 1 for _, strength in found)


def test_a_kick_is_an_onset_once() -> None:
    age = np.arange(RATE_HZ // 2) / RATE_HZ
    kick = np.exp(-age / 0.08) * np.sin(2 * np.pi * (50 * age + 6 * (1 - np.exp(-age / 0.03))))
    found = onsets(hear((0.8 * np.tile(kick, 12)).astype(np.float32), ALL))
    assert [at for at, _ in found] == pytest.approx([0.5 * n for n in range(12)], abs=0.02)


@pytest.mark.parametrize("size", [0.04, 0.9])
def test_automatic_gain_fills_the_range_alike_and_holds_in_silence(size: float) -> None:
    sound = np.concatenate((tone(1000, 6, size), silence(5), tone(1000, 0.3, size)))
    found = levels(hear(sound, Listen((BANDS[1],))))[:, 0]
    assert found[1100] == pytest.approx(1.0, abs=0.01)
    assert found[-1] == pytest.approx(1.0, abs=0.02)


def test_gain_is_in_decibels_and_the_gate_is_before_it() -> None:
    def heard(**changes: float) -> float:
        band = PLAIN[1]._replace(attack_ms=1, **changes)
        return float(levels(hear(tone(1000, 1, 0.01), Listen((band,))))[-1, 0])

    assert heard() == pytest.approx(0.01**0.6, rel=0.02)
    assert heard(gain_db=20) == pytest.approx(0.1**0.6, rel=0.02)
    assert heard(gain_db=48, gate_db=-39) == 0.0
    assert heard(gain_db=48, gate_db=-41) == 1.0


def test_attack_and_release_are_the_time_of_nine_tenths_of_the_way() -> None:
    band = PLAIN[1]._replace(attack_ms=200, release_ms=600)
    found = levels(hear(np.concatenate((tone(1000, 1, 1.0), silence(3))), Listen((band,))))[:, 0]
    hop_s = 256 / RATE_HZ
    assert int((found > 0.9).argmax()) * hop_s == pytest.approx(0.2, abs=0.03)
    falling = found[round(1 / hop_s) :]
    assert int((falling < 0.1).argmax()) * hop_s == pytest.approx(0.6, abs=0.05)
    assert found[-1] == 0.0


@pytest.mark.parametrize("rate_hz", [16_000, 44_100, 96_000])
def test_another_rate_hears_the_same(rate_hz: int) -> None:
    analysis = Analysis(rate_hz)
    analysis.listen(Listen(PLAIN, onsets=True))
    at = np.arange(rate_hz) / rate_hz
    heard = analysis.hear((0.5 * np.sin(2 * np.pi * 1000 * at)).astype(np.float32), 5.0)
    assert levels(heard)[-1] == pytest.approx([0, 0.5**0.6, 0], abs=0.03)
    assert heard[-1].at_s == pytest.approx(6.0, abs=0.01)
    assert 0.002 < analysis.hop / rate_hz < 0.008


def test_the_spectrum_has_its_peak_at_the_tone_and_is_there_when_asked_for() -> None:
    heard = hear(tone(1000), Listen(spectrum=True))[-1]
    assert SPECTRUM_HZ[int(np.argmax(heard.spectrum))] == pytest.approx(1000, rel=0.1)
    assert hear(tone(1000), Listen(PLAIN))[-1].spectrum == ()


def test_a_band_goes_on_from_where_it_was_when_another_is_added_or_a_knob_is_turned() -> None:
    analysis = Analysis(RATE_HZ)
    analysis.listen(Listen((BANDS[1],)))
    before = analysis.hear(tone(1000), 0.0)[-1]
    analysis.listen(Listen((BANDS[0], BANDS[1]._replace(release_ms=400))))
    after = analysis.hear(silence(0.006), 2.0)[0]
    assert dict(after.levels)[2] == pytest.approx(dict(before.levels)[2], abs=0.1)


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e30])
def test_what_is_no_sound_does_no_lasting_harm(bad: float) -> None:
    sound = tone(1000)
    sound[1000:1100] = bad
    assert levels(hear(sound, Listen(PLAIN)))[-1] == pytest.approx([0, 0.5**0.6, 0], abs=0.03)
