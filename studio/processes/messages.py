"""What crosses between the app and every one of its child processes, as frozen dataclasses.

Seconds are always those of `time.perf_counter`, which on Linux is one clock for all processes.
"""

from __future__ import annotations

from dataclasses import dataclass

# --- MIDI ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """One MIDI message with the moment at which it is to leave."""

    due_s: float
    port: str
    """The key of an output (see `PlayerClient.open_output`)."""
    data: bytes
    """A complete message with its status byte."""


@dataclass(frozen=True, slots=True)
class Received:
    """One MIDI message that came in, stamped when it arrived."""

    at_s: float
    port: str
    """The key of an input."""
    data: bytes


# --- the app to its child -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Alive:
    """I am still here, and not frozen. A child process may say it as well."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Forget what is not yet due and let what sounds end, on one port; "" means all."""

    port: str = ""


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Do not begin these notes: (port, channel 0-15, pitch), as far as they are not yet due."""

    notes: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Panic:
    """Stop, and silence everything, whatever we believe to sound."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Silence everything and end."""


# --- for whoever listens to a client --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Restarted:
    """The process had ended by itself and is started again (said by the client, not by it)."""

    sentence: str
