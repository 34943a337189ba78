"""The client and a real process, on a MIDI system that writes what it is sent to a file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import perf_counter

import pytest

from studio.live.player.client import PLAYER, PlayerClient
from studio.live.player.ledger import notes_off, off
from studio.live.player.protocol import Lateness, PortState, Refused, Scheduling
from studio.processes.messages import Due, Restarted
from tests.studio.live.player_fakes import Heard, child, lines

ON, OFF = b"\x90\x3c\x64", b"\x80\x3c\x40"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "sent"


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def client(log: Path, heard: Heard) -> Iterator[PlayerClient]:
    client = PlayerClient(heard, child=child(log))
    yield client
    client.close()


def ready(client: PlayerClient, heard: Heard) -> PlayerClient:
    client.start()
    client.open_output("a", "synth")
    heard.wait(lambda event: isinstance(event, PortState) and event.is_open)
    return client


def pid(client: PlayerClient) -> int:
    assert client.pid is not None
    return client.pid


def test_it_starts_plays_and_leaves_with_everything_silent(
    client: PlayerClient, heard: Heard, log: Path
) -> None:
    ready(client, heard)
    client.send([Due(perf_counter(), "a", ON)])
    lines(log, lambda sent: sent == [ON])
    assert client.alive
    process = client._child._process
    client.close()
    assert lines(log, lambda sent: len(sent) == 2) == [ON, off(0, 60)]
    assert process is not None
    assert process.returncode == 0
    assert not client.alive


def test_it_says_which_scheduling_it_got(client: PlayerClient, heard: Heard) -> None:
    ready(client, heard)
    (told,) = heard.of(Scheduling)
    assert client.scheduling == told.sentence != "not started"


def test_what_is_asked_before_the_start_is_not_lost(
    client: PlayerClient, heard: Heard, log: Path
) -> None:
    client.open_output("a", "synth")
    program = b"\xc0\x05"  # a note would be left out where the start takes long
    client.send([Due(perf_counter() + 0.5, "a", program)])
    client.start()
    lines(log, lambda sent: program in sent)


def test_a_killed_player_is_replaced_notes_off_first_and_the_beat_goes_on(
    client: PlayerClient, heard: Heard, log: Path
) -> None:
    ready(client, heard)
    now = perf_counter()
    # What is overdue when the next one is there is dropped; on a busy machine that took 2.7 s.
    later = {2.0: b"\x90\x40\x64", 5.0: b"\x90\x41\x64", 15.0: b"\x90\x42\x64"}
    client.run_clock(["a"], beat=0, at_s=now, bpm=120, resume=False)
    client.send([Due(now, "a", ON), Due(now + 2.2, "a", OFF)])
    client.send([Due(now + wait_s, "a", note) for wait_s, note in later.items()])
    lines(log, lambda sent: ON in sent and b"\xf8" in sent)
    before = len(lines(log, lambda sent: True))
    os.kill(pid(client), signal.SIGKILL)
    heard.wait(lambda event: isinstance(event, Restarted))
    sent = lines(log, lambda sent: b"\xfb" in sent and any(n in sent for n in later.values()))
    after = [message for message in sent[before:] if message != b"\xf8"]
    assert after[:17] == [off(0, 60), *notes_off()]
    assert after.count(OFF) == 1, "its note was ended by the restart"
    assert client.statistics.restarts == 1
    assert client.alive


def test_a_player_that_cannot_be_started_again_is_a_sentence(
    client: PlayerClient, heard: Heard
) -> None:
    ready(client, heard)
    client._child.child = replace(PLAYER, command=("/nonexistent/python",))
    os.kill(pid(client), signal.SIGKILL)
    told = heard.wait(lambda event: isinstance(event, Refused))
    assert told == Refused("The MIDI player cannot be started: No such file or directory.")
    assert not client.alive


def test_sigterm_silences_and_is_answered_by_a_new_player(
    client: PlayerClient, heard: Heard, log: Path
) -> None:
    ready(client, heard)
    client.send([Due(perf_counter(), "a", ON)])
    lines(log, lambda sent: sent == [ON])
    os.kill(pid(client), signal.SIGTERM)
    sent = lines(log, lambda sent: len(sent) > 1)
    assert sent[1] == off(0, 60)
    heard.wait(lambda event: isinstance(event, Restarted))


def test_a_player_that_is_stuck_in_a_driver_is_replaced(
    client: PlayerClient, heard: Heard, log: Path
) -> None:
    client._child.child = replace(client._child.child, patience_s=0.3)
    ready(client, heard)
    client.send([Due(perf_counter(), "a", ON)])
    lines(log, lambda sent: sent == [ON])
    os.kill(pid(client), signal.SIGSTOP)
    heard.wait(lambda event: isinstance(event, Restarted))
    assert lines(log, lambda sent: len(sent) > 1)[1] == off(0, 60)


def test_a_dense_stream_takes_no_breath_from_the_player(
    client: PlayerClient, heard: Heard, log: Path
) -> None:
    ready(client, heard)
    now, count = perf_counter() + 0.1, int(2000 * 1.25 * PLAYER.patience_s)
    client.send([Due(now + i / 2000, "a", bytes((0xB0, 1, i % 128))) for i in range(count)])
    lines(log, lambda sent: len(sent) == count)
    assert heard.of(Restarted) == []
    assert client.statistics.sent == count


def test_a_player_that_slept_was_not_late(client: PlayerClient, heard: Heard, log: Path) -> None:
    ready(client, heard)
    began = perf_counter()
    client.run_clock(["a"], beat=0, at_s=began, bpm=300, resume=False)
    client.send([Due(began + 0.1 * i, "a", bytes((0xB0, 1, i))) for i in range(1, 40)])
    lines(log, lambda sent: len(sent) > 20)
    os.kill(pid(client), signal.SIGSTOP)
    Event().wait(1.3)
    os.kill(pid(client), signal.SIGCONT)
    count = len(lines(log, lambda sent: True))
    lines(log, lambda sent: len(sent) > count + 60)
    told = heard.wait(lambda event: isinstance(event, Lateness) and event.played > count + 20)
    assert isinstance(told, Lateness)
    assert told.max_ms < 500, "the pause of a machine is not the player's"
    assert heard.of(Restarted) == []


def test_when_the_player_does_not_read_note_ons_are_dropped_and_offs_kept(log: Path) -> None:
    client = PlayerClient(lambda event: None, child=child(log))
    far = perf_counter() + 1000
    client.send([Due(far, "a", ON) for _ in range(8192)])
    client.send([Due(far, "a", ON), Due(far, "a", OFF)])
    assert client.statistics.sent == 8192 + 1
    assert client.statistics.dropped == 1
    client.close()


def test_the_player_is_quick_to_start_and_loads_nothing_heavy() -> None:
    code = (
        "import sys, studio.live.player._process; "
        "print([m for m in ('numpy', 'pydantic', 'mido', 'torch', 'PySide6') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
