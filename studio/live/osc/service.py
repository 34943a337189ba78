"""OSC in and out: the addresses of `studio.control`, values in the parameters' own units.

    /deck/1/contrast 1.25          the value           /deck/1/slot/a      press (or 1; 0 is none)
    /deck/1/tint "red"             or its number, 1    /deck/1/pad 0.5 -1  x and y at once
    /deck/1/contrast/position 0.5  place on its way    /deck/*/pad/x 0     all that match
    /deck/1/contrast               tell it again       /refresh            tell everything again

The target is told `/deck/1/contrast 1.25` for values and `/deck/1/slot/a/lit 1` for lamps.

Off until started, and heard on this machine only unless it is opened to the network. A bundle is
done at once, whatever its time tag. Source: OpenSoundControl 1.0 (opensoundcontrol.stanford.edu).

A thread of its own reads packets into a box that keeps the newest of each address, so that a flood
neither grows nor delays; `collect`, on the window's thread, empties it.
"""

from __future__ import annotations

import socket
from collections.abc import Callable

from psygnal import Signal

from studio.control.controls import ControlError, Controls
from studio.document.parameters import ParameterError
from studio.engine import EngineError
from studio.live.osc._mirror import OscMirror
from studio.live.osc._server import OscInbox, OscServer
from studio.live.osc.packets import OscError, OscMessage, play
from studio.settings.declared import OSC_PORT, OSC_TARGET_PORT

_REFUSALS = (ControlError, ParameterError, EngineError)


_ANSWERS_ITSELF = "OSC would talk to itself: send to another port than the one it listens on."


class OscService:
    """The server and the mirror. Signal: `noticed(sentence)` for the artist."""

    noticed = Signal(str)

    def __init__(self, controls: Controls, wake: Callable[[], None]) -> None:
        """`wake` is called on OSC's own thread and asks the window's thread to `collect`."""
        self._controls = controls
        self._wake = wake
        self._box = OscInbox()
        self._server: OscServer | None = None
        self._mirror: OscMirror | None = None
        self._noticed: set[str] = set()
        self._refused = 0
        self.followed: Callable[[str, float], bool] = lambda *_: False
        """Told the address and the number of each message first: whether it was meant for it."""

    # -- in ------------------------------------------------------------------------------------

    @property
    def listening(self) -> tuple[str, int] | None:
        """The host and port on which packets are heard."""
        return None if self._server is None else self._server.at

    @property
    def refused(self) -> int:
        """Messages that could not be read or done, since the beginning."""
        return self._refused + self._box.refused

    def start(self, port: int = OSC_PORT.default, *, open_to_network: bool = False) -> None:
        """Hear packets on `port`, from this machine or, where asked for, from everywhere.

        Raises `OscError` with one sentence, and then nothing is heard.
        """
        self.stop()
        if self._mirror is not None and _is_ours(self._mirror.target, port):
            raise OscError(_ANSWERS_ITSELF)
        host = "0.0.0.0" if open_to_network else "127.0.0.1"  # opened on purpose
        self._server = OscServer(host, port, self._box, self._wake)

    def stop(self) -> None:
        """Hear nothing any more."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def close(self) -> None:
        """Hear and tell nothing any more."""
        self.stop()
        self.tell_nobody()

    def collect(self) -> None:
        """Do what has come in. On the window's thread; never raises."""
        if self._box.refused:
            self._say("Some OSC packets could not be read; they are counted.")
        for message in self._box.drain():
            try:
                self._do(message)
            except _REFUSALS as error:
                self._refused += 1
                self._say(str(error))

    def _do(self, message: OscMessage) -> None:
        mirror = self._mirror
        if message.address == "/refresh":
            if mirror is not None:
                mirror.forget()
            return
        first = message.arguments[0] if message.arguments else None
        if isinstance(first, (int, float)) and self.followed(message.address, float(first)):
            return
        for address in play(self._controls, message):
            if mirror is not None:
                mirror.heard(address, message, self._controls)

    def _say(self, sentence: str) -> None:
        if sentence not in self._noticed and len(self._noticed) < 100:
            self._noticed.add(sentence)
            self.noticed.emit(sentence)

    # -- out -----------------------------------------------------------------------------------

    def tell(self, host: str, port: int = OSC_TARGET_PORT.default) -> None:
        """Tell every change to `host`, given by its numbers. Raises `OscError`, also for the port
        on which we listen ourselves."""
        self.tell_nobody()
        mirror = OscMirror(host, port)
        if self.listening is not None and _is_ours(mirror.target, self.listening[1]):
            mirror.close()
            raise OscError(_ANSWERS_ITSELF)
        self._mirror = mirror

    def tell_nobody(self) -> None:
        """Tell no changes any more."""
        if self._mirror is not None:
            self._mirror.close()
            self._mirror = None

    def stale(self, *_: object) -> None:
        """Something has changed: connect it to `session.changed` and the transport's."""
        if self._mirror is not None:
            self._mirror.stale = True

    def tick(self, now_s: float) -> None:
        """Tell what differs from what was told; call it some thirty times a second."""
        if self._mirror is not None:
            sentence = self._mirror.tick(self._controls, now_s)
            if sentence:
                self._say(sentence)


def _is_ours(target: tuple[str, int], port: int) -> bool:
    """Whether what goes to `target` is heard on `port` of this computer."""
    host, to = target
    if to != port:
        return False
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, 0))  # only an address of this computer can be bound
        except OSError:
            return False
    return True
