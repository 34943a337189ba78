"""OSC's ear: a socket, a thread that reads it, and the box on the way to the window's thread."""

from __future__ import annotations

import selectors
import socket
from collections.abc import Callable
from threading import Lock, Thread
from time import perf_counter

from studio.live.osc.packets import OscError, OscMessage, read_packet

_ROOM = 2000
"""Messages that may wait; with more, what is newest of each address still comes through."""


class OscInbox:
    """Messages on their way to the window: of each address the newest press, release and value."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._messages: dict[tuple[str, object], OscMessage] = {}
        self._seen = True
        self.refused = 0
        """Packets that could not be read, and messages for which there was no room."""

    def put(self, message: OscMessage) -> bool:
        """True when the box was empty, which is when the window has to be woken."""
        with self._lock:
            was_empty = not self._messages
            key = (message.address, _phase(message))
            known = self._messages.pop(key, None)  # the newer one goes behind what came between
            if known is None and len(self._messages) >= _ROOM:
                self.refused += 1
                return False
            self._messages[key] = message
            return was_empty

    def refuse(self) -> bool:
        """A packet could not be read. True when the window does not know of any such yet."""
        with self._lock:
            self.refused += 1
            unknown, self._seen = self._seen, False
            return unknown

    def drain(self) -> list[OscMessage]:
        """Everything, oldest first, and the box is empty again."""
        with self._lock:
            messages, self._messages = list(self._messages.values()), {}
            self._seen = True
            return messages


def _phase(message: OscMessage) -> object:
    """A button's press must not be lost behind its release."""
    if not message.arguments or message.arguments[0] in (0, 1):
        return message.arguments[:1]
    return "value"


class OscServer:
    """A socket and the thread that reads it."""

    def __init__(self, host: str, port: int, box: OscInbox, wake: Callable[[], None]) -> None:
        self._box = box
        self._wake = wake
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            self._socket.bind((host, port))
        except (OSError, OverflowError) as error:
            self._socket.close()
            raise OscError(f"OSC cannot use port {port}: another may be free.") from error
        self._socket.setblocking(False)
        self.at: tuple[str, int] = self._socket.getsockname()
        self._ours, self._theirs = socket.socketpair()
        self._thread = Thread(target=self._run, name="osc", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ours.close()  # wakes the thread, which finds its end closed
        self._thread.join(2.0)
        self._theirs.close()
        self._socket.close()

    def _run(self) -> None:
        with selectors.DefaultSelector() as waits:  # `select` ends at descriptor 1024
            waits.register(self._socket, selectors.EVENT_READ)
            waits.register(self._theirs, selectors.EVENT_READ)
            while self._theirs not in (key.fileobj for key, _ in waits.select()):
                self._take()

    def _take(self) -> None:
        try:
            packet, (sender, _) = self._socket.recvfrom(65536)
        except OSError:
            return  # Windows tells of earlier packets that could not be delivered
        self._read(packet, sender)

    def _read(self, packet: bytes, sender: str) -> None:
        try:
            messages = read_packet(packet, perf_counter(), sender)
        except OscError:
            messages = []
            if self._box.refuse():
                self._wake()
        for message in messages:
            if self._box.put(message):
                self._wake()
