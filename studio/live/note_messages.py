"""From notes and routes to MIDI messages."""

from __future__ import annotations

from studio.document.routes import Route
from studio.music.notes import Note
from studio.processes.messages import Due

SHORTEST_BEATS = 1 / 96
"""A note of no length still sounds: one tick of the finest sequencers."""


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


def control_change(channel: int, number: int, value: int) -> bytes:
    """A controller on a channel from 0."""
    return bytes((0xB0 | channel, number, value))


def end_of(note: Note) -> float:
    """The beat at which `note` ends."""
    return note.start_beats + max(SHORTEST_BEATS, note.length_beats)
