"""Notes as they are played, and what the model makes of them; and back."""

from __future__ import annotations

import math
import random

import pytest

from engines.lstm_melodies.corpus import archive
from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.grid import BAR_TICKS, FIRST_PITCH, HOLD, LENGTHS, METRES, REST
from engines.lstm_melodies.hearing import MOST_BARS, hear
from engines.lstm_melodies.metres import written
from engines.lstm_melodies.voicing import Voice, voiced
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key, Phrase, joined

EVERY = [Metre(beats, unit) for beats in range(1, 17) for unit in (2, 4, 8, 16)]


def metre(name: str) -> Metre:
    beats, unit = name.split("/")
    return Metre(int(beats), int(unit))


def note(start: float, length: float, pitch: int) -> Note:
    return Note("lead", start, length, pitch, 90)


def played(*notes: Note, name: str = "4/4", beats: float = 0.0, key: Key | None = None) -> Phrase:
    return Phrase(notes, beats, metre(name), key)


def spoken(melody: Melody) -> Phrase:
    return voiced(melody.bars, Voice(metre(melody.metre), melody.tonic, melody.mode))


@pytest.mark.parametrize("name", METRES)
def test_what_the_model_writes_it_hears_to_the_tick(name):
    for melody in [m for m in archive.split("validation") if m.metre == name][:6]:
        phrase = spoken(melody)
        heard = hear(phrase, tonic=melody.tonic, mode=melody.mode)
        assert heard.notices == ()
        assert len(heard.bars) == len(melody.bars)
        again = voiced(heard.bars, Voice(metre(name), heard.tonic, heard.mode))
        assert again.length_beats == pytest.approx(phrase.length_beats)
        for a, b in zip(again.notes, phrase.notes, strict=True):
            assert (a.pitch, a.velocity) == (b.pitch, b.velocity)
            assert (a.start_beats, a.length_beats) == pytest.approx((b.start_beats, b.length_beats))


@pytest.mark.parametrize("name", METRES)
def test_bars_one_by_one_are_the_same_as_all_together(name):
    for melody in [m for m in archive.split("validation") if m.metre == name][:6]:
        voice = Voice(metre(name), melody.tonic, melody.mode)
        phrase, parts, sounding = spoken(melody), [], None
        for bar in melody.bars:
            parts.append(voiced([bar], voice, before=sounding))
            last = max(parts[-1].notes, key=lambda n: n.start_beats, default=None)
            rings = last and last.start_beats + last.length_beats > voice.metre.bar_beats - 1e-6
            sounding = last.pitch if last and rings else None
        whole = joined(parts)
        assert len(whole.notes) == len(phrase.notes)
        for a, b in zip(whole.notes, phrase.notes, strict=True):
            assert (a.start_beats, a.length_beats) == pytest.approx((b.start_beats, b.length_beats))


@pytest.mark.parametrize("asked", EVERY, ids=str)
def test_every_metre_is_written_somehow_and_its_bars_are_full(asked):
    how = written(asked)
    bars = [((FIRST_PITCH, BAR_TICKS[how.name]),)] * (2 * how.times)
    phrase = voiced(bars, Voice(asked, 62, "major"))
    assert phrase.length_beats == 2 * asked.bar_beats
    for bar in phrase.bars():
        assert sum(n.length_beats for n in bar.notes) == pytest.approx(asked.bar_beats)
    assert bool(how.remark) == (asked.beats not in (2, 3, 4, 6, 9))
    assert phrase.remarks == ((how.remark,) if how.remark else ())
    assert len(hear(phrase, tonic=62).bars) == 2 * how.times


@pytest.mark.parametrize(
    ("asked", "name", "times", "word"),
    [
        ("2/2", "4/4", 1, ""),
        ("3/8", "3/4", 1, ""),
        ("12/8", "6/8", 2, "2 bars of 6/8"),
        ("5/4", "4/4", 1, "held"),
        ("7/8", "4/4", 1, "cut short"),
        ("8/8", "4/4", 1, "a bar of 4/4"),
    ],
)
def test_a_metre_that_was_not_learnt_is_written_in_the_nearest_and_said(asked, name, times, word):
    how = written(metre(asked))
    assert (how.name, how.times) == (name, times)
    assert word in how.remark
    heard = hear(played(note(0, 1, 62), name=asked))
    assert heard.metre == name
    assert any(asked in notice for notice in heard.notices) == bool(word)


def test_a_note_that_goes_on_begins_tied():
    voice = Voice(metre("6/8"), 62, "major")
    bar = ((HOLD, 36), (FIRST_PITCH + 2, 36))
    first, second = voiced([bar], voice, before=66).notes
    assert (first.pitch, first.tied, first.length_beats) == (66, True, 1.5)
    assert (second.pitch, second.tied) == (64, False)
    assert [n.pitch for n in voiced([bar], voice).notes] == [64]


def test_the_key_is_the_one_that_is_given_or_known_or_guessed():
    scale = [note(i / 2, 0.5, p) for i, p in enumerate((62, 64, 66, 67, 69, 71, 73, 74))]
    assert (hear(played(*scale)).tonic, hear(played(*scale)).mode) == (62, "major")
    dorian = hear(played(*scale, key=Key(4, "dorian")))
    assert (dorian.tonic % 12, dorian.mode) == (4, "dorian")
    given = hear(played(*scale, key=Key(4, "dorian")), tonic=57, mode="mixolydian")
    assert (given.tonic, given.mode) == (57, "mixolydian")


def test_a_hand_is_not_a_clock():
    rng = random.Random(1)
    pitches = (62, 64, 66, 67, 69, 71, 73, 74)
    by_hand = [note(abs(i / 2 + rng.gauss(0, 0.03)), 0.45, p) for i, p in enumerate(pitches)]
    heard = hear(played(*by_hand))
    assert [ticks for bar in heard.bars for _, ticks in bar] == [12] * 8
    assert (heard.tonic % 12, heard.mode) == (2, "major")


def test_triplets_are_heard():
    triplet = [note(i / 3, 0.3, 62) for i in range(3)]
    eighths = [note(1 + i / 2, 0.5, 64) for i in range(6)]
    assert [t for _, t in hear(played(*triplet, *eighths)).bars[0]][:5] == [8, 8, 8, 12, 12]


def test_of_chords_the_top_is_taken_and_said():
    chords = [note(i, 1, p) for i in range(4) for p in (50, 57, 62 + i)]
    heard = hear(played(*chords), tonic=62)
    assert [p for bar in heard.bars for p, _ in bar] == [FIRST_PITCH + i for i in range(4)]
    assert "top line" in heard.notices[0]


def test_long_notes_are_held_over_the_bar_line():
    heard = hear(played(note(0, 10, 62), name="3/4"), tonic=62)
    assert heard.bars == (
        ((FIRST_PITCH, 72),),
        ((HOLD, 72),),
        ((HOLD, 72),),
        ((HOLD, 24), (REST, 48)),
    )


def test_a_phrase_has_as_many_bars_as_it_says():
    heard = hear(played(note(0, 1, 62), note(9, 20, 64), beats=16), tonic=62)
    assert len(heard.bars) == 4
    assert heard.bars[1] == ((REST, 96),)
    assert heard.bars[3] == ((HOLD, 96),)


def test_what_makes_no_sense_is_left_out():
    rubbish = [note(0, 0, 60), note(-1, 1, 60), note(math.nan, 1, 60), note(0, math.inf, 60)]
    with pytest.raises(ValueError, match="no note"):
        hear(played(*rubbish, note(0, 1, 300)))
    heard = hear(played(*rubbish, note(0, 4, 62)), tonic=62)
    assert heard.bars == (((FIRST_PITCH, 96),),)


def test_of_very_many_notes_the_first_are_taken_and_that_is_said():
    many = tuple(note(i / 4, 0.25, 40 + i % 50) for i in range(10**5))
    heard = hear(Phrase(many, 25_000.0))
    assert len(heard.bars) == MOST_BARS
    assert len(heard.notices) == 2


def test_whatever_is_played_the_bars_add_up():
    rng = random.Random(2)
    for number in range(60):
        name = METRES[number % len(METRES)]
        notes = [
            note(rng.uniform(0, 12), rng.choice([0.1, 0.33, 0.5, 1, 3]), rng.randrange(30, 100))
            for _ in range(rng.randrange(1, 30))
        ]
        heard = hear(played(*notes, name=name))
        for bar in heard.bars:
            assert sum(ticks for _, ticks in bar) == BAR_TICKS[name]
            assert all(ticks in LENGTHS for _, ticks in bar), bar
            assert all(pitch != HOLD for pitch, _ in bar[1:])


@pytest.mark.parametrize(
    "notes",
    [
        [note(90 / 24, 8 / 24, 62)],  # two ticks of it lie beyond the bar line
        [note(0, 1e-9, 62)],
        [note(1e12, 1, 62), note(0, 1, 64)],
        [note(0, 1e9, 62)],
    ],
    ids=["a sliver", "hardly there", "far away", "endless"],
)
@pytest.mark.parametrize("beats", [0.0, 0.01, 8.0, 1e9])
def test_odd_notes_are_written_somehow(notes, beats):
    heard = hear(played(*notes, beats=beats))
    assert 1 <= len(heard.bars) <= MOST_BARS
    assert all(ticks in LENGTHS for bar in heard.bars for _, ticks in bar)
    assert all(sum(ticks for _, ticks in bar) == 96 for bar in heard.bars)


def test_notes_that_begin_after_all_that_is_read_are_none():
    with pytest.raises(ValueError, match="no note"):
        hear(played(note(1e12, 1, 62)))
