"""What the app and the process that engraves say to each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from studio.music.chords import Chord
from studio.music.files.musicxml import Score, Staff
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key
from studio.processes.framing import Codec
from studio.processes.messages import Alive, Leave

STRIP, SHEETS = "strip", "sheets"
"""One line of music, or pages of A4."""


@dataclass(frozen=True, slots=True)
class Engrave:
    """Engrave this, a score as `packed` has it; the answer bears the number."""

    number: int
    score: tuple[Any, ...]
    form: str


@dataclass(frozen=True, slots=True)
class Engraved:
    """Pages, each as (svg, width, height, places): see `studio.engraving.pages.Page`."""

    number: int
    pages: tuple[tuple[str, float, float, tuple[tuple[str, float, float], ...]], ...]


@dataclass(frozen=True, slots=True)
class NotEngraved:
    """Why there are none."""

    number: int
    sentence: str


def packed(score: Score) -> tuple[Any, ...]:
    """A score as numbers and strings: to write it as XML takes 9 ms for four full bars, which the
    window's thread does not have."""
    key = score.key
    return (
        tuple((staff.part, tuple(map(_notes, staff.bars))) for staff in score.staves),
        (score.metre.beats, score.metre.unit),
        None if key is None else (key.tonic, key.mode),
        tuple(tuple((beat, c.root, c.quality) for beat, c in bar) for bar in score.chords),
        (score.title, score.tempo, score.pickup, score.first, score.named, score.closed),
    )


def unpacked(values: tuple[Any, ...]) -> Score:
    """The score that was `packed`."""
    staves, metre, key, chords, (title, tempo, pickup, first, named, closed) = values
    return Score(
        staves=tuple(
            Staff(part, tuple(tuple(Note(part, s, n, p, 64, t) for s, n, p, t in bar)
                              for bar in bars))
            for part, bars in staves
        ),
        metre=Metre(*metre),
        key=None if key is None else Key(*key),
        chords=tuple(tuple((beat, Chord(r, q)) for beat, r, q in bar) for bar in chords),
        title=title, tempo=tempo, pickup=pickup, first=first, named=named, closed=closed,
    )  # fmt: skip


def _notes(bar: tuple[Note, ...]) -> tuple[tuple[float, float, int, bool], ...]:
    return tuple((n.start_beats, n.length_beats, n.pitch, n.tied) for n in bar)


COMMANDS = Codec(Engrave, Alive, Leave)
EVENTS = Codec(Engraved, NotEngraved, Alive)
