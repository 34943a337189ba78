"""From bass patterns and chords to a bass line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from studio.music.band._patterns import Step
from studio.music.chords import Chord
from studio.music.keys import scale
from studio.music.notes import Note
from studio.music.phrases import Key

LOWEST, HIGHEST = 28, 50
"""From a bass's open E to the D above its open G's octave."""
_CENTRE = 39
_STRONG, _USUAL, _WEAK = 98, 88, 78
_EDGE = 1e-6


def line(
    steps: Sequence[Step], key: Key, before: int | None, *, second: bool = False
) -> tuple[list[Note], int | None]:
    """The notes of `steps` and the last pitch, from which the next bar goes on.

    `before` is the pitch played last; `second` says that an `A` is a fifth this time.
    """
    notes: list[Note] = []
    chord: Chord | None = None
    for step in steps:
        if step.sign == ".":
            continue
        new, chord = step.chord != chord, step.chord
        pitch = _pitch(step, key, before, new=new, second=second)
        velocity = _STRONG if step.start_beats < _EDGE else _USUAL if new else _WEAK
        length = step.length_beats - min(0.08, step.length_beats * 0.12)
        notes.append(Note("bass", step.start_beats, length, pitch, velocity))
        before = pitch
    return notes, before


def _pitch(step: Step, key: Key, before: int | None, *, new: bool, second: bool) -> int:
    sign, chord = step.sign, step.chord
    if sign == "A":
        sign = "5" if second else "R"
    elif new and sign != ">":
        sign = "R"
    if sign == ">":
        return _approach(step, key, before)
    pitch_class = {"3": chord.pitch_classes[1], "5": chord.pitch_classes[2]}.get(sign, chord.root)
    if sign == "8":
        return _near(chord.root, before if before is None else before + 12)
    return _near(pitch_class, before)


def _approach(step: Step, key: Key, before: int | None) -> int:
    """The step of the scale beside the next chord's root, from the side that the line is on."""
    here = before if before is not None else _near(step.chord.root, None)
    after = step.following
    if after is None or after.root == step.chord.root:
        return _near(step.chord.pitch_classes[2], here)
    target = _near(after.root, here)
    side = 1 if here > target else -1
    beside = (target + side, target + 2 * side)
    inside = scale(key)
    found = next((pitch for pitch in beside if pitch % 12 in inside), beside[0])
    if found == here:  # already there: from the other side
        found = next((p for p in (target - side, target - 2 * side) if p % 12 in inside), found)
    return min(HIGHEST, max(LOWEST, found))


def with_passing_notes(notes: Sequence[Note], key: Key) -> list[Note]:
    """`notes` with a step of the scale between two neighbours that lie a third apart."""
    filled: list[Note] = []
    for note, after in zip_longest(notes, notes[1:]):
        between = _between(note, after, key) if after is not None else None
        if after is None or between is None:
            filled.append(note)
            continue
        half = (after.start_beats - note.start_beats) / 2
        softer = note.velocity - 8
        filled.append(replace(note, length_beats=half))
        filled.append(Note(note.track, note.start_beats + half, half, between, softer))
    return filled


def _between(note: Note, after: Note, key: Key) -> int | None:
    """The step of the scale between two notes that follow each other a third apart."""
    touching = after.start_beats - note.start_beats - note.length_beats < 0.1
    if not touching or abs(after.pitch - note.pitch) not in (3, 4):
        return None
    low, high = sorted((note.pitch, after.pitch))
    return next((p for p in range(low + 1, high) if p % 12 in scale(key)), None)


def root_near(chord: Chord, before: int | None) -> int:
    """The root of `chord` nearest to the pitch `before`."""
    return _near(chord.root, before)


def _near(pitch_class: int, before: int | None) -> int:
    """The pitch of that class nearest to `before`, rather in the middle of the bass's range."""
    within = [p for p in range(LOWEST, HIGHEST + 1) if p % 12 == pitch_class]
    here = _CENTRE if before is None else before
    return min(within, key=lambda pitch: abs(pitch - here) + 0.5 * abs(pitch - _CENTRE))
