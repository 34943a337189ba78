"""Scales, and which one some notes are in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


def _swapped(profile: tuple[float, ...], first: int, second: int) -> tuple[float, ...]:
    row = list(profile)
    row[first], row[second] = row[second], row[first]
    return tuple(row)


PROFILES = {
    "major": _MAJOR,
    "mixolydian": _swapped(_MAJOR, 10, 11),
    "minor": _MINOR,
    "dorian": _swapped(_MINOR, 8, 9),
}
"""How much each step above the tonic is played (Krumhansl, 1990); the modes by analogy."""
FINAL = 0.3
"""What the last note counts beside a correlation."""


def fit(played: NDArray[np.float64], tonic: int, mode: str) -> float:
    """How well pitch classes played so much, (12,), suit a key, as a correlation."""
    return float(np.corrcoef(np.roll(played, -tonic), PROFILES[mode])[0, 1])


def best_key(notes: Sequence[tuple[int, int]]) -> tuple[int, str]:
    """The tonic (a MIDI number below the middle of `notes`) and mode that suit notes best, each
    given as MIDI number and length. The last note speaks for itself as the tonic."""
    played = np.full(12, 1e-3)
    for pitch, length in notes:
        played[pitch % 12] += length
    last = notes[-1][0] % 12
    keys = [(tonic, mode) for tonic in range(12) for mode in PROFILES]
    tonic, mode = max(keys, key=lambda key: fit(played, *key) + FINAL * (key[0] == last))
    return near_middle(tonic, [pitch for pitch, _ in notes]), mode


def near_middle(tonic: int, pitches: Sequence[int]) -> int:
    """The MIDI number of pitch class `tonic` that lies about a fifth below the median pitch."""
    return tonic + 12 * round((float(np.median(pitches)) - 6 - tonic) / 12)
