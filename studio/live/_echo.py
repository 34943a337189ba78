"""Keys that are struck sound at once in the instrument's own sound, and none of them hangs.

Whether a key is echoed is decided when it is struck; what ends it follows from that alone. So a key
that is bound to a control while it is held, an input that is unplugged, and an echo that is
switched off all leave silence.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from studio.processes.messages import Due, Received

_ON, _OFF, _CONTROL = 0x90, 0x80, 0xB0
_SUSTAIN = 64
_Key = tuple[str, int, int]
"""An input, a channel from 0, a pitch."""


class Echo:
    """A ledger of what was echoed. Any thread may call it."""

    def __init__(self, send: Callable[[list[Due]], object], port: str) -> None:
        """`send` takes messages to the output `port`."""
        self._send, self._port = send, port
        self._lock = Lock()
        self._held: set[_Key] = set()
        self._pedals: set[tuple[str, int]] = set()

    def hear(self, event: Received, *, strikes: bool) -> None:
        """Echo a note or the sustain pedal; `strikes` says whether a new one may sound."""
        data = event.data
        status, channel = data[0] & 0xF0, data[0] & 0x0F
        if len(data) < 3 or status not in (_ON, _OFF, _CONTROL):
            return
        with self._lock:
            if status == _CONTROL:
                passes = data[1] == _SUSTAIN and self._press(event.port, channel, data[2], strikes)
            elif status == _ON and data[2]:
                passes = strikes
                if passes:
                    self._held.add((event.port, channel, data[1]))
            else:
                passes = self._end((event.port, channel, data[1]))
            if passes:
                self._send([Due(event.at_s, self._port, data)])

    def silence(self, at_s: float, port: str | None = None) -> None:
        """End everything that an input, or any input, has struck; pedals up."""
        with self._lock:
            held = {key for key in self._held if port in (None, key[0])}
            pedals = {key for key in self._pedals if port in (None, key[0])}
            self._held -= held
            self._pedals -= pedals
            still = {key[1:] for key in self._held}
            down = {key[1] for key in self._pedals}
            ends = [
                bytes((_OFF | channel, pitch, 0))
                for channel, pitch in sorted({key[1:] for key in held} - still)
            ]
            ends += [
                bytes((_CONTROL | channel, _SUSTAIN, 0))
                for channel in sorted({key[1] for key in pedals} - down)
            ]
            if ends:
                self._send([Due(at_s, self._port, data) for data in ends])

    def _press(self, port: str, channel: int, value: int, strikes: bool) -> bool:
        """Whether a pedal's movement passes; a half-pedal of below 64 counts as up."""
        if value >= 64:
            if strikes:
                self._pedals.add((port, channel))
            return strikes
        if (port, channel) not in self._pedals:
            return False
        self._pedals.discard((port, channel))
        return all(key[1] != channel for key in self._pedals)

    def _end(self, key: _Key) -> bool:
        """Whether a key's end passes: it was echoed, and no other input holds the same note."""
        if key not in self._held:
            return False
        self._held.discard(key)
        return all(other[1:] != key[1:] for other in self._held)
