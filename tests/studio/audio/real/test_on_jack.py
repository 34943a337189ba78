"""The real process, through real PortAudio, on a real JACK server, with a witness."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, perf_counter, sleep

import numpy as np
import pytest

from studio.audio.client import SoundClient
from studio.audio.messages import SoundEvent
from studio.processes.messages import Due, Restarted
from tests.fakes import is_one_sentence
from tests.studio.audio import jack
from tests.studio.audio.jack import ROOT, Witness, until

pytestmark = [
    pytest.mark.real,
    pytest.mark.timed,
    pytest.mark.slow,
    pytest.mark.skipif(not jack.here(), reason="needs jackd, JACK-Client and PortAudio"),
]
OCARINA, A4 = 79, 69


@pytest.fixture
def name(monkeypatch: pytest.MonkeyPatch) -> str:
    """Of a server of our own, so that nobody's is touched."""
    name = f"sound{os.getpid()}"
    monkeypatch.setenv("JACK_DEFAULT_SERVER", name)
    return name


@pytest.fixture
def server(name: str) -> Iterator[subprocess.Popen[bytes]]:
    with jack.server(name) as process:
        yield process


@pytest.fixture
def heard() -> list[SoundEvent]:
    return []


@pytest.fixture
def sound(server: object, heard: list[SoundEvent]) -> Iterator[SoundClient]:
    client = SoundClient(heard.append)
    client.start()
    until(lambda: client.state.open, "the device")
    client.set_room(0)
    yield client
    client.close()


def play(sound: SoundClient, due_s: float, length_s: float = 0.5) -> None:
    on, off = bytes((0x90, A4, 110)), bytes((0x80, A4, 0))
    sound.send([Due(due_s, "sound", on), Due(due_s + length_s, "sound", off)])


def test_a_note_is_heard_at_its_moment_and_at_440_hertz(
    sound: SoundClient, name: str, tmp_path: Path
) -> None:
    witness = Witness(name, 3, tmp_path / "heard.npz")
    sleep(0.5)
    due_s = perf_counter() + 0.5
    sound.send([Due(due_s - 0.3, "sound", bytes((0xC0, OCARINA)))])
    play(sound, due_s)
    recording = witness.recording()
    (onset_s,) = recording.onsets_s(threshold=0.005)
    assert abs(onset_s - due_s) < 0.02  # the sample's own attack; tests/bench/sound.py measures
    assert recording.pitch_hz(due_s + 0.1, due_s + 0.45) == pytest.approx(440, rel=0.005)
    assert 2 < sound.state.latency_ms < 25
    assert [device.name for device in sound.devices] == ["JACK: system"]


def test_a_sound_system_that_ends_is_a_sentence_and_its_return_is_heard(
    sound: SoundClient, name: str, server: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    server.kill()
    server.wait()
    until(lambda: not sound.state.open, "the loss")
    assert is_one_sentence(sound.state.sentence)
    play(sound, perf_counter())
    with jack.server(name):
        until(lambda: sound.state.open, "the return")
        witness = Witness(name, 2, tmp_path / "heard.npz")
        sleep(0.5)
        play(sound, perf_counter() + 0.2)
        assert len(witness.recording().onsets_s(0.005)) == 1
        sound.close()


def test_a_sound_process_that_is_killed_comes_back_with_its_instruments(
    sound: SoundClient, heard: list[SoundEvent], name: str, tmp_path: Path
) -> None:
    sound.send([Due(perf_counter(), "sound", bytes((0xC0, OCARINA)))])
    assert sound.pid is not None
    os.kill(sound.pid, signal.SIGKILL)
    until(lambda: any(isinstance(event, Restarted) for event in heard), "the restart")
    until(lambda: sound.state.open, "the device")
    witness = Witness(name, 2, tmp_path / "heard.npz")
    sleep(0.5)
    due_s = perf_counter() + 0.2
    play(sound, due_s)
    assert witness.recording().pitch_hz(due_s + 0.1, due_s + 0.4) == pytest.approx(440, rel=0.005)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"  # nobody may be there to bury it


def test_an_app_that_freezes_leaves_no_note_and_one_that_is_killed_no_process(
    server: object, name: str, tmp_path: Path
) -> None:
    app = subprocess.Popen(
        [sys.executable, "-m", "tests.studio.audio.real.app"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        assert app.stdout is not None
        pid = int(app.stdout.readline())
        witness = Witness(name, 4, tmp_path / "heard.npz")
        sleep(1.0)
        frozen_s = perf_counter()
        app.send_signal(signal.SIGSTOP)
        recording = witness.recording()
        assert recording.pitch_hz(frozen_s - 0.3, frozen_s) == pytest.approx(440, rel=0.005)
        loud = np.abs(recording.samples[-jack.RATE_HZ // 2 :]).max()
        assert loud < 0.005
        app.send_signal(signal.SIGCONT)
        assert is_alive(pid)
        app.kill()
        app.wait()
        killed_s = monotonic()
        while is_alive(pid):
            assert monotonic() < killed_s + 2, "the sound process outlives the app"
            sleep(0.005)
        assert monotonic() - killed_s < 0.5
    finally:
        app.kill()
        app.communicate()


def test_sigterm_ends_it_in_order(server: object) -> None:
    command = [sys.executable, "-m", "studio.audio.process"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, **pipes) as process:
        assert process.stdout is not None
        assert process.stdout.read(100)  # it has begun
        process.terminate()
        assert process.wait(2) == 0
