"""The app's side of the process with a sound input."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from studio.audio import protocol
from studio.audio.listening import messages
from studio.audio.listening.messages import InputEvent, InputState, Listen, Look, UseInput
from studio.audio.messages import Trouble
from studio.processes.child import module_command
from studio.processes.messages import Alive, Restarted
from studio.processes.supervisor import ChildProcess, Supervisor

INPUT_PROCESS = ChildProcess(
    name="sound input process",
    command=module_command("studio.audio.listening.process"),
    commands=messages.COMMANDS,
    events=messages.EVENTS,
    alive_s=0.2,
    patience_s=30.0,  # as the sound process has it: a sound system may take its time
    first_patience_s=30.0,
    pauses_s=(0.2, 0.2, 1.0, 5.0),
    soon_s=20.0,
)
STOPPED = "Listening to the sound input stopped and is being started again."
GIVEN_UP = "Listening to the sound input keeps failing and is switched off."
_log = logging.getLogger(__name__)


class InputClient:
    """Listens to a sound input. No process runs until `start`, and no input is open but for what
    is asked of it.

    `hear` is called on the client's own threads. No method blocks or raises for a missing device,
    and each may be called on any thread.
    """

    def __init__(
        self, hear: Callable[[InputEvent], None], *, child: ChildProcess = INPUT_PROCESS
    ) -> None:
        self._hear = hear
        self._child = Supervisor(
            child, greeting=self._greeting, hear=self._understand, ended=self._process_ended
        )
        self._settings: dict[type, object] = {UseInput: UseInput(None), Listen: Listen()}

    def start(self) -> None:
        """Start the process and return at once; it says which inputs there are."""
        self._child.start()

    def close(self) -> None:
        """End the process, within three seconds."""
        self._child.close()

    def use_device(self, name: str | None) -> None:
        """Listen to `name` (see `SoundDevice.name`), or to nothing with None."""
        self._set(UseInput(name))

    def listen(self, listen: Listen) -> None:
        """For what."""
        self._set(listen)

    def look(self) -> None:
        """Have it say anew which inputs there are, in `InputsSeen`, if they are others."""
        self._child.say(Look())

    @property
    def pid(self) -> int | None:
        """The process's number, for figures and tests; None while there is none."""
        return self._child.pid

    def _set(self, setting: object) -> None:
        """Say it now, and to every later process too."""
        with self._child.lock:
            if self._settings.get(type(setting)) != setting:
                self._settings[type(setting)] = setting
                self._child.say(setting)

    def _greeting(self) -> list[bytes]:
        return [
            *map(messages.COMMANDS.pack, self._settings.values()),
            messages.COMMANDS.pack(Look()),
        ]

    def _understand(self, event: Any) -> None:
        match event:
            case Trouble(text):
                _log.warning("sound input process: %s", text)
            case Alive():
                pass
            case _:
                self._hear(event)

    def _process_ended(self, how: int | OSError, short_lives: int) -> bool:
        if isinstance(how, OSError):
            return self._failed(f"No sound input can be listened to: {how.strerror}.", again=False)
        if how == protocol.HOPELESS:
            return False
        if how == protocol.DEVICE_GONE:
            return True
        again = short_lives < len(self._child.child.pauses_s)
        return self._failed(STOPPED if again else GIVEN_UP, again)

    def _failed(self, sentence: str, again: bool) -> bool:
        self._child.tell(InputState(False, None, sentence))
        self._child.tell(Restarted(sentence))
        return again
