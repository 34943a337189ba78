"""A stream from an input: what PortAudio hands over is heard with the time when it sounded."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from studio.audio import output
from studio.audio.listening import _input
from studio.audio.listening._input import Input
from studio.audio.output import SoundDeviceError, named
from tests.fakes import FakeClock, is_one_sentence
from tests.studio.audio.fakes import FakePortAudio, api, device, found


class Ear:
    """In the place of a listener."""

    def __init__(self) -> None:
        self.heard: list[tuple[Any, float]] = []
        self.is_full = False

    def hear(self, block: Any, first_s: float, frame_s: float) -> bool:
        self.heard.append((block.copy(), first_s))
        return not self.is_full


@pytest.fixture
def portaudio(monkeypatch: pytest.MonkeyPatch) -> FakePortAudio:
    made = FakePortAudio([api("ALSA")], [device("Microphone", channels=0, inputs=1)])
    monkeypatch.setattr(output, "portaudio", lambda: made)
    monkeypatch.setattr(_input.priority, "raise_thread", lambda _: "")
    monkeypatch.setattr(_input, "perf_counter", FakeClock(10.0))
    return made


def test_inputs_are_told_from_outputs_by_their_channels() -> None:
    devices = [device("Speakers"), device("Microphone", channels=0, inputs=1)]
    assert [each.device.name for each in named([api("ALSA")], devices, "input")] == [
        "ALSA: Microphone"
    ]


def test_blocks_come_with_the_time_at_which_they_sounded(portaudio: FakePortAudio) -> None:
    ear = Ear()
    opened = Input(found("Microphone"), ear)  # type: ignore[arg-type]
    block = np.arange(8, dtype=np.float32)
    times = SimpleNamespace(currentTime=3.0, inputBufferAdcTime=2.99)
    status = SimpleNamespace(input_overflow=False)
    callback = portaudio.stream.given["callback"]
    callback(block.tobytes(), 4, times, status)
    ((heard, first_s),) = ear.heard
    assert heard.tolist() == block.reshape(4, 2).tolist()
    assert first_s == pytest.approx(9.99)
    assert opened.latency_s == pytest.approx(0.01)
    ear.is_full = True
    callback(block.tobytes(), 4, times, SimpleNamespace(input_overflow=True))
    assert opened.overruns == 2


def test_an_input_that_is_taken_by_another_program_is_a_sentence(portaudio: FakePortAudio) -> None:
    portaudio.refuses = "Error opening RawInputStream: Device unavailable [PaErrorCode -9985]"
    with pytest.raises(SoundDeviceError) as refused:
        Input(found("Microphone"), Ear())  # type: ignore[arg-type]
    assert is_one_sentence(str(refused.value))
