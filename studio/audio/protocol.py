"""What the app asks of the sound process, and the vocabulary of both directions.

Notes travel as `wire.pack_play`; everything else is one of these frozen dataclasses.
"""

from __future__ import annotations

from dataclasses import dataclass

from studio.audio.messages import DevicesSeen, FontSeen, SoundState
from studio.processes.framing import Words

HOPELESS = 3
"""The exit code of the sound process that says: starting again will not help."""
DEVICE_GONE = 4
"""The one that says: my device went, and only a new process can be sure to see it return."""


@dataclass(frozen=True, slots=True)
class Alive:
    """Either side: I am still here."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A traceback for the app's log."""

    text: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Forget the notes to come and let the sounding ones go."""


@dataclass(frozen=True, slots=True)
class Panic:
    """Silence."""


@dataclass(frozen=True, slots=True)
class UseDevice:
    """Play there; None is the system's choice."""

    name: str | None


@dataclass(frozen=True, slots=True)
class UseBuffer:
    """One of `settings.BUFFER.options`."""

    size: str


@dataclass(frozen=True, slots=True)
class UseFont:
    """A file, or None for our own."""

    path: str | None


@dataclass(frozen=True, slots=True)
class SetVolume:
    """0 to 1."""

    volume: float


@dataclass(frozen=True, slots=True)
class SetRoom:
    """0 to 1."""

    amount: float


@dataclass(frozen=True, slots=True)
class SetOffset:
    """Later is positive."""

    offset_ms: float


ASKED = Words(Alive, Stop, Panic, UseDevice, UseBuffer, UseFont, SetVolume, SetRoom, SetOffset)
TOLD = Words(Alive, Trouble, SoundState, DevicesSeen, FontSeen)
