"""Keys that sound at once, and whatever may happen while they are held."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.live._echo import Echo
from studio.processes.messages import Due, Received

ON, OFF = bytes((0x90, 60, 100)), bytes((0x80, 60, 0))
DOWN, UP = bytes((0xB0, 64, 127)), bytes((0xB0, 64, 0))


class Hall:
    """An echo, and all that its sound was sent."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.echo = Echo(self._send, "sound")

    def _send(self, dues: list[Due]) -> None:
        self.sent += [due.data for due in dues]

    def hear(self, data: bytes, port: str = "keys", *, strikes: bool = True) -> None:
        self.echo.hear(Received(0.0, port, data), strikes=strikes)


@pytest.fixture
def hall() -> Hall:
    return Hall()


def test_keys_and_the_pedal_pass_and_knobs_do_not(hall: Hall) -> None:
    for data in (ON, DOWN, OFF, UP, bytes((0xB0, 21, 5)), bytes((0xE0, 0, 64)), b"\xf8"):
        hall.hear(data)
    assert hall.sent == [ON, DOWN, OFF, UP]


def test_a_key_that_is_bound_while_it_is_held_still_ends(hall: Hall) -> None:
    hall.hear(ON)
    hall.hear(OFF, strikes=False)
    assert hall.sent == [ON, OFF]


def test_the_end_of_a_key_that_was_not_echoed_is_not_either(hall: Hall) -> None:
    hall.hear(ON, strikes=False)
    hall.hear(DOWN, strikes=False)
    hall.hear(OFF)
    hall.hear(UP)
    assert hall.sent == []


def test_a_velocity_of_nothing_is_an_end(hall: Hall) -> None:
    hall.hear(ON)
    hall.hear(bytes((0x90, 60, 0)))
    assert hall.sent[-1] == bytes((0x90, 60, 0))
    hall.echo.silence(1.0)
    assert len(hall.sent) == 2


def test_an_input_that_goes_leaves_silence_and_others_sounding(hall: Hall) -> None:
    hall.hear(ON)
    hall.hear(DOWN)
    hall.hear(bytes((0x91, 72, 9)), "pads")
    hall.echo.silence(1.0, "keys")
    assert hall.sent[3:] == [OFF, UP]
    hall.echo.silence(2.0)
    assert hall.sent[5:] == [bytes((0x81, 72, 0))]
    hall.echo.silence(3.0)
    assert len(hall.sent) == 6


def test_two_inputs_on_one_key_end_it_once(hall: Hall) -> None:
    hall.hear(ON)
    hall.hear(ON, "pads")
    hall.echo.silence(1.0, "keys")
    hall.hear(OFF, "keys")
    assert hall.sent == [ON, ON]
    hall.hear(OFF, "pads")
    assert hall.sent == [ON, ON, OFF]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["keys", "pads"]),
            st.sampled_from([0x80, 0x90, 0x91, 0xB0]),
            st.sampled_from([60, 61, 64]),
            st.sampled_from([0, 63, 64, 127]),
            st.booleans(),
        ),
        max_size=60,
    )
)
def test_whatever_is_played_nothing_sounds_after_silence(played: list[tuple]) -> None:
    hall = Hall()
    for port, status, first, second, strikes in played:
        hall.hear(bytes((status, first, second)), port, strikes=strikes)
    hall.echo.silence(1.0)
    sounding: set[tuple[int, int]] = set()
    for data in hall.sent:
        kind, channel = data[0] & 0xF0, data[0] & 0x0F
        key = (channel, data[1] if kind != 0xB0 else -1)
        if (kind == 0x90 and data[2]) or (kind == 0xB0 and data[2] >= 64):
            sounding.add(key)
        else:
            sounding.discard(key)
    assert not sounding
