from __future__ import annotations

import pytest

from studio.live.player._ports import Ports
from studio.live.player.ledger import notes_off, off
from studio.live.player.protocol import OpenPort, Peers, PortsSeen, PortState, Refused
from tests.studio.live.player_fakes import FakeSystem

ON = b"\x90\x3c\x64"


class Desk:
    """Ports on a fake system, and what they said."""

    def __init__(self, *outputs: str) -> None:
        self.said: list[object] = []
        self.heard: list[tuple[str, bytes]] = []
        self.system = FakeSystem(*outputs, inputs=("keys",))
        self.ports = Ports(
            self.system, self.said.append, lambda key, data: self.heard.append((key, data))
        )

    def states(self) -> list[tuple[str, bool]]:
        return [(s.key, s.is_open) for s in self.said if isinstance(s, PortState)]

    def play(self, key: str, data: bytes) -> None:
        port = self.ports.output(key)
        assert port is not None
        for each in port.ledger.admit(data):
            port.send(each)


def test_a_port_that_is_there_is_opened_at_once() -> None:
    desk = Desk("synth")
    assert desk.ports.open(OpenPort("a", "synth", "out", False))
    desk.play("a", ON)
    assert desk.system.heard == {"synth": [ON]}
    assert desk.said == [PortState("a", True, "synth is open.", "out")]


def test_a_port_that_is_missing_is_waited_for_and_said_once() -> None:
    desk = Desk()
    desk.ports.open(OpenPort("a", "synth", "out", False))
    desk.ports.rescan()
    assert desk.states() == [("a", False)]
    desk.system.present["out"].append("synth")
    assert desk.ports.rescan() == ["a"]
    assert desk.states() == [("a", False), ("a", True)]


def test_a_port_taken_away_gets_its_offs_when_it_is_back() -> None:
    desk = Desk("synth", "other")
    desk.ports.open(OpenPort("a", "synth", "out", False))
    desk.ports.open(OpenPort("b", "other", "out", False))
    desk.play("a", ON)
    desk.system.present["out"].remove("synth")
    assert desk.ports.rescan() == ["a"]
    desk.play("b", ON)
    desk.system.present["out"].append("synth")
    desk.ports.rescan()
    assert desk.system.heard == {"synth": [ON, off(0, 60), *notes_off()], "other": [ON]}
    assert desk.states()[-2:] == [("a", False), ("a", True)]


def test_a_port_lost_in_the_middle_of_a_message_is_a_sentence() -> None:
    desk = Desk("synth")
    desk.ports.open(OpenPort("a", "synth", "out", False))
    desk.system.present["out"].clear()
    desk.play("a", ON)
    sentence = "synth was lost (no such device); notes go on without it."
    assert desk.said[-1] == PortState("a", False, sentence, "out")


def test_a_port_of_our_own_needs_nobody_else() -> None:
    desk = Desk()
    assert desk.ports.open(OpenPort("a", "Latent Loom out", "out", True))
    desk.ports.rescan()
    desk.play("a", ON)
    assert desk.states() == [("a", True)]


def test_input_is_heard_under_its_key() -> None:
    desk = Desk()
    desk.ports.open(OpenPort("k", "keys", "in", False))
    desk.system.handles[0].hear(ON)
    assert desk.heard == [("k", ON)]


def test_closing_a_port_silences_it() -> None:
    desk = Desk("synth")
    desk.ports.open(OpenPort("a", "synth", "out", False))
    desk.play("a", ON)
    desk.ports.close("a", "out")
    assert desk.system.heard["synth"] == [ON, off(0, 60)]
    assert desk.ports.output("a") is None


def test_a_key_may_be_given_to_another_port() -> None:
    desk = Desk("synth", "other")
    desk.ports.open(OpenPort("a", "synth", "out", False))
    desk.play("a", ON)
    desk.ports.open(OpenPort("a", "other", "out", False))
    desk.play("a", ON)
    assert desk.system.heard == {"synth": [ON, off(0, 60)], "other": [ON]}


def test_the_ports_are_told_once_and_whenever_they_change() -> None:
    desk = Desk("synth")
    desk.ports.rescan()
    desk.ports.rescan()
    desk.system.present["in"].clear()
    desk.ports.rescan()
    assert desk.said == [
        PortsSeen("fake", ("keys",), ("synth",)),
        PortsSeen("fake", (), ("synth",)),
    ]


def test_a_driver_that_cannot_list_is_a_sentence() -> None:
    desk = Desk("synth")
    desk.system.broken = True
    assert desk.ports.rescan() == []
    assert desk.said == [Refused("The MIDI ports cannot be listed: the driver is confused.")]


def test_without_any_midi_wanting_a_port_is_a_sentence() -> None:
    said: list[object] = []
    ports = Ports(None, said.append, lambda key, data: None)
    assert not ports.open(OpenPort("a", "synth", "out", False))
    ports.rescan()
    sentence = "synth cannot be opened: MIDI does not load; `latentloom doctor` says why."
    assert said == [PortState("a", False, sentence, "out"), PortsSeen("", (), ())]


def test_an_input_that_was_lost_owes_nothing_and_is_opened_once() -> None:
    desk = Desk()
    desk.ports.open(OpenPort("k", "keys", "in", False))
    desk.system.present["in"].clear()
    desk.ports.rescan()
    desk.system.present["in"].append("keys")
    desk.ports.rescan()
    desk.ports.rescan()
    assert [s.is_open for s in desk.said if isinstance(s, PortState)] == [True, False, True]
    desk.system.handles[0].hear(ON)
    assert desk.heard == [("k", ON)]


@pytest.mark.parametrize("side", ["in", "out"])
def test_a_cable_out_and_in_again_between_two_looks_is_told_and_opened_anew(side: str) -> None:
    desk = Desk("synth")
    name = "keys" if side == "in" else "synth"
    desk.ports.open(OpenPort("a", name, side, False))
    if side == "out":
        desk.play("a", ON)
    desk.system.replug(name)
    assert desk.ports.rescan() == (["a"] if side == "out" else [])
    assert desk.states() == [("a", True), ("a", False), ("a", True)]
    if side == "out":
        assert desk.system.heard["synth"] == [ON, off(0, 60), *notes_off()]


def test_who_was_connected_to_a_port_of_ours_is_connected_again_once_it_is_there() -> None:
    desk = Desk("synth")
    desk.ports.open(OpenPort("a", "Latent Loom", "out", True, ("pad", "synth")))
    (handle,) = desk.system.handles
    assert handle.joined == ["synth"]
    desk.ports.rescan()
    assert not any(isinstance(event, Peers) for event in desk.said), "they are known"
    desk.system.present["out"].append("pad")
    desk.ports.rescan()
    assert handle.joined == ["synth", "pad"]
    handle.joined.remove("synth")  # another program parts them
    desk.ports.rescan()
    desk.ports.rescan()
    assert handle.joined == ["pad"]
    assert desk.said[-1] == Peers("a", "out", ("pad",))
