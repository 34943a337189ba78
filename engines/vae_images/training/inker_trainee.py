"""An inker at school. The decoder whose first features it sees is frozen, as the engine runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.common import ranks
from engines.common.device import Placement
from engines.common.optimisers import AdamW
from engines.common.sheets import write_sheet
from engines.common.training import Trainee, backward
from engines.vae_images.data_sets.inker_pairs import Inked
from engines.vae_images.inker import FINER, Inker
from engines.vae_images.losses import face_weight
from engines.vae_images.model import Decoder
from engines.vae_images.training.trainee import great_circle, schedule


@dataclass(frozen=True, kw_only=True)
class InkerRecipe:
    """The knobs of a training."""

    batch: int = 16
    learning_rate: float = 1e-3
    face_strength: float = 2.0
    picture_weight: float = 2.0
    """What an error of the picture counts beside one of the distances, which say how to get there
    from where the picture has no slope."""
    colour_weight: float = 1.0


class InkerTrainee(Trainee):
    """An inker at school."""

    averaged = ("inker",)

    def __init__(
        self,
        inker: Inker,
        decoder: Decoder,
        inked: tuple[Inked, Inked],
        placement: Placement,
        recipe: InkerRecipe | None = None,
    ) -> None:
        """`decoder` has its norms folded and is in the placement's precision; `inked` is for
        training and to look at."""
        self.recipe, self.placement = recipe or InkerRecipe(), placement
        self.training, self.held_out = inked
        self.inker, self.decoder = placement.put(inker), decoder
        self.modules = {"inker": self.inker}
        self.optimiser = AdamW(
            self.inker.parameters(),
            self.recipe.learning_rate,
            betas=(0.9, 0.99),
            weight_decay=1e-4,
            fused=placement.device.type != "mps",
        )
        self.optimisers = {"inker": self.optimiser}
        self.size_px = inker.size_px
        self.weight = face_weight(self.size_px, self.recipe.face_strength).to(placement.device)

    def step(self, batches: torch.Generator, progress: float) -> dict[str, Tensor]:
        for group in self.optimiser.param_groups:
            group["lr"] = self.recipe.learning_rate * schedule(progress)
        self.inker.train()
        known, size = len(self.training.means), self.training.means.shape[1:]
        rows = ranks.rows(
            lambda n: torch.randint(known, (n,), generator=batches), self.recipe.batch
        )
        noise = ranks.rows(lambda n: torch.randn(n, *size, generator=batches), self.recipe.batch)
        device = self.placement.device
        latents, wanted, palette = (t.to(device) for t in self.training.pick(rows.numpy(), noise))
        drawn, colours = self._drawn(self.inker, latents)
        distance = self._distance_error(drawn, wanted)
        picture = self.inker.picture(drawn, palette, self.size_px)
        with torch.no_grad():
            truth = self.inker.picture(wanted, palette, self.size_px)
        off = picture - truth
        seen = (self.weight * (off.abs() + 5 * off.square())).mean()
        own = F.mse_loss(colours, palette)
        loss = distance + self.recipe.picture_weight * seen + self.recipe.colour_weight * own
        backward(loss, self.optimiser)
        nn.utils.clip_grad_norm_(self.inker.parameters(), 1.0)
        self.optimiser.step()
        with torch.no_grad():
            psnr = -10 * off.square().mean().log10()
        figures = {"distance": distance, "picture": seen, "colours": own, "psnr": psnr}
        return {name: value.detach() for name, value in figures.items()}

    def _distance_error(self, drawn: Tensor, wanted: Tensor) -> Tensor:
        """In cells; near an edge thrice the weight, far away less, and more over the face."""
        config = self.inker.config
        reaches = (*config.reaches, *[config.ink_reach] * FINER**2)
        cells = wanted.new_tensor(reaches)[:, None, None]
        away = (cells * wanted).abs()
        near = (1 + 2 * torch.exp(-((away / 1.2) ** 2))) / (1 + 0.5 * away)
        return (self.weight * near * cells * (drawn - wanted).abs()).sum(1).mean() / 8

    def _drawn(self, inker: Inker, latents: Tensor) -> tuple[Tensor, Tensor]:
        """Distances and colours at latents (B, L)."""
        with torch.no_grad():
            met = self.decoder.meet(latents.to(self.placement.dtype))
            features = self.decoder.first_features(met)
        with self.placement.autocast():
            return inker(features), inker.colours(met)

    @torch.no_grad()
    def sheets(self, averages: Mapping[str, nn.Module], folder: Path, label: str) -> None:
        """Held-out faces beside the truth, and middles between them."""
        inker = averages["inker"]
        assert isinstance(inker, Inker)
        inker.eval()
        count = min(24, len(self.held_out.means))
        rows = torch.arange(count)
        latents, wanted, palette = self.held_out.pick(rows.numpy())
        drawn, colours = self._drawn(inker, latents)
        pictures = inker.picture(drawn, colours, 2 * self.size_px)
        truth = inker.picture(wanted, palette, 2 * self.size_px)
        between = great_circle(latents, latents.roll(1, 0), torch.full((count, 1), 0.5))
        middles = inker.picture(*self._drawn(inker, between), 2 * self.size_px)
        write_sheet(torch.cat([pictures[:6], truth[:6], middles[:18]]), 6, folder / f"{label}.png")
        psnr = -10 * float(F.mse_loss(pictures, truth).log10())
        print(f"sheet {label}: held-out psnr {psnr:.2f} dB", flush=True)
