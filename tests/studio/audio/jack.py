"""A JACK server without a sound card, and an independent witness of what is played on it.

`python -m tests.studio.audio.jack SERVER SECONDS FILE` is the witness: a process of its own that
records PortAudio's two channels with the server's frame stamps.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from time import monotonic, perf_counter, sleep

import numpy as np
from numpy.typing import NDArray

from tests.fakes import PATIENCE_S

ROOT = Path(__file__).resolve().parents[3]
RATE_HZ = 48_000
PERIOD = 256


def here() -> bool:
    """Whether this machine has what the tests with real sound need."""
    with suppress(ImportError, OSError):
        import jack  # noqa: F401
        import sounddevice  # noqa: F401

        return shutil.which("jackd") is not None
    return False


def until(come: Callable[[], bool], awaited: str) -> None:
    """Wait for something that another process does."""
    deadline_s = monotonic() + PATIENCE_S
    while not come():
        assert monotonic() < deadline_s, f"waited for {awaited} in vain"
        sleep(0.02)


@contextmanager
def server(name: str) -> Iterator[subprocess.Popen[bytes]]:
    """A dummy server of this name, ready; gone at the end."""
    import jack

    jack.set_error_function(lambda message: None)  # it complains while the server begins
    process = _started(name)
    try:
        deadline_s = perf_counter() + 60
        while not _answers(name):
            assert perf_counter() < deadline_s, "the JACK server does not start"
            if process.poll() is not None:  # two that begin at once get into each other's way
                process = _started(name)
            sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait(10)
        for left in Path("/dev/shm").glob(f"jack*{name}*"):
            with suppress(OSError):
                left.unlink()


def _started(name: str) -> subprocess.Popen[bytes]:
    driver = ["-d", "dummy", "-r", str(RATE_HZ), "-p", str(PERIOD)]
    return subprocess.Popen(
        ["jackd", "-n", name, "-R", "-S", *driver],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _answers(name: str) -> bool:
    import jack

    try:
        jack.Client("probe", servername=name, no_start_server=True).close()
    except jack.JackOpenError:
        return False
    return True


@dataclass(frozen=True)
class Recording:
    """What the server played: samples, and when by perf_counter the first left for the card."""

    samples: NDArray[np.float32]
    """(frames, 2)"""
    entry_frames: NDArray[np.int64]
    """At which frame each period began,"""
    entries_s: NDArray[np.float64]
    """and when the witness was called for it."""

    @property
    def jumps(self) -> int:
        """How often the server itself came more than a millisecond late, and stayed so."""
        late_s = self._promptest()[1]
        return int((np.abs(np.diff(late_s)) > 1e-3).sum())

    def times_s(self, frames: NDArray[np.int64]) -> NDArray[np.float64]:
        """When `frames` left for the card, by perf_counter.

        The server's clock drifts and jumps; the witness is called late by the system's jitter, so
        of each quarter of a second the promptest call counts.
        """
        at, late_s = self._promptest()
        return frames / RATE_HZ + np.interp(frames, at, late_s)

    def _promptest(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Frame and lateness of the promptest call in each quarter of a second."""
        late_s = self.entries_s - self.entry_frames / RATE_HZ
        window = self.entry_frames // (RATE_HZ // 4)
        periods = [np.flatnonzero(window == number) for number in np.unique(window)]
        prompt = np.array([p[late_s[p].argmin()] for p in periods])
        return self.entry_frames[prompt], late_s[prompt]

    def onsets_s(self, threshold: float = 0.01, quiet_s: float = 0.05) -> NDArray[np.float64]:
        """When sound begins after at least `quiet_s` of silence."""
        loud = np.flatnonzero(np.abs(self.samples).max(axis=1) > threshold)
        if not len(loud):
            return np.zeros(0)
        first = np.concatenate(([True], np.diff(loud) > quiet_s * RATE_HZ))
        return self.times_s(loud[first])

    def pitch_hz(self, begin_s: float, end_s: float) -> float:
        """The strongest frequency between two moments: the median of tenths of a second.

        On a busy machine the server misses a period now and then, and a hole bends the spectrum.
        """
        a, b = self.entry_frames[np.searchsorted(self.entries_s, (begin_s, end_s))]
        sound, length = self.samples[a:b].mean(axis=1), RATE_HZ // 10
        begins = range(0, max(1, len(sound) - length), length // 2)
        return float(np.median([pitch_hz(sound[at : at + length]) for at in begins]))


def pitch_hz(sound: NDArray[np.float32], rate_hz: int = RATE_HZ) -> float:
    """The strongest frequency, between the bins of the spectrum by a parabola."""
    spectrum = np.log(np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) + 1e-12)
    peak = int(spectrum[2:-2].argmax()) + 2
    a, b, c = spectrum[peak - 1 : peak + 2]
    return float((peak + (a - c) / (2 * (a - 2 * b + c))) * rate_hz / len(sound))


class Witness:
    """Records while the `with` lasts at most `seconds`; `recording` comes after."""

    def __init__(self, name: str, seconds: float, file: Path) -> None:
        self._file = file
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.studio.audio.jack", name, str(seconds), str(file)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == b"ready", "the witness does not listen"

    def recording(self) -> Recording:
        """Wait until it is done."""
        self._process.communicate(timeout=120)
        assert self._process.returncode == 0, "the witness failed"
        with np.load(self._file) as kept:
            return Recording(kept["samples"], kept["entry_frames"], kept["entries_s"])

    def close(self) -> None:
        """For a test that failed before the end."""
        self._process.kill()
        self._process.communicate()


class Clicker:
    """A program that plays single samples into whatever listens through PortAudio."""

    def __init__(self, name: str) -> None:
        import jack

        self._client = jack.Client("clicker", servername=name, no_start_server=True)
        self._mouth = self._client.outports.register("click")
        self._wanted = Event()
        self._sent: SimpleQueue[float] = SimpleQueue()
        self._client.set_process_callback(self._play)

    def __enter__(self) -> Clicker:
        self._client.activate()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def inputs(self) -> list[str]:
        """The ports of ours that listen."""
        return [port.name for port in self._client.get_ports("PortAudio", is_input=True)]

    def connect(self) -> list[str]:
        """Play into all of them from now on, and say which these are."""
        ports = self.inputs()
        connected = [port.name for port in self._client.get_all_connections(self._mouth)]
        for port in ports:
            if port not in connected:
                self._client.connect(self._mouth, port)
        return ports

    def click(self, after_s: float = 0.23) -> float:
        """Play a click after a while; when it left."""
        sleep(after_s)
        self._wanted.set()
        return self._sent.get(timeout=10)

    def _play(self, frames: int) -> None:
        samples = self._mouth.get_array()
        samples[:] = 0
        if self._wanted.is_set():
            self._wanted.clear()
            samples[0] = 0.9
            self._sent.put(perf_counter())


def main() -> None:
    """The witness itself."""
    import jack

    name, seconds, file = sys.argv[1], float(sys.argv[2]), sys.argv[3]
    frames = round(seconds * RATE_HZ)
    samples = np.zeros((frames + PERIOD, 2), np.float32)
    stamps: list[tuple[int, float]] = []
    client = jack.Client("witness", servername=name, no_start_server=True)
    ears = [client.inports.register(f"in{side}") for side in (1, 2)]

    @client.set_process_callback
    def process(count: int) -> None:
        stamp = client.last_frame_time
        stamps.append((stamp, perf_counter()))
        at = stamp - stamps[0][0]
        if at + count <= frames:
            for side, ear in enumerate(ears):
                samples[at : at + count, side] = ear.get_array()

    with client:
        print("ready", flush=True)
        deadline_s = perf_counter() + seconds
        while perf_counter() < deadline_s:
            for port in client.get_ports(is_audio=True, is_output=True):
                side = 1 if port.name.endswith("_1") else 0
                wanted = "PortAudio" in port.name
                if wanted and ears[side] not in client.get_all_connections(port):
                    with suppress(jack.JackError):
                        client.connect(port, ears[side])
            sleep(0.05)
    frames_in, entries_s = np.array([s for s, _ in stamps]), np.array([t for _, t in stamps])
    np.savez(file, samples=samples, entry_frames=frames_in - frames_in[0], entries_s=entries_s)


if __name__ == "__main__":
    main()
