"""What the app and the sound process say to each other, besides the notes themselves."""

from __future__ import annotations

from dataclasses import dataclass

from studio.audio.listening.messages import Heard, Listen
from studio.audio.messages import DevicesSeen, FontSeen, SoundState, Trouble
from studio.processes.framing import Codec
from studio.processes.messages import Alive, Leave, Panic, Stop, TakeBack

HOPELESS = 3
"""The exit code of the sound process that says: starting again will not help."""
DEVICE_GONE = 4
"""The one that says: my device went, and only a new process can be sure to see it return."""


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


COMMANDS = Codec(
    Alive,
    Leave,
    Stop,
    TakeBack,
    Panic,
    UseDevice,
    UseBuffer,
    UseFont,
    SetVolume,
    SetRoom,
    SetOffset,
    Listen,
)
EVENTS = Codec(Alive, Trouble, SoundState, DevicesSeen, FontSeen, Heard)
