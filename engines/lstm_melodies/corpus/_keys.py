"""The tonic and the mode of a tune, from its key signature and from what is played."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engines.lstm_melodies.corpus.corpora import REST, Tune
from engines.lstm_melodies.scales import FINAL, fit, near_middle

ABOVE_MAJOR = {"major": 0, "dorian": 2, "mixolydian": 7, "minor": 9}
"""The tonic of a mode, in semitones above the major key with the same signature."""
WRITTEN = 0.2
"""What the header counts beside a correlation."""


def key_of(tune: Tune) -> tuple[int, str]:
    """The tonic as a MIDI number, about a fifth below the tune's middle, and one of `MODES`.

    Typists often wrote the major key of the signature for a tune in another mode, so the header
    is one voice among three: what is played, and where the tune ends.
    """
    pitches, played = _histogram(tune)
    last = pitches[-1] % 12
    major = tune.sharps * 7 % 12

    def score(mode: str) -> float:
        tonic = (major + ABOVE_MAJOR[mode]) % 12
        return fit(played, tonic, mode) + FINAL * (last == tonic) + WRITTEN * (tune.mode == mode)

    mode = max(ABOVE_MAJOR, key=score)
    tonic = (major + ABOVE_MAJOR[mode]) % 12
    return near_middle(tonic, pitches), mode


def _histogram(tune: Tune) -> tuple[list[int], NDArray[np.float64]]:
    played = np.zeros(12)
    pitches = []
    for bar in tune.bars:
        for sound in bar.sounds:
            if sound.pitch != REST:
                pitches.append(sound.pitch)
                played[sound.pitch % 12] += max(0, sound.ticks)
    return pitches or [60], played + 1e-3
