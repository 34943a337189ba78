"""Devices by stable names, and a stream that a bad block or a bad device cannot end badly."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from studio.audio import output
from studio.audio.messages import SoundDevice
from studio.audio.output import FoundDevice, Output, SoundDeviceError, look, named
from tests.fakes import is_one_sentence
from tests.studio.audio.fakes import FakePortAudio, api, device, found


@pytest.fixture
def portaudio(monkeypatch: pytest.MonkeyPatch) -> FakePortAudio:
    fake = FakePortAudio([api("ALSA", 0)], [device("USB Audio")])
    monkeypatch.setattr(output, "portaudio", lambda: fake)
    monkeypatch.setattr(output.priority, "raise_thread", lambda priority: "as it was")
    return fake


def names(told: list[FoundDevice]) -> list[str]:
    return [f.device.name for f in told]


def test_names_tell_the_interface_and_are_unique() -> None:
    apis = [api("ALSA"), api("JACK Audio Connection Kit")]
    told = named(apis, [device("USB  Audio"), device("USB Audio"), device("system", api=1)])
    assert names(told) == ["ALSA: USB Audio", "ALSA: USB Audio (2)", "JACK: system"]


def test_what_has_no_output_is_left_out() -> None:
    assert named([api("ALSA")], [device("Microphone", channels=0)]) == []


def test_the_default_comes_first_and_other_defaults_next() -> None:
    apis = [api("ALSA", 2), api("JACK Audio Connection Kit", 0)]
    told = named(apis, [device("system", api=1), device("HDMI"), device("Speakers")])
    assert names(told) == ["ALSA: Speakers", "JACK: system", "ALSA: HDMI"]
    assert [f.device.default for f in told] == [True, False, False]
    assert [f.index for f in told] == [2, 0, 1]


def test_of_several_ways_to_a_device_the_quick_one_is_the_default() -> None:
    apis = [api("MME", 0), api("Windows WASAPI", 1)]
    assert names(named(apis, [device("Speakers"), device("Speakers", api=1)]))[0].startswith(
        "WASAPI"
    )


def test_looking_starts_portaudio_anew(portaudio: FakePortAudio) -> None:
    assert names(look()) == ["ALSA: USB Audio"]
    assert portaudio.calls == ["terminate", "initialize"]


def test_without_portaudio_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> Any:
        raise OSError("PortAudio library not found")

    monkeypatch.setattr(output.importlib, "import_module", fail)
    with pytest.raises(SoundDeviceError) as caught:
        output.portaudio()
    assert is_one_sentence(str(caught.value))


def test_a_device_that_refuses_is_a_sentence(portaudio: FakePortAudio) -> None:
    portaudio.refuses = "Error opening RawOutputStream: Device unavailable [PaErrorCode -9985]"
    with pytest.raises(SoundDeviceError) as caught:
        Output(found("ALSA: USB Audio"), "small", lambda *_: None)
    assert str(caught.value) == (
        "ALSA: USB Audio cannot be opened: Error opening RawOutputStream: Device unavailable."
    )
    assert is_one_sentence(str(caught.value))


def ask(stream: Any, frames: int, ahead_s: float = 0.02, channels: int = 2) -> np.ndarray:
    """Let PortAudio ask for a block that is heard in `ahead_s`."""
    out = bytearray(b"\xff" * 4 * frames * channels)
    times = SimpleNamespace(currentTime=5.0, outputBufferDacTime=5.0 + ahead_s)
    status = SimpleNamespace(output_underflow=False)
    stream.given["callback"](memoryview(out), frames, times, status)
    return np.frombuffer(out, np.float32).reshape(frames, channels)


def test_each_block_knows_when_it_is_heard(portaudio: FakePortAudio) -> None:
    asked: list[tuple[int, float, float]] = []
    out = Output(found("x"), "small", lambda b, at, step: asked.append((len(b), at, step)))
    ask(portaudio.stream, 256)
    frames, heard_s, step_s = asked[0]
    assert frames == 256
    assert heard_s == pytest.approx(out.last_block_s + 0.02, abs=0.01)
    assert step_s == 1 / 48_000
    assert out.latency_s == pytest.approx(0.02 + 256 / 48_000)


def test_a_system_that_tells_no_time_gets_its_own_latency(portaudio: FakePortAudio) -> None:
    asked: list[float] = []
    out = Output(found("x"), "small", lambda b, at, step: asked.append(at))
    ask(portaudio.stream, 256, ahead_s=0.0)
    assert asked[0] == pytest.approx(out.last_block_s + 0.01, abs=0.01)


def test_a_block_that_fails_is_silent_and_the_stream_goes_on(portaudio: FakePortAudio) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("Something gave way.")

    out = Output(found("x"), "small", fail)
    assert not ask(portaudio.stream, 64).any()
    assert isinstance(out.error, RuntimeError)


def test_one_loudspeaker_hears_both_sides(portaudio: FakePortAudio) -> None:
    def sides(block: np.ndarray, *_: float) -> None:
        block[:] = (0.5, 1.0)

    mono = FoundDevice(SoundDevice("x", 1, 48_000), 0)
    Output(mono, "small", sides)
    assert ask(portaudio.stream, 64, channels=1).ravel().tolist() == [0.75] * 64
