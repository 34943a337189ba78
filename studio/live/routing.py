"""Where a track goes: its port, channel and program, as a scene keeps it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from studio.live.notes import Due, Note
from studio.live.tempo import Timeline

SHORTEST_BEATS = 1 / 96
"""A note of no length still sounds: one tick of the finest sequencers."""


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


def note_on(note: Note, route: Route, due_s: float) -> Due | None:
    """The message that begins `note`; None when the route is mute or the pitch leaves MIDI's."""
    pitch = note.pitch + route.transpose
    if route.mute or not 0 <= pitch <= 127:
        return None
    velocity = min(127, max(1, note.velocity))  # 0 would be a note off
    return Due(due_s, route.port, bytes((0x90 | route.channel - 1, pitch, velocity)))


def note_off(on: Due, due_s: float) -> Due:
    """The message that ends what `on` began."""
    return Due(due_s, on.port, bytes((0x80 | on.data[0] & 0x0F, on.data[1], 0)))


def program_change(route: Route, due_s: float) -> Due | None:
    """The message that chooses the route's program; None where it has none."""
    if route.program is None:
        return None
    return Due(due_s, route.port, bytes((0xC0 | route.channel - 1, route.program)))


def end_of(note: Note) -> float:
    """The beat at which `note` ends."""
    return note.start_beats + max(SHORTEST_BEATS, note.length_beats)


def to_messages(note: Note, route: Route, timeline: Timeline) -> tuple[Due, ...]:
    """The note's on and off with their moments, as `timeline` stands now; or nothing (see
    `note_on`). The conductor keeps offs back until they are near, since a tempo may change."""
    on = note_on(note, route, timeline.time_of(note.start_beats))
    return () if on is None else (on, note_off(on, timeline.time_of(end_of(note))))
