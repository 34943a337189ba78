"""Names of other programs' and devices' ports that stay what they are while a port is there."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable

CLIENT = "Latent Loom"
"""What other programs call us; our own ports are left out of the lists."""
LOOK_OUT = f"{CLIENT} look-out"
"""Our clients that only look; the plain name is for ports that others may use."""

Raw = tuple[str, int]
"""What the system calls a port, and which of several of that name it is, from 0."""


class PortNames:
    """Stable names for the ports that one interface has on one side, each of them once.

    ALSA appends the client's number and the port's ("nanoKEY2:nanoKEY2 MIDI 1 20:0"), which are
    others after the cable was put back; Windows the device's place in the list. Both are left out.
    Of equal names the second is called "... #2", and that it stays until its port goes, whoever
    comes or goes beside it.
    """

    def __init__(self, interface: str) -> None:
        self._interface = interface
        self._names: dict[Raw, str] = {}

    def update(self, listed: Iterable[str | None]) -> dict[Raw, str]:
        """The names of all ports, in the order in which the system lists them now; None is what
        rtmidi says of a name that it cannot spell."""
        counts: dict[str, int] = {}
        names: dict[Raw, str] = {}
        for name in (spelt or "" for spelt in listed):
            raw = (name, counts.get(name, 0))
            counts[name] = raw[1] + 1
            names[raw] = self._names.get(raw, "")
        for raw, name in names.items():
            names[raw] = name or _free(self._plain(raw[0]) or "MIDI port", set(names.values()))
        self._names = names
        return names

    def _plain(self, name: str) -> str:
        if self._interface == "alsa":
            return re.sub(r" \d+:\d+$", "", name)
        return re.sub(r" \d+$", "", name) if sys.platform == "win32" else name


def _free(name: str, taken: set[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} #{number}"
    return free


def client_name(key: str, side: str) -> str:
    """What others call our client for one port; JACK takes 63 bytes and no colon."""
    name = key if key.startswith(CLIENT) else f"{CLIENT} {key}"
    plain = name.replace(":", " ").encode()[:52].decode(errors="ignore")
    return f"{plain} in" if side == "in" else plain
