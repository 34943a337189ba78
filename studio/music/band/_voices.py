"""Four voices, as in a chorale: a bass, a tenor and an alto under the melody.

Each chord tries every way of laying it out and takes the one that goes on best from the one
before: near steps, no fifths or octaves side by side, thirds and leading notes not doubled,
sevenths resolved (the rules of the figured-bass schools, e.g. C. P. E. Bach's *Versuch*, 1762).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from studio.music.chords import Chord
from studio.music.harmony.changes import Changes, Span
from studio.music.notes import Note
from studio.music.phrases import Phrase

Layout = tuple[int, ...]
"""The pitches of bass, tenor, alto and soprano."""
_RANGES = ((40, 60), (48, 67), (53, 74))
"""Of bass, tenor and alto."""
_MIDDLES, _LYING = (48, 57, 64), 0.05
"""Where they lie well, and what each semitone away from there costs."""
_VELOCITIES = (78, 68, 70)
_PARALLEL, _LEADING_DOUBLED, _THIRD_DOUBLED, _NO_THIRD, _NO_FIFTH = 8.0, 5.0, 1.5, 6.0, 0.8
_UNRESOLVED, _OVERLAP, _CROSSED, _WIDE = 3.0, 1.0, 5.0, 2.0
_INVERSIONS = (0.0, 1.0, 4.0, 3.0)
"""For the root, the third, the fifth and the seventh in the bass."""
_AT_THE_END, _AT_A_REST, _LONG_BEATS = 20.0, 3.0, 1.9
"""What it costs not to have the root in the bass where the tune ends, and where a line does."""
_STEP_COSTS = (0.06, 0.2, 0.2)
"""For each semitone that bass, tenor and alto move."""


@dataclass(frozen=True, slots=True)
class Sung:
    """A chord as it is laid out, from which the next goes on."""

    chord: Chord
    layout: Layout


def sung(
    bar: Phrase, changes: Changes, leading_note: int, before: Sung | None, *, closes: bool = False
) -> tuple[list[Note], list[Note], Sung | None]:
    """The bass's notes, the tenor's and alto's, and the last layout.

    `leading_note` is the pitch class below the tonic. At the tune's end the root is in the bass.
    """
    bass: list[Note] = []
    inner: list[Note] = []
    for span in changes:
        note = _soprano(bar, span)
        if note is None:
            continue  # all breathe together
        rooted = _AT_THE_END if closes and span is changes[-1] else _rests(note) * _AT_A_REST
        before = _laid_out(span.chord, note.pitch, leading_note, before, rooted)
        start, length = span.start_beats, span.length_beats - 0.03
        voices = zip(before.layout[:3], _VELOCITIES, strict=True)
        low, *others = (Note("chords", start, length, pitch, touch) for pitch, touch in voices)
        bass.append(Note("bass", start, length, low.pitch, low.velocity))
        inner += others
    return bass, inner, before


def _soprano(bar: Phrase, span: Span) -> Note | None:
    """What the melody sings in `span` first; None where it is silent."""
    end = span.start_beats + span.length_beats
    for note in bar.notes:
        if note.start_beats + note.length_beats > span.start_beats + 1e-6:
            return note if note.start_beats < end - 1e-6 else None
    return None


def _rests(note: Note) -> bool:
    """Whether the melody comes to rest on `note`, as at the end of a line."""
    return note.length_beats >= _LONG_BEATS


def _laid_out(
    chord: Chord, soprano: int, leading_note: int, before: Sung | None, rooted: float
) -> Sung:
    layouts = _layouts(chord)
    costs = _standing(layouts, chord, soprano, leading_note)
    costs += rooted * (layouts[:, 0] % 12 != chord.root)
    if before is not None:
        costs += _moving(layouts, soprano, before, leading_note)
    best = layouts[int(costs.argmin())]
    return Sung(chord, (int(best[0]), int(best[1]), int(best[2]), soprano))


@lru_cache(128)
def _layouts(chord: Chord) -> NDArray[np.int64]:
    """(N, 3): every bass, tenor and alto within their ranges that do not cross."""
    voices = [
        [pitch for pitch in range(low, high + 1) if pitch % 12 in chord.pitch_classes]
        for low, high in _RANGES
    ]
    found = [v for v in product(*voices) if v[0] <= v[1] <= v[2] and v[1] - v[0] <= 19]
    return np.array([v for v in found if v[2] - v[1] <= 12])


def _standing(
    layouts: NDArray[np.int64], chord: Chord, soprano: int, leading_note: int
) -> NDArray[np.float64]:
    """(N,): what each layout costs by itself."""
    whole = np.hstack([layouts, np.full((len(layouts), 1), soprano)])
    classes = whole % 12
    counts = [(classes == pitch).sum(axis=1) for pitch in chord.pitch_classes]
    cost = np.zeros(len(layouts))
    for pitch, extra in zip(chord.pitch_classes, _INVERSIONS, strict=False):
        cost += extra * (classes[:, 0] == pitch)
    cost += _NO_THIRD * (counts[1] == 0) + _NO_FIFTH * (counts[2] == 0) + 9.0 * (counts[0] == 0)
    cost += _THIRD_DOUBLED * (counts[1] > 1) * (chord.quality != "m")
    if len(counts) > 3:
        cost += 4.0 * (counts[3] != 1)
    cost += _LEADING_DOUBLED * ((classes == leading_note).sum(axis=1) > 1)
    above = soprano - layouts[:, 2]
    cost += _CROSSED * (above < 0) + _WIDE * (above > 12)
    lying = abs(layouts - np.array(_MIDDLES)) @ np.full(3, _LYING)
    return np.asarray(cost + lying, np.float64)


def _moving(
    layouts: NDArray[np.int64], soprano: int, before: Sung, leading_note: int
) -> NDArray[np.float64]:
    """(N,): what it costs to go to each layout."""
    old = before.layout
    new = [layouts[:, 0], layouts[:, 1], layouts[:, 2], np.full(len(layouts), soprano)]
    cost = np.zeros(len(layouts))
    for voice, each in enumerate(_STEP_COSTS):
        leap = abs(new[voice] - old[voice])
        cost += each * leap + 1.0 * (leap > (12 if voice == 0 else 7)) + 0.7 * (leap == 6)
    for low, high in ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)):
        was = (old[high] - old[low]) % 12
        if was in (0, 7):
            moved = (new[low] != old[low]) & (new[high] != old[high])
            cost += _PARALLEL * (((new[high] - new[low]) % 12 == was) & moved)
        cost += _OVERLAP * ((new[low] > old[high]) | (new[high] < old[low])) * (high - low == 1)
    return cost + _resolving(new, old, before, leading_note)


def _resolving(
    new: Sequence[NDArray[np.int64]], old: Layout, before: Sung, leading_note: int
) -> NDArray[np.float64]:
    """(N,): the seventh of the chord before falls by a step, its leading note rises or stays."""
    cost = np.zeros(len(new[0]))
    for voice in range(3):
        if before.chord.quality == "7" and old[voice] % 12 == before.chord.pitch_classes[3]:
            fell = old[voice] - new[voice]
            cost += _UNRESOLVED * ~((fell == 0) | (fell == 1) | (fell == 2))
        leads = old[voice] % 12 == leading_note and before.chord.pitch_classes[1] == leading_note
        if leads and voice != 1:
            rose = new[voice] - old[voice]
            cost += 0.5 * _UNRESOLVED * ~((rose == 0) | (rose == 1))
    return cost


def with_the_melody(spans: Sequence[Span], bar: Phrase, beats: Sequence[float]) -> Changes:
    """`spans` cut at those of `beats` (from the bar line) on which the melody moves: a chord that
    stays is sung again there, and held where the melody holds."""
    moves = [note.start_beats for note in bar.notes]
    sung_again = [at for at in beats if any(abs(at - move) < 0.1 for move in moves)]
    cut: list[Span] = []
    for span in spans:
        end = span.start_beats + span.length_beats
        inside = [at for at in sung_again if span.start_beats + 1e-6 < at < end - 1e-6]
        edges = [span.start_beats, *inside, end]
        cut += [Span(a, b - a, span.chord) for a, b in pairwise(edges)]
    return tuple(cut)
