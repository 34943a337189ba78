"""A sound input is open while it is wanted; every trouble with it is one sentence, and passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.audio.device_process import DeviceGone
from studio.audio.listening._input_keeper import InputKeeper
from studio.audio.listening.listener import Listener
from studio.audio.listening.messages import InputEvent, InputsSeen, InputState, Listen, RecordInput
from studio.audio.output import FoundDevice, SoundDeviceError
from tests.fakes import FakeClock, is_one_sentence
from tests.studio.audio.fakes import found

ONSETS = Listen(onsets=True)


class FakeInput:
    def __init__(self, room: Room, device: FoundDevice) -> None:
        self.device, self.room = device.device, room
        self.ended = self.closed = False
        self.last_block_s = room.clock()
        self.latency_s, self.overruns = 0.003, 0

    def close(self) -> None:
        self.closed = True


class Room:
    """A keeper, the inputs that there are, and what it told."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.there = [found("Line"), found("Microphone")]
        self.told: list[InputEvent] = []
        self.opened: list[FakeInput] = []
        self.refusal = ""
        self.keeper = InputKeeper(
            Listener(lambda _: True),
            self.told.append,
            clock=self.clock,
            look=lambda: list(self.there),
            opener=self.open,
        )

    def open(self, device: FoundDevice, listener: Listener) -> FakeInput:
        if self.refusal:
            raise SoundDeviceError(self.refusal)
        self.opened.append(FakeInput(self, device))
        return self.opened[-1]

    def wait(self, seconds: float, *, sounds: bool = True) -> None:
        self.clock.advance(seconds)
        if sounds and self.opened:
            self.opened[-1].last_block_s = self.clock()
        self.keeper.watch()

    @property
    def state(self) -> InputState:
        return [event for event in self.told if isinstance(event, InputState)][-1]


@pytest.fixture
def room() -> Room:
    made = Room()
    yield made
    made.keeper.listen(Listen())


def test_neither_a_name_nor_a_wish_alone_opens_anything(room: Room) -> None:
    room.keeper.use_input("Microphone")
    room.wait(10)
    assert room.opened == []
    room.keeper.use_input(None)
    room.keeper.listen(ONSETS)
    room.wait(10)
    assert room.opened == []


def test_it_is_open_while_it_is_wanted_and_no_longer(room: Room) -> None:
    room.keeper.use_input("Microphone")
    room.keeper.listen(ONSETS)
    assert [each.device.name for each in room.opened] == ["Microphone"]
    assert room.state == InputState(True, "Microphone", "Listening to Microphone.", 3)
    room.keeper.listen(Listen())
    assert room.opened[0].closed
    assert not room.state.open
    assert is_one_sentence(room.state.sentence)


def test_another_input_is_changed_to(room: Room) -> None:
    room.keeper.listen(ONSETS)
    room.keeper.use_input("Microphone")
    room.keeper.use_input("Line")
    assert [(each.device.name, each.closed) for each in room.opened] == [
        ("Microphone", True),
        ("Line", False),
    ]


def test_looking_says_which_there_are_and_disturbs_none_that_is_open(room: Room) -> None:
    room.keeper.look()
    room.keeper.look()
    seen = InputsSeen((found("Line").device, found("Microphone").device))
    assert room.told == [seen]
    room.keeper.listen(ONSETS)
    room.keeper.use_input("Line")
    room.there = []
    room.keeper.look()
    assert room.told.count(InputsSeen(())) == 0


def test_an_input_that_is_missing_is_a_sentence_and_heard_when_it_comes(room: Room) -> None:
    room.there = []
    room.keeper.listen(ONSETS)
    room.keeper.use_input("Microphone")
    assert not room.state.open
    assert is_one_sentence(room.state.sentence)
    for _ in range(20):
        room.wait(1)
    told = len(room.told)
    room.wait(1)
    assert len(room.told) == told, "it is not said again and again"
    room.there = [found("Microphone")]
    room.wait(10)
    assert room.state.open


def test_an_input_that_another_program_has_is_a_sentence_and_tried_again(room: Room) -> None:
    room.refusal = "Microphone cannot be opened: Device unavailable."
    room.keeper.listen(ONSETS)
    room.keeper.use_input("Microphone")
    assert room.state == InputState(False, "Microphone", room.refusal)
    room.refusal = ""
    room.wait(2)
    assert room.state.open


@pytest.mark.parametrize("silently", [False, True])
def test_an_input_that_is_pulled_out_is_a_sentence_and_the_end_of_its_process(
    room: Room, silently: bool
) -> None:
    room.keeper.listen(ONSETS)
    room.keeper.use_input("Microphone")
    room.opened[0].ended = not silently
    with pytest.raises(DeviceGone):
        room.wait(2, sounds=not silently)
    assert not room.state.open
    assert room.state.device == "Microphone"
    assert is_one_sentence(room.state.sentence)


def test_it_is_open_while_it_is_recorded_and_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    room = Room()
    room.keeper.use_input("Line")
    room.keeper.record(RecordInput(str(tmp_path / "input.wav"), 0.0))
    assert len(room.opened) == 1
    room.keeper.listen(ONSETS)
    room.keeper.listen(Listen())
    assert not room.opened[0].closed
    room.keeper.record(RecordInput())
    assert room.opened[0].closed
    room.keeper.record(RecordInput(str(tmp_path / "input.wav"), 0.0))
    assert room.keeper._file is not None
    room.keeper._file.problem = "The disk is full."
    room.wait(0.1)
    assert InputState(False, "Line", "The disk is full.") in room.told
    assert room.opened[1].closed
    room.keeper.close()
