"""How a band ends a tune: all together, on the melody's last note."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from studio.music.band import _bass_lines as bass_lines
from studio.music.band import _drums as drums
from studio.music.band import _strumming as strumming
from studio.music.harmony.changes import Changes
from studio.music.notes import Note
from studio.music.phrases import Phrase
from studio.music.pulses import starts

_EDGE = 1e-6


def ended(
    raw: Mapping[str, Sequence[Note]],
    lead: Phrase,
    changes: Changes,
    pitch: int | None,
    voicing: strumming.Voicing,
    *,
    hand: str,
    soft: bool,
) -> dict[str, list[Note]]:
    """The last bar: all strike the last chord with the melody's last note and let it ring."""
    bar_beats = lead.metre.bar_beats
    at = _last_strike(lead)
    before = {part: _until(notes, at) for part, notes in raw.items()}
    chord = changes[-1].chord
    low = bass_lines.root_near(chord, pitch)
    rest = bar_beats - at
    before["bass"].append(Note("bass", at, rest, low, 96))
    voicing = strumming.voiced(chord, voicing, hand)
    before["chords"] += [
        Note("chords", at + n * 0.02, rest - n * 0.02, p, 84) for n, p in enumerate(voicing)
    ]
    if raw.get("drums"):
        before["drums"] += drums.final(bar_beats, at, soft=soft)
    return before


def _last_strike(lead: Phrase) -> float:
    """Where the melody's last note begins, if that is on a beat; else the beat before it."""
    last = max((note.start_beats for note in lead.notes), default=0.0)
    return max(begin for begin in starts(lead.metre) if begin <= last + _EDGE)


def _until(notes: Iterable[Note], at: float) -> list[Note]:
    return [
        replace(note, length_beats=min(note.length_beats, at - note.start_beats))
        for note in notes
        if note.start_beats < at - _EDGE
    ]
