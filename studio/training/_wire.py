"""What crosses between the app and a training, besides the run's folder."""

from __future__ import annotations

from dataclasses import dataclass

from studio.processes.framing import Codec
from studio.processes.messages import Alive, Leave


@dataclass(frozen=True, slots=True)
class Pause:
    """Wait after the step that is being done, or go on."""

    on: bool


@dataclass(frozen=True, slots=True)
class TakeSnapshot:
    """Write weights that can be played, after the step that is being done."""


@dataclass(frozen=True, slots=True)
class Snapped:
    """There they are: a file's name in the run's folder."""

    file: str


COMMANDS = Codec(Alive, Leave, Pause, TakeSnapshot)
EVENTS = Codec(Alive, Snapped)
