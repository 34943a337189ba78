"""From bytes to movements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.live.controllers._decode import MidiDecoder
from studio.live.controllers._source import Move, Source, position_of, source, value_at
from studio.processes.messages import Received
from tests.studio.live.controllers.board import cc, message, nrpn


def moves(*messages: Received) -> list[Move]:
    decoder = MidiDecoder()
    return [move for each in messages for move in decoder.feed(each)]


def heard(*messages: Received) -> list[tuple[Source, int]]:
    return [(move.source, move.value) for move in moves(*messages)]


def of(kind: str, *messages: Received) -> list[int]:
    return [m.value for m in moves(*messages) if m.source.kind == kind]


def test_a_knob() -> None:
    assert heard(cc(74, 100, channel=3)) == [(source("cc", 3, 74), 100)]


def test_a_movement_has_the_time_of_its_message() -> None:
    assert moves(cc(74, 100, at_s=12.5))[0].at_s == 12.5


def test_keys_go_down_and_up() -> None:
    key = source("note", 1, 60)
    down, up, off = message(0x90, 60, 99), message(0x90, 60, 0), message(0x80, 60, 64)
    assert heard(down, up, down, off) == [(key, 99), (key, 0), (key, 99), (key, 0)]


def test_pressure_of_a_key_and_of_all() -> None:
    assert heard(message(0xA4, 60, 33)) == [(source("key pressure", 5, 60), 33)]
    assert heard(message(0xD4, 33)) == [(source("pressure", 5), 33)]


def test_pitch_bend_has_fourteen_bits() -> None:
    bend = source("bend", 16)
    ends = message(0xEF, 0, 0), message(0xEF, 0, 64), message(0xEF, 127, 127)
    assert heard(*ends) == [(bend, 0), (bend, 8192), (bend, 16383)]


def test_a_program_is_one_of_many_and_a_number() -> None:
    assert heard(message(0xC0, 5)) == [(source("program", 1, 5), 5), (source("program", 1), 5)]


def test_two_halves_are_one_fine_knob() -> None:
    fine = of("cc 14", cc(7, 64), cc(39, 1), cc(7, 64), cc(39, 2))
    assert fine == [8192, 8193, 8194]  # the very first half could not know of the second


def test_going_down_across_a_border_does_not_dip() -> None:
    coarse_then_fine = of("cc 14", cc(7, 64), cc(39, 0), cc(7, 63), cc(39, 127))
    assert coarse_then_fine == [8192, 8192, 8191]


def test_a_lower_half_that_never_comes_counts_as_zero() -> None:
    decoder = MidiDecoder()
    for each in (cc(7, 64), cc(39, 1), cc(7, 70, at_s=1.0)):
        last = [m for m in decoder.feed(each) if m.source.kind == "cc 14"]
    assert last == []
    assert decoder.flush(1.01) == []
    assert [m.value for m in decoder.flush(1.03)] == [70 << 7]
    assert decoder.flush(1.03) == []


def test_the_next_value_does_not_overtake_one_that_waits() -> None:
    assert of("cc 14", cc(7, 1), cc(39, 0), cc(7, 2), cc(7, 3), cc(39, 5)) == [
        128,
        128,
        256,
        3 << 7 | 5,
    ]


def test_the_same_knobs_are_two_plain_ones_as_well() -> None:
    assert of("cc", cc(7, 64), cc(39, 1)) == [64, 1]


def test_nrpn_is_one_fine_knob_and_no_other() -> None:
    knob = source("nrpn", 1, 300)
    found = heard(*nrpn(300, 8192), *nrpn(300, 8193))
    assert found == [(knob, 8192), (knob, 8192), (knob, 8193)]


def test_a_coarse_nrpn_reaches_both_ends() -> None:
    select = cc(99, 1), cc(98, 2)
    assert of("nrpn", *select, cc(6, 0), cc(6, 64), cc(6, 127)) == [0, 8192, 16383]


def test_nrpn_and_rpn_are_different_places_and_null_is_none() -> None:
    rpn = cc(101, 0), cc(100, 0), cc(6, 1)
    assert heard(*rpn) == [(source("rpn", 1, 0), 128)]
    null = cc(101, 127), cc(100, 127), cc(6, 1)
    assert [place.kind for place, _ in heard(*null)] == ["cc", "cc 14"]
    half_selected = cc(99, 1), cc(6, 1)
    assert [place.kind for place, _ in heard(*half_selected)] == ["cc", "cc 14"]


def test_nrpn_steps() -> None:
    found = moves(cc(99, 0), cc(98, 5), cc(96, 0), cc(97, 0))
    assert [(m.source, m.step) for m in found] == [
        (source("nrpn", 1, 5), 1),
        (source("nrpn", 1, 5), -1),
    ]


def test_channels_select_for_themselves() -> None:
    other = cc(6, 9, channel=2)
    assert [p.kind for p, _ in heard(*nrpn(3, 0), other)][-2:] == ["cc", "cc 14"]


def test_all_notes_off_is_no_knob() -> None:
    assert heard(*(cc(number, 0) for number in range(120, 128))) == []


@given(st.lists(st.binary(max_size=6), max_size=30))
def test_nothing_that_a_device_sends_raises(packets: list[bytes]) -> None:
    for move in moves(*(Received(0.0, "in", packet) for packet in packets)):
        assert 0 <= move.value <= move.source.top
        assert 0 <= move.position <= 1


@pytest.mark.parametrize("top", [127, 16383])
def test_the_middle_is_the_middle_and_the_way_back_is_exact(top: int) -> None:
    middle = (top + 1) // 2
    assert [position_of(v, top) for v in (0, middle, top)] == [0, 0.5, 1]
    assert all(value_at(position_of(v, top), top) == v for v in range(top + 1))
    assert (value_at(-1, top), value_at(2, top)) == (0, top)


def test_places_have_words() -> None:
    assert str(source("cc", 1, 74)) == "CC 74, channel 1"
    assert str(source("bend", 9)) == "Pitch bend, channel 9"
    assert str(source("program", 1)) == "Program, channel 1"


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "cc", "channel": 1},
        {"kind": "cc", "channel": 1, "number": 120},
        {"kind": "cc", "channel": 0, "number": 1},
        {"kind": "cc", "channel": 17, "number": 1},
        {"kind": "cc 14", "channel": 1, "number": 32},
        {"kind": "note", "channel": 1, "number": 128},
        {"kind": "bend", "channel": 1, "number": 1},
        {"kind": "knob", "channel": 1, "number": 1},
    ],
)
def test_places_that_cannot_be(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Source.model_validate(wrong)


def test_what_the_clock_and_the_cable_say_is_no_movement() -> None:
    noise = [message(status) for status in (0xF8, 0xFA, 0xFB, 0xFC, 0xFE, 0xFF, 0xF6)]
    decoder = MidiDecoder()
    for each in 300 * noise:
        assert decoder.feed(each) == []
    halves = [nrpn(300, 9000)[0], *noise, *nrpn(300, 9000)[1:]]
    assert of("nrpn", *halves)[-1] == 9000


@pytest.mark.parametrize("number", range(120, 128))
def test_channel_modes_are_no_movement(number: int) -> None:
    assert heard(cc(number, 0), cc(number, 127)) == []


def test_a_knob_at_a_thousand_a_second_keeps_its_last_place() -> None:
    sent = [cc(1, n % 128, at_s=n / 1000) for n in range(5000)]
    assert of("cc", *sent)[-1] == 4999 % 128


@pytest.mark.parametrize("channel", [1, 10, 16])
def test_no_channel_is_special(channel: int) -> None:
    assert heard(cc(74, 1, channel=channel)) == [(source("cc", channel, 74), 1)]


@pytest.mark.parametrize(
    "data", [b"\xf0", b"\xf0\1\2", b"\x90", b"\x90\x3c", b"\x90\x3c\x80", b"\xc0\1\2", b"\x3c\x40"]
)
def test_half_a_message_is_no_movement(data: bytes) -> None:
    assert heard(message(*data)) == []
