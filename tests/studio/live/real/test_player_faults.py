"""Faults with the real parts: a JACK server, a player process, and an ear that knows neither."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from threading import Event
from time import monotonic, perf_counter

import pytest

from studio.live.player.client import PlayerClient
from studio.live.player.protocol import PortsSeen, PortState
from studio.processes.messages import Due, Received, Restarted
from tests.bench.jack_server import PERIOD, RATE, JackServer
from tests.bench.jack_witness import Arrival, Witness
from tests.studio.live.player_fakes import Heard
from tests.studio.live.real.app import CHORD, STEP_S

pytestmark = [pytest.mark.real, pytest.mark.timed]
ROOT = Path(__file__).resolve().parents[4]
PATIENCE_S = 20.0
SNAP_S = 2 * PERIOD / RATE
"""rtmidi hands notes to JACK at the start of a period: their frame may be this much late."""


def pause(seconds: float) -> None:
    """Let the music go on: these tests are about real time."""
    Event().wait(seconds)


def until(done: Callable[[], bool], what: str) -> None:
    deadline = monotonic() + PATIENCE_S
    while not done():
        assert monotonic() < deadline, f"never: {what}"
        pause(0.01)


class Ear:
    """The witness with a memory."""

    def __init__(self, witness: Witness) -> None:
        self.witness, self.arrivals = witness, list[Arrival]()

    def listen(self) -> list[Arrival]:
        self.arrivals += self.witness.take()
        return self.arrivals

    def times(self, kind: int) -> list[float]:
        """When messages of this status arrived, in seconds of `perf_counter`."""
        return [
            arrival.at_s
            for arrival in self.listen()
            if arrival.data[0] & 0xF0 == kind or arrival.data[0] == kind
        ]

    def sounding(self) -> list[int]:
        """Pitches struck and not ended, on channel 1."""
        sounding: list[int] = []
        for arrival in self.listen():
            status, pitch = arrival.data[0], arrival.data[1] if arrival.data[1:] else 0
            if status == 0x90:
                sounding.append(pitch)
            elif status == 0x80 and pitch in sounding:
                sounding.remove(pitch)
        return sounding


@pytest.fixture
def ear(witness: Witness) -> Ear:
    return Ear(witness)


@contextmanager
def playing_app() -> Iterator[tuple[subprocess.Popen[str], int, float]]:
    """An app of its own, its player's process id, and when it began to play."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.studio.live.real.app", "witness:in"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    try:
        player, began = process.stdout.readline().split()
        yield process, int(player), float(began)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def gone(pid: int) -> bool:
    """Whether a process that is not our child has ended."""
    try:
        with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123
            return stat.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@contextmanager
def client(heard: Heard) -> Iterator[PlayerClient]:
    client = PlayerClient(heard)
    client.start()
    client.open_output("a", "witness:in")
    heard.wait(lambda event: isinstance(event, PortState) and event.is_open)
    yield client
    client.close()


def off_the_grid(times: list[float], began: float, step_s: float) -> float:
    """How far they are from multiples of the step, in seconds.

    The median: on a busy machine the server misses a period now and then, and that is its fault.
    """
    return median(abs((t - began + step_s / 2) % step_s - step_s / 2) for t in times)


def test_an_app_killed_in_the_middle_of_a_chord_leaves_silence_within_250_ms(ear: Ear) -> None:
    with playing_app() as (process, player, _):
        until(lambda: len(ear.sounding()) >= len(CHORD), "the chord sounds")
        pause(0.5)
        os.kill(process.pid, signal.SIGKILL)
        killed = perf_counter()
        until(lambda: not ear.sounding(), "silence")
        until(lambda: gone(player), "the player leaves")
    assert ear.times(0x80)[-1] - killed <= 0.25


def test_a_frozen_app_leaves_only_its_queue_and_comes_back_in_phase(ear: Ear) -> None:
    with playing_app() as (process, _, began):
        until(lambda: len(ear.sounding()) >= len(CHORD), "the chord sounds")
        pause(0.4)
        os.kill(process.pid, signal.SIGSTOP)
        frozen = perf_counter()
        pause(3.0)
        assert ear.sounding() == []
        assert max(ear.times(0x90)) < frozen + 0.1 + STEP_S
        os.kill(process.pid, signal.SIGCONT)
        resumed = perf_counter()
        pause(0.6)
        after = [t for t in ear.times(0x90) if t > resumed]
        assert 3 <= len(after) <= 8, "no machine gun"
        assert off_the_grid(after, began, STEP_S) < SNAP_S


def test_a_suspended_machine_resumes_in_phase_and_does_not_machine_gun(ear: Ear) -> None:
    with playing_app() as (process, player, began):
        until(lambda: len(ear.sounding()) >= len(CHORD), "the chord sounds")
        pause(0.4)
        for pid in (process.pid, player):
            os.kill(pid, signal.SIGSTOP)
        pause(3.0)
        for pid in (player, process.pid):
            os.kill(pid, signal.SIGCONT)
        resumed = perf_counter()
        pause(0.6)
        after = [t for t in ear.times(0x90) if t > resumed]
        assert 3 <= len(after) <= 8
        assert off_the_grid(after, began, STEP_S) < SNAP_S
        os.kill(process.pid, signal.SIGKILL)
        until(lambda: not ear.sounding(), "silence")


def test_a_killed_player_is_back_with_the_notes_off_and_the_clock_in_phase(ear: Ear) -> None:
    heard = Heard()
    with client(heard) as player:
        began = perf_counter() + 0.1
        bpm = 120.0
        player.run_clock(["a"], beat=0, at_s=began, bpm=bpm, resume=False)
        player.send([Due(began, "a", bytes((0x90, pitch, 100))) for pitch in CHORD])
        until(lambda: len(ear.sounding()) == len(CHORD), "the chord sounds")
        pause(0.4)
        assert player.pid is not None
        os.kill(player.pid, signal.SIGKILL)
        killed = perf_counter()
        heard.wait(lambda event: isinstance(event, Restarted))
        until(lambda: not ear.sounding(), "silence")
        until(lambda: bool(ear.times(0xFB)), "the clock continues")
        pause(0.5)
        ticks = [t for t in ear.times(0xF8) if t > killed]
        assert off_the_grid(ticks, began, 60 / bpm / 24) < SNAP_S
        assert ticks[0] - killed < 1.5
        _position_is_right(ear, began, bpm)


def _position_is_right(ear: Ear, began: float, bpm: float) -> None:
    """The ticks after the last continue count on from the sixteenth that the position told."""
    data = [arrival.data for arrival in ear.listen()]
    place = max(i for i, message in enumerate(data) if message[0] == 0xF2)
    assert data[place + 1] == b"\xfb"
    told = 6 * (data[place][1] | data[place][2] << 7)
    first = sum(message == b"\xf8" for message in data[:place])
    late = [t - (began + (told + n) * 60 / bpm / 24) for n, t in enumerate(ear.times(0xF8)[first:])]
    assert abs(median(late)) < SNAP_S


def test_a_port_taken_away_comes_back_by_itself_with_its_notes_ended(server: JackServer) -> None:
    heard = Heard()
    first = Witness("witness", "in")
    with client(heard) as player:
        player.send([Due(perf_counter(), "a", bytes((0x90, 60, 100)))])
        until(lambda: len(first.take()) == 1, "the note sounds")
        first.kill()
        heard.wait(lambda event: isinstance(event, PortState) and not event.is_open)
        player.send([Due(perf_counter(), "a", bytes((0x90, 64, 100)))])
        second = Witness("witness", "in")
        heard.wait(lambda event: isinstance(event, PortState) and event.is_open, times=2)
        player.send([Due(perf_counter(), "a", bytes((0x90, 67, 100)))])
        ear = Ear(second)
        until(lambda: ear.sounding() == [67], "the new note")
        data = [arrival.data for arrival in ear.listen()]
        assert data[0] == bytes((0x80, 60, 64))
        assert not any(message[:2] == bytes((0x90, 64)) for message in data)
    until(lambda: not ear.sounding(), "silence")
    second.close()


def test_a_midi_system_that_ends_and_returns_is_found_again(server: JackServer) -> None:
    heard = Heard()
    first = Witness("witness", "in")
    with client(heard) as player:
        server.stop(kill=True)
        first.kill()
        heard.wait(lambda event: isinstance(event, Restarted))
        told = heard.wait(lambda event: isinstance(event, PortsSeen) and not event.system)
        assert told == PortsSeen("", (), ())
        server.start()
        second = Witness("witness", "in")
        heard.wait(lambda event: isinstance(event, PortState) and event.is_open, times=2)
        player.send([Due(perf_counter(), "a", bytes((0x90, 67, 100)))])
        ear = Ear(second)
        until(lambda: ear.sounding() == [67], "the note")
    second.close()


def test_input_is_heard_with_the_moment_at_which_it_arrived(server: JackServer) -> None:
    heard, other = Heard(), Heard()
    ins, outs = PlayerClient(heard), PlayerClient(other)
    ins.start()
    ins.open_input("k", "keys", virtual=True)
    heard.wait(lambda event: isinstance(event, PortState) and event.is_open)
    port = server.wait_for_port("Latent Loom k")
    outs.start()
    outs.open_output("a", "pad", virtual=True)
    other.wait(lambda event: isinstance(event, PortState) and event.is_open)
    server.connect(server.wait_for_port("Latent Loom a"), port)
    due = [perf_counter() + 0.1 + 0.01 * i for i in range(50)]
    outs.send([Due(due_s, "a", bytes((0xB0, i, i))) for i, due_s in enumerate(due)])
    heard.wait(lambda event: isinstance(event, Received), times=50)
    ins.close()
    outs.close()
    received = heard.of(Received)
    assert [m.data for m in received] == [bytes((0xB0, i, i)) for i in range(50)]
    assert {m.port for m in received} == {"k"}
    late = [m.at_s - due_s for m, due_s in zip(received, due, strict=True)]
    assert 0 <= median(late) < 3 * PERIOD / RATE


SENTENCE = "from studio.live.player import timing; print(timing.sentence())"


def test_what_jack_does_to_the_timing_is_said_with_its_period(server: JackServer) -> None:
    told = subprocess.run(
        [sys.executable, "-c", SENTENCE], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert told.stdout.strip() == (
        "Under JACK notes leave when a period starts, here every 2.7 ms; "
        "a smaller period makes them more exact."
    )


def test_without_a_jack_server_there_is_nothing_to_say(server: JackServer) -> None:
    environment = {**os.environ, "JACK_DEFAULT_SERVER": "loom-test-none"}
    told = subprocess.run(
        [sys.executable, "-c", SENTENCE],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=environment,
    )
    assert told.stdout.strip() == ""
