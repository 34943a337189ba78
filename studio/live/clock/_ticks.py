"""A phase-locked loop over the ticks of a MIDI clock: their jitter averaged, their gaps bridged.

The first ticks are laid on a least-squares line; from there it is a g-h filter with growing memory,
at first the same line, later an average that forgets (E. Brookner, "Tracking and Kalman Filtering
Made Easy", 1998, chapter 1; at rest h = g^2 / (2 - g), after Benedict and Bordner, 1962).
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from itertools import accumulate, pairwise
from statistics import median

SHORTEST_S, LONGEST_S = 0.006, 0.16
"""The gaps between ticks that are a tempo: 24 a quarter from about 15 to 400 bpm."""

_FIRST = 12
"""So many ticks are only counted; only then is it known which of them are missing."""

_LOCKED = 24
"""The memory, in ticks, from which the phase is trusted: one beat."""

_WINDOWS = (8, 24)
"""So many of the latest ticks are looked at when something seems to have changed: few, to be quick,
and where those are too uneven to tell, more."""

_STEADY_G = 0.06
"""The gain at rest: averages over some seventy ticks; 0.21 of the jitter is left in the phase."""

_CLEARLY = 0.6
"""One reading of the latest ticks beats another when it leaves so much less unevenness."""

Tick = tuple[int, float]
"""A tick's number and the moment of its arrival."""


class TickLoop:
    """The moments of ticks 0, 1, 2, ... as a line; `hear` is told each arrival in order."""

    def __init__(self) -> None:
        self.index = -1
        """Which tick was heard last; lost ones are counted."""
        self.at_s = 0.0
        """When tick `index` was, the jitter taken off."""
        self.gap_s = 0.0
        """From tick to tick; 0 until two were heard."""
        self._memory = 0
        self._raw: deque[Tick] = deque(maxlen=max(_WINDOWS))
        self._bias_s = 0.0
        self._drift_s = 0.0
        self._spread_s = 0.001
        self._even = 0

    @property
    def steady(self) -> bool:
        """Whether a tempo is known."""
        return self.gap_s > 0

    @property
    def locked(self) -> bool:
        """Whether the phase is known to about a millisecond."""
        return self._memory >= _LOCKED

    @property
    def phase_error_s(self) -> float:
        """How far the ticks of the last two beats were off the line, on average."""
        return self._bias_s

    @property
    def jitter_s(self) -> float:
        """How far single ticks are off the line (root of the mean square)."""
        return self._spread_s

    def hear(self, t_s: float) -> None:
        """A tick arrived at `t_s`."""
        if self._memory < _FIRST:
            self._acquire(t_s)
            return
        steps = self._steps(t_s)
        self._even = self._even + 1 if steps == 1 else 0
        self._follow(t_s, steps)
        self._raw.append((self.index, t_s))
        self._look_back()

    def rephase(self, t_s: float) -> None:
        """The next tick is at `t_s` whatever was before: a sequencer that starts begins anew.
        Where it comes when it was due, nothing is special; the tempo is kept in any case."""
        if abs(t_s - self.at_s - self.gap_s) <= 4 * self._spread_s + 0.001:
            self.hear(t_s)
            return
        self.index, self.at_s = self.index + 1, t_s
        self._memory = 1 if self._memory < _FIRST else _FIRST
        self._even = 0
        self._raw.clear()
        self._raw.append((self.index, t_s))

    # -- the first ticks -----------------------------------------------------------------------

    def _acquire(self, t_s: float) -> None:
        if self._raw and not SHORTEST_S / 2 <= t_s - self._raw[-1][1] <= LONGEST_S:
            self._raw.clear()
        self.index += 1
        self._raw.append((self.index, t_s))
        self._memory = len(self._raw)
        self.at_s = t_s
        if self._memory == _FIRST:
            self._recount()
        if self._memory > 1:
            self._fit(self._raw)

    def _recount(self) -> None:
        """Where a few gaps among even ones are double, ticks were lost."""
        gaps = [b - a for (_, a), (_, b) in pairwise(self._raw)]
        numbers = accumulate((max(1, round(g / median(gaps))) for g in gaps), initial=0)
        first = self._raw[0][0]
        ticks = [(first + n, t_s) for n, (_, t_s) in zip(numbers, self._raw, strict=True)]
        if _line(ticks)[3] < _CLEARLY * _line(self._raw)[3]:
            self._raw = deque(ticks, maxlen=self._raw.maxlen)
            self.index = ticks[-1][0]

    def _fit(self, ticks: Sequence[Tick]) -> None:
        """Take the least-squares line through `ticks`, as it stands at the last of them."""
        mean_s, mean_n, gap_s, uneven_s = _line(ticks)
        self.index = ticks[-1][0]
        self.gap_s = min(LONGEST_S, max(SHORTEST_S, gap_s))
        self.at_s = mean_s + self.gap_s * (self.index - mean_n)
        self._spread_s = max(0.0005, uneven_s)

    # -- all others ----------------------------------------------------------------------------

    def _steps(self, t_s: float) -> int:
        """How many ticks further this one is: 1 unless it is clearly off; more where some were
        lost, 0 where two come as one."""
        late = (t_s - self.at_s) / self.gap_s - 1
        patience = min(0.65, max(0.5, 4 * self._spread_s / self.gap_s))
        return 1 if abs(late) < patience else max(0, 1 + round(late))

    def _follow(self, t_s: float, steps: int) -> None:
        """A tick, so many further than the last."""
        self.index += steps
        self.at_s += steps * self.gap_s
        if steps > _LOCKED:
            self._memory = min(self._memory, _LOCKED)  # it may have drifted while unheard
        limit_s = 3 * self._spread_s + (0.01 if self._memory <= _FIRST else 0.001)
        off_s = min(limit_s, max(-limit_s, t_s - self.at_s))
        self._measure(off_s)
        g, h = self._gains()
        self.at_s += g * off_s
        gap_s = self.gap_s + h * off_s / max(1, steps)
        self.gap_s = min(LONGEST_S, max(SHORTEST_S, gap_s))
        self._memory += steps > 0

    def _gains(self) -> tuple[float, float]:
        n = self._memory
        g = 2 * (2 * n + 1) / ((n + 1) * (n + 2))
        if g > _STEADY_G:
            return g, 6 / ((n + 1) * (n + 2))
        return _STEADY_G, _STEADY_G**2 / (2 - _STEADY_G)

    def _measure(self, off_s: float) -> None:
        """Jitter, and how far the ticks are off of late, in the long and in the short run."""
        self._bias_s += (off_s - self._bias_s) / 48
        self._drift_s += 0.2 * (off_s - self._drift_s)
        square = self._spread_s**2
        self._spread_s = math.sqrt(square + (off_s**2 - square) / 48)

    # -- when the tempo changes ----------------------------------------------------------------

    def _look_back(self) -> None:
        """Has the tempo changed? Then only the latest ticks count."""
        for length in _WINDOWS:
            latest = list(self._raw)[-length:]
            if len(latest) == length and _miscounted(latest):
                self._begin_again(_counted(latest))
                return
        drifts = abs(self._drift_s) > 1.5 * self._spread_s + 0.0005
        if drifts and min(self._memory - _FIRST, self._even) > 6:
            numbered, counted = list(self._raw), _counted(list(self._raw))
            fewer = _line(counted)[3] < _line(numbered)[3]
            self._begin_again(_enough(counted if fewer else numbered))

    def _begin_again(self, ticks: Sequence[Tick]) -> None:
        self._fit(ticks)
        self._raw = deque(ticks, maxlen=self._raw.maxlen)
        self._memory, self._drift_s = _FIRST, 0.0


def _line(ticks: Sequence[Tick]) -> tuple[float, float, float, float]:
    """The least-squares line through `ticks`: mean moment, mean number, gap, and how uneven they
    are about it (root of the mean square, seconds)."""
    mean_n = sum(n for n, _ in ticks) / len(ticks)
    mean_s = sum(t for _, t in ticks) / len(ticks)
    square = sum((n - mean_n) ** 2 for n, _ in ticks)
    product = sum((n - mean_n) * (t - mean_s) for n, t in ticks)
    gap_s = product / square if square else 0.0
    off = sum((t - mean_s - gap_s * (n - mean_n)) ** 2 for n, t in ticks)
    return mean_s, mean_n, gap_s, math.sqrt(off / len(ticks))


def _counted(ticks: Sequence[Tick]) -> list[Tick]:
    """`ticks` numbered as they came, none lost."""
    return [(ticks[0][0] + n, t_s) for n, (_, t_s) in enumerate(ticks)]


def _enough(ticks: Sequence[Tick]) -> Sequence[Tick]:
    """The fewest of the latest ticks that give the tempo to two per cent (standard error)."""
    for length in (8, 12):
        *_, gap_s, uneven_s = _line(ticks[-length:])
        if uneven_s * math.sqrt(12 / length**3) < 0.02 * gap_s:
            return ticks[-length:]
    return ticks


def _miscounted(ticks: Sequence[Tick]) -> bool:
    """Whether `ticks`, numbered by the tempo so far, are clearly more even when they are counted as
    they came; or as even, and the tempo so far would have lost some in every gap."""
    steps = [b - a for (a, _), (b, _) in pairwise(ticks)]
    if abs(sum(steps) - len(steps)) < 2 + (len(steps) > 8):
        return False  # a tick or two that were uneven, or lost
    _, _, gap_s, counted_s = _line(_counted(ticks))
    *_, numbered_s = _line(ticks)
    if not SHORTEST_S <= gap_s <= LONGEST_S or counted_s > gap_s / 4:
        return False
    if min(steps) > 1:
        return counted_s < 1.1 * numbered_s + 1e-6
    return counted_s < _CLEARLY * numbered_s
