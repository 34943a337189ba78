"""A pen at school, on the loop that all engines share."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from engines.common import ranks
from engines.common.device import Placement
from engines.common.optimisers import Adam
from engines.common.sheets import write_sheet
from engines.common.training import Trainee, backward, digest_of
from engines.strokes import mixture
from engines.strokes.looking import SIDE_PX
from engines.strokes.mixture import ENDS
from engines.strokes.models import PLANS
from engines.strokes.network import LAST, Encoder, Pen, begins, inputs
from engines.strokes.training import data_set
from engines.strokes.training.batches import Batch, Batches, Pictures, Words

PRIOR = 0.5
"""Weight of the nats in the code that are more than the plan's free ones (sketch-rnn's w_KL and, in
equation 11, KL_min). Without free ones the code soon told nothing: the pen knew where it was."""
STRAYS = 0.06
"""How far the window is from where it should be, in characters."""
MISSES = 0.3
"""How far the pen is at most from where it should be (deviation, in the plan's unit). In play each
movement begins where the one before it ended and not where it should have: a network that has only
seen the right places strays ever further (S. Ross, G. Gordon, D. Bagnell: A reduction of imitation
learning and structured prediction to no-regret online learning. AISTATS 2011)."""


def batches_of(model: str, held_out: bool = False) -> Batches:
    """What a model learns from, or what is held out."""
    plan = PLANS[model]
    some = data_set.held_out if held_out else data_set.training
    if plan.shape.characters:
        return Words(plan, some("letters"))
    return Pictures(plan, some(model))


class PenTrainee(Trainee):
    """An encoder and a pen, and one optimiser for both."""

    averaged = ("encoder", "pen")

    def __init__(self, model: str, batches: Batches, placement: Placement) -> None:
        self.plan, self.model, self.batches = PLANS[model], model, batches
        self.device = placement.device
        self.encoder = Encoder(self.plan.shape, SIDE_PX).to(placement.device)
        self.pen = Pen(self.plan.shape).to(placement.device)
        self.modules = {"encoder": self.encoder, "pen": self.pen}
        self.placement = placement
        moved = [*self.encoder.parameters(), *self.pen.parameters()]
        self.optimisers = {"all": Adam(moved, self.plan.rate, fused=True)}
        self.digest = digest_of(
            [
                (
                    data_set.FOLDER / f"{'letters' if self.plan.shape.characters else model}.xz"
                ).read_bytes()
            ]
        )

    def step(self, batches: torch.Generator, progress: float) -> dict[str, Tensor]:
        optimiser = self.optimisers["all"]
        for group in optimiser.param_groups:
            warm = min(1.0, 0.1 + progress / 0.01)
            group["lr"] = warm * self.plan.rate * (0.02 + 0.98 * math.cos(math.pi / 2 * progress))
        seeds = ranks.rows(lambda n: torch.randint(2**31, (n,), generator=batches), self.plan.batch)
        batch = self.batches.batch(seeds.tolist()).to(self.device)
        self.encoder.train()
        self.pen.train()
        with self.placement.autocast():
            told, spent = bound(self.encoder, self.pen, batch)
        dear = (spent.mean() - self.plan.free).clamp_min(0.0)
        loss = (told.sum(1).mean() + PRIOR * dear) / batch.counts.sum(1).mean()
        backward(loss, optimiser)
        moved = [p for group in optimiser.param_groups for p in group["params"]]
        nn.utils.clip_grad_norm_(moved, 1.0)
        optimiser.step()
        torch.clear_autocast_cache()  # it holds the weights as they were
        return {
            "nats": told.detach().sum() / batch.counts.sum() + 2 * math.log(self.plan.unit),
            "kl": spent.detach().mean(),
        }

    @torch.no_grad()
    def sheets(self, averages: Mapping[str, nn.Module], folder: Path, label: str) -> None:
        """Held-out drawings, and below each what is drawn after it was looked at."""
        from engines.strokes.training.showing import shown

        write_sheet(shown(self.model, averages), 8, folder / f"{label}.png")


def bound(encoder: Encoder, pen: Pen, batch: Batch) -> tuple[Tensor, Tensor]:
    """Nats of each movement (N, T), in the plan's unit, with those of the window's; and of each
    drawing's code (N,)."""
    mean, spread = encoder(batch.pictures)
    code = mean + torch.exp(0.5 * spread) * torch.randn_like(mean)
    spent = 0.5 * (mean * mean + spread.exp() - 1 - spread).sum(1)
    did, wanted = missed(batch)
    steps = inputs(did, batch.states, batch.text is not None)
    if batch.places is None:
        hidden = pen.hidden(code, steps, batch.shares)
        told = mixture.nats(pen(hidden), wanted, batch.states)
        return told * batch.counts, spent
    # where it stands is not quite right in play: it learns to come back
    strays = STRAYS * torch.randn_like(batch.places)
    stands = batch.places.floor() + (batch.places % 1 + strays).clamp(0, LAST)
    hidden = pen.hidden(code, steps, None, batch.text, stands)
    told = mixture.nats(pen(hidden), wanted, batch.states)
    wrong = pen.moves(hidden)[:, :-1] - (batch.places[:, 1:] - stands[:, :-1])
    within = batch.counts[:, 1:] * (batch.states[:, :-1] != ENDS)
    told = told + nn.functional.pad(0.5 * (wrong / STRAYS) ** 2 * within, (0, 1))
    return told * batch.counts, spent


def missed(batch: Batch) -> tuple[Tensor, Tensor]:
    """(N, T, 2) each: movements that miss their places a little, and those that lead back from
    there to the next right place."""
    own = MISSES * torch.rand_like(batch.movements[:, :1, :1])
    off = own * torch.randn_like(batch.movements)
    if batch.text is not None:  # from there x is counted
        off[..., 0] *= ~begins(batch.states)
    wanted = batch.movements.clone()
    wanted[:, 1:] -= off[:, :-1]
    return wanted + off, wanted
