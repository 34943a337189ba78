"""JACK beside rtmidi: is there a server, and what is connected to what.

The system's libjack is JACK's own or PipeWire's, which speaks to PipeWire instead. rtmidi opens
ports by their place in a list and says nothing of connections. So one client of ours only looks,
through the libjack that rtmidi uses (ctypes; a listing takes 0.3 ms).
"""

from __future__ import annotations

import ctypes
import os
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

from studio.live.player import _rtmidi

_NO_START_SERVER = 1
_MIDI = b"8 bit raw midi"
_IS_INPUT, _IS_OUTPUT = 1, 2
_ANY = 0
_SEEN_WITHIN_S = 0.1
"""PipeWire tells one client of another's new port a moment later; JACK at once."""
_HANDLE, _NAMES = ctypes.c_void_p, ctypes.POINTER(ctypes.c_char_p)
_ON_CONNECT = ctypes.CFUNCTYPE(
    None, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_int, ctypes.c_void_p
)
_FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
    "jack_client_open": (_HANDLE, [ctypes.c_char_p, ctypes.c_int, ctypes.POINTER(ctypes.c_int)]),
    "jack_activate": (ctypes.c_int, [_HANDLE]),
    "jack_set_port_connect_callback": (ctypes.c_int, [_HANDLE, _ON_CONNECT, _HANDLE]),
    "jack_get_ports": (_NAMES, [_HANDLE, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_ulong]),
    "jack_port_by_id": (_HANDLE, [_HANDLE, ctypes.c_uint32]),
    "jack_port_by_name": (_HANDLE, [_HANDLE, ctypes.c_char_p]),
    "jack_port_name": (ctypes.c_char_p, [_HANDLE]),
    "jack_port_get_all_connections": (_NAMES, [_HANDLE, _HANDLE]),
    "jack_connect": (ctypes.c_int, [_HANDLE, ctypes.c_char_p, ctypes.c_char_p]),
    "jack_get_buffer_size": (ctypes.c_uint32, [_HANDLE]),
    "jack_get_sample_rate": (ctypes.c_uint32, [_HANDLE]),
    "jack_free": (None, [_HANDLE]),
    "jack_client_close": (ctypes.c_int, [_HANDLE]),
}


class JackGraph:
    """The MIDI ports of a server and their connections. Raises OSError where there is none."""

    def __init__(self, name: str) -> None:
        self._jack = _libjack()
        self._client = self._jack.jack_client_open(name.encode(), _NO_START_SERVER, None)
        if not self._client:
            raise OSError("The JACK server does not answer.")
        self.torn_s: dict[str, float] = {}
        """When a port last lost a connection, in seconds of `perf_counter`."""
        self._on_connect = _ON_CONNECT(self._connection_changed)  # libjack keeps no reference
        self._jack.jack_set_port_connect_callback(self._client, self._on_connect, None)
        self._jack.jack_activate(self._client)

    def ports(self, side: str) -> list[str]:
        """Where the side "in" or "out" could connect to: the outputs of others, or their inputs."""
        return self._names(_IS_OUTPUT if side == "in" else _IS_INPUT)

    def free_client_name(self, wanted: str) -> str:
        """`wanted`, or with a number where another client is called so."""
        taken = {port.partition(":")[0] for port in self._names(_ANY)}
        number, name = 1, wanted
        while name in taken:
            number += 1
            name = f"{wanted} {number}"
        return name

    def port_of(self, client: str) -> str | None:
        """The MIDI port of a client that has but one."""
        until_s = perf_counter() + _SEEN_WITHIN_S
        while True:
            ours = [port for port in self._names(_ANY) if port.partition(":")[0] == client]
            if ours or perf_counter() > until_s:
                return ours[0] if ours else None
            sleep(0.002)

    def connections(self, port: str) -> list[str]:
        """What `port` is connected to."""
        handle = self._jack.jack_port_by_name(self._client, port.encode())
        if not handle:
            return []
        return self._taken(self._jack.jack_port_get_all_connections(self._client, handle))

    def connect(self, port: str, other: str, side: str) -> None:
        """Connect a port of ours to another's; nothing happens where that is not possible."""
        source, target = (other, port) if side == "in" else (port, other)
        self._jack.jack_connect(self._client, source.encode(), target.encode())

    @property
    def period_s(self) -> float:
        """How long the server's period is."""
        rate = self._jack.jack_get_sample_rate(self._client)
        return float(self._jack.jack_get_buffer_size(self._client) / rate)

    def close(self) -> None:
        """Away with the client, which would call what is no more."""
        self._jack.jack_client_close(self._client)

    def _connection_changed(self, one: int, other: int, connected: int, _: object) -> None:
        """On libjack's thread. Of two ports that are parted, one may have no name any more."""
        if connected:
            return
        for port in (one, other):
            handle = self._jack.jack_port_by_id(self._client, port)
            if handle and (name := self._jack.jack_port_name(handle)):
                self.torn_s[name.decode(errors="replace")] = perf_counter()

    def _names(self, flags: int) -> list[str]:
        return self._taken(self._jack.jack_get_ports(self._client, None, _MIDI, flags))

    def _taken(self, array: Any) -> list[str]:
        """The names in an array of libjack's, which is freed."""
        names: list[str] = []
        while array and array[len(names)]:
            names.append(array[len(names)].decode(errors="replace"))
        if array:
            self._jack.jack_free(array)
        return names


def _libjack() -> Any:
    """The system's, which rtmidi uses too. Raises OSError where there is none."""
    library = _rtmidi.system_jack()
    if library is None:
        raise OSError("There is no libjack here.")
    return _declared(library)


def _declared(library: ctypes.CDLL) -> ctypes.CDLL:
    for name, (result, arguments) in _FUNCTIONS.items():
        function: Callable[..., Any] = getattr(library, name)
        function.restype, function.argtypes = result, arguments  # type: ignore[attr-defined]
    return library


# --- is there a server? ---------------------------------------------------------------------------


def is_pipewire() -> bool:
    """Whether the system's libjack is PipeWire's."""
    version = getattr(_rtmidi.system_jack(), "jack_get_version_string", None)
    if version is None:
        return False
    version.restype = ctypes.c_char_p
    return b"PipeWire" in (version() or b"")


def title() -> str:
    """Which JACK it is that we speak to."""
    return "PipeWire's JACK" if is_pipewire() else "JACK"


def server_marks() -> set[str]:
    """What a running server leaves lying, with its time; a killed one leaves it as well."""
    folder, name = _pipewire_socket() if is_pipewire() else ("/dev/shm", f"jack_{_jack_name()}_*")
    marks: set[str] = set()
    with suppress(OSError):
        for path in Path(folder).glob(name):
            marks.add(f"{path.name} {path.stat().st_mtime_ns}")
    return marks


def server_pid() -> int | None:
    """The process that is the server of our name."""
    is_ours = _is_pipewire_server if is_pipewire() else _is_jack_server
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if is_ours((entry / "cmdline").read_text().split("\0"), entry):
                    return int(entry.name)
    return None


def _jack_name() -> str:
    return os.environ.get("JACK_DEFAULT_SERVER") or "default"


def _is_jack_server(words: list[str], _: Path) -> bool:
    return Path(words[0]).name in ("jackd", "jackdbus") and _named(words) == _jack_name()


def _pipewire_socket() -> tuple[str, str]:
    """Its folder and its name."""
    folders = (os.environ.get(name) for name in ("PIPEWIRE_RUNTIME_DIR", "XDG_RUNTIME_DIR"))
    return next(filter(None, folders), ""), os.environ.get("PIPEWIRE_REMOTE") or "pipewire-0"


def _is_pipewire_server(words: list[str], process: Path) -> bool:
    """Each user has one; with "-c" it is a helper, as that for PulseAudio's clients."""
    is_server = Path(words[0]).name == "pipewire" and "-c" not in words
    return is_server and process.stat().st_uid == os.getuid()


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
