"""Tunes as ABC, to be read by people."""

from __future__ import annotations

import pytest

from studio.music.chords import Chord
from studio.music.files.abc import abc
from studio.music.harmony.changes import Span, harmonise
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key, Phrase
from tests.studio.music.scraps import D_MAJOR, REEL, line


def body(phrase: Phrase) -> str:
    return abc(phrase).splitlines()[-1]


def test_a_whole_tune() -> None:
    text = abc(REEL, title="The Scrap", changes=harmonise(REEL.bars(), D_MAJOR, "reel"))
    assert text == (
        "X:1\nT:The Scrap\nM:4/4\nL:1/8\nK:D\n"
        '"D"dA FA dA FA | "A"ec Ac ec Ac | "D"dA FA "G"GB dB | "A"ce ag fd ec |\n'
        '"D"dA FA dA FA | "A"ec Ac ec Ac | "D"fd ge fd Bd | "A"Ac eg "D"fd d2 |]\n'
    )


def test_lengths_rests_and_octaves() -> None:
    assert body(line("D3 - - . D6 D4 D5 .", step=0.5)) == "D,3z d'D dz |]"
    assert body(line("D5 - - E5 F#5 - G5 - - - . . . . . .", step=0.25)) == "d3/2e/2 fg2z3 |]"


def test_accidentals_hold_until_the_bar_line() -> None:
    assert body(line("C5 C5 C#5 C5 C5 C5 C5 C5 C5")) == "=cc ^c=c cc cc | =cz7 |]"
    assert body(line("Bb4 B4 - - - - - -", key=Key(5, "major"))) == "B=B7 |]"


def test_triplets() -> None:
    assert body(line("D5 E5 F#5 " * 4, step=1 / 3)) == "(3def (3def (3def (3def |]"


def test_ties_over_the_bar_line() -> None:
    long = Phrase((Note("lead", 2, 4, 62, 90),), 8, Metre(), D_MAJOR)
    assert body(long) == "z4 D4- | D4 z4 |]"


@pytest.mark.parametrize(("mode", "written"), [
    ("major", "K:E"), ("minor", "K:Em"), ("dorian", "K:Edor"), ("mixolydian", "K:Emix"),
])  # fmt: skip
def test_keys(mode: str, written: str) -> None:
    assert written in abc(line("E4", key=Key(4, mode))).splitlines()


def test_hands_that_are_no_machines_do_not_break_it() -> None:
    loose = Phrase((Note("lead", 0.013, 0.49, 62, 90), Note("lead", 0.51, 0.47, 64, 90)), 4)
    assert body(loose) == "DE z6 |]"


def test_a_chord_that_changes_under_a_held_note_is_printed() -> None:
    hymn = line("G4 - - - A4 - B4 -", key=Key(7, "major"))
    changes = (Span(0.0, 1.0, Chord(7)), Span(1.0, 1.0, Chord(0)))
    text = abc(hymn, changes=[changes])
    assert text.splitlines()[-1] == '"G"G2- "C"G2 A2 B2 |]'


def test_a_pickup_is_printed_short() -> None:
    tune = line(". . . . . . D5 C5 B4 - - - G4 - - - ", key=Key(7, "major"))
    changes = [(Span(0.0, 4.0, Chord(2)),)] * 2
    assert abc(tune, changes=changes, pickup=True).splitlines()[-1] == '"D"dc | "D"B4 G4 |]'
    assert body(line("D5 E5 F#5 " * 2 + "D5", step=1 / 6)).startswith("(3d/2e/2f/2(3d/2e/2f/2 d/3")
