"""How each kind of tune is played: its metre, tempo and swing, and what people call it.

The tempi are those of dancing and of sessions, in quarter notes a minute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from studio.music.metres import Metre


@dataclass(frozen=True, slots=True)
class Manner:
    """The ways of a genre."""

    metre: Metre
    tempo: float
    """Quarter notes a minute in its own metre."""
    swing: float = 0.0
    """0 straight, 1 dotted; in jigs the lilt. See `studio.music.band._feel`."""
    tempi: Mapping[str, float] = field(default_factory=dict)
    """Where another metre has a tempo of its own."""

    def tempo_in(self, metre: Metre) -> float:
        """Quarter notes a minute in `metre`."""
        own = self.tempi.get(str(metre))
        if own is not None:
            return own
        if (metre.beats, metre.unit) == (2, 4) and self.metre.beats == 4:
            return self.tempo / 2  # written at half length
        return self.tempo


def _metre(text: str) -> Metre:
    beats, unit = text.split("/")
    return Metre(int(beats), int(unit))


MANNERS: Mapping[str, Manner] = {
    "any": Manner(_metre("4/4"), 112),
    "reel": Manner(_metre("4/4"), 208, 0.1),
    "jig": Manner(_metre("6/8"), 174, 0.3, {"12/8": 174}),
    "slip jig": Manner(_metre("9/8"), 168, 0.3),
    "hornpipe": Manner(_metre("4/4"), 168, 0.6),
    "air": Manner(_metre("4/4"), 72, 0.0, {"3/4": 84, "6/8": 96}),
    "march": Manner(_metre("4/4"), 112, 0.0, {"6/8": 162, "2/4": 84}),
    "strathspey": Manner(_metre("4/4"), 126, 0.0),
    "waltz": Manner(_metre("3/4"), 132, 0.1),
    "chorale": Manner(_metre("4/4"), 76, 0.0),
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


def manner(genre: str) -> Manner:
    """The ways of `genre`; those of "any" for one that is not known here."""
    return MANNERS.get(genre, MANNERS["any"])


def at_home(genre: str, metre: Metre) -> bool:
    """Whether tunes of `genre` go in `metre`; where the genre is not known, they may."""
    ways = MANNERS.get(genre) if genre != "any" else None
    if ways is None or str(metre) in (str(ways.metre), *ways.tempi):
        return True
    return ways.metre == Metre(4, 4) and (metre.beats, metre.unit) in ((2, 2), (2, 4))
