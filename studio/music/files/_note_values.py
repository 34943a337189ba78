"""From notes in beats to what is written down: values with dots, ties and triplets, and rests."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.pulses import compound, starts

GRID = 24
"""Ticks a beat."""
_PLAIN = {
    96: ("whole", 0), 72: ("half", 1), 48: ("half", 0), 36: ("quarter", 1), 24: ("quarter", 0),
    18: ("eighth", 1), 12: ("eighth", 0), 9: ("16th", 1), 6: ("16th", 0), 3: ("32nd", 0),
}  # fmt: skip
_STEPS = {6: 0.0, 8: 0.1, 3: 0.2, 4: 0.2}
"""What moments are multiples of, in ticks, and what each costs beside so many ticks of error."""
_COARSE = {6: 0.0, 8: 1.5}
"""For players whose strums are no 32nds, and whose notes end when they like."""


class Head(NamedTuple):
    """A note head: its pitch, and whether it is tied to the one before and to the next."""

    pitch: int
    from_before: bool
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Value:
    """What is written at one moment of a bar: heads that share a stem, or a rest without any."""

    tick: int
    ticks: int
    heads: tuple[Head, ...]
    name: str
    """As MusicXML calls it: "eighth"; empty for a rest of a whole bar."""
    dots: int = 0
    triplet: str = ""
    """Its place in one: "start", "inside", "stop"; empty outside."""
    thirds: str = ""
    """The value that there are three of in the triplet: "eighth"."""


class _Sound(NamedTuple):
    start: int
    stop: int
    pitch: int
    tied: bool


class _Window(NamedTuple):
    """A stretch with steps of its own, which are triplets or not."""

    start: int
    stop: int
    step: int


def values_of(
    notes: Sequence[Note],
    metre: Metre,
    tied_over: Collection[int] = (),
    *,
    coarse: bool = False,
    begin: int = 0,
) -> list[Value]:
    """The values that fill one bar, in order, or what is left of it from the tick `begin` on.
    Pitches in `tied_over` go on in the next bar.

    Moments are written to the nearest sixteenth or triplet; unless `coarse`, to 32nds too. Where it
    is, what is shorter than an eighth is written as one.
    """
    end = bar_ticks(metre)
    windows = [_window(notes, at, end, metre, coarse) for at in range(0, end, _width(metre))]
    sounds = _sounds(notes, windows, end)
    if coarse:
        sounds = _held_longer(sounds, windows)
    if not sounds and not begin:
        return [Value(0, end, (), "")]
    moments = {0, end, *(s.start for s in sounds), *(s.stop for s in sounds)}
    edges = sorted({begin, *(moment for moment in moments if moment > begin)})
    found: list[Value] = []
    for piece in _pieces(edges, _triplets(windows, edges)):
        heads = [s for s in sounds if s.start <= piece.start < s.stop]
        for start, stop, (name, dots) in _split(piece, metre, is_rest=not heads):
            kept = tuple(
                Head(s.pitch, s.start < start or s.tied, _goes_on(s, stop, end, tied_over))
                for s in heads
            )
            thirds = (
                "" if piece.three is None else _PLAIN[(piece.three[1] - piece.three[0]) // 2][0]
            )
            place = _place(piece, start, stop)
            found.append(Value(start, stop - start, kept, name, dots, place, thirds))
    return found


def bar_ticks(metre: Metre) -> int:
    """The length of a bar."""
    return round(metre.bar_beats * GRID)


def beams(values: Sequence[Value], metre: Metre) -> Iterator[tuple[int, int]]:
    """First and last index of each run of short notes under one beam."""
    begins = _beam_starts(metre)
    run: list[int] = []
    for index, value in enumerate([*values, None]):
        short = value is not None and value.heads and value.name in ("eighth", "16th", "32nd")
        if run and (not short or value is None or value.tick in begins):
            if len(run) > 1:
                yield run[0], run[-1]
            run = []
        if short:
            run.append(index)


def _beam_starts(metre: Metre) -> set[int]:
    if (metre.beats, metre.unit) in ((4, 4), (2, 2)):
        return {0, 2 * GRID}
    if (metre.beats, metre.unit) == (2, 4):
        return {0, GRID}
    return {round(beat * GRID) for beat in starts(metre)}


# -- moments ----------------------------------------------------------------------------------


def _width(metre: Metre) -> int:
    return GRID // 2 if compound(metre) or metre.unit > 4 else GRID


def _window(notes: Sequence[Note], start: int, end: int, metre: Metre, coarse: bool) -> _Window:
    """The stretch from `start` on, with the steps that its notes are nearest to."""
    stop = min(end, start + _width(metre))
    heard = (_moments(note)[: 1 if coarse else 2] for note in notes)
    moments = [m for each in heard for m in each if start < m < stop]

    def error(step: int) -> float:
        return sum(abs(m - start - step * round((m - start) / step)) for m in moments)

    steps = _COARSE if coarse else _STEPS
    fitting = [step for step in steps if (stop - start) % step == 0]
    return _Window(start, stop, min(fitting, key=lambda step: error(step) + steps[step]))


def _moments(note: Note) -> tuple[float, float]:
    return note.start_beats * GRID, (note.start_beats + note.length_beats) * GRID


def _sounds(notes: Sequence[Note], windows: Sequence[_Window], end: int) -> list[_Sound]:
    """The notes on their ticks; one of a pitch ends where the next one of it begins."""
    found: list[_Sound] = []
    for note in sorted(notes, key=lambda n: (n.start_beats, n.pitch)):
        start, stop = (_tick(moment, windows, end) for moment in _moments(note))
        if start >= end:
            continue
        stop = max(stop, start + min(w.step for w in windows if w.start <= start < w.stop))
        for index, before in enumerate(found):
            if before.pitch == note.pitch and before.stop > start:
                found[index] = before._replace(stop=start)
        found.append(_Sound(start, min(stop, end), note.pitch, note.tied and start == 0))
    return [sound for sound in found if sound.stop > sound.start]


def _held_longer(sounds: Sequence[_Sound], windows: Sequence[_Window]) -> list[_Sound]:
    """Chops are written as eighths, or thirds of a beat, unless something begins before."""
    starts_at = sorted({sound.start for sound in sounds})
    held = []
    for sound in sounds:
        following = next((s for s in starts_at if s > sound.start), windows[-1].stop)
        step = next(w.step for w in windows if w.start <= sound.start < w.stop)
        stop = min(following, sound.start + (step if step % 3 else GRID // 2))
        held.append(sound._replace(stop=max(sound.stop, stop)))
    return held


def _tick(moment: float, windows: Sequence[_Window], end: int) -> int:
    for window in windows:
        if moment < window.stop:
            steps = round((moment - window.start) / window.step)
            return min(end, max(0, window.start + window.step * steps))
    return end


# -- what is written --------------------------------------------------------------------------


def _triplets(windows: Sequence[_Window], edges: Collection[int]) -> Iterator[tuple[int, int]]:
    """The stretches of three in the time of two, each half a beat or a beat."""
    for window in windows:
        inside = [edge for edge in edges if window.start < edge < window.stop]
        middle = (window.start + window.stop) // 2
        if not any((edge - window.start) % 3 for edge in inside):
            continue
        if middle in inside:
            for half in ((window.start, middle), (middle, window.stop)):
                if any(half[0] < edge < half[1] for edge in inside):
                    yield half
        else:
            yield window.start, window.stop


class _Piece(NamedTuple):
    """A stretch in which nothing begins or ends, and the triplet that it lies in."""

    start: int
    stop: int
    three: tuple[int, int] | None


def _pieces(edges: Sequence[int], triplets: Iterable[tuple[int, int]]) -> Iterator[_Piece]:
    """The stretches between edges, cut at the ends of triplets."""
    threes = list(triplets)
    cuts = sorted({*edges, *(edge for three in threes for edge in three)})
    for start, stop in pairwise(cuts):
        yield _Piece(start, stop, next((t for t in threes if t[0] <= start < t[1]), None))


def _place(piece: _Piece, start: int, stop: int) -> str:
    if piece.three is None:
        return ""
    return "start" if start == piece.three[0] else "stop" if stop == piece.three[1] else "inside"


def _split(
    piece: _Piece, metre: Metre, *, is_rest: bool
) -> Iterator[tuple[int, int, tuple[str, int]]]:
    """Beginning, end and name of the values that fill a piece, each the longest that can be read
    where it stands."""
    at = piece.start
    while at < piece.stop:
        fitting = [
            (at + (ticks * 2 // 3 if piece.three else ticks), name)
            for ticks, name in _PLAIN.items()
            if piece.three or _reads(at, ticks, metre, is_rest)
        ]
        found = next((f for f in fitting if f[0] <= piece.stop), (piece.stop, _PLAIN[3]))
        yield at, *found
        at = found[0]


def _reads(at: int, value: int, metre: Metre, is_rest: bool) -> bool:
    """Whether a value may stand there: within a group, from one group's beginning to another's, or
    as a plain note across one line that is not the middle of the bar."""
    end = bar_ticks(metre)
    begins = [round(beat * GRID) for beat in starts(metre)]
    if (metre.beats, metre.unit) == (2, 4):
        begins = [0, GRID]
    stop = at + value
    following = min((b for b in (*begins, end) if b > at), default=end)
    if stop <= following or (at in begins and stop in (*begins, end)):
        return True
    middle = metre.beats % 2 == 0 and at < end // 2 < stop
    plain = _PLAIN[value][1] == 0 and at % (value // 2) == 0
    return plain and not (is_rest or compound(metre) or middle)


def _goes_on(sound: _Sound, stop: int, end: int, tied_over: Collection[int]) -> bool:
    return sound.stop > stop or (stop == end and sound.pitch in tied_over)
