"""The real process on a real JACK server: clicks that another program plays are heard."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import pytest

from studio.audio.client import SoundClient
from studio.audio.listening.client import InputClient
from studio.audio.listening.messages import Band, Heard, InputsSeen, InputState, Listen
from studio.processes.messages import Due
from tests.fakes import is_one_sentence
from tests.studio.audio import jack
from tests.studio.audio.jack import until
from tests.studio.audio.listening.test_input_file import clicks

pytestmark = [
    pytest.mark.real,
    pytest.mark.timed,
    pytest.mark.slow,
    pytest.mark.skipif(not jack.here(), reason="needs jackd, JACK-Client and PortAudio"),
]
WANTED = Listen((Band(1, 20.0, 200.0), Band(2, 2000.0, 18_000.0)), onsets=True)
DEVICE = "JACK: system"


@pytest.fixture
def name(monkeypatch: pytest.MonkeyPatch) -> str:
    """Of a server of our own, so that nobody's is touched."""
    name = f"ears{os.getpid()}"
    monkeypatch.setenv("JACK_DEFAULT_SERVER", name)
    return name


@pytest.fixture
def server(name: str) -> Iterator[subprocess.Popen[bytes]]:
    with jack.server(name) as process:
        yield process


class Ear:
    """What a client told."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.client = InputClient(self.told.append)
        self.client.start()

    @property
    def is_open(self) -> bool:
        states = [event for event in self.told if isinstance(event, InputState)]
        return bool(states) and states[-1].open

    def onsets(self) -> list[float]:
        heard = [event for event in self.told if isinstance(event, Heard)]
        return [at_s for each in heard for at_s, _ in each.onsets]

    def opens(self) -> None:
        self.client.use_device(DEVICE)
        self.client.listen(WANTED)
        until(lambda: self.is_open, "the input")


@pytest.fixture
def ear(server: object) -> Iterator[Ear]:
    made = Ear()
    yield made
    made.client.close()


def test_clicks_are_onsets_at_their_moments_and_no_input_is_open_before(
    ear: Ear, name: str, tmp_path: Path
) -> None:
    """And in a recording of the input they are within 20 ms of them."""
    until(lambda: any(isinstance(event, InputsSeen) for event in ear.told), "the inputs")
    with jack.Clicker(name) as clicker:
        assert clicker.inputs() == []
        begun_s = perf_counter()
        ear.client.record(tmp_path / "input.wav", begun_s)
        ear.opens()
        until(lambda: len(clicker.connect()) > 0, "the input's ports")
        sleep(0.5)
        sent_s = [clicker.click() for _ in range(8)]
        until(lambda: len(ear.onsets()) >= len(sent_s), "all onsets")
        assert len(ear.onsets()) == len(sent_s)
        apart_s = [at - sent for at, sent in zip(ear.onsets(), sent_s, strict=True)]
        assert max(map(abs, apart_s)) < 0.04
        ear.client.listen(Listen())
        ear.client.record(None)
        until(lambda: clicker.inputs() == [], "the end of the input")
    recorded_s, _ = clicks(tmp_path / "input.wav")
    off_s = [at - (sent - begun_s) for at, sent in zip(recorded_s, sent_s, strict=True)]
    assert max(map(abs, off_s)) < 0.02


def test_an_input_that_goes_is_a_sentence_and_heard_again_when_it_is_back(
    ear: Ear, server: subprocess.Popen[bytes], name: str
) -> None:
    ear.opens()
    server.kill()
    server.wait()
    until(lambda: not ear.is_open, "the loss")
    state = [event for event in ear.told if isinstance(event, InputState)][-1]
    assert is_one_sentence(state.sentence)
    with jack.server(name):
        until(lambda: ear.is_open, "the return")
        ear.client.close()


def test_the_instruments_own_sound_is_heard_though_its_volume_is_down(server: object) -> None:
    told: list[Any] = []
    sound = SoundClient(told.append)
    sound.set_volume(0.0)
    sound.listen(WANTED)
    sound.start()
    try:
        until(lambda: sound.state.open, "the device")
        due_s = perf_counter() + 0.3
        sound.send([Due(due_s, "sound", bytes((0x99, 36, 127)))])
        loud = [1]

        def came() -> bool:
            heard = [event for event in told if isinstance(event, Heard)]
            return any(dict(each.levels)[number] > 0.3 for each in heard for number in loud)

        until(came, "a kick in the bass")
        onsets = [at for e in told if isinstance(e, Heard) for at, _ in e.onsets]
        assert min(abs(at - due_s) for at in onsets) < 0.03
    finally:
        sound.close()
