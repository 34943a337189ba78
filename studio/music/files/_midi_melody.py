"""From the messages of a MIDI file to a melody, with a sentence for all that was changed.

Pure: it is given what mido has read. MIDI files count in beats, so their tempo maps, right or
wrong, change nothing here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from studio.music.files._midi_tracks import Signs, Track, read, ticks_of
from studio.music.keys import accidentals, best_key, parse
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key, Phrase

MOST_NOTES = 20_000
"""More than these are not taken."""
MOST_BARS = 256
_LEADS = ("lead", "melody", "melodie", "solo", "vocal", "voice", "soprano", "fiddle", "violin")


class NoMelodyError(ValueError):
    """Why a file holds no melody: the end of a sentence that begins with its name."""


def melody_of(file: Any) -> Phrase:
    """The melody in `file`, a `mido.MidiFile`: one note at a time, from its first bar on.

    Raises `NoMelodyError` where there is none.
    """
    remarks: list[str] = []
    beat_ticks = ticks_of(file.ticks_per_beat, remarks)
    signs = Signs()
    tracks = [read(track, beat_ticks, signs) for track in file.tracks]
    chosen = _chosen(tracks, file.type == 2, remarks)
    _tell_losses(tracks, chosen, remarks)
    metre = _metre(signs, remarks)
    notes = _bounded(chosen, remarks)
    phrase = _from_first_bar(Phrase(tuple(notes), 0.0, metre), remarks)
    key = _key(signs, phrase.notes)
    return replace(phrase, key=key, remarks=tuple(remarks))


def _chosen(tracks: Sequence[Track], apart: bool, remarks: list[str]) -> list[Note]:
    """The notes of the track that is called the melody, else of all of them (of the first one
    where each track is a piece by itself)."""
    played = [track for track in tracks if track.notes]
    if not played:
        raise NoMelodyError(_nothing(tracks))
    named = [track for track in played if _leads(track.name)]
    if len(played) > 1 and (named or apart):
        track = (named or played)[0]
        remarks.append(f"It has {len(played)} parts; {_called(track)} was taken.")
        return sorted(track.notes, key=_order)
    return sorted((note for track in played for note in track.notes), key=_order)


def _nothing(tracks: Sequence[Track]) -> str:
    if any(track.drums for track in tracks):
        return "holds drums only"
    if any(track.without_length for track in tracks):
        return "holds notes without any length only"
    return "holds no notes"


def _leads(name: str) -> bool:
    return any(word in name.lower() for word in _LEADS)


def _called(track: Track) -> str:
    return f"“{track.name.strip()[:30]}”" if track.name.strip() else "the first"


def _order(note: Note) -> tuple[float, int]:
    return (note.start_beats, note.pitch)


def _tell_losses(tracks: Sequence[Track], chosen: Sequence[Note], remarks: list[str]) -> None:
    empty = sum(track.without_length for track in tracks)
    unended = sum(track.unended for track in tracks)
    if empty:
        remarks.append(f"{_count(empty, 'note')} without any length {_were(empty)} left out.")
    if unended:
        remarks.append(f"{_count(unended, 'note')} never ended; the end of the file was taken.")
    if len(chosen) > MOST_NOTES:
        remarks.append(f"It has {len(chosen)} notes; the first {MOST_NOTES} were taken.")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def _bounded(notes: Sequence[Note], remarks: list[str]) -> Sequence[Note]:
    taken = notes[:MOST_NOTES]
    line = Phrase(tuple(taken)).top_line().notes
    if len(line) < len(taken):
        remarks.append("Several notes sounded at once; the top line was taken.")
    return line


def _metre(signs: Signs, remarks: list[str]) -> Metre:
    """The first metre that is named, 4/4 if none is."""
    if not signs.metres:
        return Metre()
    named = sorted(signs.metres)
    _, beats, unit = named[0]
    if len({metre[1:] for metre in named}) > 1:
        remarks.append(f"Its metre changes; the first one, {beats}/{unit}, was taken throughout.")
    try:
        return Metre(beats, unit)
    except ValueError:
        remarks.append(f"There is no playing in {beats}/{unit}; it was taken as 4/4.")
        return Metre()


def _from_first_bar(phrase: Phrase, remarks: list[str]) -> Phrase:
    """`phrase` without the silent bars before it, in whole bars, at most `MOST_BARS`."""
    step = phrase.metre.bar_beats
    skipped = math.floor(phrase.notes[0].start_beats / step + 1e-6)
    kept = list(_kept(phrase.notes, skipped * step, MOST_BARS * step))
    if len(kept) < len(phrase.notes):
        remarks.append(f"It is long; the first {MOST_BARS} bars were taken.")
    end = max(note.start_beats + note.length_beats for note in kept)
    bars = min(MOST_BARS, max(1, math.ceil(end / step - 1e-6)))
    return replace(phrase, notes=tuple(kept), length_beats=bars * step)


def _kept(notes: Iterable[Note], skipped: float, end: float) -> Iterator[Note]:
    for note in notes:
        start = max(0.0, note.start_beats - skipped)
        if start < end:
            yield replace(note, start_beats=start, length_beats=min(note.length_beats, end - start))


def _key(signs: Signs, notes: Sequence[Note]) -> Key:
    """What suits the notes among the keys with the signature that is named; scores of modal tunes
    are often written as if they were in major."""
    named = parse(min(signs.keys)[1]) if signs.keys else None
    if named is None:
        return best_key(notes)
    return best_key(notes, accidentals(named))
