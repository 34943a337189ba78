"""What modulators hear: the tune, keys played, the sound that comes in, and controls.

All of it is frozen and says when things were, so that a modulator needs no memory: what it is at a
moment follows from the moment and from this alone.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from studio.document.score import PARTS

ALL = "all"
"""Any part, any deck."""
DRUMS: Mapping[str, frozenset[int]] = MappingProxyType(
    {
        "kick": frozenset({35, 36, 41, 64}),
        "snare": frozenset({37, 38, 39, 40, 62, 76}),
        "hat": frozenset({42, 44, 46, 51, 54, 59, 70, 82}),
    }
)
"""General MIDI's pitches of what an envelope can be triggered by, and what plays the same role in
folk bands: a bodhrán's low skin (a conga there) and its rim, rides, shakers and tambourines."""


@dataclass(frozen=True, slots=True)
class TuneNote:
    """A note of a settled bar, or of the bar to come."""

    beat: float
    """From the transport's beat 0, as it is played."""
    length_beats: float
    pitch: int
    """0 to 127."""
    velocity: int
    """1 to 127."""
    part: str
    """One of `studio.document.score.PARTS`."""
    deck: int = 1
    """The number of the deck that plays it, from 1."""


@dataclass(frozen=True, slots=True)
class TuneChord:
    """From `beat` on, what the band plays."""

    beat: float
    root: int
    """0 (C) to 11 (B)."""
    tension: float = 0.0
    """From 0, the key's own, to 1."""


@dataclass(frozen=True, eq=False)
class Voice:
    """Notes of one kind, by beat."""

    notes: tuple[TuneNote, ...] = ()

    @cached_property
    def beats(self) -> tuple[float, ...]:
        """When each begins."""
        return tuple(note.beat for note in self.notes)

    def between(self, start: float, end: float) -> tuple[TuneNote, ...]:
        """Those that begin in (start, end]."""
        return self.notes[bisect_right(self.beats, start) : bisect_right(self.beats, end)]

    def last(self, beat: float, count: int) -> tuple[TuneNote, ...]:
        """The last `count` of those that have begun at `beat`, oldest first."""
        end = bisect_right(self.beats, beat)
        return self.notes[max(0, end - count) : end]


_SILENCE = Voice()


class Tune:
    """The notes and chords around the present: of the bars that have begun, and of the bar to come.

    Make one when they differ, not with every frame: what is asked for is sorted out once.
    """

    def __init__(self, notes: Iterable[TuneNote] = (), chords: Iterable[TuneChord] = ()) -> None:
        self.notes = tuple(sorted(notes, key=lambda note: (note.beat, note.pitch)))
        self.chords = tuple(sorted(chords, key=lambda chord: chord.beat))
        self._chord_beats = tuple(chord.beat for chord in self.chords)
        self._voices: dict[tuple[str, int], Voice] = {}

    def voice(self, which: str, deck: int = 0) -> Voice:
        """The notes of one of `PARTS` or `DRUMS`, or of `ALL`; of deck `deck`, or of all with 0."""
        if not self.notes:
            return _SILENCE
        found = self._voices.get((which, deck))
        if found is None:
            found = self._voices[which, deck] = Voice(
                tuple(note for note in self.notes if _is_of(note, which, deck))
            )
        return found

    def last_chords(self, beat: float, count: int) -> tuple[TuneChord, ...]:
        """The last `count` chords that have begun at `beat`, oldest first."""
        end = bisect_right(self._chord_beats, beat)
        return self.chords[max(0, end - count) : end]


def _is_of(note: TuneNote, which: str, deck: int) -> bool:
    if deck and note.deck != deck:
        return False
    if which in DRUMS:
        return note.part == "drums" and note.pitch in DRUMS[which]
    return which == ALL or (which in PARTS and note.part == which)


@dataclass(frozen=True, slots=True)
class Strike:
    """A key that somebody plays, or an onset in the sound."""

    at_s: float
    """In the modulation's seconds."""
    velocity: float = 1.0
    """0 to 1."""
    length_s: float | None = None
    """None while it is held, and for what has no length."""
    pitch: int = 60


@dataclass(frozen=True, slots=True)
class Sound:
    """What is heard in the sound that comes in, or in the instrument's own."""

    levels: Mapping[int, float] = field(default_factory=dict)
    """By the number of a modulator of the kind "sound": its band's level, 0 to 1, after gain,
    gate, attack and release."""
    onsets: tuple[Strike, ...] = ()
    """The last ones, oldest first."""


Moves = tuple[tuple[float, float], ...]
"""When a control was moved, in the modulation's seconds, and where to, 0 to 1; oldest first. The
last one holds."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that modulators hear."""

    bpm: float = 120.0
    bar_beats: float = 4.0
    pulse_beats: float = 1.0
    """One beat of the metre, in quarter notes."""
    tune: Tune = field(default_factory=Tune)
    keys: tuple[Strike, ...] = ()
    """MIDI notes that came in, the last ones, oldest first."""
    sound: Sound = field(default_factory=Sound)
    moves: Mapping[str, Moves] = field(default_factory=dict)
    """By source: a control's address, "cc/1/74" (channel and number), or "osc/some/address"."""
    due_beat: float | None = None
    """The beat for which a scene waits that has been called up; None where none does."""
    words: str = ""
    """The line that a deck says; empty where none does."""


def last_before(strikes: tuple[Strike, ...], at_s: float, count: int) -> tuple[Strike, ...]:
    """The last `count` of those up to `at_s`, oldest first."""
    end = bisect_left([strike.at_s for strike in strikes], at_s + 1e-9)
    return strikes[max(0, end - count) : end]
