"""The chords that a melody implies, found by dynamic programming.

Every stretch of a bar (half bars, beats in chorales: `progressions.slots`) gives each chord of the
key a score: chord notes in the melody count for it by their length and by the weight of the moment
that they begin on, other notes against it. Steps between chords and places in the tune (beginnings,
half closes, closes) have scores of their own. The best path through all of them is Viterbi's
(1967). A whole tune is seen at once by `harmonise`; live, `follow` finds the next bar's chords from
that bar and the chord before it. Pure: same notes, same chords.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.music.chords import Chord, Style, degrees
from studio.music.harmony._evidence import heard
from studio.music.harmony.progressions import (
    Scores,
    change_costs,
    home,
    leading,
    slots,
    steps,
    style_of,
)
from studio.music.phrases import Key, Phrase

_AT_HOME, _CLOSE = 0.5, 0.8
_HALF_CLOSE = {"folk": 1.2, "chorale": 0.4}
_BEFORE_CLOSE = {"folk": 2.0, "chorale": 0.6}
_TO_CLOSE = {"folk": 1.8, "chorale": 0.0}
"""For the dominant at the end of half a part, within the last bar of a part, and before it. A
dance that stands on its tonic to the end is dull; a chorale changes its chords without being told.
"""


@dataclass(frozen=True, slots=True)
class Span:
    """A chord and the stretch of a bar that it holds for, in beats from the bar line."""

    start_beats: float
    length_beats: float
    chord: Chord


Changes = tuple[Span, ...]
"""The chords of one bar, in order, without gaps; neighbours differ."""


def spans(chords: Sequence[tuple[float, Chord]], bar_beats: float) -> Changes:
    """Chords by the beats where they begin, as changes that fill the bar: the first holds from the
    bar line on."""
    starts = [0.0, *(beat for beat, _ in chords[1:])]
    ends = [*starts[1:], bar_beats]
    named = zip(starts, ends, (chord for _, chord in chords), strict=False)
    return tuple(Span(start, end - start, chord) for start, end, chord in named if end > start)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bar stands in its tune."""

    number: int = 0
    """Counted from the tune's beginning."""
    part: int = 8
    """The bars of a part: a half close in its middle, a close at its end."""
    closes: bool = False
    """Whether the tune ends with it."""

    @property
    def in_part(self) -> int:
        """0 for the first bar of a part."""
        return self.number % self.part

    @property
    def ends_part(self) -> bool:
        """Whether a part ends with it."""
        return self.closes or self.in_part == self.part - 1

    @property
    def ends_half(self) -> bool:
        """Whether it is the last bar of a part's first half."""
        return self.part >= 4 and self.in_part == self.part // 2 - 1


def home_of(key: Key, genre: str) -> Chord:
    """The tonic's chord."""
    return degrees(key.mode, style_of(genre))[0].in_key(key)


def harmonise(
    bars: Sequence[Phrase], key: Key, genre: str = "any", part: int = 8, first: int = 0
) -> tuple[Changes, ...]:
    """The chords of every bar of a whole tune, the last of which ends it. All have one metre.

    `first` is the number of the first bar: -1 for a pickup.
    """
    last = len(bars) - 1
    places = [Place(first + index, part, index == last) for index in range(len(bars))]
    return _best(bars, key, genre, places, None)


def follow(bar: Phrase, key: Key, genre: str, place: Place, before: Chord | None = None) -> Changes:
    """The chords of `bar`, which comes after `before` (None at the beginning)."""
    return _best([bar], key, genre, [place], before)[0]


def _best(
    bars: Sequence[Phrase],
    key: Key,
    genre: str,
    places: Sequence[Place],
    before: Chord | None,
) -> tuple[Changes, ...]:
    if not bars:
        return ()
    metre, style = bars[0].metre, style_of(genre)
    lengths = slots(metre, style)
    offered = degrees(key.mode, style)
    chords = [degree.in_key(key) for degree in offered]
    scores = np.concatenate([
        heard(bar, lengths, chords, offered, key) + _placed(key.mode, style, place, len(lengths))
        for bar, place in zip(bars, places, strict=True)
    ])  # fmt: skip
    start = None if before is None or before not in chords else chords.index(before)
    path = _viterbi(scores, steps(key.mode, style), change_costs(metre, genre), start)
    per_bar = len(lengths)
    return tuple(
        _spans([chords[i] for i in path[n : n + per_bar]], lengths)
        for n in range(0, len(path), per_bar)
    )


def _placed(mode: str, style: Style, place: Place, count: int) -> Scores:
    """(slots, chords): what the bar's place in the tune says for each chord."""
    tonic, dominant = home(mode, style), leading(mode, style)
    scores = np.zeros((count, len(tonic)))
    if place.in_part == 0:
        scores[0] += _AT_HOME * tonic
    if place.ends_part:
        scores[-1] += _CLOSE * (2 if place.closes else 1) * tonic
        if count > 1:
            scores[-2] += _BEFORE_CLOSE[style] * dominant
    elif place.ends_half:
        scores[-1] += _HALF_CLOSE[style] * dominant
    elif place.in_part == place.part - 2:
        scores[-1] += _TO_CLOSE[style] * dominant
    return scores


def _viterbi(scores: Scores, step: Scores, costs: Sequence[float], start: int | None) -> list[int]:
    """The best path: an index of a chord for each row of `scores`."""
    changes = 1.0 - np.eye(len(step))
    total = scores[0].copy()
    if start is not None:
        total += step[start] - costs[0] * changes[start]
    backs: list[NDArray[np.intp]] = []
    for number in range(1, len(scores)):
        arrived = total[:, None] + step - costs[number % len(costs)] * changes
        backs.append(arrived.argmax(axis=0))
        total = arrived.max(axis=0) + scores[number]
    path = [int(total.argmax())]
    for back in reversed(backs):
        path.append(int(back[path[-1]]))
    return path[::-1]


def _spans(chords: Sequence[Chord], lengths: Sequence[float]) -> Changes:
    found: list[Span] = []
    start = 0.0
    for chord, length in zip(chords, lengths, strict=True):
        if found and found[-1].chord == chord:
            last = found[-1]
            found[-1] = Span(last.start_beats, last.length_beats + length, chord)
        else:
            found.append(Span(start, length, chord))
        start += length
    return tuple(found)
