"""From the books to the archive: bars that add up, keys, genres, families, the split.

    python -m engines.lstm_melodies.corpus.prepare

takes some three minutes: music21 reads about 26 tunes a second.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from engines.lstm_melodies.corpus import archive, corpora
from engines.lstm_melodies.corpus._families import families
from engines.lstm_melodies.corpus._genres import genre_of
from engines.lstm_melodies.corpus._keys import key_of
from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.corpus.corpora import REST, BookBar, BookNote, BookTune
from engines.lstm_melodies.grid import BAR_TICKS, HIGHEST, HOLD, LENGTHS, LOWEST, Event, word
from engines.lstm_melodies.grid import REST as REST_WORD

METRE_OF = {
    "4/4": ("4/4", 1), "2/2": ("4/4", 1), "2/4": ("2/4", 2), "3/4": ("3/4", 1), "3/8": ("3/4", 2),
    "6/8": ("6/8", 1), "9/8": ("9/8", 1),
}  # fmt: skip
"""A written metre -> ours, and how many times longer we take its notes."""
FEWEST_BARS = 4
SHARES = {"held_out": 0.08, "validation": 0.04}


def prepare(tunes: Iterable[BookTune]) -> list[Melody]:
    """Every usable stretch of every tune, sorted into families and splits."""
    melodies = [melody for tune in tunes for melody in melodies_of(tune)]
    found = families(melodies)
    splits = _splits(found)
    return [
        replace(m, family=family, split=splits[family])
        for m, family in zip(melodies, found, strict=True)
    ]


def melodies_of(tune: BookTune) -> Iterator[Melody]:
    """The stretches of `tune` whose bars add up; none for a metre that we do not have."""
    if tune.metre not in METRE_OF or not tune.bars:
        return
    metre, stretch = METRE_OF[tune.metre]
    tonic, mode = key_of(tune)
    genre = genre_of(tune, metre)
    full = BAR_TICKS[metre] // stretch
    for opens, bars in stretches(_without_first_endings(tune.bars), full):
        try:
            rows = _events(bars, stretch, tonic)
        except ValueError:
            continue
        yield Melody(
            bars=tuple(rows), ends=tuple(bar.part_ends for bar in bars), opens=opens, genre=genre,
            metre=metre, mode=mode, tonic=tonic, book=tune.book, number=tune.number, family=0,
            split="training", credit=tune.credit,
        )  # fmt: skip


def _without_first_endings(bars: Sequence[BookBar]) -> list[BookBar]:
    """A part is taken once, with its last ending, which leads on."""
    if not any(bar.ending == 2 for bar in bars):
        return list(bars)
    return [
        bar
        for i, bar in enumerate(bars)
        if bar.ending != 1 or not any(later.ending == 2 for later in bars[i + 1 : i + 9])
    ]


def stretches(bars: Sequence[BookBar], full: int) -> Iterator[tuple[bool, list[BookBar]]]:
    """Unbroken rows of full bars, and whether the tune begins with the row.

    A short bar and the pickup after it make one bar; a pickup at the beginning is led in by a
    rest, a short bar at the end of a part filled by one. Whatever else does not add up ends a row.
    """
    row: list[BookBar] = []
    opens, at = True, 0
    while at < len(bars):
        bar, later = bars[at], bars[at + 1] if at + 1 < len(bars) else None
        at += 1
        if _sound(bar) and bar.ticks < full:
            if later and _sound(later) and bar.ticks + later.ticks == full:
                bar = replace(_joined(bar, later), part_ends=bar.part_ends or later.part_ends)
                at += 1
            elif not row and opens and at == 1:
                bar = _joined(_silence(full - bar.ticks), bar)
            elif row and row[-1].part_ends and row[-1].sounds[-1].ticks > bar.ticks:
                row[-1] = _joined(_shortened(row[-1], bar.ticks), bar)
                continue
            elif bar.part_ends or later is None:
                bar = _joined(bar, _silence(full - bar.ticks))
        if _sound(bar) and bar.ticks == full:
            row.append(bar)
            continue
        if len(row) >= FEWEST_BARS:
            yield opens, row
        row, opens = [], False
    if len(row) >= FEWEST_BARS:
        yield opens, row


def _sound(bar: BookBar) -> bool:
    """Whether its sounds follow each other without gap or overlap, in lengths that we have."""
    at = 0
    for sound in bar.sounds:
        if sound.start != at or sound.ticks <= 0:
            return False
        at += sound.ticks
    return at == bar.ticks > 0


def _silence(ticks: int) -> BookBar:
    return BookBar(ticks, ticks, (BookNote(0, ticks, REST),))


def _joined(first: BookBar, second: BookBar) -> BookBar:
    moved = tuple(replace(s, start=s.start + first.ticks) for s in second.sounds)
    ticks = first.ticks + second.ticks
    return BookBar(ticks, ticks, first.sounds + moved, 0, first.part_ends or second.part_ends)


def _shortened(bar: BookBar, by: int) -> BookBar:
    last = bar.sounds[-1]
    sounds = (*bar.sounds[:-1], replace(last, ticks=last.ticks - by))
    return replace(bar, sounds=sounds, ticks=bar.ticks - by)


def _events(bars: Sequence[BookBar], stretch: int, tonic: int) -> list[tuple[Event, ...]]:
    """The rows of our events; raises ValueError for a length or a pitch that we do not have."""
    rows, before = [], REST
    for bar in bars:
        row: list[Event] = []
        for sound in bar.sounds:
            same = sound.pitch == before and (sound.held or sound.pitch == REST)
            if same and row:
                row[-1] = (row[-1][0], row[-1][1] + sound.ticks * stretch)
            else:
                row.append((_word(sound, tonic, held=same), sound.ticks * stretch))
            before = sound.pitch
        if any(ticks not in LENGTHS for _, ticks in row):
            raise ValueError("A length that the grid does not hold.")
        rows.append(tuple(row))
    return rows


def _word(sound: BookNote, tonic: int, *, held: bool) -> int:
    if sound.pitch == REST:
        return REST_WORD
    if held:
        return HOLD
    steps = sound.pitch - tonic
    while steps < LOWEST:
        steps += 12
    while steps > HIGHEST:
        steps -= 12
    return word(steps)


def _splits(found: Sequence[int]) -> dict[int, str]:
    """A split for every family: all versions of a tune are on the same side."""
    names = sorted(set(found))
    random.Random(5).shuffle(names)
    splits: dict[int, str] = {}
    at = 0
    for split, share in SHARES.items():
        count = round(share * len(names))
        splits |= dict.fromkeys(names[at : at + count], split)
        at += count
    return splits | dict.fromkeys(names[at:], "training")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Read the books and pack the tunes.")
    parser.add_argument("--out", type=Path, default=archive.FILE)
    given = parser.parse_args()
    tunes = [tune for book in corpora.BOOKS for tune in corpora.read(book)]
    melodies = prepare(tunes)
    archive.write(melodies, given.out)
    for split in archive.SPLITS:
        chosen = [m for m in melodies if m.split == split]
        genres = Counter(m.genre for m in chosen).most_common()
        print(f"{split}: {len(chosen)} melodies, {sum(m.notes for m in chosen)} notes, {genres}")
    print(f"{given.out.name}: {given.out.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
