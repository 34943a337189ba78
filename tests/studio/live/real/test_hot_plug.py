"""Ports that come and go with real rtmidi on a JACK server, while notes play and an ear listens."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from threading import Event
from time import monotonic, perf_counter

import pytest

from studio.live.player.client import PLAYER, PlayerClient
from studio.live.player.protocol import PortState
from studio.processes.messages import Due, Received
from tests.bench.jack_keyboard import Keyboard
from tests.bench.jack_server import JackServer
from tests.bench.jack_witness import Arrival, Witness
from tests.studio.live.player_fakes import Heard

pytestmark = [pytest.mark.real, pytest.mark.timed]
PATIENCE_S = 20.0
ON, OFF = b"\x90\x3c\x64", b"\x80\x3c\x40"


class Stage:
    """A player with a server full of gear; `wait` is for its next states of a port."""

    def __init__(self, life: ExitStack) -> None:
        self._life = life
        self.heard = Heard()
        self.player = PlayerClient(self.heard)
        self.player.start()
        life.enter_context(closing(self.player))

    def keyboard(self, name: str) -> Keyboard:
        keyboard = Keyboard(name)
        self._life.callback(keyboard.unplug)
        return keyboard

    def witness(self, name: str) -> Witness:
        witness = Witness(name, "in")
        self._life.callback(witness.close)
        return witness

    def states(self, key: str, side: str) -> list[bool]:
        """Open or not, as the app was told, without repetitions."""
        told = [s for s in self.heard.of(PortState) if (s.key, s.side) == (key, side)]
        return [s.is_open for s in told]

    def is_open(self, key: str, side: str) -> bool:
        return self.states(key, side)[-1:] == [True]

    def until(self, done: Callable[[], bool], what: str) -> None:
        deadline = monotonic() + PATIENCE_S
        while not done():
            assert monotonic() < deadline, f"never: {what}; {self.heard.events[-8:]}"
            Event().wait(0.01)

    def received(self, key: str) -> list[bytes]:
        return [m.data for m in self.heard.of(Received) if m.port == key]

    def play(self, key: str, *messages: bytes) -> None:
        self.player.send([Due(perf_counter(), key, data) for data in messages])


@pytest.fixture
def stage(server: JackServer) -> Iterator[Stage]:
    with ExitStack() as life:
        yield Stage(life)


def unended(arrivals: list[Arrival]) -> int:
    """Note ons less note offs."""
    return sum({0x90: 1, 0x80: -1}.get(a.data[0] & 0xF0, 0) for a in arrivals)


def test_a_keyboard_that_was_unplugged_in_the_middle_of_anything_is_heard_again(
    stage: Stage,
) -> None:
    first = stage.keyboard("keys")
    stage.player.open_input("k", "keys:out")
    stage.until(lambda: stage.is_open("k", "in"), "it is open")
    first.send(ON, b"\xf0\x7e\x01")  # a cable is pulled without an F7
    stage.until(lambda: ON in stage.received("k"), "the note is heard")
    first.unplug()
    stage.until(lambda: not stage.is_open("k", "in"), "it is missed")
    again = stage.keyboard("keys")
    stage.until(lambda: stage.is_open("k", "in"), "it is open again")
    again.send(b"\x90\x40\x64")
    stage.until(lambda: b"\x90\x40\x64" in stage.received("k"), "the new note is heard")
    assert stage.states("k", "in") == [True, False, True], "one sentence for each change"


def test_twenty_times_in_and_out_in_any_order_while_notes_play(stage: Stage) -> None:
    chance = random.Random(13)
    organ = stage.witness("organ")
    stage.player.open_output("organ", "organ:in")
    stage.player.open_output("pad", "pad:in")
    stage.player.open_input("keys", "keys:out")
    stage.player.open_input("pads", "pads:out")
    gear: dict[str, Keyboard | Witness] = {}
    heard: list[Arrival] = []
    pitches: list[int] = []

    def band(step: int) -> None:
        """A note on every step for both, each as long as three steps, so that some always sound."""
        now = perf_counter()
        for key in ("organ", "pad"):
            on, off = bytes((0x90, 36 + step % 40, 90)), bytes((0x80, 36 + step % 40, 64))
            stage.player.send([Due(now + 0.02, key, on), Due(now + 0.35, key, off)])

    def settled(name: str, side: str, there: bool, step: list[int]) -> bool:
        band(step[0])
        step[0] += 1
        Event().wait(0.1)
        heard.extend(organ.take())
        return stage.is_open(name, side) == there

    step = [0]
    for turn in range(20):
        name = chance.choice(("keys", "pads", "pad"))
        side = "out" if name == "pad" else "in"
        there = name not in gear
        if not there:
            gone = gear.pop(name)
            if isinstance(gone, Witness):
                gone.kill()
            else:
                gone.send(b"\x90\x30\x40", b"\xf0\x01")
                gone.unplug()
        elif name == "pad":
            gear[name] = stage.witness("pad")
        else:
            gear[name] = stage.keyboard(name)
        stage.until(lambda: settled(name, side, there, step), f"{name} is {there}")  # noqa: B023
        keys = gear.get(name)
        if isinstance(keys, Keyboard):
            pitches.append(turn + 40)
            keys.send(bytes((0x90, turn + 40, 64)))
            told = bytes((0x90, turn + 40, 64))
            stage.until(lambda: told in stage.received(name), f"{name} is heard")  # noqa: B023
    Event().wait(0.6)
    stage.player.stop()
    Event().wait(0.2)
    heard.extend(organ.take())
    assert len(heard) >= 40, "the band played"
    assert unended(heard) == 0
    last = gear.get("pad")
    if isinstance(last, Witness):
        assert unended(last.take()) <= 0, "what was owed from before it went, too"
    assert len(pitches) >= 4


@pytest.mark.parametrize("began", [True, False], ids=["lost", "switched on later"])
def test_a_pitch_that_was_played_while_an_output_was_away_ends_once_it_is_back(
    stage: Stage, began: bool
) -> None:
    first = stage.witness("synth") if began else None
    stage.player.open_output("a", "synth:in")
    if first is not None:
        stage.until(lambda: stage.is_open("a", "out"), "it is open")
        stage.play("a", ON)
        stage.until(lambda: [a.data for a in first.take()] == [ON], "it sounds")
        first.kill()
    stage.until(lambda: stage.states("a", "out")[-1:] == [False], "it is away")
    stage.play("a", ON)
    Event().wait(0.1)
    second = stage.witness("synth")
    stage.until(lambda: stage.is_open("a", "out"), "it is back")
    Event().wait(0.1)
    second.take()
    stage.play("a", ON)
    Event().wait(0.1)
    stage.play("a", OFF)
    Event().wait(0.2)
    assert [a.data.hex(" ") for a in second.take()] == ["90 3c 64", "80 3c 40"]


def test_cables_out_and_in_again_faster_than_anybody_looks_are_noticed(
    stage: Stage, server: JackServer
) -> None:
    synth, keys = stage.witness("synth"), stage.keyboard("keys")
    stage.player.open_output("a", "synth:in")
    stage.player.open_input("k", "keys:out")
    stage.until(lambda: stage.is_open("a", "out") and stage.is_open("k", "in"), "both are open")
    for turn in range(1, 4):
        opened = [True] + turn * [False, True]
        stage.play("a", ON)
        synth.replug()
        stage.until(lambda: stage.states("a", "out") == opened, "the synth is missed")  # noqa: B023
        stage.play("a", ON, OFF)
        heard: list[bytes] = []
        stage.until(
            lambda: heard.extend(a.data for a in synth.take()) or heard[-2:] == [ON, OFF],  # noqa: B023
            "the synth is played again",
        )
        keys.replug()
        stage.until(lambda: stage.states("k", "in") == opened, "the keys are missed")  # noqa: B023
        keys.send(bytes((0xB0, 1, turn)))
        told = bytes((0xB0, 1, turn))
        stage.until(lambda: told in stage.received("k"), "the keys are heard again")  # noqa: B023


def test_a_connection_that_another_program_took_away_is_made_again(
    stage: Stage, server: JackServer
) -> None:
    synth = stage.witness("synth")
    stage.player.open_output("a", "synth:in")
    stage.until(lambda: stage.is_open("a", "out"), "it is open")
    server.disconnect(server.wait_for_port("Latent Loom a"), "synth:in")
    stage.until(lambda: stage.states("a", "out") == [True, False, True], "it is told and mended")
    stage.play("a", ON)
    stage.until(lambda: ON in [a.data for a in synth.take()], "it is played again")


def test_what_others_connected_to_our_ports_is_connected_again_after_the_player_was_killed(
    stage: Stage, server: JackServer
) -> None:
    synth, keys = stage.witness("synth"), stage.keyboard("keys")
    stage.player.open_output("ours", "Latent Loom", virtual=True)
    stage.player.open_input("ours", "Latent Loom", virtual=True)
    stage.player._child.child = replace(PLAYER, pauses_s=(0.0,))
    stage.until(lambda: stage.is_open("ours", "out") and stage.is_open("ours", "in"), "open")
    ports = ["Latent Loom ours in:Latent Loom", "Latent Loom ours:Latent Loom"]
    assert sorted(port for port in server.ports() if "Loom" in port) == ports
    server.connect(ports[1], "synth:in")
    server.connect("keys:out", ports[0])
    for turn in (1, 2):
        stage.until(lambda: _peers(stage) == [("keys:out",), ("synth:in",)], "it is remembered")
        pid = stage.player.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        opened = [True] * (turn + 1)
        stage.until(lambda: stage.states("ours", "out") == opened, "back")  # noqa: B023
        stage.until(lambda: stage.states("ours", "in") == opened, "back")  # noqa: B023
        assert sorted(port for port in server.ports() if "Loom" in port) == ports
        synth.take()
        stage.play("ours", bytes((0x90, turn, 64)))
        stage.until(lambda: bytes((0x90, turn, 64)) in [a.data for a in synth.take()], "out")  # noqa: B023
        keys.send(bytes((0xB0, 1, turn)))
        stage.until(lambda: bytes((0xB0, 1, turn)) in stage.received("ours"), "in")  # noqa: B023


def test_a_peer_that_leaves_in_the_middle_of_a_message_does_not_make_our_input_mute(
    stage: Stage, server: JackServer
) -> None:
    first, second = stage.keyboard("first"), stage.keyboard("second")
    stage.player.open_input("ours", "Latent Loom", virtual=True)
    stage.until(lambda: stage.is_open("ours", "in"), "it is open")
    ours = server.wait_for_port("Latent Loom ours in:Latent Loom")
    Event().wait(0.3)
    for keys in ("first:out", "second:out"):
        server.connect(keys, ours)
    stage.until(lambda: _peers(stage) == [("first:out", "second:out")], "both are there")
    first.send(ON, b"\xf0\x7e\x01")
    stage.until(lambda: ON in stage.received("ours"), "the note is heard")
    first.unplug()
    stage.until(lambda: stage.states("ours", "in") == [True, False, True], "one change is told")
    stage.until(lambda: _peers(stage) == [("second:out",)], "who stays is connected again")
    second.send(b"\x90\x40\x64")
    stage.until(lambda: b"\x90\x40\x64" in stage.received("ours"), "who stays is heard")


def _peers(stage: Stage) -> list[tuple[str, ...]]:
    return [port.peers for _, port in sorted(stage.player._ports.items())]
