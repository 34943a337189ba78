"""Where a track goes: its port, channel and program, as a scene keeps it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Route(BaseModel):
    """One track's way out. Two routes may name the same track: it then sounds on both."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    track: str = Field(min_length=1, max_length=40)
    port: str = Field(min_length=1, max_length=200)
    """The key of an output, or "sound" for the instrument's own synthesiser."""
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
