"""A backend of mido's over the binding that the player uses."""

from __future__ import annotations

from typing import Any

from mido import Message
from mido.ports import BaseOutput

from studio.live.player import _rtmidi


class Output(BaseOutput):  # type: ignore[misc]
    """A port of JACK's, opened by its name."""

    def _open(self, **_: Any) -> None:
        self._client = _rtmidi.client("jack", "out", "mido")
        self._client.open_port(self._client.get_ports().index(self.name), "out")

    def _send(self, message: Message) -> None:
        self._client.send_message(message.bytes())

    def _close(self) -> None:
        self._client.close_port()
        self._client.delete()
