"""The player with fake time: what is sent, when it is said to be due, what is forgotten."""

from __future__ import annotations

import pytest

from studio.live.player import protocol
from studio.live.player._player import Playback
from studio.live.player.ledger import all_quiet, notes_off, off
from studio.processes.messages import Alive, Due, Panic, Stop
from tests.studio.live.player_fakes import FakeSystem

ON, OFF = b"\x90\x3c\x64", b"\x80\x3c\x40"


class Room:
    """A player whose time we turn."""

    def __init__(self, *outputs: str) -> None:
        self.now = 100.0
        self.said: list[object] = []
        self.system = FakeSystem(*(outputs or ("synth",)))
        self.player = Playback(self.system, self.said.append, lambda key, data: None, self._clock)
        self.player.obey(protocol.OpenPort("a", "synth", "out", False))

    def _clock(self) -> float:
        return self.now

    @property
    def heard(self) -> list[bytes]:
        return self.system.heard.get("synth", [])

    def play(self, *messages: tuple[float, bytes]) -> None:
        """Messages in seconds from 100."""
        for _, port, data in self.player.play(
            0, [Due(100 + at, "a", data) for at, data in messages]
        ):
            port.send(data)

    def at(self, seconds: float) -> list[bytes]:
        """Everything heard by this time, the loop having slept until just now."""
        self.now = 100 + seconds
        for _, port, data in self.player.take(self.now):
            port.send(data)
        return self.heard

    def figures(self) -> protocol.Lateness:
        self.player.tend()
        return [event for event in self.said if isinstance(event, protocol.Lateness)][-1]


def test_messages_leave_when_they_are_due() -> None:
    room = Room()
    room.play((0.2, OFF), (0.1, ON))
    assert room.player.next_due_s == 100.1
    assert room.at(0.05) == []
    assert room.at(0.1) == [ON]
    assert room.at(0.2) == [ON, OFF]


def test_what_comes_too_late_leaves_at_once_and_is_counted_apart() -> None:
    room = Room()
    room.play((-0.1, ON), (-0.1, OFF))
    assert room.heard == [OFF, ON], "at one moment offs go first"
    assert room.figures().arrived_late == 2


def test_a_note_beyond_all_use_is_left_out_with_its_off() -> None:
    room = Room()
    room.play((0.1, ON), (0.2, OFF), (0.9, ON), (1.1, OFF))
    assert room.at(1.0) == [ON]
    assert room.at(1.1) == [ON, OFF]
    assert room.figures().dropped == 1


def test_what_is_meant_for_a_port_that_is_not_open_is_dropped() -> None:
    room = Room("other")
    room.play((0.1, ON), (0.3, OFF))
    room.at(0.1)
    room.system.present["out"].append("synth")
    room.player.tend()
    assert room.at(0.3) == [], "an off without its on either"
    assert room.figures().dropped == 1


def test_stop_forgets_and_silences_one_port_or_all() -> None:
    room = Room()
    room.play((0.0, ON), (0.5, OFF), (0.4, ON))
    room.player.obey(Stop("b"))
    assert room.heard == [ON]
    room.player.obey(Stop(""))
    assert room.at(1.0) == [ON, off(0, 60)]


def test_panic_tells_every_channel() -> None:
    room = Room()
    room.play((0.0, ON))
    room.player.obey(Panic())
    assert room.heard == [ON, off(0, 60), *all_quiet()]
    assert len(all_quiet()) == 48


def test_notes_of_a_lost_player_are_ended_before_anything_else() -> None:
    room = Room("other", "synth")
    room.player.obey(protocol.Release((("b", 2, 64), ("elsewhere", 0, 1))))
    room.player.obey(protocol.OpenPort("b", "other", "out", False))
    assert room.system.heard == {"other": [off(2, 64), *notes_off()]}


def test_clock_and_notes_share_the_deadlines_and_the_clock_goes_first() -> None:
    room = Room()
    room.player.obey(protocol.RunClock(("a",), 0.0, 100.1, 120.0, False))
    room.play((0.1, ON))
    assert room.at(0.1) == [b"\xfa", b"\xf8", ON]
    room.player.obey(protocol.StopClock())
    assert room.at(5.0) == [b"\xfa", b"\xf8", ON, b"\xfc"]


def test_a_port_that_returns_rejoins_the_clock_in_phase() -> None:
    room = Room()
    room.player.obey(protocol.RunClock(("a",), 0.0, 100.0, 120.0, False))
    room.at(0.5)
    room.system.present["out"].clear()
    room.player.tend()
    room.system.present["out"].append("synth")
    room.player.tend()
    before = len(room.heard)
    for ms in range(500, 700):
        room.at(ms / 1000)
    said = [m for m in room.heard[before:] if m not in (b"\xf8", *notes_off())]
    assert said == [b"\xf2\x05\x00", b"\xfb"]


def test_a_frozen_app_leaves_no_note_without_an_end() -> None:
    room = Room()
    room.play((0.0, ON), (2.0, b"\x90\x40\x64"), (2.5, b"\x80\x40\x40"))
    room.now = 101.5
    room.player.tend()
    assert room.heard == [ON], "what is queued goes on"
    room.at(2.0)
    room.at(2.5)
    room.player.tend()
    assert room.heard[-1] == off(0, 60)


def test_an_app_that_is_there_may_hold_a_note_for_ever() -> None:
    room = Room()
    room.play((0.0, ON))
    for second in range(1, 100):
        room.now = 100 + second
        room.player.obey(Alive())
        room.player.tend()
    assert room.heard == [ON]


def test_silence_ends_clock_and_notes() -> None:
    room = Room()
    room.player.obey(protocol.RunClock(("a",), 0.0, 100.0, 120.0, False))
    room.play((0.0, ON), (0.5, ON))
    room.at(0.01)
    room.player.silence()
    assert room.heard[-2:] == [b"\xfc", off(0, 60)]
    assert room.player.next_due_s == float("inf")


def test_lateness_is_told_when_something_was_played() -> None:
    room = Room()
    room.player.tend()
    assert not any(isinstance(event, protocol.Lateness) for event in room.said)
    room.player.sent([0.001] * 99 + [0.5])
    told = room.figures()
    assert told.played == 100
    assert 0.95 < told.p50_ms < 1.05
    assert told.max_ms == 500


@pytest.mark.parametrize(
    "data",
    [b"", b"\x3c\x64", b"\x90\x3c", b"\x90\x3c\x80", b"\x90\x3c\x64\x00", b"\xf0\x01", b"\xf4"],
)
def test_what_is_no_message_reaches_no_port(data: bytes) -> None:
    room = Room()
    room.play((0.1, data))
    assert room.at(0.1) == []
    assert room.figures().dropped == 1


@pytest.mark.parametrize(
    "data",
    [b"\xc0\x05", b"\xd0\x05", b"\xe0\x00\x40", b"\xa0\x3c\x10", b"\xf8", b"\xf0\x7e\x01\xf7"],
)
def test_every_kind_of_message_does(data: bytes) -> None:
    room = Room()
    room.play((0.1, data))
    assert room.at(0.1) == [data]


@pytest.mark.parametrize("away", [(ON,), (ON, OFF), (OFF, ON), (OFF, ON, OFF), (ON, ON, OFF)])
def test_what_was_played_while_an_output_was_away_holds_nothing_once_it_is_back(
    away: tuple[bytes, ...],
) -> None:
    room = Room()
    room.play((0.0, ON))
    room.system.present["out"].clear()
    room.player.tend()
    for index, data in enumerate(away):
        room.play((0.1 * index, data))
    room.at(1.0)
    room.system.present["out"].append("synth")
    room.player.tend()
    before = len(room.heard)
    room.now = 102.0
    room.play((2.1, ON), (2.2, OFF))
    room.at(2.1)
    room.at(2.2)
    assert room.heard[before:] == [ON, OFF]


def test_an_input_with_the_key_of_an_output_owes_nothing_for_a_lost_player() -> None:
    room = Room()
    room.system.present["in"].append("keys")
    room.player.obey(protocol.Release((("both", 2, 64),)))
    room.player.obey(protocol.OpenPort("both", "keys", "in", False))
    room.player.obey(protocol.OpenPort("both", "synth", "out", False))
    assert room.system.heard == {"synth": [off(2, 64), *notes_off()]}


def test_sleep_is_no_lateness() -> None:
    room = Room()
    room.player.sent([0.002])
    room.player.sent([59.951, 30.0, 0.4])
    room.player.sent([0.4, 0.2], slept=True)
    assert room.figures().max_ms == 2
    assert room.figures().played == 6
