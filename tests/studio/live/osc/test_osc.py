"""OSC: packets in, packets out, and what strangers may send."""

from __future__ import annotations

import os
import socket
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message import OscMessage as Wire
from pythonosc.osc_message_builder import OscMessageBuilder

from studio.control.controls import ControlError, Controls, FixedPart, value
from studio.document.parameters import Float, ParameterError
from studio.live.osc._server import OscInbox
from studio.live.osc.packets import OscError, OscMessage, fitted, play, read_packet, said
from studio.live.osc.service import OscService
from tests.fakes import is_one_sentence
from tests.studio.live.controllers.board import Board

PATIENCE_S = 30


def packet(address: str, *arguments: object) -> bytes:
    builder = OscMessageBuilder(address)
    for argument in arguments:
        builder.add_arg(argument)
    return bytes(builder.build().dgram)


def message(address: str, *arguments: object) -> OscMessage:
    return OscMessage(0.0, "127.0.0.1", address, arguments)  # type: ignore[arg-type]


@pytest.fixture
def board() -> Board:
    return Board()


# -- words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "argument", "becomes"),
    [
        ("/level", 0.25, 0.25),
        ("/level", 1, 1.0),
        ("/lean", -2, -2.0),
        ("/bands", 4, 4),
        ("/bands", 3.9999, 4),
        ("/tint", "red", "red"),
        ("/tint", "RED", "red"),
        ("/tint", 2, "blue"),
        ("/mirror", True, True),
        ("/mirror", 1.0, True),
        ("/mirror", 0, False),
        ("/seed", 31, 31),
        ("/words", "hello", "hello"),
    ],
)
def test_values_come_in_the_types_that_programs_send(
    board: Board, address: str, argument: object, becomes: object
) -> None:
    assert play(board.controls, message(address, argument)) == [address]
    found = board.values[address[1:]]
    assert found == becomes
    assert type(found) is type(becomes)


@pytest.mark.parametrize(
    ("address", "arguments"),
    [
        ("/level", [2.0]),
        ("/level", ["much"]),
        ("/level", [None]),
        ("/level", [float("nan")]),
        ("/level", [float("inf")]),
        ("/bands", [99]),
        ("/bands", [float("inf")]),
        ("/tint", ["green"]),
        ("/tint", [3]),
        ("/tint", [-1]),
        ("/words", ["x" * 99]),
        ("/words", [3]),
        ("/go", ["now"]),
        ("/level/position", []),
        ("/level/position", ["middle"]),
    ],
)
def test_what_does_not_fit_is_one_sentence(
    board: Board, address: str, arguments: list[object]
) -> None:
    with pytest.raises(ParameterError) as caught:
        play(board.controls, message(address, *arguments))
    assert is_one_sentence(str(caught.value))
    assert (board.sets, board.presses) == ([], 0)


@pytest.mark.parametrize("address", ["/gone", "/gone/position", "/go/position", "/gone*", "/", ""])
def test_what_leads_nowhere_is_one_sentence(board: Board, address: str) -> None:
    with pytest.raises(ControlError) as caught:
        play(board.controls, message(address, 1, 2))
    assert is_one_sentence(str(caught.value))


def test_a_trigger_is_pressed_by_its_name_or_by_one(board: Board) -> None:
    for arguments in ((), (1,), (1.0,), (True,), (0,), (0.0,), (False,)):
        play(board.controls, message("/go", *arguments))
    assert board.presses == 4


def test_a_place_on_the_way(board: Board) -> None:
    play(board.controls, message("/lean/position", 0.75))
    assert board.values["lean"] == 1.5


def test_the_end_of_a_range_survives_thirty_two_bits() -> None:
    narrow = Float(name="narrow", label="Narrow", low=-0.1, high=0.1, default=0)
    got: list[float] = []
    controls = Controls(FixedPart([value("/narrow", "Narrow", narrow, lambda: 0.0, got.append)]))
    for end in (-0.1, 0.1):
        (back,) = read_packet(packet("/narrow", end), 0.0, "")
        assert abs(back.arguments[0]) > 0.1  # type: ignore[arg-type, operator]
        play(controls, back)
    assert got == [-0.1, 0.1]


def test_x_and_y_at_once() -> None:
    got: dict[str, float] = {}
    axes = [Float(name=n, label=n.upper(), low=-1, high=1, default=0) for n in "xy"]
    entries = [
        value(f"/pad/{p.name}", p.label, p, lambda: 0.0, lambda v, n=p.name: got.update({n: v}))
        for p in axes
    ]
    assert play(Controls(FixedPart(entries)), message("/pad", 0.5, -1)) == ["/pad/x", "/pad/y"]
    assert got == {"x": 0.5, "y": -1.0}


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("/l*", ["level", "lean"]),
        ("/{level,lean}", ["level", "lean"]),
        ("/le?n", ["lean"]),
        ("/le[a-c]n", ["lean"]),
        ("/le[!b]n", ["lean"]),
        ("/*l", ["level"]),
    ],
)
def test_a_pattern_plays_all_that_match(board: Board, pattern: str, names: list[str]) -> None:
    play(board.controls, message(pattern, 0.5))
    assert [name for name, _ in board.sets] == names


@pytest.mark.parametrize("pattern", ["/[z-a]", "/*a*a*a*a*a*a*a*a", "/{level", "/[", "/.*", "/]*["])
def test_a_pattern_that_cannot_be_is_a_sentence(board: Board, pattern: str) -> None:
    with pytest.raises(ControlError) as caught:
        play(board.controls, message(pattern, 0.5))
    assert is_one_sentence(str(caught.value))


# -- packets -----------------------------------------------------------------------------------


def bundle(*parts: bytes) -> bytes:
    body = b"".join(struct.pack(">I", len(part)) + part for part in parts)
    return b"#bundle\0" + bytes(7) + b"\1" + body


def test_a_packet_is_read() -> None:
    assert read_packet(packet("/a/b", 1, 0.5, "x", True), 7.0, "10.0.0.1") == [
        OscMessage(7.0, "10.0.0.1", "/a/b", (1, 0.5, "x", True))
    ]


def test_bundles_are_opened_in_order() -> None:
    nested = bundle(packet("/a", 1), bundle(packet("/b", 2)), packet("/c", 3))
    assert [m.address for m in read_packet(nested, 0, "")] == ["/a", "/b", "/c"]
    builder = OscBundleBuilder(IMMEDIATELY)
    builder.add_content(OscMessageBuilder("/d").build())
    assert [m.address for m in read_packet(builder.build().dgram, 0, "")] == ["/d"]


def deep(levels: int) -> bytes:
    inner = packet("/a", 1)
    for _ in range(levels):
        inner = bundle(inner)
    return inner


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"hello",
        b"/",
        b"/a\0\0\0,i\0\0",
        b"/a\0\0\0,[[\0",
        packet("/a", b"blob"),
        packet("/" + "a" * 300, 1),
        packet("/a", *range(20)),
        bundle(packet("/a", 1))[:-2],
        b"#bundle\0" + bytes(8) + b"\xff\xff\xff\xfc",  # a size below zero
        b"#bundle\0" + bytes(8) + bytes(4),
        b"#bundle\0" + bytes(8) + b"\0",
    ],
)
def test_a_damaged_packet_is_one_sentence(damaged: bytes) -> None:
    with pytest.raises(OscError) as caught:
        read_packet(damaged, 0.0, "")
    assert is_one_sentence(str(caught.value))


def test_what_is_nested_too_deep_is_left_out() -> None:
    assert len(read_packet(deep(3), 0, "")) == 1
    assert read_packet(deep(900), 0, "") == []


@given(st.binary(max_size=80), st.sampled_from([b"", b"/a\0\0", b"#bundle\0" + bytes(8)]))
def test_no_bytes_raise_anything_else(rest: bytes, start: bytes) -> None:
    board = Board()
    with suppress(OscError, ControlError, ParameterError):
        for each in read_packet(start + rest, 0.0, ""):
            play(board.controls, each)


@pytest.mark.parametrize(("given", "told"), [(0.5, 0.5), (3, 3), ("red", "red"), (True, 1)])
def test_values_are_told_plainly(given: object, told: object) -> None:
    wire = Wire(said("/a", given))  # type: ignore[arg-type]
    assert (wire.address, wire.params) == ("/a", [told])


# -- the box -----------------------------------------------------------------------------------


def test_a_flood_leaves_the_newest_value_and_the_press() -> None:
    box = OscInbox()
    wakes = [box.put(message("/level", n / 10_000)) for n in range(1, 10_000)]
    box.put(message("/go", 1))
    box.put(message("/go", 0))
    assert wakes.count(True) == 1
    assert [m.arguments for m in box.drain()] == [(0.9999,), (1,), (0,)]
    assert box.drain() == []
    assert box.refused == 0


def test_the_last_word_stays_the_last() -> None:
    box = OscInbox()
    for to in (0.3, 1, 0.4):
        box.put(message("/level", to))
    assert [m.arguments for m in box.drain()] == [(1,), (0.4,)]


def test_a_flood_of_addresses_is_bounded_and_counted() -> None:
    box = OscInbox()
    for n in range(5000):
        box.put(message(f"/{n}", 0.5))
    assert len(box.drain()) + box.refused == 5000
    assert box.refused == 3000


def test_a_flood_of_nonsense_wakes_the_window_once() -> None:
    box = OscInbox()
    assert [box.refuse() for _ in range(1000)].count(True) == 1
    box.drain()
    assert box.refuse()
    assert box.refused == 1001


# -- over the wire -----------------------------------------------------------------------------


class Peer:
    """Another program on this machine, and the OSC room that it talks to."""

    def __init__(self, board: Board) -> None:
        self.woken = Event()
        self.osc = OscService(board.controls, self.woken.set)
        self.notices: list[str] = []
        self.osc.noticed.connect(self.notices.append)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(PATIENCE_S)
        self.now_s = 0.0

    def say(self, *packets: bytes) -> None:
        """Send packets and wait until they were taken in and done."""
        assert self.osc.listening is not None
        for each in packets:
            self.woken.clear()
            self.socket.sendto(each, ("127.0.0.1", self.osc.listening[1]))
            assert self.woken.wait(PATIENCE_S), "nobody was woken"
            self.osc.collect()

    def hear(self, count: int) -> dict[str, object]:
        """The next `count` things that it is told."""
        told = {}
        for _ in range(count):
            wire = Wire(self.socket.recv(4096))
            told[wire.address] = wire.params[0]
        return told

    def wait(self, seconds: float = 1.0) -> None:
        self.now_s += seconds
        self.osc.tick(self.now_s)

    def told_nothing(self) -> bool:
        """On loopback what was sent has arrived."""
        self.socket.setblocking(False)
        try:
            self.socket.recv(4096)
        except BlockingIOError:
            return True
        finally:
            self.socket.settimeout(PATIENCE_S)
        return False


@pytest.fixture
def peer(board: Board) -> Iterator[Peer]:
    peer = Peer(board)
    peer.osc.start(0)
    yield peer
    peer.osc.close()
    peer.socket.close()


def told_all(peer: Peer) -> dict[str, object]:
    peer.osc.tell("127.0.0.1", peer.socket.getsockname()[1])
    peer.wait()
    return peer.hear(8)


def test_what_is_sent_is_done(board: Board, peer: Peer) -> None:
    peer.say(packet("/level", 0.25), packet("/go"), bundle(packet("/bands", 3)))
    assert (board.values["level"], board.values["bands"], board.presses) == (0.25, 3, 1)
    assert (peer.notices, peer.osc.refused) == ([], 0)


def test_it_is_heard_on_this_machine_only_unless_opened(peer: Peer) -> None:
    assert peer.osc.listening is not None
    assert peer.osc.listening[0] == "127.0.0.1"
    peer.osc.start(0, open_to_network=True)
    assert peer.osc.listening[0] == "0.0.0.0"


def test_it_is_off_until_started_and_after_stopping(board: Board) -> None:
    osc = OscService(board.controls, lambda: None)
    assert osc.listening is None
    osc.start(0)
    osc.stop()
    assert osc.listening is None
    osc.close()


def test_a_port_that_is_taken_is_one_sentence(board: Board, peer: Peer) -> None:
    assert peer.osc.listening is not None
    for port in (peer.osc.listening[1], 99_999):
        osc = OscService(board.controls, lambda: None)
        with pytest.raises(OscError) as caught:
            osc.start(port)
        assert is_one_sentence(str(caught.value))
        assert osc.listening is None


def test_damaged_packets_are_counted_and_told_once(board: Board, peer: Peer) -> None:
    peer.say(b"hello", b"#bundle", packet("/level", 9.0), packet("/level", 9.0), packet("/nobody"))
    assert peer.osc.refused == 5
    assert len(peer.notices) == 3
    assert all(is_one_sentence(notice) for notice in peer.notices)
    peer.say(packet("/level", 0.75))
    assert board.values["level"] == 0.75


def test_the_target_is_told_everything_and_then_what_changes(board: Board, peer: Peer) -> None:
    assert told_all(peer) == {
        "/level": 0.5,
        "/lean": 0.0,
        "/bands": 1,
        "/tint": "none",
        "/mirror": 0,
        "/seed": 0,
        "/words": "loom",
        "/go/lit": 0,
    }
    board.values["level"], board.lit = 0.25, True
    peer.wait()
    assert peer.hear(2) == {"/level": 0.25, "/go/lit": 1}
    peer.wait()
    assert peer.told_nothing()


def test_the_target_is_not_told_its_own_words(board: Board, peer: Peer) -> None:
    told_all(peer)
    peer.say(packet("/level", 0.25))
    peer.wait()
    assert peer.told_nothing()


def test_the_target_is_told_what_became_of_its_words(board: Board, peer: Peer) -> None:
    told_all(peer)
    peer.say(packet("/lean/position", 1.0), packet("/tint", 2))
    peer.wait()
    assert peer.hear(2) == {"/lean": 3.0, "/tint": "blue"}


def test_it_answers_questions(board: Board, peer: Peer) -> None:
    told_all(peer)
    peer.say(packet("/level"))
    peer.wait()
    assert peer.hear(1) == {"/level": 0.5}
    peer.say(packet("/refresh"))
    peer.wait()
    assert len(peer.hear(8)) == 8


def test_it_looks_for_changes_at_a_pace_and_sooner_when_told_of_one(
    board: Board, peer: Peer
) -> None:
    told_all(peer)
    board.values["level"] = 0.25
    peer.wait(0.1)
    assert peer.told_nothing()
    peer.osc.stale()
    peer.wait(0.01)
    assert not peer.told_nothing()


def test_many_changes_leave_in_several_looks() -> None:
    parameters = [Float(name=f"p{n}", label="P", low=0, high=1, default=0) for n in range(150)]
    entries = [value(f"/{p.name}", "P", p, lambda: 0.0, lambda v: None) for p in parameters]
    board = Board()
    board.controls = Controls(FixedPart(entries))
    peer = Peer(board)
    peer.osc.tell("127.0.0.1", peer.socket.getsockname()[1])
    for count in (64, 64, 22):
        peer.wait(0.05)
        assert len(peer.hear(count)) == count
        assert peer.told_nothing()
    peer.osc.close()
    peer.socket.close()


@pytest.mark.parametrize(("host", "port"), [("my.laptop", 9001), ("", 9001), ("127.0.0.1", 0)])
def test_a_target_that_cannot_be_is_one_sentence(board: Board, host: str, port: int) -> None:
    osc = OscService(board.controls, lambda: None)
    with pytest.raises(OscError) as caught:
        osc.tell(host, port)
    assert is_one_sentence(str(caught.value))


def test_a_target_that_cannot_be_reached_is_one_sentence_once(board: Board, peer: Peer) -> None:
    peer.osc.tell("255.255.255.255")  # to everyone at once is more than the system lets us
    for _ in range(3):
        peer.wait()
    (notice,) = peer.notices
    assert is_one_sentence(notice)


def test_a_target_that_is_not_there_costs_nothing(board: Board, peer: Peer) -> None:
    gone = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    gone.bind(("127.0.0.1", 0))
    port = gone.getsockname()[1]
    gone.close()
    peer.osc.tell("127.0.0.1", port)
    for n in range(5):
        board.values["level"] = n / 10
        peer.wait()
    peer.say(packet("/level", 0.25))
    assert board.values["level"] == 0.25


# -- our own words -----------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0.37, 0.1, -0.8, 1e-3, 0.99])
def test_a_number_comes_back_as_it_was_written(number: float) -> None:
    heard = read_packet(packet("/level", number), 0.0, "127.0.0.1")[0].arguments[0]
    assert heard != number
    parameter = Float(name="level", label="Level", low=-1, high=1, default=0)
    entry = value("/level", "Level", parameter, lambda: 0.0, lambda _: None)
    assert fitted(entry.control, heard) == number


def test_what_differs_in_no_bit_that_osc_holds_is_no_change() -> None:
    fine = 0.123456789012
    written: list[object] = []
    parameter = Float(name="level", label="Level", low=0, high=1, default=0)
    controls = Controls(
        FixedPart([value("/level", "Level", parameter, lambda: fine, written.append)])
    )
    (back,) = read_packet(said("/level", fine), 0.0, "127.0.0.1")
    play(controls, back)
    assert written == [fine]


def test_talking_to_oneself_is_refused_in_one_sentence(board: Board) -> None:
    osc = OscService(board.controls, wake=lambda: None)
    try:
        osc.start(0)
        assert osc.listening is not None
        own = osc.listening[1]
        with pytest.raises(OscError, match="talk to itself"):
            osc.tell("127.0.0.1", own)
        osc.tell("127.0.0.1", own + 1 if own < 65535 else own - 1)
        osc.tell_nobody()
        osc.stop()
        osc.tell("127.0.0.1", own)
        with pytest.raises(OscError, match="talk to itself"):
            osc.start(own)
    finally:
        osc.close()


@pytest.mark.parametrize(
    ("tags", "body"),
    [("f", b""), ("f", b"\x3f\0\0"), ("ff", b"\x3f\0\0\0"), ("d", bytes(4)), ("is", bytes(4))],
)
def test_an_argument_that_was_cut_off_is_not_read_as_zero(tags: str, body: bytes) -> None:
    head = b"/level\0\0" + f",{tags}".encode().ljust(4, b"\0")
    with pytest.raises(OscError):
        read_packet(head + body, 0.0, "")


def test_a_message_without_types_asks_for_the_value() -> None:
    (read,) = read_packet(b"/level\0\0", 0.0, "")
    assert read.arguments == ()


@pytest.mark.parametrize("tag", "bmtIcSr[")
def test_types_that_no_control_takes_are_one_sentence(tag: str) -> None:
    with pytest.raises(OscError) as caught:
        read_packet(b"/level\0\0," + tag.encode() + b"\0\0" + bytes(8), 0.0, "")
    assert is_one_sentence(str(caught.value))


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), 1e300])
def test_what_is_no_number_sets_nothing(board: Board, number: float) -> None:
    with pytest.raises(ParameterError):
        play(board.controls, message("/level", number))
    assert board.values["level"] == 0.5


@pytest.mark.parametrize(
    "tag", [bytes(8), b"\0\0\0\0\0\0\0\1", b"\0\0\0\1" + bytes(4), 8 * b"\xff"]
)
def test_a_bundle_of_any_time_is_done_at_once(tag: bytes) -> None:
    part = packet("/level", 0.25)
    inner = b"#bundle\0" + 8 * b"\xff" + struct.pack(">I", len(part)) + part
    whole = b"#bundle\0" + tag + struct.pack(">I", len(inner)) + inner
    assert [read.arguments for read in read_packet(whole, 0.0, "")] == [(0.25,)]


@pytest.mark.parametrize(
    "address", ["/le vel", "/l\u00e9vel", "/level/", "//level", "/LEVEL", "/#bundle"]
)
def test_an_address_that_is_nobodys_is_one_sentence(board: Board, address: str) -> None:
    (read,) = read_packet(_spelt(address) + b",f\0\0\x3f\0\0\0", 0.0, "")
    with pytest.raises(ControlError) as caught:
        play(board.controls, read)
    assert is_one_sentence(str(caught.value))


@pytest.mark.parametrize("data", [b"/l\xe9vel\0\0,f\0\0\x3f\0\0\0", b"/tint\0\0\0,s\0\0r\xe9d\0"])
def test_letters_that_are_no_utf8_are_one_sentence(data: bytes) -> None:
    with pytest.raises(OscError) as caught:
        read_packet(data, 0.0, "")
    assert is_one_sentence(str(caught.value))


def test_the_largest_packet_that_udp_carries_is_heard(board: Board) -> None:
    heard = Event()
    osc = OscService(board.controls, heard.set)
    osc.start(0)
    assert osc.listening is not None
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"", osc.listening)  # and an empty one does no harm
            sender.sendto(packet("/level", 0.75).ljust(65_504, b"\0"), osc.listening)
            while board.values["level"] != 0.75:
                assert heard.wait(PATIENCE_S)
                heard.clear()
                osc.collect()
    finally:
        osc.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere descriptors have other bounds")
def test_it_hears_where_a_thousand_files_are_open(board: Board) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2000:
        pytest.skip("no more files may be open here")
    heard = Event()
    osc = OscService(board.controls, heard.set)
    resource.setrlimit(resource.RLIMIT_NOFILE, (2000, hard))
    files = [os.open(os.devnull, os.O_RDONLY) for _ in range(1050)]
    try:
        osc.start(0)
        assert osc.listening is not None
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(packet("/level", 0.75), osc.listening)
        assert heard.wait(PATIENCE_S)
    finally:
        osc.close()
        for file in files:
            os.close(file)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _spelt(word: str) -> bytes:
    return word.encode() + b"\0" * (4 - len(word.encode()) % 4)
