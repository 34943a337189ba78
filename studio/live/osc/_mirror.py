"""OSC's mouth: tells a target what differs from what it was told."""

from __future__ import annotations

import ipaddress
import socket

from studio.control.controls import Control, Controls
from studio.document.parameters import Value
from studio.live.osc.packets import OscError, OscMessage, is_same, said

_PACE_S = 1 / 30
_ANYWAY_S = 0.5
"""Something may change without a word: look ever so often."""

_AT_ONCE = 64
"""Packets that leave together; a receiver's buffer holds some hundreds."""


class OscMirror:
    """What the target was told, and a socket to tell it more."""

    def __init__(self, host: str, port: int) -> None:
        try:
            # A name would have to be looked up, and the window would wait for that.
            self._target = (str(ipaddress.IPv4Address(host.strip())), port)
        except ValueError:
            raise OscError(f"OSC wants numbers such as 192.168.1.20, not {host[:40]!r}.") from None
        if not 0 < port < 65536:
            raise OscError(f"There is no port {port}.")
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._told: dict[str, Value] = {}
        self._looked_s = float("-inf")
        self._first = 0
        self.stale = True
        """Whether something has changed since the last look."""

    @property
    def target(self) -> tuple[str, int]:
        """The host, by its numbers, and the port that is told."""
        return self._target

    def forget(self) -> None:
        self._told.clear()
        self.stale = True

    def heard(self, address: str, message: OscMessage, controls: Controls) -> None:
        """The target is not told its own words, but what became of them, and what it asks for."""
        value = controls.get(address)
        if message.sender == self._target[0] and _same(message, value):
            self._told[address] = value
        elif not message.arguments:
            self._told.pop(address, None)
        self.stale = True

    def tick(self, controls: Controls, now_s: float) -> str:
        """Look for what changed, not too often; a sentence where it could not be told."""
        since = now_s - self._looked_s
        if since < _PACE_S or not (self.stale or since >= _ANYWAY_S):
            return ""
        self._looked_s, self.stale = now_s, False
        try:
            self._tell_news(controls)
        except BlockingIOError:
            self.stale = True
        except OSError as error:
            return f"OSC does not reach {self._target[0]}: {error.strerror}."
        return ""

    def _tell_news(self, controls: Controls) -> None:
        found = list(controls.values())
        told = 0
        for offset in range(len(found)):
            if told >= _AT_ONCE:
                self._first, self.stale = (self._first + offset) % len(found), True
                return  # those that are left are the first ones of the next look
            told += self._tell(*found[(self._first + offset) % len(found)])

    def _tell(self, control: Control, value: Value) -> bool:
        address = control.address
        if address in self._told and is_same(self._told[address], value):
            return False
        spelt = f"{address}/lit" if control.kind == "trigger" else address
        self._socket.sendto(said(spelt, value), self._target)
        self._told[address] = value
        return True

    def close(self) -> None:
        self._socket.close()


def _same(message: OscMessage, value: Value) -> bool:
    return bool(message.arguments) and is_same(message.arguments[0], value)
