"""The model at school, on the loop that all engines share."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.common import ranks
from engines.common.device import Placement
from engines.common.training import Trainee, backward, digest_of
from engines.verse.corpus.lines import Runs
from engines.verse.lexicon import Lexicon
from engines.verse.model import LATENT, VerseModel, divergence
from engines.verse.training import data_set
from engines.verse.training.data_set import Stanzas

RATE = 3e-3
BATCH = 48
"""Stanzas a step."""
FREE_NATS = 0.3
"""Of each number of the point (D. Kingma et al.: Improving variational inference with inverse
autoregressive flow. NeurIPS 2016)."""
ANNEALED = 0.15
"""Share of the training in which the divergence comes to count (Bowman et al. 2016)."""
BAG = 0.15
"""Weight of a nat of the words in no order."""


@dataclass(frozen=True)
class Costs:
    """What a batch costs, in nats, summed."""

    words: Tensor
    syllables: Tensor
    divergence: Tensor
    """(B, LATENT)."""
    bag: Tensor
    lines: Tensor

    @property
    def bound(self) -> Tensor:
        """Of the log-likelihood of all lines, with how many syllables each has."""
        return self.words + self.syllables + self.divergence.sum()


def costs(model: VerseModel, batch: Stanzas, noise: Tensor) -> Costs:
    """`noise` (B, LATENT) from N(0, 1) takes the points."""
    mean, log_variance = model.encode(batch.words, batch.counts)
    points = mean + noise * (0.5 * log_variance).exp()
    there = torch.nonzero(batch.lengths).flatten()
    each = points.repeat_interleave(data_set.STANZA, 0)[there]
    longest = int(batch.lengths.max())
    memory = model.remember(batch.before[there][..., :longest], batch.real[there][..., :longest])
    state = model.start(each, batch.syllables[there], memory)
    given = data_set.inputs(batch)[there, :longest]
    said, _ = model(given, batch.remaining[there, :longest], each, memory, state)
    real = torch.arange(longest, device=said.device) < batch.lengths[there][:, None]
    words = F.cross_entropy(
        model.scores(said[real]).float(), batch.tokens[there, :longest][real], reduction="sum"
    )
    metre = model.metre(batch.before_syllables[there])
    bag = model.bag_of(points).gather(1, batch.words)
    return Costs(
        words=words,
        syllables=F.cross_entropy(metre, batch.syllables[there], reduction="sum"),
        divergence=divergence(mean, log_variance),
        bag=-(bag * batch.counts).sum(),
        lines=batch.lengths.count_nonzero(),
    )


class VerseTrainee(Trainee):
    """The model, its optimiser and the lines."""

    averaged = ("model",)

    def __init__(
        self, model: VerseModel, runs: Runs, lexicon: Lexicon, placement: Placement
    ) -> None:
        self.model, self.device = placement.put(model), placement.device
        self.placement = placement
        self.lines = data_set.lines_of(runs, lexicon)
        self.lexicon, self.tells = lexicon, data_set.telling(lexicon)
        self.starts = self.lines.starts
        self.digest = digest_of("\n".join(run).encode() for run in runs)
        self.modules = {"model": model}
        self.optimisers = {
            "model": torch.optim.Adam(model.parameters(), RATE, betas=(0.9, 0.99), fused=True)
        }

    def step(self, batches: torch.Generator, progress: float) -> dict[str, Tensor]:
        optimiser = self.optimisers["model"]
        for group in optimiser.param_groups:
            group["lr"] = RATE * (0.02 + 0.98 * math.cos(math.pi / 2 * progress))
        rows = ranks.rows(lambda n: torch.randint(len(self.starts), (n,), generator=batches), BATCH)
        noise = ranks.rows(lambda n: torch.randn(n, LATENT, generator=batches), BATCH)
        batch = self._on_device(data_set.stanzas(self.lines, self.starts[rows], self.tells))
        self.model.train()
        with self.placement.autocast():
            cost = costs(self.model, batch, noise.to(self.device))
        spent = cost.divergence.mean(0)
        weight = min(1.0, progress / ANNEALED)
        loss = (
            (cost.words + cost.syllables + BAG * cost.bag) / len(noise)
            + weight * spent.clamp_min(FREE_NATS).sum()
        ) / data_set.STANZA
        backward(loss, optimiser)
        nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
        optimiser.step()
        torch.clear_autocast_cache()  # it holds the weights as they were
        return {
            "loss": loss.detach(),
            "words": (cost.words / cost.lines).detach(),
            "spent": spent.sum().detach(),
            "bag": (cost.bag / batch.counts.sum()).detach(),
        }

    def _on_device(self, batch: Stanzas) -> Stanzas:
        return Stanzas(**{name: part.to(self.device) for name, part in vars(batch).items()})

    def sheets(self, averages: Mapping[str, nn.Module], folder: Path, label: str) -> None:
        model: Any = averages["model"]
        (folder / f"{label}.txt").write_text(_some(model, self.lexicon), "utf-8")


@torch.no_grad()
def _some(model: VerseModel, lexicon: Lexicon) -> str:
    """A few stanzas, as the instrument writes them."""
    from engines.verse.poem import Poem
    from engines.verse.writing import Writer

    writer = Writer(model, lexicon)
    chance = torch.Generator().manual_seed(1)
    points = torch.randn(8, LATENT, generator=chance)
    stanzas = [writer.stanza(Poem(point=point.numpy(), seed=n)) for n, point in enumerate(points)]
    return "\n\n".join("\n".join(stanza) for stanza in stanzas)
