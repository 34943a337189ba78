"""Levels of bands, onsets and a spectrum, from samples. Pure: no device, no thread, no clock.

Every hop of some 5 ms the last 43 ms are looked at. Their window rises slowly and falls within one
hop, so that what has just sounded counts at once, and is as smooth as a spectrum needs it.

A level goes as loudness does: with the 0.6th power of the sound's pressure (S. S. Stevens, "The
measurement of loudness", 1955). An onset is a sudden growth in many bands at once, the spectral
flux on a logarithmic scale against a threshold that follows it (S. Böck, F. Krebs, M. Schedl,
"Evaluating the online capabilities of onset detection methods", ISMIR 2012).
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from studio.audio.listening.messages import Band, Heard, Listen

Samples = NDArray[np.float32]
"""(frames,), one channel, full scale at 1."""

_HOP_S, _HOPS, _FALL_HOPS = 0.005, 8, 2
"""How often it looks, about; at how many hops; and within how many the window falls. With one, a
tone of 100 Hz is heard above 250 Hz at -33 dB, with two at -49, with three at -59."""
_SILENT_DB = -120.0
_MOST = 8.0
"""No sample counts for more, whatever a driver makes up."""

_SPECTRUM_BANDS = 48
_EDGES_HZ = np.geomspace(30.0, 18_000.0, _SPECTRUM_BANDS + 1)
SPECTRUM_HZ: tuple[float, ...] = tuple(np.sqrt(_EDGES_HZ[1:] * _EDGES_HZ[:-1]).tolist())
"""The middles of the bands of a spectrum."""

_LOUDNESS = 0.6
_AUTO_FIRST_DB = -20.0
"""What automatic gain takes for loud before it has heard anything."""
_AUTO_MOST_DB = 30.0
"""It makes nothing louder than by so much: noise stays small."""
_AUTO_FALLS_DB_PER_S = 1.5
"""How fast it forgets what was loud, while something sounds."""
_NINE_TENTHS = math.log(10)
_REST = 1e-3
"""A level below this is none: a fall ends."""

_FLOOR = 1e-6
"""The power of a band, -60 dB, from where on its growth counts for an onset."""
_TRUSTED_BINS = 6.0
"""A band of fewer bins counts less for an onset: what noise does in one of them is no growth."""
_MEMORY_S = 0.5
_LEAST_FLUX, _OVER_MEAN = 0.08, 3.5
"""An onset is so much growth, in bels, and so many times what was the rule in the last while."""
_STRONG_FLUX = 1.0
"""An onset that grows by so much is as strong as any."""
_APART_S = 0.05
"""Two onsets are at least so far apart."""


def hop_of(rate_hz: int) -> int:
    """How many frames a hop has: a power of two near 5 ms."""
    return 1 << max(5, round(math.log2(rate_hz * _HOP_S)))


def window_of(hop: int) -> NDArray[np.float64]:
    """(8 * hop,): rises, and falls within the last hops."""
    fall = _FALL_HOPS * hop
    rise = _HOPS * hop - fall
    rising = np.sin(0.5 * np.pi * (np.arange(rise) + 0.5) / rise) ** 2
    falling = np.cos(0.5 * np.pi * (np.arange(fall) + 0.5) / fall) ** 2
    return np.concatenate((rising, falling))


class Analysis:
    """Hears one stream at one rate: give it samples as they come."""

    def __init__(self, rate_hz: int) -> None:
        self.rate_hz = rate_hz
        self.hop = hop_of(rate_hz)
        self._window = window_of(self.hop).astype(np.float32)
        self._past = np.zeros(_HOPS * self.hop, np.float32)
        self._power = 4.0 / (len(self._window) * float((self._window**2).sum()))
        self._waiting = np.zeros(0, np.float32)
        self._listen = Listen()
        self._bands: tuple[_BandLevel, ...] = ()
        self._weights = np.zeros((0, len(self._past) // 2 + 1), np.float32)
        self._spectrum_weights = _weights(_EDGES_HZ[:-1], _EDGES_HZ[1:], rate_hz, len(self._past))
        trust = np.minimum(1.0, self._spectrum_weights.sum(axis=1) / _TRUSTED_BINS)
        self._onsets = _OnsetDetector(self.hop / rate_hz, trust / trust.sum())

    def listen(self, listen: Listen) -> None:
        """Hear other bands from now on; one whose number was heard before goes on from there."""
        if listen == self._listen:
            return
        known = {level.band.number: level for level in self._bands}
        self._listen = listen
        self._bands = tuple(
            known.get(band.number, _BandLevel()).follow(band, self.hop / self.rate_hz)
            for band in listen.bands
        )
        edges = np.array([sorted(band[1:3]) for band in listen.bands]).reshape(-1, 2)
        self._weights = _weights(edges[:, 0], edges[:, 1], self.rate_hz, len(self._past))

    def hear(self, samples: Samples, first_s: float) -> list[Heard]:
        """What every hop is like that `samples` complete; the first of them sounded at `first_s`.

        The onsets are those of the hop alone; the spectrum is there only if it is asked for.
        """
        first_s -= len(self._waiting) / self.rate_hz
        samples = np.concatenate((self._waiting, np.clip(np.nan_to_num(samples), -_MOST, _MOST)))
        hops = len(samples) // self.hop
        self._waiting = samples[hops * self.hop :]
        step_s = self.hop / self.rate_hz
        return [
            self._hop(samples[n * self.hop : (n + 1) * self.hop], first_s + n * step_s)
            for n in range(hops)
        ]

    def _hop(self, samples: Samples, first_s: float) -> Heard:
        self._past = np.concatenate((self._past[self.hop :], samples))
        half = np.fft.rfft(self._past * self._window)
        powers = self._power * (half.real**2 + half.imag**2)
        levels = tuple(
            (level.band.number, level.hear(power))
            for level, power in zip(self._bands, (self._weights @ powers).tolist(), strict=True)
        )
        onsets: tuple[tuple[float, float], ...] = ()
        spectrum: tuple[float, ...] = ()
        if self._listen.onsets or self._listen.spectrum:
            bands = self._spectrum_weights @ powers
            strength = self._onsets.hear(bands) if self._listen.onsets else 0.0
            if strength:
                onsets = ((first_s + self._loudest() / self.rate_hz, strength),)
            if self._listen.spectrum:
                spectrum = tuple(np.round(_decibels(bands), 1).tolist())
        return Heard(first_s + len(samples) / self.rate_hz, levels, onsets, spectrum)

    def _loudest(self) -> int:
        """The loudest frame of the last two hops, counted from the last one's first."""
        last = np.abs(self._past[-2 * self.hop :])
        return int(last.argmax()) - self.hop


def _weights(
    lows_hz: NDArray[np.float64], highs_hz: NDArray[np.float64], rate_hz: int, size: int
) -> NDArray[np.float32]:
    """(bands, bins): the share of every bin of a spectrum of `size` that lies in each band."""
    width = rate_hz / size
    bins = np.arange(size // 2 + 1) * width
    starts = np.maximum(lows_hz[:, None], bins - width / 2)
    ends = np.minimum(highs_hz[:, None], bins + width / 2)
    shares: NDArray[np.float32] = (np.maximum(0.0, ends - starts) / width).astype(np.float32)
    return shares


def _decibels(powers: NDArray[np.float64]) -> NDArray[np.float64]:
    return 10 * np.log10(powers + 10 ** (_SILENT_DB / 10))


class _BandLevel:
    """The level of a band, hop by hop."""

    def __init__(self) -> None:
        self._level = 0.0
        self._loud_db = _AUTO_FIRST_DB
        self._rise = self._fall = 1.0

    def follow(self, band: Band, step_s: float) -> _BandLevel:
        """Go by the settings of `band` from now on, a hop of `step_s` each time."""
        self.band, self._step_s = band, step_s
        self._rise = _share(step_s, band.attack_ms)
        self._fall = _share(step_s, band.release_ms)
        return self

    def hear(self, power: float) -> float:
        """The level, 0 to 1, after a hop in which the band had this power (a full sine: 1)."""
        level_db = 10 * math.log10(power + 10 ** (_SILENT_DB / 10))
        sounds = level_db >= self.band.gate_db
        wanted = self._loudness(level_db) if sounds else 0.0
        share = self._rise if wanted > self._level else self._fall
        self._level += share * (wanted - self._level)
        if not sounds and self._level < _REST:
            self._level = 0.0
        return self._level

    def _loudness(self, level_db: float) -> float:
        gain_db = self.band.gain_db
        if self.band.auto_gain:
            falls_db = _AUTO_FALLS_DB_PER_S * self._step_s
            self._loud_db = max(level_db, self._loud_db - falls_db, -_AUTO_MOST_DB)
            gain_db -= self._loud_db
        return min(1.0, float(10 ** (_LOUDNESS * (level_db + gain_db) / 20)))


def _share(step_s: float, nine_tenths_ms: float) -> float:
    """How much of the way is gone in a step, where nine tenths take so long."""
    return -math.expm1(-_NINE_TENTHS * step_s / max(1e-4, nine_tenths_ms / 1000))


class _OnsetDetector:
    """Told the powers of the spectrum's bands hop by hop; each onset is told once."""

    def __init__(self, step_s: float, trust: NDArray[np.float64]) -> None:
        """`trust` is how much each band counts; together 1."""
        self._step_s, self._trust = step_s, trust
        self._before = self._long_before = np.zeros(_SPECTRUM_BANDS)
        self._lately: deque[float] = deque(maxlen=max(1, round(_MEMORY_S / step_s)))
        self._since_s = _APART_S
        self._grows = False

    def hear(self, powers: NDArray[np.float64]) -> float:
        """How strong an onset this hop is, above 0 to 1; 0 where it is none."""
        loud = np.log10(1 + powers / _FLOOR)
        known = np.maximum(self._before, self._long_before)  # against the flutter of noise
        flux = float(np.maximum(0.0, loud - known) @ self._trust)
        self._before, self._long_before = loud, self._before
        rule = sum(self._lately) / len(self._lately) if self._lately else 0.0
        self._lately.append(min(flux, 4 * rule + _LEAST_FLUX))  # one onset hides no other
        self._since_s += self._step_s
        grew, self._grows = self._grows, flux > max(_LEAST_FLUX, _OVER_MEAN * rule)
        if grew or not self._grows or self._since_s < _APART_S:
            return 0.0
        self._since_s = 0.0
        return min(1.0, flux / _STRONG_FLUX)
