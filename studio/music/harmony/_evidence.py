"""What a melody says for each chord: its notes by their length and by where they begin."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studio.music.chords import Chord, Degree
from studio.music.harmony.progressions import Scores
from studio.music.keys import scale
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key, Phrase
from studio.music.pulses import weight

_ROOT, _THIRD, _FIFTH, _SEVENTH = 1.0, 0.95, 0.85, 0.35
_OTHER = -1.3
_RUBS = -1.9
"""A melody note a semitone above one of the chord's."""
_BORROWED = 2.0
"""How much more a chord note counts that the scale does not have, such as a raised seventh."""
_EVIDENCE = 3.0
"""Nats for a half bar that is all root, beginning on the bar line."""
_RINGING = 0.5
"""What a note counts that began before the stretch, beside one that begins in it."""


def heard(
    bar: Phrase,
    lengths: Sequence[float],
    chords: Sequence[Chord],
    offered: Sequence[Degree],
    key: Key,
) -> Scores:
    """(slots, chords): what the melody says for each chord. Silence says nothing for any."""
    inside = scale(key)
    fits = np.array([_fit(chord, inside) for chord in chords])
    liking = np.array([degree.liking for degree in offered])
    unit = bar.metre.bar_beats / 2
    rows, start = [], 0.0
    for length in lengths:
        played = _played(bar.notes, start, start + length, bar.metre)
        sounds = min(1.0, 2 * float(played.sum()) / length)
        rows.append(_EVIDENCE * (fits @ (played / unit)) + sounds * liking)
        start += length
    return np.array(rows)


def _played(notes: Sequence[Note], start: float, end: float, metre: Metre) -> NDArray[np.float64]:
    """(12,): how much of each pitch class is heard, in beats weighted by where it begins."""
    played = np.zeros(12)
    for note in notes:
        inside = min(end, note.start_beats + note.length_beats) - max(start, note.start_beats)
        if inside > 0:
            begins = note.start_beats >= start - 1e-6 and not note.tied
            strength = 0.4 + 0.6 * weight(note.start_beats, metre) if begins else _RINGING
            played[note.pitch % 12] += inside * strength
    return played


def _fit(chord: Chord, inside: Sequence[int]) -> list[float]:
    """What each pitch class says for `chord`; one outside the key's scale says more."""
    own = dict(zip(chord.pitch_classes, (_ROOT, _THIRD, _FIFTH, _SEVENTH), strict=False))
    borrowed = {pitch: fit * _BORROWED for pitch, fit in own.items() if pitch not in inside}
    own |= borrowed
    return [own.get(pitch, _RUBS if (pitch - 1) % 12 in own else _OTHER) for pitch in range(12)]
