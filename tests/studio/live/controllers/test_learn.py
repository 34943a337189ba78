"""MIDI learn: the next distinct movement is bound, in the way that it is meant."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from studio.live.controllers._decode import MidiDecoder
from studio.live.controllers._learn import Learner, Learnt
from studio.live.controllers._source import source
from studio.live.controllers.binding import Binding
from studio.processes.messages import Received
from tests.studio.live.controllers.board import Board, cc, message, note, nrpn


def learnt_from(address: str, messages: Iterable[Received]) -> Learnt | None:
    """What is learnt while `messages` come ten milliseconds apart and then a second passes."""
    learner, decoder = Learner(), MidiDecoder()
    learner.arm(Board().control(address))
    now_s = 100.0
    for n, each in enumerate(messages):
        now_s = 100 + n / 100
        for move in decoder.feed(Received(now_s, each.port, each.data)):
            found = learner.feed(each.port, move)
            if found:
                return found
    return learner.tick(now_s + 1)


def learn(address: str, *messages: Received) -> Binding:
    found = learnt_from(address, messages)
    assert found is not None, "nothing was learnt"
    assert found.binding.address == address
    return found.binding


def knob(number: int, values: Iterable[int]) -> list[Received]:
    return [cc(number, value) for value in values]


def test_a_knob() -> None:
    binding = learn("/level", *knob(74, range(40, 60)))
    assert binding == Binding(source=source("cc", 1, 74), address="/level")
    assert (binding.mode, binding.takeover) == ("absolute", "pick up")


def test_a_knob_is_bound_while_it_still_turns() -> None:
    learner, decoder = Learner(), MidiDecoder()
    learner.arm(Board().control("/level"))
    found = [learner.feed("in", m) for v in range(40, 60) for m in decoder.feed(cc(74, v))]
    assert [f is not None for f in found].index(True) == 11
    assert learner.armed is None


def test_the_port_is_told() -> None:
    found = learnt_from("/go", [message(0x90, 60, 99, port="pads")])
    assert found is not None
    assert found.port == "pads"


@pytest.mark.parametrize(
    ("values", "mode"),
    [
        ([1, 1, 2, 1, 1, 127, 127, 127, 126, 127], "two's complement"),
        ([65, 65, 66, 65, 65, 63, 63, 62, 63], "binary offset"),
        ([1, 1, 2, 1, 1, 65, 65, 66, 65], "sign bit"),
        ([1, 1, 1], "two's complement"),
        ([127, 127, 127], "two's complement"),
    ],
)
def test_an_endless_encoder_and_its_coding(values: list[int], mode: str) -> None:
    assert learn("/level", *knob(16, values)).mode == mode
    assert learn("/tint", *knob(16, values)).mode == mode


def test_a_trembling_knob_nearby_is_not_what_was_meant() -> None:
    trembling = [cc(20, 63 + n % 2) for n in range(30)]
    turned = knob(74, range(30, 60))
    mixed = [each for pair in zip(trembling, turned, strict=True) for each in pair]
    assert learn("/level", *mixed).source == source("cc", 1, 74)
    assert learnt_from("/level", trembling) is None


def test_a_touch_is_not_a_movement() -> None:
    assert learnt_from("/level", knob(74, [50])) is None


def test_a_fine_fader() -> None:
    values = range(8000, 8600, 40)
    halves = [each for v in values for each in (cc(1, v >> 7), cc(33, v & 127))]
    assert learn("/level", *halves).source == source("cc 14", 1, 1)


def test_a_plain_knob_whose_number_could_be_a_lower_half() -> None:
    assert learn("/level", *knob(1, range(5)), *knob(33, range(40, 60))).source.kind == "cc"
    assert learn("/level", *knob(33, range(40, 60))).source == source("cc", 1, 33)


def test_nrpn() -> None:
    messages = [each for v in range(0, 5000, 300) for each in nrpn(300, v)]
    assert learn("/level", *messages).source == source("nrpn", 1, 300)


def test_nrpn_steps() -> None:
    select, up = [cc(99, 0), cc(98, 7)], cc(96, 0)
    assert learn("/level", *select, up).source == source("nrpn", 1, 7)


def test_a_motor_fader_tells_of_the_finger_first() -> None:
    touch = message(0x90, 104, 127)
    bends = [message(0xE0, 0, v) for v in range(20, 40)]
    assert learn("/level", touch, *bends).source == source("bend", 1)


def test_a_key_on_a_value_is_taken_when_nothing_else_comes() -> None:
    binding = learn("/level", note(60, 99), note(60, 0))
    assert (binding.source.kind, binding.mode, binding.takeover) == ("note", "momentary", "jump")


@pytest.mark.parametrize(
    ("address", "mode"),
    [("/mirror", "toggle"), ("/tint", "next"), ("/bands", "next"), ("/level", "momentary")],
)
def test_keys_and_buttons_do_what_the_control_can(address: str, mode: str) -> None:
    assert learn(address, note(60, 99)).mode == mode
    assert learn(address, cc(30, 127), cc(30, 0)).mode == mode
    assert learn(address, cc(30, 127)).mode == mode


def test_a_button_that_never_goes_up_is_a_switch_for_a_switch() -> None:
    assert learn("/mirror", *knob(30, [127, 127, 127])).mode == "toggle"


def test_a_trigger_takes_a_key_or_a_button_at_once() -> None:
    for press in (note(60, 99), cc(30, 127)):
        learner = Learner()
        learner.arm(Board().control("/go"))
        assert learner.feed("in", MidiDecoder().feed(press)[0]) is not None


def test_a_release_is_not_a_press() -> None:
    assert learnt_from("/go", [note(60, 0), cc(30, 0)]) is None


def test_a_program_is_one_button_for_a_trigger_and_a_number_for_a_value() -> None:
    program = message(0xC0, 5)
    assert learn("/go", program).source == source("program", 1, 5)
    binding = learn("/bands", program)
    assert (binding.source, binding.mode) == (source("program", 1), "number")
    assert learn("/level", program).mode == "absolute"


def test_pressure_jumps_since_it_springs_back() -> None:
    squeeze = [message(0xD0, v) for v in range(0, 60, 5)]
    binding = learn("/level", *squeeze)
    assert (binding.source, binding.takeover) == (source("pressure", 1), "jump")


def test_a_seed_jumps() -> None:
    assert learn("/seed", *knob(74, range(40, 60))).takeover == "jump"


def test_nothing_is_learnt_unarmed_or_after_cancelling() -> None:
    learner = Learner()
    (move,) = MidiDecoder().feed(note(60, 99))
    assert learner.feed("in", move) is None
    learner.arm(Board().control("/go"))
    learner.cancel()
    assert learner.feed("in", move) is None
    assert learner.tick(1e9) is None
