"""The chord that somebody plays at this moment, heard from the notes of the last half bar.

What sounded counts by how long and how lately it did, a note's beginning besides; the lowest voice
speaks for the root. Triads and sevenths are compared with that, with a leaning to the chords of the
key and to the chord that was there before. After half a bar nothing else is in the ear, so no
change is heard later than that. Pure: same notes, same chord.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from studio.music.chords import INTERVALS, Chord, Quality
from studio.music.keys import scale
from studio.music.notes import Note
from studio.music.phrases import Key

_CHORDS = tuple(Chord(root, cast(Quality, name)) for name in INTERVALS for root in range(12))
_OTHER = -1.15
"""What a note counts that is none of the chord's; its own count 1, all that is heard being 1."""
_LACKING_TRIAD, _LACKING_SEVENTH = (0.10, 0.10, 0.04), (0.35, 0.30, 0.06, 0.35)
"""Against a chord of which the root, the third and so on is not heard: a seventh chord without one
of them is a triad."""
_WHOLE = 3
"""So many different notes together are a whole chord."""
_THERE = 0.08
"""The share of what is in the ear from which on a note is there."""
_RARE = {"": 0.0, "m": 0.0, "7": 0.08, "m7": 0.12, "maj7": 0.12, "dim": 0.10, "m7b5": 0.12}
_LOWEST = 0.25
"""For the chord whose root lies lowest, where there is a bass: a fifth below the top at least."""
_BASS_SPAN = 7
_STRANGE, _FAR = 0.20, 0.12
"""Against a chord by its notes that the key does not have, and by how far it lies from home."""
_STAYS = 0.22
_STILL = 0.6
"""What a note of that chord counts against it that is not heard again."""
"""For the chord that was there before."""
_BEGINNING_BEATS = 0.35
"""A note's beginning counts like so long a sound: a chord is heard when it is struck."""
_OLDEST = 0.15
"""What half a bar ago counts, beside now."""


def heard_now(
    played: Sequence[Note], at_beats: float, span_beats: float, key: Key, before: Chord | None
) -> Chord | None:
    """The chord at `at_beats`, by the notes of the `span_beats` (half a bar) before.

    `played` may hold older notes and some that still sound (of infinite length). `before` is what
    was heard last; it stays where nothing was played.
    """
    near = _near(played, at_beats, span_beats)
    amounts = _amounts(near, at_beats, span_beats)
    total = float(amounts.sum())
    if total <= 0:
        return before
    lacking = _NEEDED * (amounts <= _THERE * total)
    if before is not None:  # what was heard of it before need not be heard again
        lacking[_CHORDS.index(before)] *= _STILL
    scores = _TEMPLATES @ (amounts / total) - lacking.sum(axis=1) - _RARENESS - _away(key)
    bass = _bass(near)
    if bass is not None:
        scores += _LOWEST * (bass == _ROOTS)
    if before is not None:
        scores[_CHORDS.index(before)] += _STAYS
    return _CHORDS[int(scores.argmax())]


def _near(played: Sequence[Note], at: float, span: float) -> list[Note]:
    """What is still in the ear: a whole chord that sounds now, and else what has since `span`."""
    ends = [(note, note.start_beats + note.length_beats) for note in played]
    ends = [(note, end) for note, end in ends if note.start_beats <= at and end > at - span]
    now = [note for note, end in ends if end > at]
    whole = len({note.pitch % 12 for note in now}) >= _WHOLE
    return now if whole else [note for note, _ in ends]


def _amounts(near: Sequence[Note], at: float, span: float) -> NDArray[np.float64]:
    """(12,): how much of each pitch class is in the ear."""
    found = np.zeros(12)
    for note in near:
        begin = max(note.start_beats, at - span)
        end = min(note.start_beats + note.length_beats, at)
        amount = (end - begin) * (_lately(begin, at, span) + _lately(end, at, span)) / 2
        if note.start_beats >= at - span:
            amount += _BEGINNING_BEATS * _lately(note.start_beats, at, span)
        found[note.pitch % 12] += amount
    return found


def _lately(beat: float, at: float, span: float) -> float:
    return 1 - (1 - _OLDEST) * (at - beat) / span


def _bass(near: Sequence[Note]) -> int | None:
    """The pitch class that lies lowest, if it is a bass."""
    pitches = [note.pitch for note in near]
    return min(pitches) % 12 if max(pitches) - min(pitches) >= _BASS_SPAN else None


def _away(key: Key) -> NDArray[np.float64]:
    inside = scale(key)
    return np.array([
        _STRANGE * sum(pitch not in inside for pitch in chord.pitch_classes)
        + _FAR * min(1.0, chord.tension(key))
        for chord in _CHORDS
    ])  # fmt: skip


def _template(chord: Chord) -> list[float]:
    return [1.0 if pitch in chord.pitch_classes else _OTHER for pitch in range(12)]


def _needs(chord: Chord) -> list[float]:
    lacking = _LACKING_TRIAD if len(chord.pitch_classes) == 3 else _LACKING_SEVENTH
    needs = dict(zip(chord.pitch_classes, lacking, strict=True))
    return [needs.get(pitch, 0.0) for pitch in range(12)]


_TEMPLATES = np.array([_template(chord) for chord in _CHORDS])
_NEEDED = np.array([_needs(chord) for chord in _CHORDS])
_RARENESS = np.array([_RARE[chord.quality] for chord in _CHORDS])
_ROOTS = np.array([chord.root for chord in _CHORDS])
