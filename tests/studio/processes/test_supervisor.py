"""One child process after the other: what each is told, when it counts as stuck, when it is over.

The player's and the sound's own tests go through it with the real processes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from threading import Condition
from time import monotonic

import pytest

from studio.processes.framing import Codec
from studio.processes.messages import Alive, Leave, Stop
from studio.processes.supervisor import ChildProcess, Supervisor
from tests.fakes import PATIENCE_S

CODEC = Codec(Alive, Leave, Stop)
ECHO = """
import os, sys
from studio.processes.framing import Frames, Codec
from studio.processes.messages import Alive, Leave, Stop
codec, frames = Codec(Alive, Leave, Stop), Frames()
while data := os.read(0, 65536):
    for _, payload in frames.feed(data):
        command = codec.unpack(payload)
        if command == Leave():
            sys.exit(0)
        if command == Stop("end"):
            sys.exit(7)
        os.write(1, codec.pack(command))
"""


class Stage:
    """A supervisor of a child that says back what it is told."""

    def __init__(self) -> None:
        self.heard: list[object] = []
        self.lives: list[tuple[object, int]] = []
        self.begun = 0
        self.again = True
        self._some = Condition()
        child = ChildProcess(
            name="echo",
            command=(sys.executable, "-c", ECHO),
            commands=CODEC,
            events=CODEC,
            alive_s=0.02,
            patience_s=PATIENCE_S,
            first_patience_s=PATIENCE_S,
            pauses_s=(0.0, 0.0),
            soon_s=PATIENCE_S,
        )
        self.supervisor = Supervisor(
            child,
            greeting=lambda: [CODEC.pack(Stop("greeting"))],
            hear=self._hear,
            ended=self._ended,
            started=self._started,
        )

    def _hear(self, message: object) -> None:
        with self._some:
            self.heard.append(message)
            self._some.notify_all()
        if message == Stop("stumble"):
            raise ZeroDivisionError

    def _started(self) -> None:
        self.begun += 1

    def _ended(self, how: int | OSError, short_lives: int) -> bool:
        with self._some:
            self.lives.append((how, short_lives))
            self._some.notify_all()
        return self.again

    def until(self, come: Callable[[], bool]) -> None:
        deadline_s = monotonic() + PATIENCE_S
        with self._some:
            while not come():
                assert monotonic() < deadline_s, f"waited in vain; heard {self.heard}"
                self._some.wait(0.02)


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.supervisor.close()


def test_a_process_is_greeted_first_and_told_that_the_app_is_alive(stage: Stage) -> None:
    stage.supervisor.start()
    stage.until(lambda: Alive() in stage.heard)
    assert stage.heard[0] == Stop("greeting")
    assert stage.supervisor.alive
    assert stage.supervisor.pid is not None


def test_where_temporary_files_have_no_room_it_runs_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full() -> None:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    stage = Stage()
    stage.supervisor.start()
    stage.until(lambda: Stop("greeting") in stage.heard)
    stage.supervisor.close()


def test_one_that_ends_is_followed_by_another_as_long_as_its_client_wants(stage: Stage) -> None:
    stage.supervisor.start()
    for life in range(1, 4):
        stage.until(lambda life=life: stage.heard.count(Stop("greeting")) == life)  # type: ignore[misc]
        stage.again = life < 3
        stage.supervisor.say(Stop("end"))
    stage.until(lambda: len(stage.lives) == 3 and not stage.supervisor.alive)
    assert stage.lives == [(7, 1), (7, 2), (7, 3)]
    assert stage.begun == 3


def test_one_that_was_killed_is_known_by_its_signal(stage: Stage) -> None:
    stage.again = False
    stage.supervisor.start()
    stage.until(lambda: bool(stage.heard))
    assert stage.supervisor.pid is not None
    os.kill(stage.supervisor.pid, signal.SIGKILL)
    stage.until(lambda: stage.lives == [(-signal.SIGKILL, 1)])


def test_a_listener_that_fails_does_not_end_the_reading(stage: Stage) -> None:
    stage.supervisor.start()
    stage.until(lambda: bool(stage.heard))
    for port in ("stumble", "after"):
        stage.supervisor.say(Stop(port))
    stage.until(lambda: Stop("after") in stage.heard)


def test_what_is_said_before_the_start_or_after_the_end_goes_nowhere(stage: Stage) -> None:
    stage.supervisor.say(Stop("too early"))
    stage.supervisor.start()
    stage.until(lambda: bool(stage.heard))
    process = stage.supervisor._process
    assert process is not None
    stage.supervisor.close()
    stage.supervisor.say(Stop("too late"))
    stage.supervisor.start()
    assert process.returncode == 0, "it left by itself"
    assert stage.lives == [], "that it was closed is no news"
    assert {Stop("too early"), Stop("too late")}.isdisjoint(stage.heard)


def test_it_needs_the_standard_library_only() -> None:
    code = (
        "import sys; before = set(sys.modules); import studio.processes.supervisor; "
        "ours = {m for m in sys.modules if m.partition('.')[0] in ('studio', 'ui', 'engines')}; "
        "others = {m.partition('.')[0] for m in set(sys.modules) - before - ours}; "
        "print([m for m in ours if m != 'studio' and not m.startswith('studio.processes')], "
        "[m for m in others if m not in sys.stdlib_module_names])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] []"
