"""What a piano roll makes of bars: which are seen, the rows that they need, their colours."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from studio.document.score import PARTS
from studio.live.ensemble.played import RollBar
from studio.music.metres import Metre
from studio.music.modes import MODES
from studio.music.phrases import Key

LEAD, BASS, CHORDS, DRUMS = PARTS

PART_COLOURS = {LEAD: "#F5B14C", BASS: "#6FA8FF", CHORDS: "#4FC9B8", DRUMS: "#B4BCC8"}
"""The colours of the parts, here and wherever else a part is named; the lead's is that of all that
is live."""

FEWEST_ROWS = 24
"""Two octaves are always shown, so that a narrow tune does not look wide."""
PitchSpan = tuple[int, int]
"""The lowest and the highest of some pitches."""

_MARGIN = 2
_SLACK = 1.6
_EDGE = 1e-6


def seen_between(
    bars: Sequence[RollBar], metre: Metre, start_beats: float, end_beats: float
) -> Iterator[RollBar]:
    """The bars from beat to beat, with empty ones of `metre` where there are none.

    `bars` are in order. They may have been played in other metres, and then begin where those
    have their bar lines.
    """
    at = metre.bar_at(start_beats).start_beats
    for bar in islice(bars, _index_at(bars, start_beats), None):
        if bar.start_beats >= end_beats:
            break
        if bar.end_beats > start_beats:
            yield from _empty(metre, at, bar.start_beats)
            yield bar
            at = bar.end_beats
    yield from _empty(metre, at, end_beats)


def bar_at(bars: Sequence[RollBar], metre: Metre, beat: float) -> int:
    """The number of the bar that `beat` lies in; `bars` are in order."""
    if bars:
        here = bars[_index_at(bars, beat + _EDGE)]
        if here.start_beats - _EDGE <= beat < here.end_beats - _EDGE:
            return here.number
    return metre.bar_at(beat).number


def _index_at(bars: Sequence[RollBar], beat: float) -> int:
    """Of the last bar that begins at or before `beat`; 0 where none does."""
    return max(0, bisect_right(bars, beat, key=lambda bar: bar.start_beats) - 1)


def _empty(metre: Metre, start_beats: float, end_beats: float) -> Iterator[RollBar]:
    """Bars without notes; the last one may reach over the end."""
    while start_beats < end_beats - _EDGE:
        bar = metre.bar_at(start_beats)
        length = bar.end_beats - start_beats
        yield RollBar(bar.number, start_beats, length)
        start_beats += length


def span_of(bar: RollBar) -> PitchSpan | None:
    """The lowest and the highest note of a bar, drums left out; None where there is none."""
    pitches = [note.pitch for note in bar.notes if note.track != DRUMS]
    return (min(pitches), max(pitches)) if pitches else None


def pitch_range(spans: Iterable[PitchSpan | None], shown: PitchSpan | None) -> PitchSpan:
    """The lowest and the highest row for bars with these spans.

    Stays as it is while it fits: rows that move with every bar could not be read.
    """
    found = [span for span in spans if span is not None]
    if not found:
        return shown or (57, 57 + FEWEST_ROWS - 1)
    low, high = min(low for low, _ in found), max(high for _, high in found)
    if shown is not None and shown[0] <= low and high <= shown[1]:
        rows, needed = shown[1] - shown[0] + 1, high - low + 1 + 2 * _MARGIN
        if rows <= max(FEWEST_ROWS, _SLACK * needed):
            return shown
    low, high = max(0, low - _MARGIN), min(127, high + _MARGIN)
    missing = FEWEST_ROWS - (high - low + 1)
    if missing > 0:
        low = max(0, min(low - missing // 2, 128 - FEWEST_ROWS))
    return low, min(127, max(high, low + FEWEST_ROWS - 1))


def in_scale(pitch: int, key: Key | None) -> bool:
    """Whether a pitch belongs to the key; without one, whether it is a white key's."""
    if key is None:
        return pitch % 12 in MODES["major"].steps
    return (pitch - key.tonic) % 12 in MODES[key.mode].steps
