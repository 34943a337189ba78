"""Phrases are cut into bars and joined again, transposed, and thinned to one voice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key, Phrase, joined, on_track


def note(start: float, length: float = 1.0, pitch: int = 60, *, tied: bool = False) -> Note:
    return Note("lead", start, length, pitch, 90, tied)


def test_notes_stand_in_the_order_in_which_they_begin() -> None:
    phrase = Phrase((note(2), note(0, pitch=64), note(0, pitch=60)), 4)
    assert [(n.start_beats, n.pitch) for n in phrase.notes] == [(0, 60), (0, 64), (2, 60)]


def test_what_rings_over_a_bar_line_is_cut_and_goes_on_tied() -> None:
    phrase = Phrase((note(3, 6),), 12)
    first, second, third = phrase.bars()
    assert first.notes == (note(3, 1),)
    assert second.notes == (note(0, 4, tied=True),)
    assert third.notes == (note(0, 1, tied=True),)
    assert {bar.length_beats for bar in (first, second, third)} == {4}


def test_the_last_bar_is_whole_even_if_the_phrase_ends_within_it() -> None:
    assert len(Phrase((note(4),), 5).bars()) == 2
    assert len(Phrase().bars()) == 1


@given(
    st.lists(
        st.tuples(st.integers(0, 95), st.integers(1, 60), st.integers(0, 127)),
        unique_by=lambda n: n[0],
    ),
    st.sampled_from([Metre(4, 4), Metre(3, 4), Metre(6, 8), Metre(9, 8)]),
)
def test_bars_that_are_joined_are_the_phrase_again(
    drawn: list[tuple[int, int, int]], metre: Metre
) -> None:
    ends = {start: length for start, length, _ in drawn}
    notes = []
    for start, length, pitch in drawn:  # one voice, in twelfths of a beat: thirds are exact
        following = min((s for s in ends if s > start), default=start + length)
        notes.append(note(start / 12, min(length, following - start) / 12, pitch))
    length = metre.bar_beats * 5
    phrase = Phrase(tuple(n for n in notes if n.start_beats + n.length_beats <= length), length)
    phrase = Phrase(phrase.notes, length, metre, Key(2, "dorian"))
    again = joined(phrase.bars())
    assert again.length_beats == pytest.approx(length)
    assert (again.metre, again.key) == (metre, phrase.key)
    assert [(n.pitch, n.tied) for n in again.notes] == [(n.pitch, False) for n in phrase.notes]
    for mine, theirs in zip(again.notes, phrase.notes, strict=True):
        assert mine.start_beats == pytest.approx(theirs.start_beats)
        assert mine.length_beats == pytest.approx(theirs.length_beats)


def test_a_tie_without_a_beginning_begins() -> None:
    (whole,) = joined([Phrase((note(0, tied=True),), 4)]).notes
    assert not whole.tied


def test_remarks_are_said_once() -> None:
    phrase = Phrase((note(0), note(4)), 8, remarks=("The top line was taken.",))
    assert [bar.remarks for bar in phrase.bars()] == [phrase.remarks, ()]
    assert joined(phrase.bars()).remarks == phrase.remarks


def test_transposing_moves_the_key_and_leaves_out_what_midi_has_not() -> None:
    phrase = Phrase((note(0, pitch=60), note(1, pitch=120)), 4, key=Key(11, "minor"))
    higher = phrase.transposed(13)
    assert [n.pitch for n in higher.notes] == [73]
    assert higher.key == Key(0, "minor")


def test_the_top_line_is_one_note_at_a_time() -> None:
    chords = Phrase((note(0, 4, 48), note(0, 2, 72), note(1, 1, 60), note(2, 2, 67)), 4)
    assert [(n.start_beats, n.pitch) for n in chords.top_line().notes] == [(0, 72), (2, 67)]
    rising = Phrase((note(0, 4, 60), note(1, 1, 64)), 4)
    assert [(n.length_beats, n.pitch) for n in rising.top_line().notes] == [(1, 60), (1, 64)]


def test_a_key_has_a_name_and_no_others_are_made() -> None:
    assert str(Key(2, "dorian")) == "D dorian"
    for tonic, mode in ((12, "major"), (-1, "major"), (0, "lydian")):
        with pytest.raises(ValueError, match="no key"):
            Key(tonic, mode)


def test_a_track_is_said_for_all_notes_at_once() -> None:
    assert {n.track for n in on_track("bass", (note(0), note(1)))} == {"bass"}
