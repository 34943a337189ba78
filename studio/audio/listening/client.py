"""The app's side of the process with a sound input."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from studio.audio.device_client import DeviceClient, device_child
from studio.audio.listening import messages
from studio.audio.listening.messages import (
    InputEvent,
    InputState,
    Listen,
    Look,
    RecordInput,
    UseInput,
)
from studio.processes.supervisor import ChildProcess

INPUT_PROCESS = device_child(
    "sound input process",
    "studio.audio.listening.process",
    messages.COMMANDS,
    messages.EVENTS,
)


class InputClient(DeviceClient):
    """Listens to a sound input. No process runs until `start`, which then says which inputs there
    are, and no input is open but for what is asked of it."""

    impossible = "No sound input can be listened to"
    stopped = "Listening to the sound input stopped and is being started again."
    given_up = "Listening to the sound input keeps failing and is switched off."

    def __init__(
        self, hear: Callable[[InputEvent], None], *, child: ChildProcess = INPUT_PROCESS
    ) -> None:
        super().__init__(hear, child)
        self._settings = {UseInput: UseInput(None), Listen: Listen()}

    def use_device(self, name: str | None) -> None:
        """Listen to `name` (see `SoundDevice.name`), or to nothing with None."""
        self._set(UseInput(name))

    def listen(self, listen: Listen) -> None:
        """For what."""
        self._set(listen)

    def record(self, file: Path | None, begun_s: float = 0.0) -> None:
        """Write what is heard to a wav file that begins at `begun_s`; None ends it."""
        self._set(RecordInput("" if file is None else str(file), begun_s))

    def look(self) -> None:
        """Have it say anew which inputs there are, in `InputsSeen`, if they are others."""
        self._child.say(Look())

    def _greeting(self) -> list[bytes]:
        return [*super()._greeting(), messages.COMMANDS.pack(Look())]

    def _failed(self, sentence: str) -> InputState:
        return InputState(False, None, sentence)
