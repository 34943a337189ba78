"""A phrase as ABC, the notation that fiddlers mail to each other: to be read by people.

After the ABC standard 2.1 (Walshaw et al., 2011). Written only, never read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from studio.music.harmony.changes import Changes
from studio.music.keys import accidentals, best_key, name_of
from studio.music.modes import MODES
from studio.music.notes import Note
from studio.music.phrases import Key, Phrase
from studio.music.pulses import starts

_SHARPS, _FLATS = "FCGDAEB", "BEADGCF"
_GRID = 24
"""Moments are read to a 24th of a beat: sixteenths and triplets."""
_BARS_A_LINE = 4


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
        chords = changes[index] if index < len(changes) and not leads_in else ()
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
    signs = _signature(key)
    names = {_ticks(span.start_beats): span.chord.named(key) for span in changes}
    begins = {_ticks(begin) for begin in starts(bar.metre)}
    words: list[str] = []
    timed = list(_timed(bar))
    timed = timed[1:] if short and timed[0][2] is None else timed
    for index, (tick, ticks, note) in enumerate(timed):
        chord = names.pop(tick, None)
        named = f'"{chord}"' if chord else ""
        triplet = _begins_triplet(timed, index)
        sound = "z" if note is None else _spelt(note.pitch, key, signs)
        in_triplet = ticks == 8 and (triplet or _inside_triplet(timed, index))
        goes_on = note is not None and note.pitch in tied and index == len(timed) - 1
        gap = " " if tick in begins and words else ""
        length = Fraction(12, 12) if in_triplet else Fraction(ticks, _GRID // 2)
        words.append(
            f"{gap}{named}{'(3' if triplet else ''}{sound}{_length(length)}{'-' * goes_on}"
        )
    return "".join(words)


def _timed(bar: Phrase) -> Iterator[tuple[int, int, Note | None]]:
    """(tick, ticks, note or rest) that fill the bar one after the other."""
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


def _begins_triplet(timed: Sequence[tuple[int, int, Note | None]], index: int) -> bool:
    three = timed[index : index + 3]
    return len(three) == 3 and three[0][0] % _GRID == 0 and all(t[1] == 8 for t in three)


def _inside_triplet(timed: Sequence[tuple[int, int, Note | None]], index: int) -> bool:
    return any(_begins_triplet(timed, n) for n in (index - 1, index - 2) if n >= 0)


def _tied(bar: Phrase) -> frozenset[int]:
    return frozenset(note.pitch for note in bar.notes if note.tied)


def _signature(key: Key) -> dict[str, int]:
    count = accidentals(key)
    letters = _SHARPS[:count] if count > 0 else _FLATS[:-count] if count else ""
    return dict.fromkeys(letters, 1 if count > 0 else -1)


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
