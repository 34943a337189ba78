"""A MIDI system that is a table in memory, and a real player process that plays on one."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Condition
from time import monotonic
from typing import TypeVar

from studio.live.player._system import Handle, Hear
from studio.live.player.client import PLAYER, PlayerEvent
from studio.processes.child import module_command
from studio.processes.supervisor import ChildProcess

PATIENCE_S = 20.0

T = TypeVar("T")


class FakeSystem:
    """Ports can be plugged in and out; what arrives at each is in `heard`."""

    def __init__(self, *outputs: str, inputs: tuple[str, ...] = ()) -> None:
        self.present = {"out": list(outputs), "in": list(inputs)}
        self.heard: dict[str, list[bytes]] = {}
        self.handles: list[FakeHandle] = []
        self.title = "fake"
        self.broken = False

    def look(self) -> None:
        pass

    def names(self, side: str) -> list[str]:
        if self.broken:
            raise OSError("the driver is confused")
        return list(self.present[side])

    def handle(self, name: str, side: str, key: str, virtual: bool, hear: Hear) -> Handle:
        handle = FakeHandle(self, name, side, virtual, hear)
        self.handles.append(handle)
        return handle

    def watched(self) -> list[int]:
        return []

    def replug(self, name: str) -> None:
        """A cable out and in again, faster than anybody looks."""
        for handle in self.handles:
            if handle.name == name:
                handle.connected = False

    def arrived(self, name: str, data: bytes) -> None:
        self.heard.setdefault(name, []).append(data)


class FakeHandle:
    def __init__(self, system: FakeSystem, name: str, side: str, virtual: bool, hear: Hear) -> None:
        self.system, self.name, self.side, self.virtual = system, name, side, virtual
        self.hear = hear
        self.connected = False
        self.joined: list[str] = []

    def connect(self) -> bool:
        self.connected = self.virtual or self.name in self.system.present[self.side]
        return self.connected

    def is_connected(self) -> bool:
        return self.connected

    def disconnect(self) -> None:
        self.connected = False

    def peers(self) -> list[str]:
        return list(self.joined)

    def join(self, peers: list[str]) -> None:
        there = self.system.present[self.side]
        self.joined += [p for p in peers if p in there and p not in self.joined]

    def send(self, data: bytes) -> None:
        if not self.connected or not (self.virtual or self.name in self.system.present[self.side]):
            raise OSError("no such device")
        self.system.arrived(self.name, data)

    def close(self) -> None:
        self.connected = False


class Heard:
    """What a client told, and a way to wait for it."""

    def __init__(self) -> None:
        self.events: list[PlayerEvent] = []
        self._some = Condition()

    def __call__(self, event: PlayerEvent) -> None:
        with self._some:
            self.events.append(event)
            self._some.notify_all()

    def of(self, kind: type[T]) -> list[T]:
        return [event for event in list(self.events) if isinstance(event, kind)]

    def wait(self, what: Callable[[PlayerEvent], bool], times: int = 1) -> PlayerEvent:
        """The `times`-th event for which `what` holds."""
        with self._some:
            found = self._some.wait_for(
                lambda: sum(map(what, self.events)) >= times, timeout=PATIENCE_S
            )
            assert found, f"never heard; only {self.events}"
            return [event for event in self.events if what(event)][times - 1]


class LoggingSystem(FakeSystem):
    """For a process of its own: what is sent goes to a file, a JSON line each."""

    def __init__(self, log: Path) -> None:
        super().__init__("synth")
        self._log = log.open("a", buffering=1)

    def arrived(self, name: str, data: bytes) -> None:
        self._log.write(json.dumps([name, data.hex()]) + "\n")


def lines(log: Path, enough: Callable[[list[bytes]], bool]) -> list[bytes]:
    """What the process has sent by the time that it is `enough`."""
    deadline = monotonic() + PATIENCE_S
    pause = Condition()
    while True:
        text = log.read_text() if log.exists() else ""
        sent = [bytes.fromhex(json.loads(line)[1]) for line in text.splitlines()]
        if enough(sent):
            return sent
        assert monotonic() < deadline, f"never sent; only {[m.hex() for m in sent]}"
        with pause:
            pause.wait(0.01)


def child(log: Path) -> ChildProcess:
    """A real player process on a fake system that logs to `log`."""
    command = (*module_command("tests.studio.live.player_fakes"), str(log))
    return replace(PLAYER, command=command)


if __name__ == "__main__":
    from studio.live.player._process import main

    os._exit(main(lambda: LoggingSystem(Path(sys.argv[1]))))
