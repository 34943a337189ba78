"""Notes of tracks, in beats."""

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
