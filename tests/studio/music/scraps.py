"""Small tunes for the tests of the music rooms."""

from __future__ import annotations

from collections.abc import Sequence

from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key, Phrase

D_MAJOR = Key(2, "major")
_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


def line(text: str, metre: str = "4/4", key: Key | None = D_MAJOR, step: float = 0.5) -> Phrase:
    """A tune from names such as "D5 F#5 A5": each lasts `step` beats; "-" prolongs, "." rests."""
    notes: list[Note] = []
    at = 0.0
    for word in text.split():
        if word == "-":
            last = notes[-1]
            notes[-1] = Note("lead", last.start_beats, last.length_beats + step, last.pitch, 90)
        elif word != ".":
            notes.append(Note("lead", at, step, midi(word), 90))
        at += step
    beats, unit = (int(part) for part in metre.split("/"))
    length = Metre(beats, unit).bar_beats
    bars = max(1, -int(-(at - 1e-6) // length))
    return Phrase(tuple(notes), bars * length, Metre(beats, unit), key)


def midi(name: str) -> int:
    """The MIDI number of "F#4"."""
    sharp = name.count("#") - name[1:].count("b")
    return _LETTERS[name[0]] + sharp + 12 * (int(name[-1]) + 1)


def spots(notes: Sequence[Note]) -> list[tuple[float, int]]:
    """(beginning, pitch) of each note."""
    return [(round(note.start_beats, 6), note.pitch) for note in notes]


REEL = line(
    """D5 A4 F#4 A4 D5 A4 F#4 A4  E5 C#5 A4 C#5 E5 C#5 A4 C#5
       D5 A4 F#4 A4 G4 B4 D5 B4   C#5 E5 A5 G5 F#5 D5 E5 C#5
       D5 A4 F#4 A4 D5 A4 F#4 A4  E5 C#5 A4 C#5 E5 C#5 A4 C#5
       F#5 D5 G5 E5 F#5 D5 B4 D5  A4 C#5 E5 G5 F#5 D5 D5 -"""
)
"""Eight bars in D, half a bar's harmony plain to hear."""
JIG = line(
    """G4 B4 D5 G5 D5 B4  A4 C5 E5 D5 C5 A4  G4 B4 D5 G5 D5 B4  F#4 A4 D5 C5 A4 F#4
       G4 B4 D5 G5 D5 B4  E5 C5 A4 D5 B4 G4  A4 D5 F#5 A5 F#5 D5  G5 - G4 G4 - -""",
    "6/8",
    Key(7, "major"),
)
HYMN = line(
    """G4 A4 B4 C5  D5 - B4 -  C5 B4 A4 G4  A4 - - -
       B4 C5 D5 E5  D5 C5 B4 A4  G4 B4 A4 F#4  G4 - - -""",
    "4/4",
    Key(7, "major"),
    step=1.0,
)
