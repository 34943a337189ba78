"""From chord patterns to strums and broken chords, one voicing leading smoothly to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from studio.music.band._patterns import Step
from studio.music.chords import Chord
from studio.music.notes import Note

Voicing = tuple[int, ...]
"""The pitches of a chord, the lowest first."""

LOWEST, HIGHEST = 45, 76
_OPEN: tuple[tuple[int, ...], ...] = ((0, 2, 0, 1), (2, 0, 1, 2), (0, 2, 1, 0))
_CLOSE = tuple((turn, turn + 1, turn + 2, turn + 3) for turn in range(4))


@dataclass(frozen=True)
class _Hand:
    """How a player lays chords out: which notes of the chord (0 the root) lie on top of each other,
    within which pitches, and in what middle."""

    orders: tuple[tuple[int, ...], ...]
    low: int
    high: int
    centre: float


HANDS: Mapping[str, _Hand] = MappingProxyType(
    {
        # Four notes as near to each other as they go: a guitar's upper strings, or a piano.
        "close": _Hand(_CLOSE, 48, 69, 58.5),
        # Fifths and octaves with the third on top, as a guitar in an open tuning.
        "open": _Hand(_OPEN, 45, 74, 59.0),
        # Tenths for ten fingers: a harp.
        "wide": _Hand(((0, 2, 1, 0), (0, 2, 1, 2), (1, 0, 2, 1)), 45, 76, 61.0),
        # Three notes in one octave, which do not lead but turn over: an accordion's buttons.
        "buttons": _Hand(tuple((t, t + 1, t + 2) for t in range(4)), 55, 66, 60.5),
    }
)
_SPREAD_BEATS = 0.012
"""From string to string."""
_VELOCITIES = {"D": 84, "d": 66, "u": 60, "C": 82}
_SINGLE = 72
_CHOP_BEATS = 0.3


def voiced(chord: Chord, before: Voicing, hand: str = "close") -> Voicing:
    """`chord` as one of `HANDS` plays it, near to the voicing `before`, its third rather not the
    lowest."""

    def cost(voicing: Voicing) -> float:
        moved = sum(abs(a - b) for a, b in zip(voicing, before, strict=False))
        lying = abs(sum(voicing) / len(voicing) - HANDS[hand].centre)
        return moved + 0.7 * lying + 2.0 * (voicing[0] % 12 == chord.pitch_classes[1])

    return min(_voicings(chord, hand), key=cost)


@lru_cache(512)
def _voicings(chord: Chord, hand: str) -> tuple[Voicing, ...]:
    """All that lie within the hand's range; a major chord's third is not doubled
    where that can be."""
    classes, way = chord.pitch_classes, HANDS[hand]
    found = {
        _stacked(low, [classes[degree % len(classes)] for degree in order])
        for order in way.orders
        for low in range(way.low, way.high + 1)
        if low % 12 == classes[order[0] % len(classes)]
    }
    within = [v for v in found if v[-1] <= way.high]
    doubled = [v for v in within if [p % 12 for p in v].count(classes[1]) > 1]
    single = sorted(set(within) - set(doubled)) if chord.quality == "" else sorted(within)
    return tuple(single or sorted(within))


def _stacked(low: int, classes: Sequence[int]) -> Voicing:
    """These pitch classes on top of each other, the first one at `low`."""
    pitches = [low]
    for above in classes[1:]:
        pitches.append(pitches[-1] + ((above - pitches[-1]) % 12 or 12))
    return tuple(pitches)


def strummed(
    steps: Sequence[Step], before: Voicing, hand: str = "close"
) -> tuple[list[Note], Voicing]:
    """The notes of `steps` by one of `HANDS`, and the last voicing, from which the next bar goes
    on."""
    notes: list[Note] = []
    chord: Chord | None = None
    for step in steps:
        if step.chord != chord:
            chord = step.chord
            before = voiced(chord, before, hand)
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
