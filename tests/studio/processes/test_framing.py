from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.live.player import protocol
from studio.processes.framing import (
    Frames,
    Kind,
    WireError,
    frame,
    pack_play,
    pack_received,
    unpack_play,
    unpack_received,
)
from studio.processes.messages import Due, Leave, Received

messages = st.builds(
    Due,
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=20),
    st.binary(min_size=1, max_size=300),
)


@given(st.lists(messages, max_size=20), st.integers(0, 2**32 - 1))
def test_messages_come_out_as_they_went_in(sent: list[Due], sequence: int) -> None:
    ((kind, payload),) = Frames().feed(pack_play(sequence, sent))
    assert kind is Kind.PLAY
    assert unpack_play(payload) == (sequence, sent)


def test_received_messages_keep_their_stamp() -> None:
    heard = [Received(1.25, "keys", b"\x90\x3c\x40"), Received(1.5, "keys", b"\xf8")]
    ((kind, payload),) = Frames().feed(pack_received(heard))
    assert kind is Kind.RECEIVED
    assert unpack_received(payload) == heard


@given(st.lists(st.binary(max_size=40), max_size=8), st.integers(1, 7))
def test_frames_survive_every_way_a_pipe_may_cut_them(payloads: list[bytes], size: int) -> None:
    stream = b"".join(frame(Kind.JSON, payload) for payload in payloads)
    frames = Frames()
    heard = [f for at in range(0, len(stream), size) for f in frames.feed(stream[at : at + size])]
    assert heard == [(Kind.JSON, payload) for payload in payloads]


@pytest.mark.parametrize("garbage", [b"\xff\xff\xff\xff\x01", b"\x00\x00\x00\x00\x09"])
def test_bytes_that_are_no_frame_are_said_to_be_none(garbage: bytes) -> None:
    with pytest.raises(WireError):
        list(Frames().feed(garbage))


@pytest.mark.parametrize(
    "message",
    [
        protocol.OpenPort("a", "Synth – Été", "out", False),
        protocol.Release((("a", 0, 60), ("b", 15, 127))),
        protocol.RunClock(("a", "b"), 4.5, 1234.5678, 133.3, True),
        Leave(),
    ],
)
def test_commands_come_out_as_they_went_in(message: object) -> None:
    ((_, payload),) = Frames().feed(protocol.COMMANDS.pack(message))
    assert protocol.COMMANDS.unpack(payload) == message


def test_an_unknown_message_is_an_error_and_not_a_crash() -> None:
    for payload in (b"{", b'["Nonsense"]', b'["Stop", 1, 2, 3]', b"[]"):
        with pytest.raises(WireError):
            protocol.COMMANDS.unpack(payload)
    with pytest.raises(WireError):
        protocol.COMMANDS.pack(protocol.Scheduling("not a command"))
