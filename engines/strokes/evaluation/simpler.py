"""What the mixtures are measured beside: one Gaussian, and a Markov model that knows one step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from engines.common.optimisers import Adam
from engines.strokes import mixture
from engines.strokes.mixture import LIFTS, STATES
from engines.strokes.network import Encoder, Pen, inputs
from engines.strokes.training.batches import Batch

HEAD_ROUNDS, HEAD_RATE = 12, 1e-2
FINE, COARSE = 24, 7
"""Bins of a movement's x or y, and of the one before it."""
SMOOTHED = 1.0
"""How often each bin was seen before any was."""


@torch.no_grad()
def nats_a_point(encoder: Encoder, pen: Pen, batch: Batch, unit: float) -> tuple[float, float]:
    """Nats of the movements of a held-out batch and of its codes, both a point."""
    mean, spread = encoder(batch.pictures)
    told = pen(_hidden(mean, pen, batch))
    nats = (mixture.nats(told, batch.movements, batch.states) * batch.counts).sum()
    code = 0.5 * (mean * mean + spread.exp() - 1 - spread).sum()
    count = float(batch.counts.sum())
    return float(nats) / count + 2 * math.log(unit), float(code) / count


def gaussian(
    encoder: Encoder, pen: Pen, learnt: Sequence[Batch], held_out: Batch, unit: float
) -> float:
    """Nats a point of the same network with one component in the place of its mixture: what it
    knows at each step is kept, a head of its own is learnt."""
    with torch.no_grad():
        seen = [(_hidden(encoder(batch.pictures)[0], pen, batch), batch) for batch in learnt]
        asked = _hidden(encoder(held_out.pictures)[0], pen, held_out)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        head = nn.Linear(asked.shape[-1], mixture.size(1))
        optimiser = Adam(head.parameters(), HEAD_RATE)
        slower = torch.optim.lr_scheduler.CosineAnnealingLR(
            optimiser, HEAD_ROUNDS * len(seen), 1e-4
        )
        for hidden, batch in HEAD_ROUNDS * seen:
            told = mixture.nats(head(hidden), batch.movements, batch.states) * batch.counts
            optimiser.zero_grad()
            (told.sum() / batch.counts.sum()).backward()
            optimiser.step()
            slower.step()
    with torch.no_grad():
        told = mixture.nats(head(asked), held_out.movements, held_out.states) * held_out.counts
    return float(told.sum() / held_out.counts.sum()) + 2 * math.log(unit)


def _hidden(codes: torch.Tensor, pen: Pen, batch: Batch) -> torch.Tensor:
    steps = inputs(batch.movements, batch.states, batch.text is not None)
    return pen.hidden(codes, steps, batch.shares, batch.text, batch.places)


Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Steps:
    """Every movement of some drawings with the one before it."""

    movements: Numbers
    before: Numbers
    states: Places
    did: Places

    @classmethod
    def of(cls, batches: Sequence[Batch]) -> _Steps:
        parts: list[list[npt.NDArray[np.generic]]] = [[], [], [], []]
        for batch in batches:
            there = batch.counts.numpy() > 0
            movements, states = batch.movements.numpy(), batch.states.numpy()
            before, did = np.zeros_like(movements), np.full_like(states, LIFTS)
            before[:, 1:], did[:, 1:] = movements[:, :-1], states[:, :-1]
            for part, array in zip(parts, (movements, before, states, did), strict=True):
                part.append(array[there])
        return cls(*(np.concatenate(part) for part in parts))


def markov(learnt: Sequence[Batch], held_out: Batch, unit: float) -> float:
    """Nats a point where a movement depends on the one before alone: counted in bins, each as
    probable as often as it was seen, evenly within."""
    known, asked = _Steps.of(learnt), _Steps.of([held_out])
    fine = [_edges(known.movements[:, k], FINE) for k in (0, 1)]
    coarse = [_edges(known.movements[:, k], COARSE) for k in (0, 1)]

    def places(steps: _Steps) -> tuple[Places, Places]:
        own = _bin(steps.movements, fine)
        return own, _bin(steps.before, coarse) * STATES + steps.did

    own, before = places(known)
    bins = FINE * FINE
    alone = np.bincount(own, minlength=bins) + SMOOTHED / bins
    alone = alone / alone.sum()
    counts = np.zeros((COARSE * COARSE * STATES, bins))
    np.add.at(counts, (before, own), 1.0)
    chances = (counts + 30 * alone) / (counts.sum(1, keepdims=True) + 30)
    then = np.full((STATES * COARSE * COARSE, STATES), SMOOTHED)
    coarse_own = _bin(known.movements, coarse) * STATES + known.did
    np.add.at(then, (coarse_own, known.states), 1.0)
    then /= then.sum(1, keepdims=True)
    own, before = places(asked)
    areas = np.outer(np.diff(fine[0]), np.diff(fine[1])).ravel()
    nats = -np.log(chances[before, own] / areas[own])
    coarse_own = _bin(asked.movements, coarse) * STATES + asked.did
    nats = nats - np.log(then[coarse_own, asked.states])
    return float(nats.mean()) + 2 * math.log(unit)


def _edges(values: Numbers, count: int) -> Numbers:
    """Bins that hold as much as each other, no narrower than a hundredth."""
    edges = np.quantile(values, np.linspace(0, 1, count + 1)).astype(np.float64)
    return np.maximum.accumulate(edges + 0.01 * np.arange(count + 1))


def _bin(movements: Numbers, edges: Sequence[Numbers]) -> Places:
    x, y = (
        np.clip(np.searchsorted(edges[k], movements[:, k], "right") - 1, 0, len(edges[k]) - 2)
        for k in (0, 1)
    )
    return np.asarray(x * (len(edges[1]) - 1) + y, np.int64)
