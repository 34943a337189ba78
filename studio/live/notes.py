"""The words that the live rooms share: notes in beats, messages in seconds.

Seconds are always those of `time.perf_counter`, which on Linux is one clock for all processes.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """A note of a track, in beats (quarter notes) from the transport's beat 0."""

    track: str
    start_beats: float
    length_beats: float
    pitch: int
    """0 to 127; 60 is middle C."""
    velocity: int
    """1 to 127."""
    tied: bool = False
    """Whether it goes on from the note of its track and pitch that ends where it begins."""


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
