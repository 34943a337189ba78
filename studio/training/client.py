"""The app's side of the process that trains."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from studio.processes.child import module_command
from studio.processes.messages import Alive
from studio.processes.supervisor import ChildProcess, Supervisor
from studio.training import _wire
from studio.training._wire import Pause, Snapped, TakeSnapshot
from studio.training.process import BUSY
from studio.training.runs import Run

GIVEN_UP = "The training has ended by itself several times; the log says more. It can go on later."
TWICE = "Another window goes on with this training already."


@dataclass(frozen=True)
class Ended:
    """The process is gone and no other follows."""

    sentence: str = ""
    """Why, where its status does not say it."""


class TrainingClient:
    """One training at work. `hear` gets the path of a snapshot or `Ended`, on the client's own
    threads. A process that is killed is followed by another, which goes on from the checkpoint."""

    def __init__(self, run: Run, hear: Callable[[Path | Ended], None]) -> None:
        self.run, self._hear = run, hear
        self._is_paused = False
        child = ChildProcess(
            name="training",
            command=module_command("studio.training.process", str(run.folder)),
            commands=_wire.COMMANDS,
            events=_wire.EVENTS,
            alive_s=0.5,
            patience_s=120.0,  # a step of large pictures at the lowest priority beside a full load
            first_patience_s=300.0,
            pauses_s=(0.5, 1.0, 5.0),
            soon_s=20.0,
        )
        self._child = Supervisor(
            child, greeting=self._greeting, hear=self._understand, ended=self._has_ended
        )

    def start(self) -> None:
        """Start the process and return at once."""
        self._child.start()

    @property
    def pid(self) -> int | None:
        """Of the process, for figures and tests."""
        return self._child.pid

    @property
    def is_paused(self) -> bool:
        return self._is_paused

    def pause(self, on: bool) -> None:
        """Wait after the present step, or go on."""
        with self._child.lock:
            self._is_paused = on
            self._child.say(Pause(on))

    def take_snapshot(self) -> None:
        """Have weights written that can be played; `hear` is told where they are."""
        self._child.say(TakeSnapshot())

    def close(self) -> None:
        """Have it save and end, within three seconds."""
        self._child.close()

    def _greeting(self) -> list[bytes]:
        return [_wire.COMMANDS.pack(Pause(on=True))] if self._is_paused else []

    def _understand(self, event: object) -> None:
        if isinstance(event, Snapped):
            self._hear(self.run.folder / event.file)
        elif not isinstance(event, Alive):
            assert isinstance(event, Ended)
            self._hear(event)

    def _has_ended(self, how: int | OSError, short_lives: int) -> bool:
        if how == BUSY:
            self._child.tell(Ended(TWICE))
            return False
        status = self.run.status
        is_over = status.state in ("done", "failed", "stopped")
        if not is_over and (isinstance(how, OSError) or short_lives >= 3):
            self.run.tell(status.but(state="failed", sentence=GIVEN_UP))
            is_over = True
        if is_over:
            self._child.tell(Ended())
        return not is_over
