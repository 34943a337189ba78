"""The encoder at school: it names materials in crops, and shares in what the generator blends."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.common import ranks
from engines.common.device import Placement
from engines.common.optimisers import AdamW
from engines.common.training import Trainee, backward
from engines.gan_textures.encoder import Encoder
from engines.gan_textures.measures import normalised
from engines.gan_textures.model import draw_noise
from engines.gan_textures.training.materials import Materials
from engines.gan_textures.training.trainee import Artist

BATCH, BLENDS = 16, 8
SIZE_PX = 96
RATE = 2e-3


class EncoderTrainee(Trainee):
    """Real crops tell it materials; pictures of blends, how much of each."""

    averaged = ("encoder",)

    def __init__(self, artist: Artist, materials: Materials, placement: Placement) -> None:
        self.artist: Any = placement.put(artist.eval().requires_grad_(False))
        self.materials, self.placement = materials, placement
        self.digest = materials.digest()
        self.encoder: Any = placement.put(Encoder(len(materials.names)))
        self.modules: dict[str, nn.Module] = {"encoder": self.encoder}
        self.optimiser = AdamW(self.encoder.parameters(), RATE, weight_decay=0.01)
        self.optimisers = {"encoder": self.optimiser}

    def step(self, batches: torch.Generator, progress: float) -> dict[str, Tensor]:
        for group in self.optimiser.param_groups:
            group["lr"] = RATE * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress)))
        pictures, shares = self._lesson(batches)
        with self.placement.autocast():
            logits = self.encoder(pictures.to(self.placement.device)).float()
        loss = F.cross_entropy(logits, shares.to(logits.device))
        backward(loss, self.optimiser)
        self.optimiser.step()
        named = (logits.argmax(1).cpu() == shares.argmax(1)).float()
        return {"loss": loss.detach(), "named": named[:BATCH].mean()}

    def _lesson(self, batches: torch.Generator) -> tuple[Tensor, Tensor]:
        """Pictures by their own measures, (B, 3, S, S), and their shares (B, N)."""
        count = len(self.materials.names)
        some = partial(torch.randint, 0, count, generator=batches)
        index = ranks.rows(lambda n: some((n,)), BATCH)
        real = self.materials.crops(index, SIZE_PX, batches)
        first, other = ranks.rows(lambda n: some((n, 2)), BLENDS).T
        share = ranks.rows(lambda n: torch.rand(n, 1, generator=batches), BLENDS)
        blends = share * F.one_hot(first, count) + (1 - share) * F.one_hot(other, count)
        with torch.no_grad(), self.placement.autocast():
            noise = draw_noise(self.artist.generator.config, BLENDS, SIZE_PX, batches)
            films = self.artist.generator.films(
                blends.to(self.placement.device) @ self.artist.styles
            )
            drawn = self.artist.generator([n.to(self.placement.device) for n in noise], films)
        pictures = torch.cat([real, drawn.float().cpu()])
        return normalised(pictures), torch.cat([F.one_hot(index, count).float(), blends])

    def sheets(self, averages: Mapping[str, nn.Module], folder: Path, label: str) -> None:
        """Nothing to look at."""
