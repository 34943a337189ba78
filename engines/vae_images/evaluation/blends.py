"""Whether half-way between two pictures there is a picture: rows of `latentloom evaluate`.

Three questions about blends of samples, each answered for what the engine draws with *Crisp* at 1
where the model has an inker, and beside it for version 0.1's soft blends in the same run:

- Can they be told from samples? A small network, the judge, learns to; it and its examination have
  points of their own, and no training ever sees it. Chance is 0.5; it counts on both kinds, since a
  judge that calls everything a sample would be wrong on every blend and flatter the model.
- Are their lines as strong? Of all the places where light changes, the share where it changes much.
- Do they flow? A blend in 32 steps, the largest change of the picture over the median one.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.common.optimisers import AdamW
from engines.vae_images.latent_space import Array, Kernels
from studio.commands.report import Goal, Row, at_least, at_most
from studio.latent.blending import slerp

Draw = Callable[[Array], Tensor]
"""White points (N, L) -> pictures (N, 3, S, S) about 0..1."""

SEED = 4100
"""Of the first set of points here; those that are trained on elsewhere come from others."""
LESSONS, BATCH = 300, 32
STRONG, WEAK = 0.25, 0.04
"""Of black to white, from a pixel to its neighbours."""
STEPS, WALKS = 32, 12


def rows(draws: Mapping[str, Draw], density: Kernels, count: int) -> Iterator[Row]:
    """`draws` by what is put behind the rows' names; the first is what has goals to meet."""
    samples, middles = _apart(density, SEED, count)
    unseen, unseen_middles = _apart(density, SEED + 10, count)
    walks = [walk(*density.sample(SEED + 20 + n, 2)) for n in range(WALKS)]
    for number, (suffix, draw) in enumerate(draws.items()):

        def goal(which: Goal, number: int = number) -> Goal | None:
            return None if number else which

        unseen_real, drawn = draw(unseen), draw(unseen_middles)
        judge = Judge(draw(samples), draw(middles))
        on_blends = judge.right(drawn, blends=True)
        on_samples = judge.right(unseen_real, blends=False)
        right = (on_blends + on_samples) / 2
        note = f"of {count} middles {on_blends:.0%}, of as many samples {on_samples:.0%}"
        yield Row(f"judge_right{suffix}", right, "", goal(at_most(0.6)), note)
        share, ends = edge_share(drawn), edge_share(unseen_real)
        note = f"of all edges {share:.3f} are strong, in samples {ends:.3f}"
        name = f"strong_edge_share_over_samples{suffix}"
        yield Row(name, share / ends, "", goal(at_least(0.95)), note)
        jumps = [jump(draw(walk)) for walk in walks]
        note = f"of {STEPS} steps, the median of {WALKS} blends; the worst {max(jumps):.1f}"
        name = f"largest_step_over_median{suffix}"
        yield Row(name, float(np.median(jumps)), "", goal(at_most(2.0)), note)


def middles_of(density: Kernels, seed: int, count: int) -> Array:
    """Half-way between samples, as the studio blends them: (count, L)."""
    ends = density.sample(seed, 2 * count)
    pairs = zip(ends[:count], ends[count:], strict=True)
    return np.stack([slerp(a, b, 0.5) for a, b in pairs]).astype(np.float32)


def edge_share(pictures: Tensor) -> float:
    """Of the places in (N, 3, S, S) where light changes, the share where it changes strongly."""
    light = pictures.float().clamp(0, 1).mean(1)
    across = light[:, :-1, 1:] - light[:, :-1, :-1]
    down = light[:, 1:, :-1] - light[:, :-1, :-1]
    change = (across.square() + down.square()).sqrt()
    return float((change > STRONG).sum() / (change > WEAK).sum().clamp(min=1))


class Judge:
    """A network that has learnt to tell blends from samples, both (N, 3, S, S)."""

    def __init__(self, samples: Tensor, blends: Tensor) -> None:
        with torch.random.fork_rng():
            torch.manual_seed(SEED)
            widths = (3, 16, 32, 64, 64)
            steps = [
                nn.Sequential(nn.Conv2d(a, b, 3, 2, 1), nn.BatchNorm2d(b), nn.LeakyReLU(0.2))
                for a, b in itertools.pairwise(widths)
            ]
            end = (nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Dropout(0.3), nn.Linear(256, 1))
            self._network = nn.Sequential(*steps, *end).to(samples.device)
            self._learn(samples.float().clamp(0, 1), blends.float().clamp(0, 1))

    def right(self, pictures: Tensor, *, blends: bool) -> float:
        """On what share of `pictures`, which are blends or samples, it is right."""
        with torch.inference_mode():
            said = torch.cat([self._network(p) for p in pictures.float().clamp(0, 1).split(64)])
        return float(((said > 0) == blends).float().mean())

    def _learn(self, samples: Tensor, blends: Tensor) -> None:
        optimiser = AdamW(self._network.parameters(), 1e-3, weight_decay=1e-2)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, LESSONS)
        truth = torch.cat([torch.zeros(BATCH, 1), torch.ones(BATCH, 1)]).to(samples.device)
        for _ in range(LESSONS):
            chosen = [s[torch.randint(len(s), (BATCH,))] for s in (samples, blends)]
            loss = F.binary_cross_entropy_with_logits(self._network(torch.cat(chosen)), truth)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
        self._network.eval()


def _apart(density: Kernels, seed: int, count: int) -> tuple[Array, Array]:
    """Samples, and middles between others: (count, L) each."""
    return density.sample(seed, count), middles_of(density, seed + 1, count)


def walk(first: Array, last: Array) -> Array:
    """(STEPS + 1, L) from one point to another."""
    shares = np.linspace(0, 1, STEPS + 1)
    return np.stack([slerp(first, last, float(s)) for s in shares]).astype(np.float32)


def jump(pictures: Tensor) -> float:
    """The largest change from a picture to the next over the median one."""
    changes = pictures.float().clamp(0, 1).diff(dim=0).square().mean((1, 2, 3)).sqrt()
    return float(changes.max() / changes.median().clamp(min=1e-6))
