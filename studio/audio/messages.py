"""What crosses between the app and the sound process, as frozen dataclasses.

Standard library only: the sound process imports this before anything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from studio.processes.messages import Restarted


class SoundDevice(NamedTuple):
    """An output or an input that can be chosen."""

    name: str
    """Stable and unique: what the clients' `use_device` takes, "ALSA: USB Audio"."""
    channels: int
    rate_hz: int
    default: bool = False
    """Whether the system would take this one if nothing were chosen."""


@dataclass(frozen=True, slots=True)
class SoundState:
    """How the sound stands. A machine without a sound card is a state too, not an error."""

    open: bool
    device: str | None
    """The name of the device that plays, or that is waited for."""
    sentence: str
    """For the artist: "Playing on ... (12 ms)." or why there is no sound."""
    latency_ms: float = 0.0
    """From a key to the ear. Notes sent at least so far ahead sound at their due time exactly;
    later ones come late by what is missing. 0 while nothing is open."""
    underruns: int = 0
    """How often the device ran dry since the start of the process."""
    late: int = 0
    """How many notes came so late that they sounded more than 30 ms after they were due."""
    load: float = 0.0
    """The share of the time between two blocks that making one took at most, lately; 1 is full."""
    scheduling: str = ""
    """What the system let the sound's threads have, "real-time, FIFO 15"."""


@dataclass(frozen=True, slots=True)
class DevicesSeen:
    """All outputs that there are now; empty where there is no sound card."""

    devices: tuple[SoundDevice, ...]

    def __post_init__(self) -> None:
        """What came through a pipe are plain tuples."""
        object.__setattr__(self, "devices", tuple(SoundDevice(*device) for device in self.devices))


@dataclass(frozen=True, slots=True)
class FontSeen:
    """The instruments at hand."""

    title: str
    rights: str
    """What the font says about its licence."""
    programs: tuple[tuple[int, str], ...]
    """Number (0 to 127) and name of the General MIDI programs that the font really has; the other
    numbers play a near relative."""
    sentence: str = ""
    """What was wrong with the font that was asked for; empty if nothing was."""
    path: str = ""
    """The font's file; empty for the one that comes along."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A traceback for the app's log."""

    text: str


SoundEvent = SoundState | DevicesSeen | FontSeen | Restarted
