"""What crosses between the app and a process that listens, as frozen dataclasses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from studio.audio.messages import SoundDevice, Trouble
from studio.processes.framing import Codec
from studio.processes.messages import Alive, Leave, Restarted


class Band(NamedTuple):
    """A band of the sound, and how its level is followed."""

    number: int
    """Whose it is: it comes back with the level."""
    low_hz: float
    high_hz: float
    """Turned round, where it is the lower one."""
    gain_db: float = 0.0
    auto_gain: bool = True
    """Bring the loudest of the last seconds to full scale; in silence it stays as it is."""
    attack_ms: float = 10.0
    """How long it takes to rise nine tenths of the way,"""
    release_ms: float = 150.0
    """and to fall."""
    gate_db: float = -60.0
    """What is softer, before all gain, counts as silence; a full sine is 0 dB."""


@dataclass(frozen=True, slots=True)
class Listen:
    """What the app wants to hear; no bands and no spectrum: nothing."""

    bands: tuple[Band, ...] = ()
    onsets: bool = False
    spectrum: bool = False

    def __post_init__(self) -> None:
        """What came through a pipe are plain tuples."""
        object.__setattr__(self, "bands", tuple(Band(*band) for band in self.bands))

    @property
    def wants_something(self) -> bool:
        """Whether anything is to be listened to."""
        return bool(self.bands or self.onsets or self.spectrum)


@dataclass(frozen=True, slots=True)
class UseInput:
    """Listen to the device of this name; None: to none."""

    name: str | None


@dataclass(frozen=True, slots=True)
class RecordInput:
    """Write the input to a wav file that begins at a moment of `perf_counter`; "": no more."""

    file: str = ""
    begun_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Look:
    """Say anew which inputs there are, unless one is open."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the sound is like now. Only the newest counts, but for its onsets."""

    at_s: float
    """When it sounded, in seconds of `perf_counter`."""
    levels: tuple[tuple[int, float], ...]
    """By the number of a band, 0 to 1."""
    onsets: tuple[tuple[float, float], ...] = ()
    """Since the message before: when it sounded, and how strong it was, 0 to 1."""
    spectrum: tuple[float, ...] = ()
    """Levels in dB at `analysis.SPECTRUM_HZ`, where that is asked for."""


@dataclass(frozen=True, slots=True)
class InputsSeen:
    """All inputs that there are now."""

    devices: tuple[SoundDevice, ...]

    def __post_init__(self) -> None:
        """What came through a pipe are plain tuples."""
        object.__setattr__(self, "devices", tuple(SoundDevice(*device) for device in self.devices))


@dataclass(frozen=True, slots=True)
class InputState:
    """How the sound input stands."""

    open: bool
    device: str | None
    """The name of the device that is listened to, or that is waited for."""
    sentence: str
    """For the artist."""
    latency_ms: float = 0.0
    """From the air to the analysis."""
    overruns: int = 0
    """How often sound was lost since the process began."""


InputEvent = InputState | InputsSeen | Heard | Restarted

COMMANDS = Codec(Alive, Leave, Listen, UseInput, RecordInput, Look)
EVENTS = Codec(Alive, Trouble, Heard, InputState, InputsSeen)
