"""Chords are those that the melody implies, and lead home where a part ends."""

from __future__ import annotations

from itertools import pairwise

import pytest

from studio.music.chords import Chord, degrees
from studio.music.harmony.changes import Changes, Place, follow, harmonise
from studio.music.harmony.progressions import style_of
from studio.music.keys import scale
from studio.music.metres import Metre
from studio.music.modes import MODES
from studio.music.phrases import Key, Phrase
from tests.studio.music.scraps import D_MAJOR, HYMN, JIG, REEL, line

D, G = Chord(2), Chord(7)


def names(changes: Changes, key: Key = D_MAJOR) -> str:
    return " ".join(span.chord.named(key) for span in changes)


def test_a_broken_chord_is_heard_as_that_chord() -> None:
    found = harmonise(REEL.bars(), D_MAJOR, "reel")
    assert [names(changes) for changes in found] == [
        "D", "A", "D G", "A", "D", "A", "D", "A D",
    ]  # fmt: skip


def test_a_tune_ends_at_home() -> None:
    for tune, genre in ((REEL, "reel"), (JIG, "jig"), (HYMN, "chorale")):
        assert tune.key is not None
        last = harmonise(tune.bars(), tune.key, genre)[-1][-1].chord
        assert last.root == tune.key.tonic


@pytest.mark.parametrize("genre", ["reel", "waltz", "chorale", "any"])
@pytest.mark.parametrize("metre", ["4/4", "2/4", "3/4", "6/8", "9/8", "5/4", "7/8", "12/8"])
def test_chords_fill_the_bar_without_gaps(genre: str, metre: str) -> None:
    tune = line("D5 E5 F#5 G5 A5 B5 C#6 D6 " * 4, metre)
    for changes in harmonise(tune.bars(), D_MAJOR, genre):
        assert changes[0].start_beats == 0
        for before, after in pairwise(changes):
            assert after.start_beats == pytest.approx(before.start_beats + before.length_beats)
            assert after.chord != before.chord
        end = changes[-1].start_beats + changes[-1].length_beats
        assert end == pytest.approx(tune.metre.bar_beats)


def test_bar_by_bar_hardly_differs_from_the_whole() -> None:
    bars, before, found = REEL.bars(), None, []
    for number, bar in enumerate(bars):
        place = Place(number, 8, closes=number == len(bars) - 1)
        found.append(follow(bar, D_MAJOR, "reel", place, before))
        before = found[-1][-1].chord
    whole = harmonise(bars, D_MAJOR, "reel")
    assert sum(a == b for a, b in zip(found, whole, strict=True)) >= 7


@pytest.mark.parametrize("before", [D, G])
def test_silence_stays_on_the_chord_before(before: Chord) -> None:
    silence = Phrase((), 4.0, Metre(), D_MAJOR)
    assert follow(silence, D_MAJOR, "reel", Place(1), before)[0].chord == before


def test_modal_tunes_have_their_sevenths_and_no_dominant() -> None:
    mixolydian = Key(9, "mixolydian")
    tune = line("A4 C#5 E5 A5 E5 C#5 A4 -  G4 B4 D5 G5 D5 B4 G4 -  A4 C#5 E5 C#5 A4 - - -")
    assert [names(c) for c in harmonise(tune.bars(), mixolydian, "reel")] == ["A", "G", "A"]


def test_a_raised_seventh_calls_for_the_dominant() -> None:
    tune = line("A4 C5 E5 C5 B4 - A4 G#4  A4 - - - - - - -", key=Key(9, "minor"))
    first, second = harmonise(tune.bars(), Key(9, "minor"), "reel")
    assert (names(first, Key(9, "minor")), names(second, Key(9, "minor"))) == ("Am E", "Am")


def test_airs_have_time_for_more_chords_than_reels() -> None:
    tune = line("D5 - - B4 A4 - G4 F#4  E4 - A4 - G4 - E4 -  F#4 - A4 - B4 - G4 -")
    air, reel = (harmonise(tune.bars(), D_MAJOR, genre) for genre in ("air", "reel"))
    assert sum(map(len, air)) >= sum(map(len, reel))


def test_transposed_tunes_have_transposed_chords() -> None:
    up = REEL.transposed(3)
    assert up.key is not None
    for high, low in zip(
        harmonise(up.bars(), up.key, "reel"),
        harmonise(REEL.bars(), D_MAJOR, "reel"),
        strict=True,
    ):
        assert [s.chord.root for s in high] == [(s.chord.root + 3) % 12 for s in low]


@pytest.mark.parametrize("mode", MODES)
def test_folk_chords_are_of_the_scale_but_for_minor_s_dominant(mode: str) -> None:
    key = Key(2, mode)
    for degree in degrees(mode, "folk"):
        outside = set(degree.in_key(key).pitch_classes) - set(scale(key))
        assert not outside or degree.numeral == "V"


def test_only_chorales_change_with_every_beat() -> None:
    assert style_of("chorale") == "chorale"
    assert style_of("reel") == style_of("something else") == "folk"
    assert len(harmonise(HYMN.bars(), Key(7, "major"), "chorale")[0]) > 2


def test_no_bars_no_chords() -> None:
    assert harmonise((), D_MAJOR, "reel") == ()
