"""The app's end: nothing runs before it is asked for, and a process that fails is a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Condition
from time import monotonic

import pytest

from studio.audio.listening.client import INPUT_PROCESS, InputClient
from studio.audio.listening.messages import Band, Heard, InputEvent, InputState, Listen, UseInput
from studio.processes.child import module_command
from studio.processes.messages import Restarted
from tests.fakes import PATIENCE_S

WANTED = Listen((Band(1, 20.0, 200.0),), onsets=True)


class Stage:
    def __init__(self, file: Path) -> None:
        self.file = file
        self.heard: list[InputEvent] = []
        self.clients: list[InputClient] = []
        self._some = Condition()

    def client(self, manner: str) -> InputClient:
        command = (*module_command("tests.studio.audio.listening.stand_in"), manner, str(self.file))
        child = replace(INPUT_PROCESS, command=command, pauses_s=(0.01, 0.01, 0.01))
        self.clients.append(InputClient(self._hear, child=child))
        return self.clients[-1]

    def _hear(self, event: InputEvent) -> None:
        with self._some:
            self.heard.append(event)
            self._some.notify_all()

    def until(self, come: Callable[[], bool]) -> None:
        deadline_s = monotonic() + PATIENCE_S
        with self._some:
            while not come():
                assert monotonic() < deadline_s, f"waited in vain; heard {self.heard}"
                self._some.wait(0.02)

    def told(self) -> list[str]:
        return self.file.read_text().splitlines() if self.file.exists() else []


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path / "told")
    yield stage
    for client in stage.clients:
        client.close()


def test_no_process_runs_until_it_is_started_and_it_is_told_what_was_asked_before(
    stage: Stage,
) -> None:
    client = stage.client("listens")
    client.use_device("Microphone")
    client.listen(WANTED)
    assert client.pid is None
    assert stage.told() == []
    client.start()
    stage.until(lambda: {str(UseInput("Microphone")), str(WANTED)} <= set(stage.told()))
    stage.until(lambda: Heard(0.5, ((1, 0.25),), ((0.4, 1.0),)) in stage.heard)


def test_a_process_that_lost_its_input_is_followed_by_one_that_knows_all(stage: Stage) -> None:
    client = stage.client("loses-its-input")
    client.use_device("Microphone")
    client.start()
    stage.until(lambda: stage.told().count("begun") == 2)
    stage.until(lambda: str(UseInput("Microphone")) in stage.told())
    assert not any(isinstance(event, Restarted) for event in stage.heard)


@pytest.mark.parametrize(
    ("manner", "last"), [("dies", InputClient.given_up), ("is-hopeless", "Nothing can be done.")]
)
def test_one_that_always_fails_is_given_up_in_a_sentence(
    stage: Stage, manner: str, last: str
) -> None:
    stage.client(manner).start()
    stage.until(lambda: InputState(False, None, last) in stage.heard)
