"""Lamps, rings and motors."""

from __future__ import annotations

import pytest

from studio.live.controllers._decode import MidiDecoder
from studio.live.controllers._feedback import Feedback, encoded
from studio.live.controllers._source import Move, Source, position_of, source
from studio.live.controllers.binding import Binding
from studio.processes.messages import Received
from tests.studio.live.controllers.board import Board

KNOB = source("cc", 1, 74)
LEVEL = Binding(source=KNOB, address="/level")


@pytest.fixture
def board() -> Board:
    return Board()


class Device:
    """A device with feedback, and a clock."""

    def __init__(self, board: Board, *bindings: Binding) -> None:
        self.board, self.bindings, self.now_s = board, bindings, 0.0
        self.feedback = Feedback()

    def after(self, seconds: float) -> list[tuple[int, ...]]:
        self.now_s += seconds
        due = self.feedback.due(self.bindings, self.board.controls, self.now_s)
        return [tuple(each) for each in due]

    def moved(self, binding: Binding, value: int) -> None:
        self.feedback.heard(Move(self.now_s, binding.source, value), binding)


def test_it_is_told_where_everything_stands_and_then_what_changes(board: Board) -> None:
    device = Device(board, LEVEL)
    assert device.after(1) == [(0xB0, 74, 64)]
    assert device.after(1) == []
    board.values["level"] = 1.0
    assert device.after(1) == [(0xB0, 74, 127)]


def test_a_change_too_small_to_show_is_not_told(board: Board) -> None:
    device = Device(board, LEVEL)
    device.after(1)
    board.values["level"] = 0.501
    assert device.after(1) == []


def test_it_is_not_told_its_own_words(board: Board) -> None:
    device = Device(board, LEVEL)
    device.after(1)
    device.moved(LEVEL, 95)
    board.values["level"] = position_of(95, 127)
    assert device.after(1) == []


def test_a_motor_does_not_fight_the_hand(board: Board) -> None:
    device = Device(board, LEVEL)
    device.moved(LEVEL, 20)
    assert device.after(0.2) == []
    assert device.after(0.2) == [(0xB0, 74, 64)]  # it stands at 20 and the value does not


def test_one_lamp_hears_at_most_every_twenty_milliseconds(board: Board) -> None:
    device = Device(board, LEVEL)
    told = 0
    for n in range(1000):
        board.values["level"] = n / 1000
        told += len(device.after(0.001))
    assert told <= 51
    board.values["level"] = 0.25
    assert device.after(0.02) == [(0xB0, 74, 32)]  # the newest, whatever came between


def test_many_lamps_take_turns(board: Board) -> None:
    keys = [Binding(source=source("note", 1, n), address="/level") for n in range(40)]
    device = Device(board, *keys)
    told = [device.after(0.03) for _ in range(3)]
    assert [len(each) for each in told] == [16, 16, 8]
    assert {each[1] for many in told for each in many} == set(range(40))


def test_busy_lamps_do_not_starve_the_others(board: Board) -> None:
    busy = [Binding(source=source("note", 1, n), address="/level") for n in range(16)]
    quiet = Binding(source=source("note", 1, 99), address="/lean")
    device = Device(board, *busy, quiet)
    seen = set()
    for n in range(4):
        board.values["level"] = n / 4
        seen |= {each[1] for each in device.after(0.03)}
    assert 99 in seen


def test_a_switch_lights_the_lamp_of_its_key(board: Board) -> None:
    key = Binding(source=source("note", 1, 60), address="/mirror", mode="toggle")
    device = Device(board, key)
    assert device.after(1) == [(0x90, 60, 0)]
    board.values["mirror"] = True
    device.moved(key, 0)  # the key went up and took its lamp along
    assert device.after(0.02) == [(0x90, 60, 127)]


def test_lamps_that_a_panic_put_out_are_lit_again(board: Board) -> None:
    lit = Binding(source=source("note", 1, 1), address="/go")
    dark = Binding(source=source("note", 1, 2), address="/tint")
    device = Device(board, lit, dark)
    board.lit = True
    assert len(device.after(1)) == 2
    assert device.after(1) == []
    assert device.after(1.5) == [(0x90, 1, 127)]
    assert device.after(1) == []


def test_a_trigger_shows_its_lamp(board: Board) -> None:
    key = Binding(source=source("note", 1, 60), address="/go")
    device = Device(board, key)
    board.lit = True
    assert device.after(1) == [(0x90, 60, 127)]


def test_the_ring_of_an_encoder_shows_the_value_at_once(board: Board) -> None:
    encoder = LEVEL.but(mode="two's complement")
    device = Device(board, encoder)
    device.after(1)
    board.values["level"] = 0.75
    device.moved(encoder, 1)
    assert device.after(0.03) == [(0xB0, 74, 96)]


def test_an_inverted_half_is_shown_as_the_knob_would_stand(board: Board) -> None:
    board.values["level"] = 0.5
    assert Device(board, LEVEL.but(invert=True, low=0.5)).after(1) == [(0xB0, 74, 127)]


def test_a_knob_that_plays_two_controls_shows_the_first(board: Board) -> None:
    board.values["level"], board.values["lean"] = 0.0, 3.0
    device = Device(board, LEVEL, LEVEL.but(address="/lean"))
    assert device.after(1) == [(0xB0, 74, 0)]
    assert device.after(1) == []


def test_what_leads_nowhere_shows_nothing(board: Board) -> None:
    assert Device(board, LEVEL.but(address="/gone"), LEVEL.but(address="/words")).after(1) == []


def test_plugged_in_anew_it_is_told_everything(board: Board) -> None:
    device = Device(board, LEVEL)
    device.after(1)
    device.feedback.forget()
    assert len(device.after(1)) == 1


@pytest.mark.parametrize(
    "place",
    [
        source("cc", 3, 74),
        source("cc 14", 1, 7),
        source("nrpn", 2, 300),
        source("rpn", 16, 0),
        source("note", 10, 60),
        source("bend", 8),
    ],
)
def test_what_is_sent_means_what_is_heard(place: Source) -> None:
    value, decoder = place.top // 3, MidiDecoder()
    heard = [m for each in encoded(place, value) for m in decoder.feed(Received(0.0, "in", each))]
    assert [m.value for m in heard if m.source == place][-1] == value


@pytest.mark.parametrize("place", [source("program", 1), source("pressure", 1)])
def test_what_devices_cannot_show_is_not_sent(place: Source) -> None:
    assert encoded(place, 5) == []
