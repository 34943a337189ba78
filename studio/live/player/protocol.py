"""What the app and the player say to each other, besides the notes themselves."""

from __future__ import annotations

from dataclasses import dataclass

from studio.processes.framing import Codec
from studio.processes.messages import Alive, Leave, Panic, Stop, TakeBack

SYSTEM_GONE = 3
"""The player's exit code when the MIDI system has ended: only a new process can look for it."""

# --- the app to the player -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenPort:
    """Open this port now or as soon as it is there, and again whenever it returns."""

    key: str
    name: str
    side: str
    """"in" or "out"."""
    virtual: bool
    """Make a port of our own with this name instead of connecting to one."""
    peers: tuple[str, ...] = ()
    """Who was connected to a port of our own before, and is to be again once it is there."""


@dataclass(frozen=True, slots=True)
class ClosePort:
    """Silence this port and let it go."""

    key: str
    side: str


@dataclass(frozen=True, slots=True)
class Release:
    """Notes that an earlier player may have left sounding: (port, channel 0-15, pitch)."""

    notes: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class RunClock:
    """MIDI clock for these outputs: at `at_s` the transport is at `beat`, `bpm` from there on."""

    keys: tuple[str, ...]
    beat: float
    at_s: float
    bpm: float
    resume: bool


@dataclass(frozen=True, slots=True)
class StopClock:
    """No more clock; a stop message first."""


# --- the player to the app -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PortsSeen:
    """The ports of this machine by their stable names, ours left out."""

    system: str
    """"JACK", "ALSA", "JACK and ALSA", "CoreMIDI", "Windows MIDI"; "" where there is no MIDI."""
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PortState:
    """A wanted port was opened, was lost, or is waited for."""

    key: str
    is_open: bool
    sentence: str
    side: str = "out"


@dataclass(frozen=True, slots=True)
class Peers:
    """Who is connected to a port of our own, where the system tells: to be remembered."""

    key: str
    side: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late messages left the player, all since its start, clock included.

    Only what had reached it in time counts; the rest is `arrived_late`.
    """

    played: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    dropped: int
    """For a port that was not open, too late to make sense, no message, or beyond all bounds."""
    arrived_late: int = 0
    """Came from the app after they were due, so that the player could not be in time."""


@dataclass(frozen=True, slots=True)
class Scheduling:
    """Which priority the system granted, in words."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that could not be done."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """All messages up to this number have been read; also the player's sign of life."""

    sequence: int
    at_s: float
    """The player's `perf_counter`: one clock for both, or their times mean nothing."""


COMMANDS = Codec(
    OpenPort, ClosePort, Stop, TakeBack, Panic, Release, RunClock, StopClock, Alive, Leave
)
EVENTS = Codec(PortsSeen, PortState, Peers, Lateness, Scheduling, Refused, Acknowledged)
