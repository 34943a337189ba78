"""What hands do to notes, and chords as they are typed."""

from __future__ import annotations

import random

import pytest

from studio.document.errors import StudioError
from studio.music.editing import added, moved, removed, resized
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.typed_chords import parse_chords, typed


def note(start: float, length: float, pitch: int, tied: bool = False) -> Note:
    return Note("lead", start, length, pitch, 90, tied)


LINE = (note(0, 1, 60, tied=True), note(1, 1, 62), note(2, 2, 64))


def test_a_note_is_moved_and_what_it_covers_gives_way() -> None:
    notes, index = moved(LINE, 0, 1.5, 67, 4)
    assert notes == (note(1, 0.5, 62), note(1.5, 1, 67))
    assert index == 1
    assert moved(LINE, 2, 3.5, 200, 4)[0][-1] == note(2, 2, 127), "held inside the bar"
    assert moved(LINE, 0, 0, 60, 4)[0][0].tied


def test_a_note_is_lengthened_shortened_added_and_taken_out() -> None:
    assert resized(LINE, 0, 1.5, 4)[0] == (note(0, 1.5, 60, tied=True), note(2, 2, 64))
    assert resized(LINE, 2, 9, 4)[0][-1].length_beats == 2
    assert resized(LINE, 1, 0, 4)[0][1].length_beats == pytest.approx(1 / 12)
    assert added(LINE, note(2.5, 0.5, 70)) == ((*LINE[:2], note(2, 0.5, 64), note(2.5, 0.5, 70)), 3)
    assert removed(LINE, 1) == (LINE[0], LINE[2])


def test_notes_never_overlap_nor_leave_the_bar() -> None:
    chance, notes = random.Random(5), LINE
    for _ in range(500):
        index, beats = chance.randrange(len(notes)), chance.randrange(48) / 12
        if chance.random() < 0.4:
            notes, _ = moved(notes, index, beats, chance.randrange(128), 4)
        elif chance.random() < 0.5:
            notes, _ = resized(notes, index, beats, 4)
        else:
            notes, _ = added(notes, note(beats, 1 / 12, 60))
        ends = [n.start_beats + n.length_beats for n in notes]
        following = [n.start_beats for n in notes[1:]] + [4.0]
        assert all(end <= start + 1e-6 for end, start in zip(ends, following, strict=True))
        assert all(n.length_beats > 0 for n in notes)


def test_typed_chords_share_their_bars() -> None:
    bars = parse_chords("G | c#m D7 |  | A", Metre(4, 4), 5)
    assert typed(bars) == "G | C#m D7 |  | A | "
    assert [[at for at, _ in bar] for bar in bars] == [[0], [0, 2], [], [0], []]
    assert [at for at, _ in parse_chords("G D", Metre(6, 8), 1)[0]] == [0, 1.5]
    assert [at for at, _ in parse_chords("G D C", Metre(3, 4), 1)[0]] == [0, 1, 2]
    assert parse_chords("", Metre(), 2) == [(), ()]


@pytest.mark.parametrize(
    ("text", "said"),
    [("H", "no chord"), ("G | D", "2 bars"), ("C C C C C", "room for 4"), ("<b>", "<b>")],
)
def test_what_is_no_chord_is_a_sentence(text: str, said: str) -> None:
    with pytest.raises(StudioError, match=said):
        parse_chords(text, Metre(), 1)
