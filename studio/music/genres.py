"""How each kind of tune is played: its metre, tempo and swing, and what people call it.

The tempi are those of dancing and of sessions, in quarter notes a minute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from studio.music.metres import Metre


@dataclass(frozen=True, slots=True)
class Genre:
    """How a genre is played."""

    metre: Metre
    tempo: float
    """Quarter notes a minute in its own metre."""
    swing: float = 0.0
    """0 straight, 1 dotted; in jigs the lilt. See `studio.music.band._feel`."""
    tempi: Mapping[str, float] = field(default_factory=dict)
    """Where another metre has a tempo of its own."""
    others: Mapping[str, int] = field(default_factory=dict)
    """Where it has other players than a fiddle, a bass and a guitar: General MIDI's programs from
    0, by part."""

    hand: str = "close"
    """How its chords are laid out: one of `studio.music.band._strumming.HANDS`."""
    levels: Mapping[str, float] = field(default_factory=dict)
    """How hard each part plays, beside what is written: the lead on top, the drums heard. By
    `latentloom bench band`."""

    @property
    def programs(self) -> dict[str, int]:
        """Who plays each part: General MIDI's programs, from 0."""
        return {**_FIDDLE_BAND, **self.others}

    def tempo_in(self, metre: Metre) -> float:
        """Quarter notes a minute in `metre`."""
        own = self.tempi.get(str(metre))
        if own is not None:
            return own
        if (metre.beats, metre.unit) == (2, 4) and self.metre.beats == 4:
            return self.tempo / 2  # written at half length
        return self.tempo


_FIDDLE_BAND = {"lead": 110, "bass": 32, "chords": 25, "drums": 40}
"""Fiddle, acoustic bass, steel guitar; drums with brushes: the built-in SoundFont has them all."""

GENRES: Mapping[str, Genre] = {
    "any": Genre(Metre(4, 4), 112),
    "reel": Genre(
        Metre(4, 4), 208, 0.1, hand="open", levels={"lead": 1.1, "bass": 0.85, "drums": 0.88}
    ),
    "jig": Genre(
        Metre(6, 8),
        174,
        0.3,
        {"12/8": 174},
        hand="open",
        levels={"lead": 1.1, "bass": 0.92, "drums": 0.9},
    ),
    "slip jig": Genre(Metre(9, 8), 168, 0.3, hand="open", levels={"lead": 1.06}),
    "hornpipe": Genre(Metre(4, 4), 168, 0.6, levels={"lead": 1.06, "chords": 1.05}),
    "air": Genre(
        Metre(4, 4),
        72,
        0.0,
        {"3/4": 84, "6/8": 96},
        {"lead": 73, "chords": 46},
        "wide",
        {"chords": 1.15, "drums": 1.5},
    ),  # flute and harp
    "march": Genre(
        Metre(4, 4),
        112,
        0.0,
        {"6/8": 162, "2/4": 84},
        {"lead": 72, "chords": 21},
        "buttons",
        {"chords": 1.35, "drums": 1.3},
    ),  # piccolo and accordion
    "strathspey": Genre(
        Metre(4, 4), 126, others={"chords": 0}, levels={"bass": 0.95, "drums": 1.2}
    ),
    "waltz": Genre(
        Metre(3, 4),
        132,
        0.1,
        others={"chords": 21},
        hand="buttons",
        levels={"chords": 1.1, "drums": 1.4},
    ),
    "chorale": Genre(
        Metre(4, 4), 76, others={"lead": 68, "bass": 42, "chords": 48}, levels={"bass": 1.2}
    ),  # oboe and strings
}

WORDS: Mapping[str, tuple[str, str | None]] = {
    "polka": ("reel", "2/4"),
    "double jig": ("jig", None),
    "single jig": ("jig", None),
    "jigg": ("jig", None),
    "gigue": ("jig", None),
    "giga": ("jig", None),
    "slide": ("jig", "12/8"),
    "hop jig": ("slip jig", None),
    "clog": ("hornpipe", None),
    "barn dance": ("hornpipe", None),
    "schottische": ("hornpipe", None),
    "aire": ("air", None),
    "song": ("air", None),
    "ballad": ("air", None),
    "lament": ("air", None),
    "lullaby": ("air", "3/4"),
    "quick step": ("march", "6/8"),
    "retreat": ("march", None),
    "fling": ("strathspey", None),
    "highland fling": ("strathspey", None),
    "walzer": ("waltz", None),
    "valse": ("waltz", None),
    "mazurka": ("waltz", None),
    "minuet": ("waltz", None),
    "choral": ("chorale", None),
    "hymn": ("chorale", None),
    "psalm": ("chorale", None),
}
"""What else a genre is called, with the metre that goes with the word, if it is another."""


def genre_named(name: str) -> Genre:
    """The genre called `name`; "any" for one that is not known here."""
    return GENRES.get(name, GENRES["any"])


def at_home(name: str, metre: Metre) -> bool:
    """Whether tunes of that genre go in `metre`; where the genre is not known, they may."""
    genre = GENRES.get(name) if name != "any" else None
    if genre is None or str(metre) in (str(genre.metre), *genre.tempi):
        return True
    return genre.metre == Metre(4, 4) and (metre.beats, metre.unit) in ((2, 2), (2, 4))
