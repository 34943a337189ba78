"""Modes: one table of all that is known of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mode:
    """What a mode is."""

    steps: tuple[int, ...]
    """Its scale, in semitones above the tonic."""
    above_major: int
    """Its tonic, in semitones above that of the major key with the same signature."""
    suffix: str
    """What ABC writes after the tonic."""
    words: tuple[str, ...]
    """What people write for it, in lower case; its own name among them."""
    profile: tuple[float, ...]
    """How much each semitone above the tonic is heard (Krumhansl, 1990; the modes by analogy)."""


_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


def _swapped(profile: tuple[float, ...], first: int, second: int) -> tuple[float, ...]:
    row = list(profile)
    row[first], row[second] = row[second], row[first]
    return tuple(row)


MODES: Mapping[str, Mode] = {
    "major": Mode(
        (0, 2, 4, 5, 7, 9, 11), 0, "", ("major", "maj", "ionian", "ion", "dur"), _MAJOR
    ),
    "minor": Mode(
        (0, 2, 3, 5, 7, 8, 10), 9, "m",
        ("minor", "min", "m", "moll", "aeolian", "aeol"), _MINOR,
    ),
    "dorian": Mode(
        (0, 2, 3, 5, 7, 9, 10), 2, "dor", ("dorian", "dor"), _swapped(_MINOR, 8, 9)
    ),
    "mixolydian": Mode(
        (0, 2, 4, 5, 7, 9, 10), 7, "mix",
        ("mixolydian", "mixo", "mix"), _swapped(_MAJOR, 10, 11),
    ),
}  # fmt: skip
MODE_WORDS: Mapping[str, str] = {word: name for name, mode in MODES.items() for word in mode.words}
"""The mode that each word means."""
