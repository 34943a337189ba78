"""A generator, its materials' styles and its critic at school: one step, and the sheets."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from engines.common import ranks
from engines.common.device import Placement
from engines.common.optimisers import Adam
from engines.common.sheets import write_sheet
from engines.common.training import Trainee, backward
from engines.gan_textures.measures import coloured
from engines.gan_textures.model import Generator, TextureConfig, draw_noise
from engines.gan_textures.training import statistics
from engines.gan_textures.training.critic import Critic, critic_loss, generator_loss
from engines.gan_textures.training.materials import Materials

SAMPLES, SAMPLE_PX = 16, 128


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """The knobs of a training."""

    at_once: int = 4
    """Materials in a batch."""
    each: int = 3
    """Pictures of each of them: their statistics are taken together."""
    size_px: int = 128
    generator_rate: float = 2e-3
    style_rate: float = 4e-3
    critic_rate: float = 6e-4
    style_noise: float = 0.1
    """How far styles are shaken, so that a point's neighbours are the same material."""
    critic_from: float = 0.03
    critic_weight: float = 1.0


class Artist(nn.Module):
    """What is shipped: the generator and a style for each material."""

    def __init__(self, config: TextureConfig, materials: int) -> None:
        super().__init__()
        self.generator = Generator(config)
        self.styles = nn.Parameter(torch.randn(materials, config.style))


class TextureTrainee(Trainee):
    """The generator and its critic at school."""

    averaged = ("artist",)

    def __init__(
        self,
        config: TextureConfig,
        materials: Materials,
        placement: Placement,
        recipe: Recipe | None = None,
    ) -> None:
        self.recipe, self.placement, self.config = recipe or Recipe(), placement, config
        self.materials, self.digest = materials, materials.digest()
        self.artist: Any = placement.put(Artist(config, len(materials.names)))
        self.critic: Any = placement.put(Critic(len(materials.names)))
        self.modules = {"artist": self.artist, "critic": self.critic}
        rate = self.recipe.generator_rate
        generator = [
            {"params": list(self.artist.generator.parameters()), "lr": rate, "base": rate},
            {
                "params": [self.artist.styles],
                "lr": self.recipe.style_rate,
                "base": self.recipe.style_rate,
            },
        ]
        fused = placement.device.type != "mps"
        self.artist_optimiser = Adam(generator, rate, betas=(0.5, 0.99), fused=fused)
        rate = self.recipe.critic_rate
        judges = [{"params": list(self.critic.parameters()), "lr": rate, "base": rate}]
        self.critic_optimiser = Adam(judges, rate, betas=(0.5, 0.99), fused=fused)
        self.optimisers = {"artist": self.artist_optimiser, "critic": self.critic_optimiser}
        pictures = materials.pictures.to(placement.device)
        self.norms = statistics.norms(pictures)
        self.wanted = statistics.measure(pictures, self.norms)

    def step(self, batches: torch.Generator, progress: float) -> dict[str, Tensor]:
        for optimiser in self.optimisers.values():
            for group in optimiser.param_groups:
                group["lr"] = group["base"] * schedule(progress)
        index = self._choose(batches)
        at = index.to(self.placement.device)
        drawn = self._draw(at, batches)
        figures = self._statistics(drawn, at)
        loss = figures["statistics"]
        if progress >= self.recipe.critic_from:
            real = self.materials.crops(index, self.recipe.size_px, batches)
            verdict, judged = self._verdict(real.to(at.device), drawn, at)
            loss = loss + self.recipe.critic_weight * verdict
            figures |= judged
        backward(loss, self.artist_optimiser)
        figures["norm"] = nn.utils.clip_grad_norm_(self.artist.parameters(), 2.0)
        self.artist_optimiser.step()
        return {name: figure.detach() for name, figure in figures.items()}

    def _draw(self, index: Tensor, batches: torch.Generator) -> Tensor:
        """A picture of each of the materials, in own measures, fp32."""
        styles = self.artist.styles[index]
        shaken = ranks.rows(
            lambda n: torch.randn(n, styles.shape[1], generator=batches), len(styles)
        )
        styles = styles + self.recipe.style_noise * shaken.to(styles)
        noise = draw_noise(self.config, len(index), self.recipe.size_px, batches)
        with self.placement.autocast():
            films = self.artist.generator.films(styles)
            drawn = self.artist.generator([n.to(index.device) for n in noise], films)
        return drawn.float()  # type: ignore[no-any-return]

    def _choose(self, batches: torch.Generator) -> Tensor:
        """Which material each picture is of: (at_once * each,), together those of a kind."""
        count = len(self.materials.names)
        order = torch.randperm(count, generator=batches)
        some = ranks.rows(lambda n: order[torch.arange(n) % count], min(count, self.recipe.at_once))
        return some.repeat_interleave(self.recipe.each)

    def _statistics(self, drawn: Tensor, index: Tensor) -> dict[str, Tensor]:
        """How far the pictures' statistics, a material's together, are from the material's."""
        found = statistics.measure(drawn, self.norms.picked(index))
        figures = {}
        for name, numbers in found.items():
            together = numbers.unflatten(0, (-1, self.recipe.each)).mean(1)
            wanted = self.wanted[name][index[:: self.recipe.each]]
            figures[name] = (together - wanted).abs().log1p().mean()
        figures["statistics"] = torch.stack(list(figures.values())).sum()
        return figures

    def _verdict(
        self, real: Tensor, drawn: Tensor, index: Tensor
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """Teach the critic; then hear it."""
        with self.placement.autocast():
            scores = self.critic(torch.cat([real, drawn.detach()]), index.repeat(2))
        halves = [s.float().chunk(2) for s in scores]
        loss = critic_loss(tuple(h[0] for h in halves), tuple(h[1] for h in halves))
        backward(loss, self.critic_optimiser)
        self.critic_optimiser.step()
        self.critic.requires_grad_(False)
        with self.placement.autocast():
            verdict = self.critic(drawn, index)
        self.critic.requires_grad_(True)
        heard = generator_loss(tuple(v.float() for v in verdict))
        return heard, {"critic": loss, "verdict": heard}

    @torch.no_grad()
    def sample(self, averages: Mapping[str, nn.Module]) -> Tensor:
        """The first sixteen materials, or the same ones in other noise."""
        artist: Any = averages["artist"]
        index = torch.arange(SAMPLES) % len(self.materials.names)
        noise = draw_noise(self.config, SAMPLES, SAMPLE_PX, torch.Generator().manual_seed(1))
        with self.placement.autocast():
            films = artist.generator.films(artist.styles[index.to(self.placement.device)])
            drawn = artist.generator([n.to(self.placement.device) for n in noise], films)
        colours = self.materials.colours
        means, contrasts = colours.means[index], colours.contrasts[index]
        return coloured(drawn.float().cpu(), means[..., None, None], contrasts[..., None, None])

    @torch.no_grad()
    def sheets(self, averages: Mapping[str, nn.Module], folder: Path, label: str) -> None:
        artist: Any = averages["artist"]
        count, size = len(self.materials.names), 128
        noise = draw_noise(self.config, count, size, torch.Generator().manual_seed(1))
        with self.placement.autocast():
            films = artist.generator.films(artist.styles)
            drawn = artist.generator([n.to(self.placement.device) for n in noise], films)
        real = self.materials.crops(torch.arange(count), size, torch.Generator().manual_seed(2))
        colours = self.materials.colours
        means, contrasts = colours.means[..., None, None], colours.contrasts[..., None, None]
        pairs = [coloured(both, means, contrasts) for both in (real, drawn.float().cpu())]
        both = torch.stack(pairs, 1).flatten(0, 1)
        blank = torch.ones(-len(both) % 12, *both.shape[1:])
        write_sheet(torch.cat([both, blank]), 12, folder / f"{label}.png")


def schedule(progress: float) -> float:
    """The learning rate's share: up within the first percent, then half a cosine down to 5%."""
    warm = min(1.0, 0.1 + progress / 0.01)
    return warm * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * min(1.0, progress))))
