"""From the books to the archive. The books themselves are read by music21, in training only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engines.lstm_melodies.corpus import archive
from engines.lstm_melodies.corpus._families import families
from engines.lstm_melodies.corpus._transcribers import names_in
from engines.lstm_melodies.grid import BAR_TICKS, FIRST_PITCH, HOLD, LENGTHS, METRES, PITCHES, REST
from tests.engines.lstm_melodies import melodies

music21 = pytest.importorskip("music21")

from engines.lstm_melodies.corpus import corpora, prepare  # noqa: E402
from engines.lstm_melodies.corpus._genres import genre_of  # noqa: E402
from engines.lstm_melodies.corpus._keys import key_of  # noqa: E402
from engines.lstm_melodies.corpus.corpora import BookBar, BookNote, BookTune  # noqa: E402

SCALE = (62, 64, 66, 67, 69, 71, 73, 74)


def bar(*lengths: int, full: int = 72, pitch: int = 62, **facts: object) -> BookBar:
    """A bar of one pitch."""
    starts = np.cumsum([0, *lengths])
    sounds = tuple(BookNote(int(at), n, pitch) for at, n in zip(starts, lengths, strict=False))
    return BookBar(sum(lengths), full, sounds, **facts)  # type: ignore[arg-type]


def book(*bars: BookBar, **facts: object) -> BookTune:
    made = {"book": corpora.AIRD, "number": "1", "genre": "a jig", "metre": "6/8", "sharps": 2,
            "mode": "major", "bars": bars}  # fmt: skip
    return BookTune(**(made | facts))  # type: ignore[arg-type]


FULL = bar(36, 36)


def rows(*bars: BookBar) -> list[list[int]]:
    """The lengths in every bar of the only stretch."""
    ((_, found),) = prepare.stretches(bars, 72)
    return [[sound.ticks for sound in b.sounds] for b in found]


def test_a_pickup_is_led_in_by_a_rest():
    found = rows(bar(12), FULL, FULL, FULL, FULL)
    assert found[0] == [60, 12]


def test_a_short_bar_and_the_pickup_after_it_are_one_bar():
    found = rows(FULL, FULL, FULL, bar(36, 24, part_ends=True), bar(12), FULL)
    assert found[3] == [36, 24, 12]


def test_a_pickup_after_a_full_bar_takes_its_time_from_the_last_note():
    found = rows(FULL, FULL, FULL, bar(36, 36, part_ends=True), bar(12), FULL)
    assert found[3] == [36, 24, 12]


def test_a_part_that_ends_short_is_filled_by_a_rest():
    assert rows(FULL, FULL, FULL, bar(60, part_ends=True))[3] == [60, 12]


def test_a_bar_that_does_not_add_up_parts_the_tune():
    found = list(prepare.stretches([FULL] * 5 + [bar(36, 12)] + [FULL] * 4 + [bar(9)] * 2, 72))
    assert [(opens, len(bars)) for opens, bars in found] == [(True, 5), (False, 4)]


def test_the_last_ending_is_taken():
    first, last = replace(FULL, ending=1), bar(24, 48, ending=2)
    assert prepare._without_first_endings([FULL, first, last]) == [FULL, last]


def test_ties_are_one_note_within_a_bar_and_held_over_its_line():
    tied = [
        BookBar(
            72, 72, (BookNote(0, 36, 62), BookNote(36, 24, 62, held=True), BookNote(60, 12, 64))
        ),
        BookBar(72, 72, (BookNote(0, 36, 64, held=True), BookNote(36, 36, 64))),
    ]
    first, second = prepare._events(tied, 1, 62)
    assert first == ((FIRST_PITCH, 60), (FIRST_PITCH + 2, 12))
    assert second == ((HOLD, 36), (FIRST_PITCH + 2, 36))


def test_metres_in_two_are_written_at_twice_their_lengths():
    tune = book(*[bar(6, 6, 12, 24, full=48)] * 4, metre="2/4", genre="a reel")
    (melody,) = prepare.melodies_of(tune)
    assert melody.metre == "2/4"
    assert [ticks for _, ticks in melody.bars[0]] == [12, 12, 24, 48]


def scale_from(start: int, last: int) -> tuple[BookBar, ...]:
    """Eight bars in two sharps that dwell on a note and end on another."""
    pitches = [start, start + 12, *SCALE, start, last]
    return tuple(bar(72, pitch=pitch) for pitch in pitches)


def test_the_key_is_where_the_tune_lives():
    assert key_of(book(*scale_from(62, 62)))[1] == "major"
    assert key_of(book(*scale_from(62, 62)))[0] % 12 == 2
    tonic, mode = key_of(book(*scale_from(64, 64), *scale_from(64, 64)))
    assert (tonic % 12, mode) == (4, "dorian")


def test_genres_come_from_where_a_book_names_them():
    assert genre_of(book(genre="Miss Tulloch's Strathspey".lower()), "4/4") == "strathspey"
    assert genre_of(book(genre="the black joak"), "6/8") == "any"
    assert genre_of(book(book=corpora.ONEILL, number="1200"), "4/4") == "reel"
    assert genre_of(book(book=corpora.ONEILL, number="12"), "3/4") == "waltz"
    assert genre_of(book(book=corpora.ONEILL, number="1200"), "6/8") == "any"
    assert (
        genre_of(book(book=corpora.RYAN, genre="leather away slipjig | jig"), "9/8") == "slip jig"
    )


def test_names_are_kept_and_nothing_else():
    lines = '"Transcribed by Bob Safranek, rjs@gsp.org"'
    assert names_in(lines) == "Bob Safranek"
    assert names_in("Jack Campin * www.campin.me.uk * 2009") == "Jack Campin"
    assert names_in("The last note should be G") == ""


def test_abc_is_read_with_its_key_and_without_its_ornaments(tmp_path):
    text = (
        "X:7\nT:A Jig\nM:6/8\nL:1/8\nR:jig\nZ:Transcribed by Ann Person\nK:D\n"
        'A|"^tr"~d2 Hf {g}fed|cBA Tc2A|(3BcB A2 d2||\n'
    )
    path = tmp_path / "book.abc"
    path.write_text(text)
    (tune,) = corpora._abc(path, corpora.ONEILL, 1)
    assert (tune.metre, tune.sharps, tune.genre, tune.credit) == ("6/8", 2, "jig", "Ann Person")
    assert [b.ticks for b in tune.bars] == [12, 72, 72, 72]
    assert [s.pitch for s in tune.bars[1].sounds] == [74, 78, 78, 76, 74]
    assert [s.ticks for s in tune.bars[3].sounds][:3] == [8, 8, 8]


def test_versions_of_a_tune_are_one_family():
    first = melodies.melody(1, 16)
    higher = replace(first, number="x", book="another", tonic=64, bars=first.bars[1:] * 2,
                     ends=(first.ends[1:]) * 2)  # fmt: skip
    changed = list(first.bars)
    changed[3] = ((FIRST_PITCH, 72),)
    varied = replace(first, number="y", bars=tuple(changed))
    other = melodies.melody(2, 16)
    found = families([first, higher, other, varied])
    assert found[0] == found[1] == found[3] != found[2]


def test_the_archive_keeps_everything(tmp_path):
    kept = [melodies.melody(i, 5 + i, METRES[i]) for i in range(5)]
    archive.write(kept, tmp_path / "tunes.xz")
    assert list(archive.load(tmp_path / "tunes.xz")) == kept


def test_the_shipped_archive():
    shipped = archive.load()
    assert archive.FILE.stat().st_size < 1_000_000
    assert len(shipped) > 4500
    for melody in shipped:
        full = BAR_TICKS[melody.metre]
        assert all(sum(ticks for _, ticks in row) == full for row in melody.bars)
        assert all(ticks in LENGTHS and p < PITCHES for row in melody.bars for p, ticks in row)
        assert all(p != HOLD for row in melody.bars for p, _ in row[1:])
        assert melody.bars[0][0][0] in range(REST, PITCHES)
    sides: dict[int, set[str]] = {}
    for melody in shipped:
        sides.setdefault(melody.family, set()).add(melody.split)
    assert all(len(side) == 1 for side in sides.values())
