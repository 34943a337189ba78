"""What was played, as a MIDI file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from studio.document.routes import SOUND, Route
from studio.document.score import PARTS
from studio.live.ensemble.played import Heard, bars_of, metres_of, tempi_of
from studio.live.ensemble.routes import track_of
from studio.music.files.midi import MidiTrack, write
from studio.music.phrases import joined


def write_take(path: Path, heard: Sequence[Heard], routes: Sequence[Route], deck: str) -> None:
    """Write bars that were played after each other, with their tempi, metres and key; each part
    that played is a track, on its route's channel and program. Raises OSError."""
    whole = joined(bars_of(heard))
    ways = {route.track: route for route in reversed(routes)}
    tracks: list[MidiTrack] = []
    for part in PARTS:
        notes = [note for note in whole.notes if note.track == part]
        way = ways.get(track_of(deck, part), Route(track=part, port=SOUND))
        if notes:
            tracks.append(MidiTrack(part.title(), notes, way.channel, way.program))
    write(path, tracks, tempo=tempi_of(heard), metre=metres_of(heard), key=whole.key)
