"""Keys: their scales, what people call them, and which one some notes are in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from studio.music.modes import MODE_WORDS, MODES
from studio.music.notes import Note
from studio.music.phrases import TONICS, Key

_LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_SIGNS = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1, "sharp": 1, "flat": -1}
_TONIC = re.compile(r"([a-g])\s*(sharp|flat|#|♯|b|♭)?", re.IGNORECASE)
_ALPHABET, _FIFTHS = "CDEFGAB", "FCGDAEB"
_SHARPS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_FLATS = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
FINAL = 0.3
"""What the last note counts beside a correlation."""


def scale(key: Key) -> tuple[int, ...]:
    """The seven pitch classes of `key`, its tonic first."""
    return tuple((key.tonic + step) % 12 for step in MODES[key.mode].steps)


def accidentals(key: Key) -> int:
    """The sharps of the key's signature, or as a negative number its flats: -5 to 6."""
    major = (key.tonic - MODES[key.mode].above_major) % 12
    sharps = major * 7 % 12
    return sharps if sharps <= 6 else sharps - 12


def signature(key: Key) -> dict[str, int]:
    """The letters that the key's signature alters: 1 for a sharp, -1 for a flat."""
    count = accidentals(key)
    letters = _FIFTHS[:count] if count > 0 else _FIFTHS[7 + count :]
    return dict.fromkeys(letters, 1 if count > 0 else -1)


def name_of(pitch: int, key: Key | None = None) -> str:
    """What `pitch` (a MIDI number or a pitch class) is called in `key`, without its octave.

    The key's own notes have seven different letters: F# major has an E#, not an F.
    """
    if key is None:
        return _SHARPS[pitch % 12]
    names = _FLATS if accidentals(key) < 0 else _SHARPS
    return _spelling(key).get(pitch % 12, names[pitch % 12])


def staff_place(pitch: int, key: Key) -> int:
    """On which line or space `pitch` is written in `key`, counted from C-1 on: 35 is middle C."""
    name = name_of(pitch, key)
    signs = name.count("#") - name[1:].count("b")
    return 7 * ((pitch - signs) // 12) + _ALPHABET.index(name[0])


def pitch_on_staff(place: int, key: Key) -> int:
    """The note of `key`'s signature that is written there."""
    octave, letter = divmod(place, 7)
    name = _ALPHABET[letter]
    return 12 * octave + _LETTERS[name.lower()] + signature(key).get(name, 0)


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
    """The key that suits `notes` best. With `sharps` (negative for flats) only the keys with that
    signature are looked at. C major for no notes at all."""
    return key_of([(note.pitch, max(0.0, note.length_beats)) for note in notes], sharps)


def key_of(played: Sequence[tuple[int, float]], sharps: int | None = None) -> Key:
    """The key that suits best what is `played`, in order: pitches and lengths in any unit.

    By Krumhansl's profiles; the last note speaks for itself as the tonic.
    """
    if not played:
        return Key(0, "major")
    heard, last = histogram(played), played[-1][0] % 12
    keys = [Key(tonic, mode) for tonic in range(12) for mode in MODES]
    signed = [key for key in keys if sharps is None or (accidentals(key) - sharps) % 12 == 0]
    return max(signed, key=lambda key: fit(heard, key) + FINAL * (key.tonic == last))


def histogram(played: Iterable[tuple[int, float]]) -> NDArray[np.float64]:
    """How long each pitch class is heard, (12,): of pitches and their lengths."""
    heard = np.full(12, 1e-3)
    for pitch, length in played:
        heard[pitch % 12] += length
    return heard


def fit(heard: NDArray[np.float64], key: Key) -> float:
    """How well pitch classes heard so long, (12,), suit a key, as a correlation."""
    return float(np.corrcoef(np.roll(heard, -key.tonic), MODES[key.mode].profile)[0, 1])


__all__ = [
    "FINAL", "TONICS", "accidentals", "best_key", "fit", "histogram", "key_of", "name_of", "parse",
    "scale", "signature", "tonic_of",
]  # fmt: skip
