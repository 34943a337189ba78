"""Phrases: notes in beats with the metre and the key that they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from studio.music.metres import Metre
from studio.music.modes import MODES
from studio.music.notes import Note

TONICS = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")
"""What is saved of each tonic, in whatever mode."""
TONIC_WORDS = (
    "C", "C♯ / D♭", "D", "D♯ / E♭", "E", "F", "F♯ / G♭", "G", "G♯ / A♭", "A", "A♯ / B♭", "B",
)  # fmt: skip
"""What each is called where one is chosen: D♯ minor and E♭ major are both at home there."""

_EDGE = 1e-6
"""Beats nearer than this are the same: sums of thirds do not land on the dot."""


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic, 0 (C) to 11 (B), and one of `MODES`."""

    tonic: int
    mode: str = "major"

    def __post_init__(self) -> None:
        if self.tonic not in range(12) or self.mode not in MODES:
            raise ValueError(f"There is no key of {self.tonic} {self.mode}.")

    def __str__(self) -> str:
        return f"{TONICS[self.tonic]} {self.mode}"

    def transposed(self, semitones: int) -> Key:
        """The key so many semitones higher."""
        return Key((self.tonic + semitones) % 12, self.mode)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Notes in beats (quarter notes) from the phrase's beginning, which is a bar line."""

    notes: tuple[Note, ...] = ()
    """By beginning, the lower of two first."""
    length_beats: float = 0.0
    metre: Metre = field(default_factory=Metre)
    key: Key | None = None
    """None where nobody has said or found it."""
    remarks: tuple[str, ...] = ()
    """A sentence for everything that is not as it came in."""

    def __post_init__(self) -> None:
        ordered = tuple(sorted(self.notes, key=lambda note: (note.start_beats, note.pitch)))
        object.__setattr__(self, "notes", ordered)

    def bars(self) -> tuple[Phrase, ...]:
        """One phrase for each bar, the last one whole. What rings over a bar line goes on tied."""
        step = self.metre.bar_beats
        count = max(1, -int(-(self.length_beats - _EDGE) // step))
        cut: list[list[Note]] = [[] for _ in range(count)]
        for note in self.notes:
            for number, piece in _pieces(note, step):
                if 0 <= number < count:
                    cut[number].append(piece)
        return tuple(
            Phrase(tuple(notes), step, self.metre, self.key, self.remarks if first == 0 else ())
            for first, notes in enumerate(cut)
        )

    def transposed(self, semitones: int) -> Phrase:
        """The phrase so many semitones higher; notes that leave MIDI's range are left out."""
        moved = (replace(note, pitch=note.pitch + semitones) for note in self.notes)
        kept = tuple(note for note in moved if 0 <= note.pitch < 128)
        return replace(self, notes=kept, key=self.key and self.key.transposed(semitones))

    def top_line(self) -> Phrase:
        """One note at a time: the highest of those that begin together, cut where the next begins.

        A lower note that begins while a higher one sounds is left out.
        """
        line: list[Note] = []
        for note in sorted(self.notes, key=lambda n: (n.start_beats, -n.pitch)):
            last = line[-1] if line else None
            if last is None or note.start_beats >= _end(last) - _EDGE:
                line.append(note)
            elif note.pitch > last.pitch and note.start_beats > last.start_beats + _EDGE:
                length = note.start_beats - last.start_beats
                line[-1:] = [replace(last, length_beats=length), note]
        return replace(self, notes=tuple(line))


@dataclass(frozen=True, slots=True)
class Kept:
    """What new bars are to have in common with others, as many as there are."""

    phrase: Phrase
    what: Literal["rhythm", "contour", "both"]
    """When its notes begin and end; where they rise and fall; or both."""


def joined(phrases: Sequence[Phrase]) -> Phrase:
    """One phrase after the other; the first says metre and key. Ties become one note each."""
    if not phrases:
        return Phrase()
    begin, notes = 0.0, list[Note]()
    for phrase in phrases:
        for note in phrase.notes:
            _append(notes, replace(note, start_beats=begin + note.start_beats))
        begin += phrase.length_beats
    remarks = tuple(remark for phrase in phrases for remark in phrase.remarks)
    return replace(phrases[0], notes=tuple(notes), length_beats=begin, remarks=remarks)


def on_track(track: str, notes: Iterable[Note]) -> tuple[Note, ...]:
    """The same notes, played by `track`."""
    return tuple(replace(note, track=track) for note in notes)


def _append(notes: list[Note], note: Note) -> None:
    """Add `note`, or prolong the one that it goes on from."""
    if note.tied:
        for index in range(len(notes) - 1, max(-1, len(notes) - 33), -1):
            before = notes[index]
            same = (before.pitch, before.track) == (note.pitch, note.track)
            if same and abs(_end(before) - note.start_beats) < _EDGE:
                length = before.length_beats + note.length_beats
                notes[index] = replace(before, length_beats=length)
                return
    notes.append(replace(note, tied=False))


def _pieces(note: Note, step: float) -> Iterator[tuple[int, Note]]:
    """The bars that `note` sounds in, each with its piece, in beats from that bar's beginning."""
    start, end, tied = note.start_beats, _end(note), note.tied
    while True:
        number = int((start + _EDGE) // step)
        stop = min(end, (number + 1) * step)
        yield (
            number,
            replace(note, start_beats=start - number * step, length_beats=stop - start, tied=tied),
        )
        if end - stop < _EDGE:
            return
        start, tied = stop, True


def _end(note: Note) -> float:
    return note.start_beats + note.length_beats
