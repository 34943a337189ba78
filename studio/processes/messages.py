"""MIDI messages on their way between the app and its child processes, with their moments.

Seconds are always those of `time.perf_counter`, which on Linux is one clock for all processes.
"""

from __future__ import annotations

from dataclasses import dataclass


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
