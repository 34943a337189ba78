"""The machine's MIDI through RtMidi: JACK and ALSA, CoreMIDI, Windows.

On Linux both JACK (where a server runs) and ALSA are listed; our own ports are made in the first.
Making a JACK client takes 16 ms and disturbs the server, so each output keeps its client while it
is wanted, and clients that only look are made once. libjack cannot be used again in a process
whose server has ended, and it does not tell: we watch the server's process and leave with it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple, Protocol

from studio.live.player import _alsa, _jack, _rtmidi
from studio.live.player._jack import JackGraph
from studio.live.player._port_names import CLIENT, LOOK_OUT, PortNames, Raw, client_name

_TITLES = {"jack": "JACK", "alsa": "ALSA", "macosx_core": "CoreMIDI", "windows_mm": "Windows MIDI"}

_TEARING_S = 0.2
"""So long after a port was opened it may still be told that it was torn off before."""

Hear = Callable[[bytes], None]


class Handle(Protocol):
    """One port of ours, connected or not."""

    def connect(self) -> bool:
        """Find the wanted port and open it; False when it is not there. Raises OSError."""

    def is_connected(self) -> bool:
        """Whether it has been connected ever since to the very port that `connect` found."""

    def disconnect(self) -> None:
        """Let go of it, so that `connect` can be called again."""

    def peers(self) -> list[str]:
        """What others have connected to it, if it is a port of our own and the system tells."""

    def join(self, peers: list[str]) -> None:
        """Connect a port of our own to those of `peers` that are there."""

    def send(self, data: bytes) -> None:
        """Send one message. Raises OSError."""

    def close(self) -> None:
        """Away with it."""


class System(Protocol):
    """What the ports are made with: rtmidi, or a fake."""

    @property
    def title(self) -> str:
        """As in `PortsSeen.system`."""

    def look(self) -> None:
        """See whether a MIDI system has come; quick."""

    def names(self, side: str) -> list[str]:
        """Stable names of the ports of the side "in" or "out", ours left out. Raises OSError."""

    def handle(self, name: str, side: str, key: str, virtual: bool, hear: Hear) -> Handle:
        """A port of ours, not yet connected. Raises OSError."""

    def watched(self) -> list[int]:
        """Descriptors that become readable when a MIDI system has ended for good."""


class FoundPort(NamedTuple):
    """A port of somebody else's."""

    interface: str
    raw: Raw
    name: str


class RtMidi:
    """`System` over RtMidi's binding. Raises ImportError where that does not load."""

    def __init__(self) -> None:
        self._compiled = _rtmidi.apis()
        self._lists: dict[str, Callable[[str], list[str]]] = {}
        """For each interface that is there, the raw names of the ports of a side."""
        self._names: dict[tuple[str, str], PortNames] = {}
        self.graph: JackGraph | None = None
        """The JACK server's, if there is one."""
        self.seen: dict[str, list[FoundPort]] = {"in": [], "out": []}
        """By side, what `found` saw last."""
        self._marks: set[str] | None = None
        self._server: int | None = None

    @property
    def title(self) -> str:
        titles = {**_TITLES, "jack": _jack.title()}
        return " and ".join(titles[name] for name in self._lists)

    def look(self) -> None:
        for name in _TITLES:
            if name in self._compiled and name not in self._lists and self._may_run(name):
                with suppress(OSError, RuntimeError):
                    self._lists[name] = self._look_out(name)
        order = list(_TITLES)
        self._lists = dict(sorted(self._lists.items(), key=lambda item: order.index(item[0])))

    def names(self, side: str) -> list[str]:
        return [found.name for found in self.found(side)]

    @property
    def _left_out(self) -> tuple[str, ...]:
        """How names begin that are ours, or PipeWire's for ports that ALSA lists itself."""
        return (CLIENT, "Midi-Bridge:") if "alsa" in self._lists else (CLIENT,)

    def found(self, side: str) -> list[FoundPort]:
        """Every port of others that our `side` may connect to."""
        seen: dict[str, FoundPort] = {}
        for interface, listed in self._lists.items():
            names = self._names.setdefault((interface, side), PortNames(interface))
            theirs = [raw for raw in listed(side) if not raw.startswith(self._left_out)]
            for raw, name in names.update(theirs).items():
                seen.setdefault(name, FoundPort(interface, raw, name))
        self.seen[side] = list(seen.values())
        return self.seen[side]

    def handle(self, name: str, side: str, key: str, virtual: bool, hear: Hear) -> Handle:
        return RtMidiHandle(self, name, side, key, virtual, hear)

    def watched(self) -> list[int]:
        return [] if self._server is None else [self._server]

    def make(self, interface: str | None, side: str, key: str) -> tuple[Any, str, str]:
        """rtmidi's object for one port of ours, on `interface` or the first there is; that
        interface, and the name of the client."""
        if not self._lists:
            raise OSError("There is no MIDI on this machine.")
        interface = interface or next(iter(self._lists))
        name = client_name(key, side)
        if interface == "jack" and self.graph:
            name = self.graph.free_client_name(name)
        return _rtmidi.client(interface, side, name), interface, name

    def _look_out(self, name: str) -> Callable[[str], list[str]]:
        if name == "jack":
            self.graph = JackGraph(LOOK_OUT)
            return self.graph.ports
        ours = {side: _rtmidi.client(name, side, LOOK_OUT) for side in ("in", "out")}
        return lambda side: list(ours[side].get_ports())

    def _may_run(self, name: str) -> bool:
        """Asking rtmidi costs time and noise on stderr, so we look at the system first."""
        if name == "alsa":
            return Path("/dev/snd/seq").exists()
        if name != "jack":
            return True
        marks = _jack.server_marks()
        if not marks or marks == self._marks:
            return False
        self._marks = marks
        pid = _jack.server_pid()
        if pid is None:
            return False
        with suppress(OSError):
            self._server = os.pidfd_open(pid) if sys.platform == "linux" else None
        return True


class RtMidiHandle:
    """`Handle` over one rtmidi object, which an output keeps as long as it is wanted."""

    def __init__(
        self, system: RtMidi, name: str, side: str, key: str, virtual: bool, hear: Hear
    ) -> None:
        self._system, self._name, self._side, self._key = system, name, side, key
        self._virtual, self._hear = virtual, hear
        self._interface = self._client = ""
        self._found: FoundPort | None = None
        self._port: Any = None
        self._jack_port: str | None = None
        """The full name of our port, if it is one of JACK's."""
        self._opened_s = 0.0

    def connect(self) -> bool:
        try:
            is_open = self._open_virtual() if self._virtual else self._open_theirs()
        except (RuntimeError, ValueError, NotImplementedError) as error:
            raise OSError(str(error)) from error
        if is_open and self._interface == "jack" and self._system.graph:
            self._jack_port = self._system.graph.port_of(self._client)
        self._opened_s = perf_counter()
        return is_open

    def is_connected(self) -> bool:
        if self._virtual:
            return self._side == "out" or not self._torn()
        if self._found is None or self._found not in self._system.seen[self._side]:
            return False
        if self._interface == "alsa":
            return _alsa.is_connected(self._client) is not False
        graph, ours = self._system.graph, self._jack_port
        if graph is None or ours is None:
            return True
        return not self._torn() and self._found.raw[0] in graph.connections(ours)

    def _torn(self) -> bool:
        """Whether JACK has taken a connection away since it was opened. Whoever played into a port
        of our own may have left in the middle of a system exclusive message."""
        graph, ours = self._system.graph, self._jack_port
        if graph is None or ours is None:
            return False
        return graph.torn_s.get(ours, 0.0) >= self._opened_s + _TEARING_S

    def disconnect(self) -> None:
        """An input goes altogether: `close_port` takes its callback away, and a system exclusive
        message that was cut off would swallow all that comes after it."""
        self._found = self._jack_port = None
        if self._side == "in":
            self.close()
        elif self._port is not None:
            with suppress(OSError, RuntimeError):
                self._port.close_port()

    def peers(self) -> list[str]:
        graph, ours = self._system.graph, self._jack_port
        return graph.connections(ours) if graph and ours and self._virtual else []

    def join(self, peers: list[str]) -> None:
        graph, ours = self._system.graph, self._jack_port
        if graph and ours and self._virtual:
            for peer in set(peers).intersection(graph.ports(self._side)):
                graph.connect(ours, peer, self._side)

    def send(self, data: bytes) -> None:
        try:
            self._port.send_message(data)
        except (RuntimeError, ValueError, AttributeError) as error:
            raise OSError(str(error)) from error

    def close(self) -> None:
        port, self._port = self._port, None
        if port is not None:
            with suppress(OSError, RuntimeError):
                port.close_port()
            port.delete()

    def _open_virtual(self) -> bool:
        self._made(None).open_virtual_port(self._name)
        return True

    def _open_theirs(self) -> bool:
        """By the port's raw name: rtmidi counts anew, and another may have come in between."""
        for found in self._system.found(self._side):
            if found.name == self._name:
                port = self._made(found.interface)
                name, place = found.raw
                places = [n for n, other in enumerate(port.get_ports()) if other == name]
                if place < len(places):
                    port.open_port(places[place], self._key)
                    self._found = found
                    return True
        return False

    def _made(self, interface: str | None) -> Any:
        if self._port is not None and interface not in (None, self._interface):
            self.close()
        if self._port is None:
            made = self._system.make(interface, self._side, self._key)
            self._port, self._interface, self._client = made
            if self._side == "in":
                self._port.ignore_types(sysex=False, timing=False, active_sense=True)
                self._port.set_callback(lambda message, _seconds, _: self._hear(bytes(message)))
        return self._port
