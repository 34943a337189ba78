"""Keys: their scales, what people call them, and which one some notes are in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from studio.music.notes import Note
from studio.music.phrases import MODES, TONICS, Key

SCALES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
}
"""The steps of each mode, in semitones above its tonic."""
ABOVE_MAJOR = {"major": 0, "dorian": 2, "mixolydian": 7, "minor": 9}
"""A mode's tonic, in semitones above that of the major key with the same signature."""
MODE_WORDS = {
    "major": "major", "maj": "major", "ionian": "major", "ion": "major", "dur": "major",
    "minor": "minor", "min": "minor", "m": "minor", "moll": "minor", "aeolian": "minor",
    "aeol": "minor", "dorian": "dorian", "dor": "dorian", "mixolydian": "mixolydian",
    "mixo": "mixolydian", "mix": "mixolydian",
}  # fmt: skip
"""What people write for the modes, in lower case."""
_LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_SIGNS = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1, "sharp": 1, "flat": -1}
_TONIC = re.compile(r"([a-g])\s*(sharp|flat|#|♯|b|♭)?", re.IGNORECASE)
_ALPHABET = "CDEFGAB"
_SHARPS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_FLATS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
_MINOR_PROFILE = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
_MAJOR_PROFILE = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_FINAL = 0.3
"""What the last note counts beside a correlation."""


def scale(key: Key) -> tuple[int, ...]:
    """The seven pitch classes of `key`, its tonic first."""
    return tuple((key.tonic + step) % 12 for step in SCALES[key.mode])


def accidentals(key: Key) -> int:
    """The sharps of the key's signature, or as a negative number its flats: -5 to 6."""
    major = (key.tonic - ABOVE_MAJOR[key.mode]) % 12
    sharps = major * 7 % 12
    return sharps if sharps <= 6 else sharps - 12


def name_of(pitch: int, key: Key | None = None) -> str:
    """What `pitch` (a MIDI number or a pitch class) is called in `key`, without its octave.

    The key's own notes have seven different letters: F# major has an E#, not an F.
    """
    if key is None:
        return _SHARPS[pitch % 12]
    names = _FLATS if accidentals(key) < 0 else _SHARPS
    return _spelling(key).get(pitch % 12, names[pitch % 12])


@lru_cache(64)
def _spelling(key: Key) -> dict[int, str]:
    tonic = (_FLATS if accidentals(key) < 0 else _SHARPS)[key.tonic]
    first = _ALPHABET.index(tonic[0])
    letters = [_ALPHABET[(first + degree) % 7] for degree in range(7)]
    return {
        pitch: _signed(letter, pitch) for pitch, letter in zip(scale(key), letters, strict=True)
    }


def _signed(letter: str, pitch: int) -> str:
    return letter + {0: "", 1: "#", -1: "b"}[(pitch - _LETTERS[letter.lower()] + 6) % 12 - 6]


def tonic_of(text: str) -> int | None:
    """The pitch class that `text` names ("F#", "Bb", "e flat"), or None."""
    found = _TONIC.fullmatch(text.strip())
    if found is None:
        return None
    return (_LETTERS[found[1].lower()] + _SIGNS[(found[2] or "").lower()]) % 12


def parse(text: str) -> Key | None:
    """The key that `text` names: "D dorian", "Am", "F# minor", "Bb"; None where it names none."""
    found = _TONIC.match(text.strip())
    if found is None:
        return None
    rest = text.strip()[found.end() :].strip(" -").lower()
    mode = MODE_WORDS.get(rest, "" if rest else "major")
    tonic = tonic_of(found[0])
    return Key(tonic, mode) if mode and tonic is not None else None


def best_key(notes: Iterable[Note], sharps: int | None = None) -> Key:
    """The key that suits `notes` best, by Krumhansl's profiles (1990; the modes by analogy).

    The last note speaks for itself as the tonic. With `sharps` (negative for flats) only the keys
    with that signature are looked at. C major for no notes at all.
    """
    played, last = _histogram(notes)
    if last is None:
        return Key(0, "major")
    keys = [Key(tonic, mode) for tonic in range(12) for mode in MODES]
    signed = [key for key in keys if sharps is None or (accidentals(key) - sharps) % 12 == 0]
    return max(signed, key=lambda key: _fit(played, key) + _FINAL * (key.tonic == last))


def _histogram(notes: Iterable[Note]) -> tuple[NDArray[np.float64], int | None]:
    played, last = np.full(12, 1e-3), None
    for note in notes:
        played[note.pitch % 12] += max(0.0, note.length_beats)
        last = note.pitch % 12
    return played, last


def _swapped(profile: Sequence[float], first: int, second: int) -> tuple[float, ...]:
    row = list(profile)
    row[first], row[second] = row[second], row[first]
    return tuple(row)


_PROFILES = {
    "major": _MAJOR_PROFILE,
    "mixolydian": _swapped(_MAJOR_PROFILE, 10, 11),
    "minor": _MINOR_PROFILE,
    "dorian": _swapped(_MINOR_PROFILE, 8, 9),
}


def _fit(played: NDArray[np.float64], key: Key) -> float:
    """How well pitch classes played so long, (12,), suit a key, as a correlation."""
    return float(np.corrcoef(np.roll(played, -key.tonic), _PROFILES[key.mode])[0, 1])


__all__ = [
    "ABOVE_MAJOR", "MODE_WORDS", "SCALES", "TONICS", "accidentals", "best_key", "name_of", "parse",
    "scale", "tonic_of",
]  # fmt: skip
