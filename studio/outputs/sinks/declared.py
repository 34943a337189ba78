"""The sinks that give the output to other programs, each declared once; and switching them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from psygnal import Signal

from studio.outputs.room import OutputRoom
from studio.outputs.sink import Sink
from studio.outputs.sinks.camera import VirtualCamera
from studio.outputs.sinks.sharing import Ndi, Spout, Syphon
from studio.outputs.sinks.stream import NetworkStream
from studio.settings.model import OutputSettings


@dataclass(frozen=True)
class SinkKind:
    """A way to another program."""

    key: str
    """Of its action: "stream"."""
    label: str
    leaves: str
    """What leaves this computer, in plain words, for whoever switches it on."""
    make: Callable[[OutputSettings], Sink]


SINKS: tuple[SinkKind, ...] = (
    SinkKind(
        "stream",
        "Network stream",
        "The output's picture goes, unencrypted, to the address in the settings: to this computer "
        "unless you have changed it.",
        lambda settings: NetworkStream(settings.stream_to),
    ),
    SinkKind(
        "camera",
        "Virtual camera",
        "Programs on this computer see the output's picture as a webcam.",
        lambda _: VirtualCamera(),
    ),
    SinkKind(
        "ndi",
        "NDI",
        "Everybody on your networks can see the output's picture, unencrypted.",
        lambda _: Ndi(),
    ),
    SinkKind(
        "spout",
        "Spout",
        "Programs on this computer see the output's picture.",
        lambda _: Spout(),
    ),
    SinkKind(
        "syphon",
        "Syphon",
        "Programs on this computer see the output's picture.",
        lambda _: Syphon(),
    ),
)


class SinkSwitches:
    """Switches the sinks of a room on and off; none is on at the start. For the window's thread.

    Signal: `noticed(sentence)`: what leaves this computer, or why nothing does.
    """

    noticed = Signal(str)

    def __init__(self, room: OutputRoom, settings: Callable[[], OutputSettings]) -> None:
        self._room, self._settings = room, settings
        self._made: dict[str, Sink] = {}

    def is_on(self, key: str) -> bool:
        """Whether the sink called `key` takes frames."""
        return self._made.get(key) in self._room.sinks

    def toggle(self, key: str) -> None:
        """On, or off. Raises KeyError."""
        kind = {kind.key: kind for kind in SINKS}[key]
        if self.is_on(key):
            self._room.remove(self._made.pop(key))
            self.noticed.emit(f"{kind.label} is off.")
            return
        sink = kind.make(self._settings())
        if missing := sink.missing():
            self.noticed.emit(missing)
            return
        self._made[key] = sink
        self._room.add(sink)
        self.noticed.emit(f"{kind.label} is on. {kind.leaves}")
