"""What the app's sides of the processes with a sound device have in common."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from studio.audio import protocol
from studio.audio.messages import Trouble
from studio.processes.child import module_command
from studio.processes.framing import Codec
from studio.processes.messages import Alive, Restarted
from studio.processes.supervisor import ChildProcess, Supervisor

_log = logging.getLogger(__name__)


def device_child(name: str, module: str, commands: Codec, events: Codec) -> ChildProcess:
    """A process that may take its time with a sound system."""
    return ChildProcess(
        name=name,
        command=module_command(module),
        commands=commands,
        events=events,
        alive_s=0.2,
        patience_s=30.0,  # loading a large font beside a busy torch took 9 s
        first_patience_s=30.0,
        pauses_s=(0.2, 0.2, 1.0, 5.0),
        soon_s=20.0,
    )


class DeviceClient:
    """`hear` is called on the client's own threads. No method blocks, raises for a missing device,
    or waits for the process; each may be called on any thread, and a setting that is set to what it
    is does nothing.
    """

    impossible: str
    """What to say where the process cannot be started, before the reason: "No sound"."""
    stopped: str
    given_up: str

    def __init__(self, hear: Callable[[Any], None], child: ChildProcess) -> None:
        self._hear = hear
        self._child = Supervisor(
            child, greeting=self._greeting, hear=self._understand, ended=self._process_ended
        )
        self._settings: dict[type, Any] = {}

    def start(self) -> None:
        """Start the process and return at once."""
        self._child.start()

    def close(self) -> None:
        """End the process, within three seconds."""
        self._child.close()

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
        return list(map(self._child.child.commands.pack, self._settings.values()))

    def _understand(self, event: Any) -> None:
        if isinstance(event, Trouble):
            _log.warning("%s: %s", self._child.child.name, event.text)
        elif not isinstance(event, Alive):
            self._hear(event)

    def _process_ended(self, how: int | OSError, short_lives: int) -> bool:
        if isinstance(how, OSError):
            return self._fail(f"{self.impossible}: {how.strerror}.", again=False)
        if how == protocol.HOPELESS:
            return False
        if how == protocol.DEVICE_GONE:
            return True
        again = short_lives < len(self._child.child.pauses_s)
        return self._fail(self._sentence(how) if again else self.given_up, again)

    def _sentence(self, how: int) -> str:  # noqa: ARG002 - for those who know more
        return self.stopped

    def _fail(self, sentence: str, again: bool) -> bool:
        self._child.tell(self._failed(sentence))
        if again:
            self._child.tell(Restarted(sentence))
        return again

    def _failed(self, sentence: str) -> object:
        """The state that says so."""
        raise NotImplementedError
