"""From notes as they are played to bars of events.

Whatever comes in (a MIDI file, a hand on a keyboard, the model's own bars) is a `Phrase`. What
cannot be kept is left out or moved, and said in a sentence for the artist. Notes that lie on the
model's grid already, one at a time, are kept to the tick.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engines.lstm_melodies.grid import BAR_TICKS, HIGHEST, HOLD, LENGTHS, LOWEST, REST, Event, word
from engines.lstm_melodies.metres import WrittenMetre, written
from engines.lstm_melodies.snapping import Placed, PlayedNote, placed, top_line
from studio.music.keys import key_of
from studio.music.phrases import Key, Phrase

MOST_BARS = 256
MOST_NOTES = 20_000
"""More than these are not read."""
ON_GRID_TICKS = 0.02
"""How near to the grid a note is on it."""


@dataclass(frozen=True, slots=True)
class HeardBars:
    """What the model makes of played notes."""

    bars: tuple[tuple[Event, ...], ...]
    """`written(phrase.metre).times` for each bar of the phrase."""
    metre: str
    tonic: int
    """The MIDI number from which the pitches are counted."""
    mode: str
    notices: tuple[str, ...]
    """A sentence for everything that is not as it was played."""


def hear(phrase: Phrase, *, tonic: int | None = None, mode: str = "major") -> HeardBars:
    """The top line of `phrase` on the grid.

    Pitches are counted from `tonic`, a MIDI number; without it from the phrase's own key, and if
    that is not known either, from the one that suits the notes best. Raises ValueError where there
    is no note at all.
    """
    how, notices = written(phrase.metre), list[str]()
    if how.remark:
        notices.append(_taken(phrase, how))
    played = _usable(phrase, how, notices)
    if not played:
        raise ValueError("There is no note in it.")
    line = _on_grid(played, BAR_TICKS[how.name])
    if line is None:
        line = placed(top_line(played, notices), how.name)
    if tonic is None:
        tonic, mode = _key(line, phrase.key)
    count = -int(-(phrase.length_beats - 1e-6) // phrase.metre.bar_beats) * how.times
    bars = _bars(line, BAR_TICKS[how.name], tonic, min(count, MOST_BARS))
    return HeardBars(tuple(bars), how.name, tonic, mode, tuple(notices))


def _taken(phrase: Phrase, how: WrittenMetre) -> str:
    metre = f"{phrase.metre.beats}/{phrase.metre.unit}"
    return f"The model has not learnt {metre}; it was taken as {how.name}."


def _key(line: Sequence[Placed], known: Key | None) -> tuple[int, str]:
    key = known or key_of([(pitch, ticks) for _, ticks, pitch in line])
    return near_middle(key.tonic, [pitch for _, _, pitch in line]), key.mode


def near_middle(tonic: int, pitches: Sequence[int]) -> int:
    """The MIDI number of pitch class `tonic` that lies about a fifth below the median pitch."""
    return tonic + 12 * round((float(np.median(pitches)) - 6 - tonic) / 12)


def _usable(phrase: Phrase, how: WrittenMetre, notices: list[str]) -> list[PlayedNote]:
    """What can be played at all, in ticks of the bars that the model writes."""
    found: list[PlayedNote] = []
    bar, ticks = phrase.metre.bar_beats, BAR_TICKS[how.name] * how.times
    for note in phrase.notes:
        if len(found) == MOST_NOTES:
            notices.append(f"It has very many notes; the first {MOST_NOTES} were taken.")
            break
        start, length = note.start_beats, note.length_beats
        if not (np.isfinite(start) and np.isfinite(length)) or length <= 0 or start < 0:
            continue
        number = int((start + 1e-6) // bar)
        at = (start - number * bar) / how.beats_a_tick
        if at < ticks - 1 and 0 <= note.pitch < 128:
            longest = min(length / how.beats_a_tick, float(MOST_BARS * ticks))
            found.append(PlayedNote(number * ticks + at, longest, note.pitch))
    return _cut(sorted(found, key=lambda each: (each.start, -each.pitch)), how, notices)


def _cut(notes: list[PlayedNote], how: WrittenMetre, notices: list[str]) -> list[PlayedNote]:
    """Those that begin within the bars that are read."""
    last = BAR_TICKS[how.name] * MOST_BARS - 1
    if notes and notes[-1].start > last:
        notices.append(f"It is long; the first {MOST_BARS} bars were taken.")
    return [note for note in notes if note.start <= last]


def _on_grid(played: Sequence[PlayedNote], full: int) -> list[Placed] | None:
    """The notes as they are, if they can be written so in bars of `full` ticks, else None."""
    line: list[Placed] = []
    reached = 0
    for note in played:
        at, ticks = round(note.start), round(note.length)
        off = max(abs(note.start - at), abs(note.length - ticks))
        if off > ON_GRID_TICKS or ticks <= 0 or at < reached:
            return None
        if not (_can_be(reached, at, full) and _can_be(at, at + ticks, full)):
            return None
        line.append((at, ticks, note.pitch))
        reached = at + ticks
    return line if _can_be(reached, -(-reached // full) * full, full) else None


def _can_be(start: int, end: int, full: int) -> bool:
    """Whether what lasts from one tick to the other can be written, a piece in each bar."""
    first, last = min(end, (start // full + 1) * full), max(start, end // full * full)
    ends = {first - start, end - last} if first <= last else {end - start}
    return all(ticks == 0 or set(_pieces(ticks)) <= set(LENGTHS) for ticks in ends)


def _bars(line: Sequence[Placed], full: int, tonic: int, count: int) -> list[tuple[Event, ...]]:
    """Bars of events: rests filled in, notes cut at bar lines and held on. `count` bars, or as many
    as there are notes in if that is 0."""
    end = count * full or max(at + ticks for at, ticks, _ in line)
    bars: list[list[Event]] = [[] for _ in range(-(-end // full))]
    end, reached = len(bars) * full, 0
    for at, ticks, pitch in [*line, (end, 0, 0)]:
        if at >= end and reached >= end:
            break
        _fill(bars, reached, min(at, end), REST, full)
        if ticks and at < end:
            _fill(bars, at, min(at + ticks, end), word(_within(pitch - tonic)), full)
        reached = min(at + ticks, end)
    return [tuple(bar) for bar in bars]


def _fill(bars: list[list[Event]], start: int, end: int, pitch: int, full: int) -> None:
    """Write from `start` to `end`: one event a bar where a length allows it, rests after it."""
    first = True
    while start < end:
        stop = min(end, (start // full + 1) * full)
        for piece in _pieces(stop - start):
            at_line = start % full == 0
            sounds = first or (pitch != REST and at_line)
            what = pitch if first else HOLD if sounds else REST
            bars[start // full].append((what, piece))
            start += piece
            first = False


@functools.cache
def _pieces(ticks: int) -> tuple[int, ...]:
    """`ticks` as lengths that there are: the fewest, the longest first; else just `ticks`."""
    best: dict[int, tuple[int, ...]] = {0: ()}
    for total in range(1, ticks + 1):
        options = [(*best[total - n], n) for n in LENGTHS if total - n in best]
        if options:
            best[total] = min(options, key=len)
    return tuple(sorted(best.get(ticks, (ticks,)), reverse=True))


def _within(steps: int) -> int:
    while steps < LOWEST:
        steps += 12
    while steps > HIGHEST:
        steps -= 12
    return steps
