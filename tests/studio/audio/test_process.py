"""The sound process without its pipes: words become deeds, and silence keeps nobody's notes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from studio.audio import device_process, fonts, process, protocol
from studio.audio._device_keeper import DeviceKeeper
from studio.audio.device_process import ALIVE_S
from studio.audio.font.riff import FontError
from studio.audio.messages import FontSeen
from studio.audio.process import ABANDONED_S, SoundProcess
from studio.processes.framing import Frames, pack_play
from studio.processes.messages import Alive, Due, Panic, Stop
from tests.fakes import FakeClock, is_one_sentence
from tests.studio.audio.fakes import FakeInstrument, fake_outputs, found
from tests.studio.audio.test_renderer import FRAME_S

SEEN = FontSeen("Folk", "MIT", ())


class Room:
    """A process on fakes; `work` does what its main thread would."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = FakeClock()
        self.told: list[object] = []
        self.instrument = FakeInstrument()
        self.outputs = fake_outputs()
        monkeypatch.setattr(process, "perf_counter", self.clock)
        monkeypatch.setattr(device_process, "perf_counter", self.clock)
        monkeypatch.setattr(process, "try_out", lambda path, meanwhile: None)
        self.process = SoundProcess(self.instrument, SEEN, self.told.append)  # type: ignore[arg-type]
        self.process._keeper = DeviceKeeper(
            self.process.renderer,
            self.told.append,
            clock=self.clock,
            look=lambda: [found("ALSA: USB")],
            opener=self.outputs,
        )

    def work(self, seconds: float = 0.1) -> None:
        while not self.process._wishes.empty():
            wish = self.process._wishes.get()
            assert wish is not None
            wish()
        self.clock.advance(seconds)
        for out in self.outputs.made:
            out.last_block_s = self.clock.now
        self.process._watch()

    def render(self, frames: int) -> None:
        import numpy as np

        block = np.zeros((frames, 2), np.float32)
        self.process.renderer.render(block, self.instrument.frame * FRAME_S, FRAME_S)

    def send(self, *messages: bytes) -> None:
        frame = pack_play(1, [Due(0.0, "sound", data) for data in messages])
        ((_, payload),) = Frames().feed(frame)
        self.process.play(payload)


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    from studio.audio import _device_keeper as device_keeper

    monkeypatch.setattr(device_keeper, "sleep", lambda seconds: None)
    monkeypatch.setattr(device_keeper.priority, "raise_thread", lambda priority: "")
    monkeypatch.setattr(device_keeper.priority, "lower_thread", lambda: None)
    return Room(monkeypatch)


def test_notes_sound(room: Room) -> None:
    room.send(bytes((0x90, 60, 100)))
    room.render(64)
    assert room.instrument.held


@pytest.mark.parametrize("command", [Stop(), Panic()])
def test_stop_and_panic_let_go(room: Room, command: object) -> None:
    room.send(bytes((0x90, 60, 100)))
    room.render(64)
    room.process.obey(command)
    room.render(64)
    assert not room.instrument.held


def test_an_app_that_says_nothing_any_more_has_its_notes_let_go(room: Room) -> None:
    room.work()
    room.send(bytes((0x90, 60, 100)))
    room.render(64)
    assert room.instrument.held
    room.work(ABANDONED_S + 0.1)
    room.render(64)
    assert not room.instrument.held


def test_an_app_that_is_alive_keeps_them(room: Room) -> None:
    room.work()
    room.send(bytes((0x90, 60, 100)))
    for _ in range(20):
        room.render(64)
        room.process.obey(Alive())
        room.work(0.2)
    room.render(64)
    assert room.instrument.held


def test_it_says_that_it_is_alive(room: Room) -> None:
    for _ in range(10):
        room.work(ALIVE_S + 0.1)
    assert room.told.count(Alive()) == 10


def test_device_and_buffer_are_the_main_threads_work(room: Room) -> None:
    room.process.obey(protocol.UseDevice("ALSA: USB"))
    room.process.obey(protocol.UseBuffer("large"))
    assert not room.outputs.made
    room.work()
    assert [out.buffer for out in room.outputs.made] == ["medium", "large"]


def test_settings_reach_the_renderer(room: Room) -> None:
    room.process.obey(protocol.SetOffset(25.0))
    room.process.obey(protocol.SetVolume(0.5))
    room.process.obey(protocol.SetRoom(0.0))
    assert room.process.renderer.offset_s == 0.025


def test_a_bad_font_is_a_sentence_and_the_one_that_played_plays_on(
    room: Room, tmp_path: Path
) -> None:
    room.work()
    room.process.obey(protocol.UseFont(str(tmp_path / "missing.sf2")))
    room.work()
    seen = next(word for word in reversed(room.told) if isinstance(word, FontSeen))
    assert seen.title == "Folk"
    assert is_one_sentence(seen.sentence)
    assert room.process.renderer.instrument is room.instrument
    assert not room.outputs.made[-1].closed


def test_a_font_that_the_trial_refuses_is_not_loaded_and_the_device_plays_on(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, meanwhile: object) -> None:
        raise FontError("The SoundFont other.sf2 is damaged.")

    def load(path: Path | None, rate_hz: int) -> None:
        raise AssertionError

    room.work()
    monkeypatch.setattr(fonts, "load", load)
    monkeypatch.setattr(process, "try_out", refuse)
    room.process.obey(protocol.UseFont("/fonts/other.sf2"))
    room.work()
    assert replace(SEEN, sentence="The SoundFont other.sf2 is damaged.") in room.told
    assert [out.closed for out in room.outputs.made] == [False]


def test_another_font_takes_over_with_the_device_closed_meanwhile(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.work()
    adopted: list[object] = []
    other = SimpleNamespace(adopt=adopted.append, use_rate=lambda rate: None)

    def load(path: Path | None, rate_hz: int) -> tuple[object, FontSeen]:
        assert room.outputs.made[-1].closed
        return other, FontSeen("Other", "", ())

    monkeypatch.setattr(fonts, "load", load)
    room.process.obey(protocol.UseFont("/fonts/other.sf2"))
    room.work()
    assert adopted == [room.instrument]
    assert room.process.renderer.instrument is other
    assert FontSeen("Other", "", ()) in room.told
    assert not room.outputs.made[-1].closed
