"""A crisper at school: against a critic of points, which is fed white points and no pictures.

The decoder is fixed, so what tells a blend's picture from a real one's is already in its point;
and a critic of 96 numbers takes hundreds of steps in the time of one through the decoder.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.common import ranks
from engines.common.optimisers import Adam
from engines.common.training import Trainee, backward, digest_of
from engines.vae_images.crisper import Crisper
from engines.vae_images.latent_space import Array
from engines.vae_images.training.trainee import great_circle


@dataclass(frozen=True, kw_only=True)
class CrisperRecipe:
    """The knobs of a training."""

    batch: int = 256
    learning_rate: float = 3e-4
    noise: float = 0.1
    """Added to every point that the critic sees: the training's points are few."""
    slope_price: float = 0.6
    """Of the critic at real points (R1; Mescheder et al., "Which Training Methods for GANs do
    actually Converge?", 2018), asked for at every fourth step."""
    move_price: float = 0.05
    keep_price: float = 2.0
    """Of moving the point of a real picture."""
    jump_price: float = 0.02
    """Of a small step of a blend that becomes a large one."""


class CrisperTrainee(Trainee):
    """`points` (N, L) are white points of real pictures."""

    averaged = ("crisper",)

    def __init__(self, points: Array, recipe: CrisperRecipe | None = None) -> None:
        self.recipe, self.points = recipe or CrisperRecipe(), torch.from_numpy(points)
        self.digest = digest_of([points.tobytes()])
        size = points.shape[1]
        self.crisper = Crisper(size)
        self.critic = nn.Sequential(
            nn.Linear(size, 384), nn.LeakyReLU(0.2), nn.Linear(384, 384), nn.LeakyReLU(0.2),
            nn.Linear(384, 1),
        )  # fmt: skip
        self.modules = {"crisper": self.crisper, "critic": self.critic}
        rate = self.recipe.learning_rate
        self.optimisers = {
            n: Adam(m.parameters(), rate, betas=(0.0, 0.99)) for n, m in self.modules.items()
        }
        self.turn = 0

    def step(self, batches: torch.Generator, progress: float) -> dict[str, Tensor]:  # noqa: ARG002
        count = self.recipe.batch
        known = len(self.points)
        rows = ranks.rows(lambda n: torch.randint(known, (n, 3), generator=batches), count)
        first, second, real = (self.points[r] for r in rows.T)
        share = ranks.rows(lambda n: torch.rand(n, 1, generator=batches), count)
        blends = great_circle(first, second, share)
        nearby = great_circle(first, second, share + 0.02)
        critic = self._teach_critic(real, blends)
        crisp = self.crisper(blends)
        kept = (self.crisper(real) - real).square().mean()
        moved = (crisp - blends).square().mean()
        way = (self.crisper(nearby) - crisp).square().mean(1)
        jump = (way / ((nearby - blends).square().mean(1) + 1e-4)).mean()
        verdict = F.softplus(-self.critic(self._noisy(crisp))).mean()
        recipe = self.recipe
        loss = verdict + recipe.move_price * moved + recipe.keep_price * kept
        self._follow("crisper", loss + recipe.jump_price * jump)
        figures = {"critic": critic, "verdict": verdict, "moved": moved, "kept": kept, "jump": jump}
        return {name: value.detach() for name, value in figures.items()}

    def _teach_critic(self, real: Tensor, blends: Tensor) -> Tensor:
        real = self._noisy(real).requires_grad_()
        with torch.no_grad():
            crisp = self._noisy(self.crisper(blends))
        said = self.critic(real)
        critic = loss = F.softplus(-said).mean() + F.softplus(self.critic(crisp)).mean()
        self.turn = (self.turn + 1) % 4
        if not self.turn:
            (slope,) = torch.autograd.grad(said.sum(), real, create_graph=True)
            loss = loss + self.recipe.slope_price * slope.square().sum(1).mean()
        self._follow("critic", loss)
        return critic

    def _follow(self, name: str, loss: Tensor) -> None:
        backward(loss, self.optimisers[name])
        self.optimisers[name].step()

    def _noisy(self, points: Tensor) -> Tensor:
        return points + self.recipe.noise * torch.randn_like(points)

    def state(self) -> dict[str, float]:
        return {"turn": float(self.turn)}

    def restore(self, state: dict[str, float]) -> None:
        self.turn = int(state["turn"])
