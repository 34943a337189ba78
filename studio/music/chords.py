"""Chords: their notes and names, and which ones a key offers in which style."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

from studio.music.keys import name_of, scale
from studio.music.phrases import Key

Quality = Literal["", "m", "dim", "7", "m7", "maj7", "m7b5"]
INTERVALS: dict[str, tuple[int, ...]] = {
    "": (0, 4, 7),
    "m": (0, 3, 7),
    "dim": (0, 3, 6),
    "7": (0, 4, 7, 10),
    "m7": (0, 3, 7, 10),
    "maj7": (0, 4, 7, 11),
    "m7b5": (0, 3, 6, 10),
}
"""The notes of each quality, in semitones above the root."""
Style = Literal["folk", "chorale"]
_NAME = re.compile(r"([A-G])(#{0,2}|b{0,2})(m7b5|maj7|m7|m|dim|7|)")
_ROOTS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_EDGE = {"": 0.0, "m": 0.0, "7": 0.15, "m7": 0.05, "maj7": 0.1, "m7b5": 0.3, "dim": 0.3}
"""What a quality adds to the tension of a chord."""


@dataclass(frozen=True, slots=True)
class Chord:
    """A root, 0 (C) to 11 (B), and what stands above it."""

    root: int
    quality: Quality = ""

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        """Its notes, 0 to 11, the root first."""
        return tuple((self.root + step) % 12 for step in INTERVALS[self.quality])

    @classmethod
    def parse(cls, name: str) -> Chord | None:
        """The chord that `named` has called so; None for any other text."""
        found = _NAME.fullmatch(name)
        if found is None:
            return None
        root = _ROOTS[found[1]] + found[2].count("#") - found[2].count("b")
        return cls(root % 12, cast(Quality, found[3]))

    def tension(self, key: Key) -> float:
        """How far it is from home, 0 (the tonic's own chord) to 1: how many fifths its root lies
        from the tonic, and how many of its notes the key does not have."""
        fifths = (self.root - key.tonic) * 7 % 12
        away = min(fifths, 12 - fifths) / 6
        notes = self.pitch_classes
        strange = sum(note not in scale(key) for note in notes) / len(notes)
        return min(1.0, 0.5 * away + 0.35 * strange + _EDGE[self.quality])

    def named(self, key: Key | None = None) -> str:
        """What a leadsheet calls it: "F#m". The key says whether it is written with flats."""
        return name_of(self.root, key) + self.quality

    def __str__(self) -> str:
        return self.named()


@dataclass(frozen=True, slots=True)
class Degree:
    """A chord of a mode: how far its root lies above the tonic, and how gladly it is taken."""

    numeral: str
    above: int
    quality: Quality
    liking: float
    """In nats: 0 for the tonic's, less for those that are heard less often."""

    def in_key(self, key: Key) -> Chord:
        """The chord in `key`."""
        return Chord((key.tonic + self.above) % 12, self.quality)


_FOLK: dict[str, tuple[Degree, ...]] = {
    "major": (
        Degree("I", 0, "", 0.0),
        Degree("ii", 2, "m", -1.0),
        Degree("IV", 5, "", -0.5),
        Degree("V", 7, "", -0.3),
        Degree("vi", 9, "m", -0.9),
        Degree("iii", 4, "m", -2.2),
    ),
    "minor": (
        Degree("i", 0, "m", 0.0),
        Degree("III", 3, "", -0.9),
        Degree("iv", 5, "m", -0.9),
        Degree("v", 7, "m", -1.4),
        Degree("V", 7, "", -1.2),
        Degree("VI", 8, "", -1.0),
        Degree("VII", 10, "", -0.4),
    ),
    "dorian": (
        Degree("i", 0, "m", 0.0),
        Degree("VII", 10, "", -0.3),
        Degree("IV", 5, "", -0.9),
        Degree("III", 3, "", -1.1),
        Degree("v", 7, "m", -1.3),
        Degree("ii", 2, "m", -2.4),
    ),
    "mixolydian": (
        Degree("I", 0, "", 0.0),
        Degree("VII", 10, "", -0.4),
        Degree("IV", 5, "", -0.6),
        Degree("v", 7, "m", -1.3),
        Degree("V", 7, "", -1.5),
        Degree("ii", 2, "m", -1.6),
        Degree("vi", 9, "m", -1.8),
    ),
}
_CHORALE: dict[str, tuple[Degree, ...]] = {
    "major": (
        Degree("I", 0, "", 0.0),
        Degree("ii", 2, "m", -0.4),
        Degree("iii", 4, "m", -1.3),
        Degree("IV", 5, "", -0.2),
        Degree("V", 7, "", -0.1),
        Degree("V7", 7, "7", -0.7),
        Degree("vi", 9, "m", -0.3),
        Degree("V/V", 2, "", -1.3),
        Degree("V/vi", 4, "", -1.7),
    ),
    "minor": (
        Degree("i", 0, "m", 0.0),
        Degree("ii°", 2, "dim", -1.3),
        Degree("III", 3, "", -0.8),
        Degree("iv", 5, "m", -0.4),
        Degree("V", 7, "", -0.1),
        Degree("V7", 7, "7", -0.7),
        Degree("VI", 8, "", -0.4),
        Degree("VII", 10, "", -0.9),
        Degree("V/V", 2, "", -1.5),
        Degree("IV", 5, "", -1.6),
    ),
}


@lru_cache(64)
def degrees(mode: str, style: Style) -> tuple[Degree, ...]:
    """The chords that `mode` offers, the tonic's first. Chorales in old modes are taken as folk
    with the dominant of their time."""
    if style == "chorale":
        return _CHORALE.get(mode) or (*_FOLK[mode], *_missing_dominant(mode))
    return _FOLK[mode]


def _missing_dominant(mode: str) -> tuple[Degree, ...]:
    has = any(degree.above == 7 and degree.quality == "" for degree in _FOLK[mode])
    return () if has else (Degree("V", 7, "", -0.6),)


ChordNames = tuple[tuple[float, Chord], ...]
"""Chords, each with the beat of its bar from which it holds."""


def parsed(named: Iterable[tuple[float, str]]) -> ChordNames:
    """Chords by their names; what is no chord is left out."""
    found = ((beat, Chord.parse(name)) for beat, name in named)
    return tuple((beat, chord) for beat, chord in found if chord is not None)
