"""The app's end: it never waits, and a process that fails is a sentence and a new process."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Condition
from time import monotonic
from typing import Any

import pytest

from studio.audio.client import SOUND_PROCESS, SoundClient
from studio.audio.messages import FontSeen, SoundEvent, SoundState
from studio.audio.protocol import SetVolume
from studio.document.parameters import ParameterError
from studio.processes.child import module_command
from studio.processes.messages import Due, Restarted, Stop
from studio.settings.declared import VOLUME
from tests.fakes import PATIENCE_S, is_one_sentence

ON, OFF = bytes((0x90, 60, 100)), bytes((0x80, 60, 0))


class Ear:
    """What a client told, and a way to wait for it."""

    def __init__(self) -> None:
        self.heard: list[SoundEvent] = []
        self._some = Condition()

    def __call__(self, event: SoundEvent) -> None:
        with self._some:
            self.heard.append(event)
            self._some.notify_all()

    def until(self, come: Callable[[], bool]) -> None:
        deadline_s = monotonic() + PATIENCE_S
        with self._some:
            while not come():
                assert monotonic() < deadline_s, f"waited in vain; heard {self.heard}"
                self._some.wait(0.02)

    def sentences(self) -> list[str]:
        return [event.sentence for event in self.heard if isinstance(event, SoundState)]


class Stage:
    def __init__(self, file: Path) -> None:
        self.ear, self.file = Ear(), file
        self.clients: list[SoundClient] = []
        self.changed: dict[str, Any] = {}
        """What is not as in `SOUND_PROCESS`."""

    def client(self, manner: str = "listens", *, start: bool = True) -> SoundClient:
        command = (*module_command("tests.studio.audio.stand_in"), manner, str(self.file))
        child = replace(SOUND_PROCESS, command=command, pauses_s=(0.01, 0.01, 0.01), **self.changed)
        self.clients.append(SoundClient(self.ear, child=child))
        if start:
            self.clients[-1].start()
        return self.clients[-1]

    def told(self) -> list[str]:
        """What the stand-ins were told, a line each."""
        return self.file.read_text().splitlines() if self.file.exists() else []


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path / "told")
    yield stage
    for client in stage.clients:
        client.close()


def test_before_it_is_started_it_says_so_and_nothing_raises(stage: Stage) -> None:
    client = stage.client(start=False)
    client.send([Due(0.0, "sound", ON)])
    client.stop()
    client.panic()
    assert not client.state.open
    assert is_one_sentence(client.state.sentence)
    assert client.devices == ()
    assert client.font is None
    client.close()


def test_notes_for_the_port_sound_go_to_the_process(stage: Stage) -> None:
    client = stage.client()
    stage.ear.until(lambda: client.state.open)
    client.send([Due(1.0, "sound", ON), Due(1.0, "elsewhere", ON), Due(2.0, "sound", OFF)])
    stage.ear.until(lambda: OFF.hex() in stage.told())
    assert [line for line in stage.told() if line in (ON.hex(), OFF.hex())] == [ON.hex(), OFF.hex()]


def test_settings_made_before_the_start_are_told(stage: Stage) -> None:
    client = stage.client(start=False)
    client.use_device("ALSA: USB")
    client.set_volume(0.25)
    client.start()
    stage.ear.until(lambda: "UseDevice(name='ALSA: USB')" in stage.told())
    assert "SetVolume(volume=0.25)" in stage.told()


def test_a_setting_that_is_what_it_was_is_not_told_twice(stage: Stage) -> None:
    client = stage.client()
    stage.ear.until(lambda: client.state.open)
    for _ in range(3):
        client.use_device("ALSA: USB")
    client.set_room(1)
    stage.ear.until(lambda: "SetRoom(amount=1.0)" in stage.told())
    assert stage.told().count("UseDevice(name='ALSA: USB')") == 1


def test_settings_that_do_not_fit_are_refused(stage: Stage) -> None:
    client = stage.client(start=False)
    for refused in (
        lambda: client.set_volume(1.5),
        lambda: client.set_room(-1),
        lambda: client.set_offset(1e9),
        lambda: client.use_buffer("huge"),
    ):
        with pytest.raises(ParameterError):
            refused()


def test_a_process_that_is_killed_is_started_again_and_told_everything(stage: Stage) -> None:
    client = stage.client()
    stage.ear.until(lambda: client.state.open)
    client.use_device("ALSA: USB")
    client.send([Due(1.0, "sound", bytes((0xB0, 0, 16))), Due(1.0, "sound", bytes((0xC0, 25)))])
    stage.ear.until(lambda: "c019" in stage.told())
    assert client.pid is not None
    os.kill(client.pid, signal.SIGKILL)
    stage.ear.until(lambda: stage.told().count("c019") == 2)
    assert stage.told().count("UseDevice(name='ALSA: USB')") == 2
    lines = stage.told()[stage.told().index("c019") + 1 :]
    assert lines.index("b00010") < lines.index("c019")
    restarted = [event for event in stage.ear.heard if isinstance(event, Restarted)]
    assert is_one_sentence(restarted[0].sentence)


def fonts_told_to_the_second(stage: Stage) -> list[str]:
    told = stage.told()
    second = told[told.index("begun", 1) :] if told.count("begun") == 2 else []
    return [line for line in second if "UseFont(" in line]


@pytest.mark.parametrize("how", [signal.SIGSEGV, signal.SIGKILL])
def test_a_font_under_which_the_process_crashed_is_not_loaded_again(
    stage: Stage, how: signal.Signals
) -> None:
    client = stage.client()
    client.use_font(Path("/fonts/other.sf2"))
    stage.ear.until(lambda: "UseFont(path='/fonts/other.sf2')" in stage.told())
    assert client.pid is not None
    os.kill(client.pid, how)
    stage.ear.until(lambda: len(fonts_told_to_the_second(stage)) == 1)
    crashed = how is signal.SIGSEGV
    assert ("None" in fonts_told_to_the_second(stage)[0]) == crashed
    assert any("other.sf2" in said for said in stage.ear.sentences()) == crashed
    assert all(map(is_one_sentence, stage.ear.sentences()))


def test_a_process_that_keeps_failing_is_given_up_with_a_sentence(stage: Stage) -> None:
    stage.client("dies")
    stage.ear.until(lambda: any("switched off" in said for said in stage.ear.sentences()))
    assert stage.told() == ["begun"] * 3
    assert all(map(is_one_sentence, stage.ear.sentences()))


def test_a_process_without_hope_is_not_started_again(stage: Stage) -> None:
    client = stage.client("is-hopeless")
    stage.ear.until(lambda: bool(stage.ear.heard))
    client._child._threads[0].join(PATIENCE_S)
    assert stage.told() == ["begun"]
    assert client.state.sentence == "Nothing can be done."


def test_a_device_may_go_as_often_as_it_likes(stage: Stage) -> None:
    stage.client("loses-its-device")
    stage.ear.until(lambda: stage.told().count("begun") >= 5)
    assert not stage.ear.heard  # the process itself has said what there is to say


@pytest.mark.parametrize("manner", ["hangs", "raves"])
def test_a_process_that_is_out_of_its_mind_is_started_again(stage: Stage, manner: str) -> None:
    stage.changed = {"patience_s": 0.5, "first_patience_s": 0.5}
    stage.client(manner)
    stage.ear.until(lambda: stage.told().count("begun") >= 2)


def test_a_program_that_is_missing_is_a_sentence(stage: Stage) -> None:
    client = SoundClient(
        stage.ear, child=replace(SOUND_PROCESS, command=("/there/is/no/such/program",))
    )
    client.start()
    stage.ear.until(lambda: bool(stage.ear.heard))
    assert is_one_sentence(client.state.sentence)
    client.close()


def test_closing_ends_the_process_and_is_heard_by_nobody(stage: Stage) -> None:
    client = stage.client()
    stage.ear.until(lambda: client.state.open)
    process = client._child._process
    assert process is not None
    heard = len(stage.ear.heard)
    client.close()
    client.close()
    assert process.poll() is not None
    assert len(stage.ear.heard) == heard


def test_whoever_follows_is_told_what_the_process_is_told(stage: Stage) -> None:
    client = stage.client(start=False)
    client.send([Due(0.0, "sound", bytes((0xC0, 40)))])
    told: list[object] = []
    client.follow(told.append)
    assert [due.data for due in told.pop()] == [bytes((0xC0, 40))]  # type: ignore[attr-defined]
    assert SetVolume(VOLUME.initial) in told
    told.clear()
    client.send([Due(1.0, "sound", ON), Due(1.0, "elsewhere", ON)])
    client.set_volume(0.25)
    client.stop()
    client.unfollow(told.append)
    client.panic()
    assert told == [[Due(1.0, "sound", ON)], SetVolume(0.25), Stop()]


def test_whoever_follows_is_told_which_font_plays(stage: Stage) -> None:
    client, told = stage.client(start=False), list[object]()
    client.follow(told.append)
    client._understand(FontSeen("Mine", "", (), path="/fonts/mine.sf2"))
    assert told[-1] == client.font
