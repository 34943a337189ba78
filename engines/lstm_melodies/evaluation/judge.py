"""A judge of genres: a linear classifier of what is counted in a melody.

It hears rhythm and line only: lengths and where they fall in the bar, pairs of lengths, steps
between notes, degrees of the scale. It is told neither the metre's name nor the conditions.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F

from engines.common.optimisers import LBFGS
from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.grid import BAR_TICKS, FIRST_PITCH, GENRES, HOLD, REST, Event

_COMMON = (3, 4, 6, 8, 12, 18, 24, 36, 48, 72)
_EIGHTHS = 9


def heard(bars: Sequence[Sequence[Event]], metre: str) -> NDArray[np.float32]:
    """What the judge counts in a melody: a row of shares, square roots taken."""
    full = BAR_TICKS[metre]
    starts = np.zeros((_EIGHTHS, len(_COMMON) + 1))
    pairs = np.zeros((len(_COMMON) + 1, len(_COMMON) + 1))
    steps, degrees, others = np.zeros(25), np.zeros(12), np.zeros(4)
    before, pitch_before = len(_COMMON), None
    for bar in bars:
        tick = 0
        for pitch, ticks in bar:
            kind = _COMMON.index(ticks) if ticks in _COMMON else len(_COMMON)
            starts[tick // 12 % _EIGHTHS, kind] += 1
            pairs[before, kind] += 1
            others[0] += pitch == REST
            others[1] += pitch == HOLD
            if pitch not in (REST, HOLD):
                degrees[(pitch - FIRST_PITCH) % 12] += 1
                if pitch_before is not None:
                    steps[int(np.clip(pitch - pitch_before, -12, 12)) + 12] += 1
                pitch_before = pitch
            before, tick = kind, tick + ticks
    others[2] = full / 10
    others[3] = sum(len(bar) for bar in bars) / len(bars)
    parts = [starts.reshape(-1), pairs.reshape(-1), steps, degrees]
    shares = [np.sqrt(part / max(1, part.sum())) for part in parts]
    metres = np.zeros(3)
    metres[sorted(set(BAR_TICKS.values())).index(full)] = 1
    return np.concatenate([*shares, others / 10, metres]).astype(np.float32)


class Judge:
    """Multinomial logistic regression on `heard`, fitted to real melodies of known genre."""

    def __init__(self, melodies: Sequence[Melody], *, weight_decay: float = 1e-4) -> None:
        known = [melody for melody in melodies if melody.genre != "any"]
        x = torch.from_numpy(np.stack([heard(m.bars, m.metre) for m in known]))
        y = torch.tensor([GENRES.index(m.genre) for m in known])
        self._centre, self._spread = x.mean(0), x.std(0) + 1e-2
        self._weight = torch.zeros(x.shape[1] + 1, len(GENRES), requires_grad=True)
        x = self._seen(x)
        optimiser = LBFGS([self._weight], max_iter=150, line_search_fn="strong_wolfe")

        def loss() -> torch.Tensor:
            optimiser.zero_grad()
            cost = F.cross_entropy(x @ self._weight, y)
            cost = cost + weight_decay * self._weight.square().sum()
            cost.backward()
            return cost

        optimiser.step(loss)

    def _seen(self, x: torch.Tensor) -> torch.Tensor:
        white = (x - self._centre) / self._spread
        return torch.cat([white, torch.ones(len(x), 1)], 1)

    def accuracy(
        self, melodies: Sequence[tuple[Sequence[Sequence[Event]], str]], genres: Sequence[str]
    ) -> float:
        """The share of melodies (bars and metre) whose genre is told right."""
        x = torch.from_numpy(np.stack([heard(bars, metre) for bars, metre in melodies]))
        told = (self._seen(x) @ self._weight.detach()).argmax(1)
        return float((told == torch.tensor([GENRES.index(g) for g in genres])).float().mean())
