"""What hands do to the notes of one bar of melody: pure functions on notes, which never overlap.

What is edited wins: a note that it begins in ends there, one that begins under it is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from studio.music.keys import scale
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key

SHORTEST = 1 / 12
"""The finest step, in beats: it has sixteenths and triplets."""
Notes = tuple[Note, ...]


def step_of(metre: Metre, *, fine: bool = False) -> float:
    """What hands' moments are multiples of, in beats: a sixteenth, or finer."""
    return SHORTEST if fine else min(0.25, metre.pulse_beats / 2)


def stepped(pitch: int, steps: int, key: Key) -> int:
    """The note of `key`'s scale so many steps above `pitch`, below for negative ones, or as near to
    it as MIDI has one."""
    way = 1 if steps > 0 else -1
    range_ = range(pitch + way, 128 if steps > 0 else -1, way)
    found = [each for each in range_ if each % 12 in scale(key)][: abs(steps)]
    return found[-1] if found else pitch


def moved(
    notes: Sequence[Note], index: int, start: float, pitch: int, bar_beats: float
) -> tuple[Notes, int]:
    """Note `index` elsewhere, held inside the bar; the notes and its index among them."""
    note = notes[index]
    start = min(max(0.0, start), max(0.0, bar_beats - note.length_beats))
    tied = note.tied and abs(start) < 1e-6 and pitch == note.pitch
    now = replace(note, start_beats=start, pitch=min(127, max(0, pitch)), tied=tied)
    return _among(notes, index, now)


def resized(
    notes: Sequence[Note], index: int, length: float, bar_beats: float
) -> tuple[Notes, int]:
    """Note `index` so long, up to the bar line at most."""
    note = notes[index]
    length = min(max(SHORTEST, length), bar_beats - note.start_beats)
    return _among(notes, index, replace(note, length_beats=length))


def added(notes: Sequence[Note], note: Note) -> tuple[Notes, int]:
    """The notes with one more."""
    return _among((*notes, note), len(notes), note)


def removed(notes: Sequence[Note], index: int) -> Notes:
    """The notes without note `index`."""
    return tuple(note for n, note in enumerate(notes) if n != index)


def _among(notes: Sequence[Note], index: int, now: Note) -> tuple[Notes, int]:
    end = now.start_beats + now.length_beats
    kept = []
    for other in removed(notes, index):
        if now.start_beats - 1e-6 <= other.start_beats < end - 1e-6:
            continue
        room = now.start_beats - other.start_beats
        if 0 < room < other.length_beats:
            other = replace(other, length_beats=room)
        kept.append(other)
    ordered = tuple(sorted((*kept, now), key=lambda note: note.start_beats))
    return ordered, ordered.index(now)
