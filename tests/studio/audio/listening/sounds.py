"""Sounds made by arithmetic, and what an analysis makes of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from studio.audio.listening.analysis import Analysis
from studio.audio.listening.messages import Band, Heard, Listen

RATE_HZ = 48_000
BANDS = (Band(1, 20, 250), Band(2, 250, 2500), Band(3, 2500, 18_000))

Sound = NDArray[np.float32]


def silence(seconds: float) -> Sound:
    return np.zeros(round(seconds * RATE_HZ), np.float32)


def tone(hertz: float, seconds: float = 2.0, size: float = 0.5) -> Sound:
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return (size * np.sin(2 * np.pi * hertz * at)).astype(np.float32)


def pink_noise(seconds: float, size: float = 0.1) -> Sound:
    """Of equal power in every octave, `size` of it on the average."""
    count = round(seconds * RATE_HZ)
    half = np.fft.rfft(np.random.default_rng(1).standard_normal(count))
    half[1:] /= np.sqrt(np.arange(1, len(half)))
    half[0] = 0
    noise = np.fft.irfft(half, count)
    return (size * noise / noise.std()).astype(np.float32)


def clicks(at_s: list[float], seconds: float, size: float = 0.5) -> Sound:
    made = silence(seconds)
    made[[round(at * RATE_HZ) for at in at_s]] = size
    return made


def hear(sound: Sound, listen: Listen, block: int = 128, first_s: float = 0.0) -> list[Heard]:
    """Block by block, as a device gives it."""
    analysis = Analysis(RATE_HZ)
    analysis.listen(listen)
    return [
        heard
        for start in range(0, len(sound), block)
        for heard in analysis.hear(sound[start : start + block], first_s + start / RATE_HZ)
    ]


def levels(heard: list[Heard]) -> NDArray[np.float64]:
    """(hops, bands)"""
    return np.array([[level for _, level in each.levels] for each in heard])


def onsets(heard: list[Heard]) -> list[tuple[float, float]]:
    return [onset for each in heard for onset in each.onsets]
