"""Any page of the gallery at school, on the loop that all engines share."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from engines.common import ranks
from engines.common.device import Placement
from engines.common.optimisers import Adam
from engines.common.sheets import write_sheet
from engines.common.training import Trainee, backward, digest_of
from engines.digits.asked import Asked
from engines.digits.digits import CLASSES, Digits
from engines.digits.gallery.page import Page
from engines.digits.strip import Strip


class DigitTrainee(Trainee):
    """A page, its optimisers, and the strip of its weights."""

    averaged = ("page",)

    def __init__(self, page: Page, digits: Digits, placement: Placement) -> None:
        self.page, self.device = placement.put(page), placement.device
        self.placement = placement if page.bf16 else replace(placement, dtype=torch.float32)
        device = placement.device
        self.ink = (digits.binary() if page.binary else digits.ink).to(device)
        self.shares = digits.shares().to(device)
        self.digest = digest_of([digits.ink.numpy().tobytes(), digits.classes.numpy().tobytes()])
        self.strip = Strip(getattr(page, page.strip))
        self.modules = {"page": page, "strip": self.strip}
        betas = (0.5, 0.99) if page.teachers else (0.9, 0.999)
        self.optimisers = {
            name: Adam(list(moved), page.rate, betas=betas, fused=True)
            for name, moved in page.learners().items()
        }

    def step(self, batches: torch.Generator, progress: float) -> dict[str, Tensor]:
        self.strip.watch(getattr(self.page, self.page.strip), progress)
        rate = self.page.rate * (0.02 + 0.98 * math.cos(math.pi / 2 * progress))
        for name, optimiser in self.optimisers.items():
            for group in optimiser.param_groups:
                group["lr"] = rate * self.page.paces.get(name, 1.0)
        rows = ranks.rows(
            lambda n: torch.randint(len(self.ink), (n,), generator=batches), self.page.batch
        )
        self.page.train()
        with self.placement.autocast():
            losses = self.page.learn(self.ink[rows], self.shares[rows], self._take)
        return {name: loss.detach() for name, loss in losses.items()}

    def _take(self, name: str, loss: Tensor) -> None:
        optimiser = self.optimisers[name]
        backward(loss, optimiser)
        moved = [p for group in optimiser.param_groups for p in group["params"]]
        nn.utils.clip_grad_norm_(moved, 50.0)
        optimiser.step()
        torch.clear_autocast_cache()  # it holds the weights as they were

    @torch.no_grad()
    def sheets(self, averages: Mapping[str, nn.Module], folder: Path, label: str) -> None:
        page: Any = averages["page"]
        shares = torch.eye(CLASSES, device=self.device).repeat(8, 1)
        points = torch.randn(
            len(shares), page.latent_size, generator=torch.Generator().manual_seed(1)
        )
        drawn = page.draw(points.to(self.device), asked_of(shares))
        write_sheet(1 - drawn.expand(-1, 3, -1, -1), CLASSES, folder / f"{label}.png")


def asked_of(shares: Tensor) -> Asked:
    """Digits of these classes, nothing else asked."""
    return Asked(shares=shares, codes=shares.new_zeros(len(shares), 2))
