"""Where a track goes: its port, channel and program, as a scene keeps it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from studio.document.frozen import Frozen

SOUND = "sound"
"""The port of the instrument's own synthesiser; the others are called as the system calls them."""
METRONOME_TRACK = "metronome"
DRUM_CHANNEL = 10
"""General MIDI's channel of percussion."""
ROUTE_LIMIT = 64
"""Routes that a scene can hold."""


class Route(Frozen):
    """One track's way out. Two routes may name the same track: it then sounds on both."""

    track: str = Field(min_length=1, max_length=40)
    port: str = Field(min_length=1, max_length=200)
    """The key of an output, or `SOUND` for the instrument's own synthesiser."""
    channel: Annotated[int, Field(ge=1, le=16)] = 1
    program: Annotated[int, Field(ge=0, le=127)] | None = None
    """None leaves the instrument at what it has."""
    transpose: Annotated[int, Field(ge=-60, le=60)] = 0
    """In semitones."""
    mute: bool = False

    @property
    def voice(self) -> Voice:
        """Where its notes sound."""
        return (self.port, self.channel)


Voice = tuple[str, int]
"""A port's key and a channel from 1 to 16."""

METRONOME_ROUTES = (Route(track=METRONOME_TRACK, port=SOUND, channel=DRUM_CHANNEL),)
"""The ways out of a scene that nobody has routed."""
