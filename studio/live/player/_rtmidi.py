"""RtMidi, by the binding that has wheels for every Python that we run on: supriya-midi.

Its wheels for Linux bring a libjack along. Two libjacks do not mix, and only the system's speaks
to the system's server (PipeWire has one of its own), so the system's is loaded first, for all to
see: the binding's calls then go there. Where the system has none, the wheel's finds no server.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from functools import cache
from types import ModuleType
from typing import Any


def load() -> ModuleType:
    """The binding. Raises ImportError where it is missing or the system lacks ALSA's library."""
    system_jack()
    import supriya_midi

    return supriya_midi


@cache
def system_jack() -> ctypes.CDLL | None:
    """The system's libjack, loaded so that whatever is loaded later uses it; None without one.

    Once: each `CDLL` makes a class of its own, and asked four times a second that was 2 MB an hour.
    """
    if sys.platform.startswith("linux"):
        with suppress(OSError):
            return ctypes.CDLL("libjack.so.0", mode=ctypes.RTLD_GLOBAL)
    return None


def client(api: str, side: str, name: str) -> Any:
    """A client called `name` for ports of the side "in" or "out". Its calls raise OSError."""
    rtmidi = load()
    kind = rtmidi.MidiIn if side == "in" else rtmidi.MidiOut
    try:
        made = kind(rtmidi.get_compiled_api_by_name(api), name)
    except RuntimeError as error:
        raise OSError(str(error)) from error
    made.set_error_callback(_raise)
    return made


def _raise(kind: Any, text: str, _: object = None) -> None:
    """RtMidi tells its warnings the same way: they stop nothing."""
    if kind.name not in ("WARNING", "DEBUG_WARNING"):
        raise OSError(text)


def apis() -> list[str]:
    """Which systems the binding speaks to, by RtMidi's short names."""
    rtmidi = load()
    return [rtmidi.get_api_name(api) for api in rtmidi.get_compiled_apis()]
