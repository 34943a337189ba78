"""An inker at school: it learns to read off points what the faces there wear.

Half of the points are of faces, half lie between two of them, and are told to wear both by shares.
So what is read changes steadily along a blend, and how decidedly it is taken is left for later.
Colours are learnt from faces alone: told means of two, blends were duller than any face.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.common import ranks
from engines.common.optimisers import AdamW
from engines.common.sheets import write_sheet
from engines.common.training import Trainee, backward, digest_of
from engines.vae_images.data_sets.inker_pairs import Worn
from engines.vae_images.inking.inker import Inker
from engines.vae_images.training.trainee import great_circle, schedule

SHOWN = 24


@dataclass(frozen=True, kw_only=True)
class InkerRecipe:
    """The knobs of a training."""

    batch: int = 512
    """Half of it faces, half of it blends."""
    learning_rate: float = 2e-3
    noise: float = 0.5
    """How far points are shaken, in the encoder's own doubt of them; with all of it what is read
    shrinks towards the mean, and what is played is nearer."""
    colour_weight: float = 400.0


class InkerTrainee(Trainee):
    """An inker at school, on the CPU."""

    averaged = ("reader",)

    def __init__(
        self, inker: Inker, worn: tuple[Worn, Worn], recipe: InkerRecipe | None = None
    ) -> None:
        """`worn` is for training and to look at."""
        self.recipe, self.inker = recipe or InkerRecipe(), inker
        self.training, self.held_out = worn
        self.digest = digest_of([self.training.means.tobytes(), self.training.kinds.tobytes()])
        self.modules = {"reader": inker.reader}
        rate = self.recipe.learning_rate
        self.optimiser = AdamW(inker.reader.parameters(), rate, weight_decay=1e-2)
        self.optimisers = {"reader": self.optimiser}

    def step(self, batches: torch.Generator, progress: float) -> dict[str, Tensor]:
        for group in self.optimiser.param_groups:
            group["lr"] = self.recipe.learning_rate * schedule(progress)
        half = self.recipe.batch // 2
        points, shares, colours = self._faces(2 * half, batches)
        between = ranks.rows(lambda n: torch.rand(n, 1, generator=batches), half)
        way = great_circle(points[:half], points[half:], between)
        points = torch.cat([points[:half], way])
        shares = [
            torch.cat([share[:half], torch.lerp(share[:half], share[half:], between)])
            for share in shares
        ]
        kinds, drawn = self.inker.read(points)
        errors = [F.cross_entropy(k, s) for k, s in zip(kinds, shares, strict=True)]
        kind, colour = torch.stack(errors).sum(), F.mse_loss(drawn[:half], colours[:half])
        loss = kind + self.recipe.colour_weight * colour
        backward(loss, self.optimiser)
        nn.utils.clip_grad_norm_(self.inker.reader.parameters(), 1.0)
        self.optimiser.step()
        right = torch.stack(
            [_right(k[:half], s[:half]) for k, s in zip(kinds, shares, strict=True)]
        )
        figures = {"kinds": kind, "colours": colour, "right": right.mean()}
        return {name: value.detach() for name, value in figures.items()}

    def _faces(self, count: int, batches: torch.Generator) -> tuple[Tensor, list[Tensor], Tensor]:
        """Points (B, L), for each layer shares (B, K), and colours (B, F, 3)."""
        known = len(self.training.means)
        rows = ranks.rows(lambda n: torch.randint(known, (n,), generator=batches), count)
        means, deviations, kinds, colours = self.training.pick(rows)
        size = means.shape[1:]
        noise = ranks.rows(lambda n: torch.randn(n, *size, generator=batches), count)
        shares = [
            F.one_hot(kind, number).float()
            for kind, number in zip(kinds.T, self.inker.kinds, strict=True)
        ]
        return means + self.recipe.noise * deviations * noise, shares, colours

    @torch.no_grad()
    def exam(self, averages: Mapping[str, nn.Module]) -> dict[str, float]:
        """Of how many held-out faces each layer is read right."""
        means, _, kinds, colours = self.held_out.pick(torch.arange(len(self.held_out.means)))
        with self._reading_by(averages):
            read, drawn = self.inker.read(means)
        right = [(k.argmax(1) == kinds[:, n]).float().mean() for n, k in enumerate(read)]
        return {
            **{f"right_{n}": float(r) for n, r in enumerate(right)},
            "colours_off": float((drawn - colours).square().mean().sqrt()),
        }

    @torch.no_grad()
    def sheets(self, averages: Mapping[str, nn.Module], folder: Path, label: str) -> None:
        """Held-out faces, and middles between them."""
        means = self.held_out.pick(torch.arange(min(SHOWN, len(self.held_out.means))))[0]
        between = great_circle(means, means.roll(1, 0), torch.full((len(means), 1), 0.5))
        shown = torch.cat([means[: SHOWN // 2], between])
        with self._reading_by(averages):
            pictures = self.inker.drawn(shown, torch.ones(1, 1), self.inker.size_px)
        blank = torch.ones(-len(pictures) % 6, *pictures.shape[1:])
        write_sheet(torch.cat([pictures, blank]), 6, folder / f"{label}.png")
        right = self.exam(averages)
        print(f"sheet {label}: {' '.join(f'{n} {v:.3f}' for n, v in right.items())}", flush=True)

    @contextmanager
    def _reading_by(self, averages: Mapping[str, nn.Module]) -> Iterator[None]:
        """Meanwhile the inker reads by the averaged networks."""
        reader: Any = averages["reader"]
        before, self.inker.reader = self.inker.reader, reader
        try:
            yield
        finally:
            self.inker.reader = before


def _right(kinds: Tensor, shares: Tensor) -> Tensor:
    return (kinds.argmax(1) == shares.argmax(1)).float().mean()
