"""The chord that somebody plays is heard within half a bar, however it is laid out."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import pytest

from studio.music.chords import Chord
from studio.music.harmony.tracking import heard_now
from studio.music.notes import Note
from studio.music.phrases import Key
from tests.studio.music.scraps import line, midi

C_MAJOR, A_MINOR, G_MAJOR = Key(0), Key(9, "minor"), Key(7)
HALF = 2.0
STEP = 1 / 16
Told = list[tuple[float, str]]


def together(text: str, beats: float = 2.0) -> list[Note]:
    """Chords that are struck and held: "C3 E4 G4 | A2 C4 E4", each for so long."""
    return [
        Note("keys", beats * at, beats - 0.1, midi(name), 90)
        for at, chord in enumerate(text.split("|"))
        for name in chord.split()
    ]


def singly(text: str, metre: str = "4/4", step: float = 0.5) -> list[Note]:
    return list(line(text, metre, step=step).notes)


def live(notes: Iterable[Note], key: Key, half: float = HALF) -> Told:
    """What is heard from beat to beat, each with the beat from which it is; as it is played, with
    the end of what sounds unknown."""
    told: Told = []
    before: Chord | None = None
    known = sorted(notes, key=lambda note: note.start_beats)
    end = max(note.start_beats + note.length_beats for note in known)
    for tick in range(round(end / STEP)):
        at = tick * STEP
        so_far = [
            note
            if note.start_beats + note.length_beats <= at
            else replace(note, length_beats=math.inf)
            for note in known
            if note.start_beats <= at
        ]
        before = heard_now(so_far, at, half, key, before)
        if before is not None and (not told or told[-1][1] != str(before)):
            told.append((at, str(before)))
    return told


def at(told: Told, beat: float) -> str:
    return [name for since, name in told if since <= beat + 1e-9][-1]


def late(told: Told, wanted: Told, end: float) -> float:
    """The longest delay, in beats, until what was played is heard, to stay until the next."""
    delays = []
    for (begin, name), (until, _) in zip(wanted, [*wanted[1:], (end, "")], strict=True):
        beats = [begin + n * STEP for n in range(round((until - begin) / STEP))]
        wrong = [beat for beat in beats if at(told, beat) != name]
        delays.append(wrong[-1] + STEP - begin if wrong else 0.0)
    return max(delays)


PASSAGES: dict[str, tuple[list[Note], Key, Told, float]] = {
    "block chords": (
        together("C3 C4 E4 G4 | A2 C4 E4 A4 | F2 C4 F4 A4 | G2 B3 D4 G4"),
        C_MAJOR,
        [(0, "C"), (2, "Am"), (4, "F"), (6, "G")],
        2.0,
    ),
    "sevenths": (
        together(
            "D3 C4 F4 A4 | G2 B3 F4 G4 | C3 B3 E4 G4 | A2 G3 C4 E4 | B2 A3 D4 F4 | E3 G#3 D4 B4"
        ),
        C_MAJOR,
        [(0, "Dm7"), (2, "G7"), (4, "Cmaj7"), (6, "Am7"), (8, "Bm7b5"), (10, "E7")],
        2.0,
    ),
    "arpeggios": (
        singly(
            """C3 E3 G3 C4 E4 C4 G3 E3   A2 C3 E3 A3 C4 A3 E3 C3
               F2 A2 C3 F3 A3 F3 C3 A2   G2 B2 D3 G3 B3 G3 D3 B2"""
        ),
        C_MAJOR,
        [(0, "C"), (4, "Am"), (8, "F"), (12, "G")],
        2.0,
    ),
    "broken chords (Alberti)": (
        singly(
            """C3 G3 E3 G3 C3 G3 E3 G3  D3 B3 G3 B3 D3 B3 G3 B3
               C3 A3 F3 A3 C3 A3 F3 A3  C3 G3 E3 G3 C3 G3 E3 G3"""
        ),
        C_MAJOR,
        [(0, "C"), (4, "G"), (8, "F"), (12, "C")],
        2.0,
    ),
    "chords of another key": (
        together("Eb3 Bb3 Eb4 G4 | Ab2 C4 Eb4 Ab4 | Bb2 D4 F4 Bb4 | Eb3 Bb3 Eb4 G4"),
        G_MAJOR,
        [(0, "D#"), (2, "G#"), (4, "A#"), (6, "D#")],
        2.0,
    ),
    "a waltz, bass and afterbeats": (
        [
            note
            for bar, chord in enumerate(("A2 C4 E4", "D3 D4 F4", "E3 D4 G#4", "A2 C4 E4"))
            for beat, names in enumerate((chord[:2], chord[3:], chord[3:]))
            for note in (
                Note("keys", 3.0 * bar + beat, 0.8, midi(name), 90) for name in names.split()
            )
        ],
        A_MINOR,
        [(0, "Am"), (3, "Dm"), (6, "E7"), (9, "Am")],
        1.5,
    ),
}


@pytest.mark.parametrize("name", PASSAGES)
def test_a_change_is_heard_within_half_a_bar(name: str) -> None:
    notes, key, wanted, half = PASSAGES[name]
    told = live(notes, key, half)
    end = max(note.start_beats + note.length_beats for note in notes)
    assert late(told, wanted, end) <= half, told


def test_a_tune_over_a_chord_does_not_turn_it() -> None:
    held = together("C3 E3 G3 C4 | F2 A2 C3 F3", 4.0)
    tune = singly("E4 F4 G4 A4 G4 F4 E4 D4  C5 B4 A4 G4 A4 B4 C5 A4")
    told = live([*held, *tune], C_MAJOR)
    assert [name for _, name in told] == ["C", "F"]


def test_a_tune_alone_gets_chords_of_its_key_that_it_fits() -> None:
    twinkle = singly("C4 C4 G4 G4 A4 A4 G4 -  F4 F4 E4 E4 D4 D4 C4 -", step=1.0)
    told = live(twinkle, C_MAJOR)
    heard = [at(told, beat) for beat in (1.9, 3.9, 5.9, 7.9, 9.9, 11.9, 13.9, 15.9)]
    fits = ("C", "C Em G", "F Am Dm", "C G", "F Dm", "C Am Em", "G Dm Bdim", "C Am F")
    assert all(name in all_of.split() for name, all_of in zip(heard, fits, strict=True)), heard


def test_nothing_played_leaves_the_chord_and_without_one_there_is_none() -> None:
    assert heard_now([], 8.0, HALF, C_MAJOR, None) is None
    assert heard_now(together("C3 E3 G3"), 8.0, HALF, C_MAJOR, Chord(0)) == Chord(0)
    assert heard_now([Note("keys", 9.0, 1.0, 60, 90)], 8.0, HALF, C_MAJOR, None) is None


def test_a_held_chord_is_heard_for_as_long_as_it_is_held() -> None:
    pedal = [Note("keys", 0.0, math.inf, pitch, 90) for pitch in (45, 60, 64)]
    assert heard_now(pedal, 30.0, HALF, C_MAJOR, Chord(5)) == Chord(9, "m")
