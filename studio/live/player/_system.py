"""The machine's MIDI through python-rtmidi: JACK and ALSA, CoreMIDI, Windows.

On Linux both JACK (where a server runs) and ALSA are listed; our own ports are made in the first.
Making a JACK client takes 16 ms and disturbs the server, so each port keeps its client while it is
wanted, and two clients that only look are made once. libjack cannot be used again in a process
whose server has ended, and it does not tell: we watch the server's process and leave with it.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

CLIENT = "Latent Loom"
"""What other programs call us; our own ports are left out of the lists."""
_TITLES = {"jack": "JACK", "alsa": "ALSA", "macosx_core": "CoreMIDI", "windows_mm": "Windows MIDI"}

_NAMELESS = "MIDI port"
"""What rtmidi cannot spell (it gives None)."""

Hear = Callable[[bytes], None]


class Handle(Protocol):
    """One port of ours, connected or not."""

    def connect(self) -> bool:
        """Find the wanted port and open it; False when it is not there. Raises OSError."""

    def disconnect(self) -> None:
        """Let go of it, so that `connect` can be called again."""

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


class RtMidi:
    """`System` over python-rtmidi. Raises ImportError where that is not installed."""

    def __init__(self) -> None:
        import rtmidi

        self._rtmidi = rtmidi
        self._compiled = {
            rtmidi.get_api_name(api): api
            for api in rtmidi.get_compiled_api()
            if rtmidi.get_api_name(api) in _TITLES
        }
        self._lookers: dict[str, tuple[Any, Any]] = {}
        self._marks: set[str] | None = None
        self._server: int | None = None

    @property
    def title(self) -> str:
        return " and ".join(_TITLES[name] for name in self._lookers)

    def look(self) -> None:
        for name in ("jack", "alsa", "macosx_core", "windows_mm"):
            if name in self._compiled and name not in self._lookers and self._may_run(name):
                with suppress(OSError, RuntimeError):
                    api = self._compiled[name]
                    looks = self._rtmidi.MidiIn(api, name=CLIENT)
                    self._lookers[name] = (looks, self._rtmidi.MidiOut(api, name=CLIENT))
        order = list(_TITLES)
        self._lookers = dict(sorted(self._lookers.items(), key=lambda item: order.index(item[0])))

    def names(self, side: str) -> list[str]:
        return [name for _, _, name in self.found(side)]

    def found(self, side: str) -> list[tuple[str, int, str]]:
        """Interface, rtmidi's number there and stable name of every port."""
        seen: list[tuple[str, int, str]] = []
        taken: set[str] = set()
        for interface, lookers in self._lookers.items():
            raws = lookers[side == "out"].get_ports()
            for index, name in enumerate(stable_names(raws)):
                if not name.startswith(CLIENT) and name not in taken:
                    taken.add(name)
                    seen.append((interface, index, name))
        return seen

    def handle(self, name: str, side: str, key: str, virtual: bool, hear: Hear) -> Handle:
        return RtMidiHandle(self, name, side, key, virtual, hear)

    def watched(self) -> list[int]:
        return [] if self._server is None else [self._server]

    def make(self, interface: str | None, side: str, key: str) -> Any:
        """rtmidi's object for one port of ours, on `interface` or the first there is."""
        if not self._lookers:
            raise OSError("There is no MIDI on this machine.")
        api = self._compiled[interface or next(iter(self._lookers))]
        kind = self._rtmidi.MidiOut if side == "out" else self._rtmidi.MidiIn
        return kind(api, name=client_name(key))

    def _may_run(self, name: str) -> bool:
        """Asking rtmidi costs time and noise on stderr, so we look at the system first."""
        if name == "alsa":
            return Path("/dev/snd/seq").exists()
        if name != "jack":
            return True
        marks = _jack_marks()
        if not marks or marks == self._marks:
            return False
        self._marks = marks
        pid = _jack_server()
        if pid is None:
            return False
        with suppress(OSError):
            self._server = os.pidfd_open(pid) if sys.platform == "linux" else None
        return True


class RtMidiHandle:
    """`Handle` over one rtmidi object, which is kept as long as the port is wanted."""

    def __init__(
        self, system: RtMidi, name: str, side: str, key: str, virtual: bool, hear: Hear
    ) -> None:
        self._system, self._name, self._side, self._key = system, name, side, key
        self._virtual, self._hear = virtual, hear
        self._interface: str | None = None
        self._port: Any = None

    def connect(self) -> bool:
        try:
            return self._open_virtual() if self._virtual else self._open_theirs()
        except (RuntimeError, ValueError, NotImplementedError) as error:
            raise OSError(str(error)) from error

    def disconnect(self) -> None:
        if self._port is not None:
            with suppress(OSError, RuntimeError):
                self._port.close_port()

    def send(self, data: bytes) -> None:
        try:
            self._port.send_message(data)
        except (RuntimeError, ValueError, AttributeError) as error:
            raise OSError(str(error)) from error

    def close(self) -> None:
        self.disconnect()
        if self._port is not None:
            self._port.delete()
        self._port = None

    def _open_virtual(self) -> bool:
        self._made(None).open_virtual_port(self._name)
        return True

    def _open_theirs(self) -> bool:
        for interface, index, name in self._system.found(self._side):
            if name == self._name:
                self._made(interface).open_port(index, self._key)
                return True
        return False

    def _made(self, interface: str | None) -> Any:
        if self._port is not None and interface != self._interface:
            self.close()
        if self._port is None:
            self._port = self._system.make(interface, self._side, self._key)
            self._interface = interface
            if self._side == "in":
                self._port.ignore_types(sysex=False, timing=False, active_sense=True)
                self._port.set_callback(lambda event, _: self._hear(bytes(event[0])))
        return self._port


def client_name(key: str) -> str:
    """What others call our client for one port; JACK takes 63 bytes and no colon."""
    name = key if key.startswith(CLIENT) else f"{CLIENT} {key}"
    return name.replace(":", " ").encode()[:56].decode(errors="ignore")


def stable_names(raws: Sequence[str | None]) -> list[str]:
    """Names that stay the same when a cable is pulled and put back, each of them once.

    ALSA appends the client's number and the port's ("nanoKEY2:nanoKEY2 MIDI 1 20:0"), Windows the
    device's place in the list; of equal names the second is called "... #2".
    """
    counts: dict[str, int] = {}
    names: list[str] = []
    for raw in raws:
        name = re.sub(r" \d+:\d+$", "", raw or _NAMELESS)
        if sys.platform == "win32":
            name = re.sub(r" \d+$", "", name)
        counts[name] = counts.get(name, 0) + 1
        names.append(name if counts[name] == 1 else f"{name} #{counts[name]}")
    return names


def _jack_name() -> str:
    return os.environ.get("JACK_DEFAULT_SERVER") or "default"


def _jack_marks() -> set[str]:
    """What a running JACK server leaves lying in shared memory; a killed one leaves it as well."""
    try:
        return {
            f"{entry.name} {entry.stat().st_mtime_ns}"
            for entry in os.scandir("/dev/shm")
            if entry.name.startswith(f"jack_{_jack_name()}_")
        }
    except OSError:
        return set()


def _jack_server() -> int | None:
    """The process that is the JACK server of our name."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                words = (entry / "cmdline").read_text().split("\0")
                if Path(words[0]).name in ("jackd", "jackdbus") and _named(words) == _jack_name():
                    return int(entry.name)
    return None


def _named(words: list[str]) -> str:
    """The server's name in a command line of jackd."""
    for word, following in zip(words, [*words[1:], ""], strict=True):
        if word in ("-n", "--name"):
            return following
        if word.startswith("--name="):
            return word.removeprefix("--name=")
        if re.match("-n.", word):
            return word[2:]
    return "default"
