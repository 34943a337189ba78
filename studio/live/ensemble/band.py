"""From a bar of melody to a page for the whole band."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from studio.music.band.accompaniment import arrange
from studio.music.band.players import BandSetting
from studio.music.chords import Chord
from studio.music.harmony.changes import spans
from studio.music.notes import Note
from studio.music.phrases import Phrase


@dataclass(frozen=True, kw_only=True)
class Task:
    """A bar that wants a band."""

    lead: Phrase
    number: int
    """Of the bar, counted from the tune's beginning."""
    setting: BandSetting
    before: Any = None
    """The `state` after the bar before; None at the beginning."""
    chords: tuple[tuple[float, Chord], ...] = ()
    """Those that are to be played, each with its beat; none: those that suit the lead."""


@dataclass(frozen=True, kw_only=True)
class BandBar:
    """What all parts play in a bar."""

    notes: tuple[Note, ...]
    """In beats from the bar's beginning, each on the track of its part."""
    chords: tuple[tuple[float, str], ...] = ()
    """Names of chords, each with the beat where it begins."""
    written: tuple[Note, ...] = ()
    """As it stands on paper: without swing, accents and strays."""
    state: Any = None


Arrange = Callable[[Task], BandBar]
"""Pure: the same task, the same notes."""


def with_band(task: Task) -> BandBar:
    """The melody with bass, chords and drums under it, as `studio.music` plays them."""
    chosen = spans(task.chords, task.lead.length_beats)
    made = arrange(task.lead, task.number, task.setting, task.before, chosen=chosen)
    key = made.memory.key
    return BandBar(
        notes=tuple(note for phrase in made.parts.values() for note in phrase.notes),
        written=tuple(note for notes in made.written.values() for note in notes),
        chords=tuple((span.start_beats, span.chord.named(key)) for span in made.changes),
        state=made.memory,
    )
