"""From the signs of a pattern to moments of a bar with their chords."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from studio.music.chords import Chord
from studio.music.harmony.changes import Changes

_EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class Step:
    """One sign of a pattern with the moment and the chord that it falls on."""

    start_beats: float
    length_beats: float
    sign: str
    chord: Chord
    following: Chord | None
    """The chord after this one, where it is known."""
    chord_ends: float
    """Where this one ends, in beats from the bar line."""


def steps_of(
    pattern: str, changes: Changes, following: Chord | None = None, renewed: str = "R"
) -> list[Step]:
    """The signs of `pattern` spread over the bar of `changes`, each lasting until the next.

    Where a chord begins on a rest or within a note, `renewed` sounds it (unless it is empty).
    """
    signs = pattern.replace(" ", "")
    bar_beats = changes[-1].start_beats + changes[-1].length_beats
    marked: list[tuple[float, str]] = []
    for index, sign in enumerate(signs):
        at = index * bar_beats / len(signs)
        begun = any(abs(at - span.start_beats) < _EDGE for span in changes[1:])
        fresh = renewed if begun and renewed and sign in "-." else sign
        if fresh != "-":
            marked.append((at, fresh))
    edges = pairwise([*marked, (bar_beats, "")])
    return [_step(at, end - at, sign, changes, following) for (at, sign), (end, _) in edges]


def _step(
    start: float, length: float, sign: str, changes: Changes, following: Chord | None
) -> Step:
    index = max(n for n, span in enumerate(changes) if span.start_beats <= start + _EDGE)
    span = changes[index]
    after = changes[index + 1].chord if index + 1 < len(changes) else following
    return Step(start, length, sign, span.chord, after, span.start_beats + span.length_beats)
