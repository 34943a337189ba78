"""From chord patterns to strums and broken chords, one voicing leading smoothly to the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from studio.music.band._patterns import Step
from studio.music.chords import Chord
from studio.music.notes import Note

Voicing = tuple[int, ...]
"""The pitches of a chord, the lowest first."""

LOWEST, HIGHEST = 48, 69
_CENTRE = 58.5
_SPREAD_BEATS = 0.012
"""From string to string."""
_VELOCITIES = {"D": 84, "d": 66, "u": 60, "C": 82}
_SINGLE = 72
_CHOP_BEATS = 0.3


def voiced(chord: Chord, before: Voicing) -> Voicing:
    """`chord` on four strings, near to the voicing `before`, its third rather not the lowest."""

    def cost(voicing: Voicing) -> float:
        moved = sum(abs(a - b) for a, b in zip(voicing, before, strict=False))
        lying = abs(sum(voicing) / len(voicing) - _CENTRE)
        return moved + 0.7 * lying + 2.0 * (voicing[0] % 12 == chord.pitch_classes[1])

    return min(_voicings(chord), key=cost)


@lru_cache(256)
def _voicings(chord: Chord) -> tuple[Voicing, ...]:
    """Every close position of four notes within the range; a major chord's third is not doubled."""
    classes = chord.pitch_classes
    found = [
        _stacked(low, (*classes[turn:], *classes[:turn]))
        for turn in range(len(classes))
        for low in range(LOWEST, HIGHEST + 1)
        if low % 12 == classes[turn]
    ]
    doubles = chord.quality != "" or len(classes) > 3
    return tuple(v for v in found if v[-1] <= HIGHEST and (doubles or v[0] % 12 != classes[1]))


def _stacked(low: int, classes: Sequence[int]) -> Voicing:
    """Four chord notes on top of each other, from `low` on."""
    pitches = [low]
    for number in range(1, 4):
        above = classes[number % len(classes)]
        pitches.append(pitches[-1] + ((above - pitches[-1]) % 12 or 12))
    return tuple(pitches)


def strummed(steps: Sequence[Step], before: Voicing) -> tuple[list[Note], Voicing]:
    """The notes of `steps` and the last voicing, from which the next bar goes on."""
    notes: list[Note] = []
    chord: Chord | None = None
    for step in steps:
        if step.chord != chord:
            chord = step.chord
            before = voiced(chord, before)
            notes = _damped(notes, step.start_beats)
        notes += _struck(step, before)
    return notes, before


def _struck(step: Step, voicing: Voicing) -> Iterable[Note]:
    start, length = step.start_beats, step.length_beats
    if step.sign.isdigit():
        pitch = voicing[min(len(voicing), int(step.sign)) - 1]
        return [Note("chords", start, step.chord_ends - start, pitch, _SINGLE)]
    if step.sign not in _VELOCITIES:
        return []
    strings = voicing[1:][::-1] if step.sign == "u" else voicing
    sounds = min(length, _CHOP_BEATS) if step.sign == "C" else length
    first, louder = step.start_beats < 1e-6, _VELOCITIES[step.sign]
    return [
        Note(
            "chords",
            start + n * _SPREAD_BEATS,
            max(0.05, sounds - n * _SPREAD_BEATS - 0.02),
            pitch,
            louder + 6 * first - 3 * n,
        )
        for n, pitch in enumerate(strings)
    ]


def _damped(notes: Sequence[Note], at_beats: float) -> list[Note]:
    """`notes` ended where another chord begins; a string struck twice sounds once."""
    return [
        replace(note, length_beats=min(note.length_beats, at_beats - note.start_beats))
        for note in notes
    ]
