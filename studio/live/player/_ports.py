"""The wanted ports: opened, lost, opened again; each output with its ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress

from studio.live.player._system import Handle, System
from studio.live.player.ledger import Ledger, all_quiet, notes_off, off
from studio.live.player.protocol import OpenPort, Peers, PortsSeen, PortState, Refused

Say = Callable[[object], None]
HearPort = Callable[[str, bytes], None]
"""A key and a message, called on rtmidi's thread."""


class Port:
    """One wanted port. What it owes when it comes back are the offs of notes lost with it."""

    def __init__(self, wanted: OpenPort, handle: Handle, say: Say) -> None:
        self.wanted, self._handle, self._say = wanted, handle, say
        self.ledger = Ledger()
        self.owed: list[bytes] = []
        self.is_open = False
        self._waits = False
        self._missed = set(wanted.peers)
        self._peers = wanted.peers

    def open(self) -> bool:
        """Connect if the port is there, and pay what is owed; False while it is not there."""
        name = self.wanted.name
        try:
            self.is_open = self._handle.connect()
        except OSError as error:
            self._wait(f"{name} cannot be opened ({error}); it is tried again.")
            return False
        if not self.is_open:
            self._wait(f"{name} is not there; it is opened as soon as it appears.")
            return False
        self._waits = False
        self._tell(f"{name} is open.")
        owed, self.owed = self.owed, []
        for data in owed:
            self.send(data)
        self.mind_peers()
        return self.is_open

    def mind_peers(self) -> None:
        """Connect a port of our own to those that it was connected to, each once when it is there,
        and tell who is connected now."""
        if not (self.wanted.virtual and self.is_open):
            return
        if self._missed:
            self._handle.join(sorted(self._missed))
        connected = set(self._handle.peers())
        self._missed -= connected
        peers = tuple(sorted(connected | self._missed))
        if peers != self._peers:
            self._peers = peers
            self._say(Peers(self.wanted.key, self.wanted.side, peers))

    def is_connected(self) -> bool:
        """Whether it still leads where it led when it was opened."""
        return self._handle.is_connected()

    def send(self, data: bytes) -> None:
        """Send one message as it is; a port that is not open swallows it."""
        if not self.is_open:
            return
        try:
            self._handle.send(data)
        except OSError as error:
            self.lose(f"{self.wanted.name} was lost ({error}); notes go on without it.")

    def silence(self) -> None:
        """The offs of everything that sounds, as far as the port still takes them."""
        for data in self.ledger.silence():
            self.send(data)

    def lose(self, sentence: str) -> None:
        """The port is gone: remember what sounds at an output, for when it comes back, and who
        else was connected to one of our own."""
        self.is_open = False
        self._missed |= set(self._handle.peers())
        if self.wanted.side == "out":
            self.owed = [*self.owed, *self.ledger.silence(), *notes_off()]
        self._handle.disconnect()
        self._waits = True
        self._tell(sentence)

    def close(self) -> None:
        """Silence it and let it go."""
        self.silence()
        self._handle.close()
        self.is_open = False

    def _wait(self, sentence: str) -> None:
        if not self._waits:
            self._waits = True
            self._tell(sentence)

    def _tell(self, sentence: str) -> None:
        self._say(PortState(self.wanted.key, self.is_open, sentence, self.wanted.side))


class Ports:
    """All wanted ports of one system."""

    def __init__(self, system: System | None, say: Say, hear: HearPort) -> None:
        self._system, self._say, self._hear = system, say, hear
        self._ports: dict[tuple[str, str], Port] = {}
        self._seen: PortsSeen | None = None

    @property
    def outputs(self) -> list[Port]:
        return [port for (_, side), port in self._ports.items() if side == "out"]

    def output(self, key: str) -> Port | None:
        return self._ports.get((key, "out"))

    def open(self, wanted: OpenPort, owed: Iterable[bytes] = ()) -> bool:
        """Want a port, instead of what had its key before; True when it is open already."""
        self.close(wanted.key, wanted.side)
        if self._system is None:
            sentence = (
                f"{wanted.name} cannot be opened: MIDI does not load; `latentloom doctor` says why."
            )
            self._say(PortState(wanted.key, False, sentence, wanted.side))
            return False
        key = wanted.key
        handle = self._system.handle(
            wanted.name, wanted.side, key, wanted.virtual, lambda data: self._hear(key, data)
        )
        port = self._ports[key, wanted.side] = Port(wanted, handle, self._say)
        port.owed = list(owed)
        return port.open()

    def close(self, key: str, side: str) -> None:
        """No longer want a port."""
        port = self._ports.pop((key, side), None)
        if port is not None:
            port.close()

    def rescan(self) -> list[str]:
        """See what came and went; the keys of outputs that were opened or lost."""
        if self._system is None:
            self._see(PortsSeen("", (), ()))
            return []
        self._system.look()
        try:
            inputs, outputs = self._system.names("in"), self._system.names("out")
        except (OSError, RuntimeError) as error:
            self._say(Refused(f"The MIDI ports cannot be listed: {error}."))
            return []
        self._see(PortsSeen(self._system.title, tuple(inputs), tuple(outputs)))
        there = {"in": set(inputs), "out": set(outputs)}
        changed = [where for where, port in self._ports.items() if _changed(port, there)]
        for port in self._ports.values():
            port.mind_peers()
        return [key for key, side in changed if side == "out"]

    def silence(self, key: str = "") -> None:
        """Everything off on one output or on all."""
        for port in self.outputs:
            if key in ("", port.wanted.key):
                port.silence()

    def panic(self) -> None:
        """Everything off on all outputs, on every channel, whatever the ledgers say."""
        for port in self.outputs:
            port.silence()
            for data in all_quiet():
                port.send(data)

    def close_all(self) -> None:
        for key, side in list(self._ports):
            with suppress(OSError):
                self.close(key, side)

    def _see(self, seen: PortsSeen) -> None:
        if seen != self._seen:
            self._seen = seen
            self._say(seen)


def released(notes: Iterable[tuple[str, int, int]], key: str) -> list[bytes]:
    """The offs that one port needs after a lost player."""
    offs = [off(channel, pitch) for port, channel, pitch in notes if port == key]
    return [*offs, *notes_off()] if offs else []


def _changed(port: Port, there: dict[str, set[str]]) -> bool:
    wanted = port.wanted
    present = wanted.virtual or wanted.name in there[wanted.side]
    gone = port.is_open and not (present and port.is_connected())
    if gone:
        port.lose(
            f"A connection to {wanted.name} was taken away."
            if wanted.virtual
            else f"{wanted.name} has gone; it is opened again when it comes back."
        )
    back = not port.is_open and present and port.open()
    return gone or back
