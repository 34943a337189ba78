"""A phrase as ABC, the notation that fiddlers mail to each other: to be read by people.

After the ABC standard 2.1 (Walshaw et al., 2011). Written only, never read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from studio.music.harmony.changes import Changes
from studio.music.keys import best_key, name_of, signature
from studio.music.modes import MODES
from studio.music.notes import Note
from studio.music.phrases import Key, Phrase
from studio.music.pulses import starts

_GRID = 24
"""Moments are read to a 24th of a beat: sixteenths and triplets."""
_BARS_A_LINE = 4
_THIRDS = (4, 8)
"""Of a beat and of half a beat."""
Timed = tuple[int, int, Note | None]
"""Tick, ticks, and the note; None for a rest."""


def abc(
    phrase: Phrase,
    *,
    title: str = "",
    number: int = 1,
    changes: Sequence[Changes] = (),
    part: int = 8,
    pickup: bool = False,
) -> str:
    """`phrase` as an ABC tune, four bars a line, with `changes` (one a bar) as chord names. After
    `part` bars a part ends; a `pickup` is a bar before the first."""
    key = phrase.key or best_key(phrase.notes)
    head = [f"X:{number}", *([f"T:{title}"] if title else []), f"M:{phrase.metre}", "L:1/8",
            f"K:{name_of(key.tonic, key)}{MODES[key.mode].suffix}"]  # fmt: skip
    bars = phrase.bars()
    lines, line = [], ""
    for index, bar in enumerate(bars):
        last = index == len(bars) - 1
        tied = frozenset() if last else _tied(bars[index + 1])
        leads_in = pickup and not index
        chords = changes[index] if index < len(changes) else ()
        line += _bar(bar, key, chords, tied, short=leads_in)
        closes = index >= pickup and (index + 1 - pickup) % part == 0
        line += " |]" if last else " || " if closes else " | "
        if last or (not leads_in and (index + 1 - pickup) % _BARS_A_LINE == 0):
            lines.append(line.strip())
            line = ""
    return "\n".join([*head, *lines]) + "\n"


def _bar(bar: Phrase, key: Key, changes: Changes, tied: frozenset[int], *, short: bool) -> str:
    """The notes of one bar, beamed by its groups, the names of chords before them. `tied` are the
    pitches that go on in the next bar; a `short` bar has no silence before its notes."""
    signs = signature(key)
    names = {_ticks(span.start_beats): span.chord.named(key) for span in changes}
    begins = {_ticks(begin) for begin in starts(bar.metre)}
    words: list[str] = []
    timed = list(_timed(bar))
    if short and timed[0][2] is None and len(timed) > 1:
        timed = timed[1:]
        names = {max(tick, timed[0][0]): name for tick, name in sorted(names.items())}
    timed = list(_split(timed, names))
    for index, (tick, ticks, note) in enumerate(timed):
        named = f'"{names[tick]}"' if tick in names else ""
        triplet = _begins_triplet(timed, index)
        sound = "z" if note is None else _spelt(note.pitch, key, signs)
        in_triplet = triplet or _inside_triplet(timed, index)
        last = index == len(timed) - 1
        goes_on = note is not None and (note.pitch in tied if last else timed[index + 1][2] is note)
        gap = " " if tick in begins and words else ""
        length = Fraction(ticks * 3 if in_triplet else ticks * 2, _GRID)
        words.append(
            f"{gap}{named}{'(3' if triplet else ''}{sound}{_length(length)}{'-' * goes_on}"
        )
    return "".join(words)


def _split(timed: Sequence[Timed], names: Mapping[int, str]) -> Iterator[Timed]:
    """`timed`, cut where a chord changes under a note that is held."""
    for tick, ticks, note in timed:
        inside = sorted(at for at in names if tick < at < tick + ticks)
        edges = [tick, *inside, tick + ticks]
        for begin, end in pairwise(edges):
            yield begin, end - begin, note


def _timed(bar: Phrase) -> Iterator[Timed]:
    """What fills the bar, one after the other."""
    at, end = 0, _ticks(bar.length_beats)
    line = bar.top_line().notes
    for index, note in enumerate(line):
        start = max(at, _ticks(note.start_beats))
        following = _ticks(line[index + 1].start_beats) if index + 1 < len(line) else end
        stop = min(following, max(start + 1, _ticks(note.start_beats + note.length_beats)))
        if start > at:
            yield at, start - at, None
        if stop > start:
            yield start, stop - start, note
            at = stop
    if at < end:
        yield at, end - at, None


def _begins_triplet(timed: Sequence[Timed], index: int) -> bool:
    three = timed[index : index + 3]
    ticks = three[0][1]
    even = len(three) == 3 and all(t[1] == ticks for t in three)
    return even and ticks in _THIRDS and three[0][0] % (3 * ticks) == 0


def _inside_triplet(timed: Sequence[Timed], index: int) -> bool:
    return any(_begins_triplet(timed, n) for n in (index - 1, index - 2) if n >= 0)


def _tied(bar: Phrase) -> frozenset[int]:
    return frozenset(note.pitch for note in bar.notes if note.tied)


def _spelt(pitch: int, key: Key, signs: dict[str, int]) -> str:
    """The note's letter in its octave, with an accidental where the bar does not imply it."""
    name = name_of(pitch, key)
    letter, sign = name[0], {"#": 1, "b": -1}.get(name[1:], 0)
    octave = (pitch - sign) // 12 - 1
    mark = "" if signs.get(letter, 0) == sign else {1: "^", -1: "_", 0: "="}[sign]
    signs[letter] = sign
    if octave >= 5:
        return mark + letter.lower() + "'" * (octave - 5)
    return mark + letter + "," * (4 - octave)


def _length(eighths: Fraction) -> str:
    if eighths == 1:
        return ""
    if eighths.denominator == 1:
        return str(eighths.numerator)
    top = "" if eighths.numerator == 1 else str(eighths.numerator)
    return f"{top}/{eighths.denominator}"


def _ticks(beats: float) -> int:
    return round(beats * _GRID)
