"""A sharpener at school. The decoder under it is frozen, as the engine runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engines.common import ranks
from engines.common.device import Placement
from engines.common.optimisers import AdamW
from engines.common.sheets import write_sheet
from engines.common.training import Trainee, backward
from engines.vae_images.data_sets.sharpener_pairs import Pairs
from engines.vae_images.model import Decoder
from engines.vae_images.sharpener import Sharpener, SharpenerConfig
from engines.vae_images.training.trainee import schedule

PLACE_PX = 16


@dataclass(frozen=True, kw_only=True)
class SharpenerRecipe:
    """The knobs of a training."""

    batch: int = 4
    learning_rate: float = 2e-3
    line_weight: float = 0.5
    """What an error of the gradients counts beside one of the pixels."""
    contrast_weight: float = 0.0
    """What it counts that lines are as strong as they should be, wherever exactly they run (see
    `contrast_error`): for a decoder whose own pictures are too soft to say where."""


class SharpenerTrainee(Trainee):
    """A sharpener at school."""

    averaged = ("sharpener",)

    def __init__(
        self,
        config: SharpenerConfig,
        decoder: Decoder,
        pairs: tuple[Pairs, Pairs],
        placement: Placement,
        recipe: SharpenerRecipe | None = None,
    ) -> None:
        """`decoder` has its norms folded and is in the placement's precision; `pairs` are for
        training and to look at."""
        self.recipe, self.placement = recipe or SharpenerRecipe(), placement
        self.decoder, (self.training, self.held_out) = decoder, pairs
        self.sharpener = placement.put(Sharpener(config))
        self.modules = {"sharpener": self.sharpener}
        self.optimiser = AdamW(
            self.sharpener.parameters(),
            self.recipe.learning_rate,
            betas=(0.9, 0.99),
            weight_decay=1e-4,
            fused=placement.device.type != "mps",
        )
        self.optimisers = {"sharpener": self.optimiser}

    def step(self, batches: torch.Generator, progress: float) -> dict[str, Tensor]:
        for group in self.optimiser.param_groups:
            group["lr"] = self.recipe.learning_rate * schedule(progress)
        count = self.recipe.batch
        known = len(self.training.latents)
        rows = ranks.rows(lambda n: torch.randint(known, (n,), generator=batches), count)
        latents, wanted = self.training.pick(rows.numpy())
        wanted = wanted.to(self.placement.device)
        drawn = self._drawn(self.sharpener, latents)
        loss = self._error(drawn, wanted)
        backward(loss, self.optimiser)
        nn.utils.clip_grad_norm_(self.sharpener.parameters(), 1.0)
        self.optimiser.step()
        with torch.no_grad():
            psnr = -10 * F.mse_loss(drawn.clamp(0, 1), wanted).log10()
        return {"error": loss.detach(), "psnr": psnr}

    def _error(self, drawn: Tensor, wanted: Tensor) -> Tensor:
        error: Tensor = SharpError.apply(drawn, wanted, self.recipe.line_weight)  # type: ignore[no-untyped-call]
        if self.recipe.contrast_weight:
            error = error + self.recipe.contrast_weight * contrast_error(drawn, wanted)
        return error

    def _drawn(self, sharpener: nn.Module, latents: Tensor) -> Tensor:
        """Pictures (B, C, T S, T S) at latents (B, L)."""
        device = self.placement.device
        with torch.no_grad():
            met = self.decoder.meet(latents.to(device, self.placement.dtype))
            features, cells = self.decoder.last_features(met)
        with self.placement.autocast():
            drawn: Tensor = sharpener(features, cells)
        return drawn

    @torch.no_grad()
    def sheets(self, averages: Mapping[str, nn.Module], folder: Path, label: str) -> None:
        parts, errors = [], []
        for row in range(min(24, len(self.held_out.latents))):
            latents, wanted = self.held_out.pick(torch.tensor([row]).numpy())
            drawn = self._drawn(averages["sharpener"], latents).cpu().clamp(0, 1)
            errors.append(-10 * float(F.mse_loss(drawn, wanted).log10()))
            parts += [drawn, wanted]
        write_sheet(torch.cat(parts[:12]), 4, folder / f"{label}.png")
        print(f"sheet {label}: held-out psnr {sum(errors) / len(errors):.2f} dB", flush=True)


class SharpError(torch.autograd.Function):
    """How far pictures (B, C, S, S) float32 are from those that are wanted: a scalar.

    The mean absolute difference of pixels, and `line_weight` times that of the steps from one
    pixel to the next. Absolute, not squared: where it is unsure by a pixel where an edge runs, the
    mean of all the places that it may have is a soft edge, the median a sharp one.

    The slope is written out: at 512 px autograd's own way through the differences cost more than
    the network's convolutions.
    """

    @staticmethod
    def forward(ctx: Any, drawn: Tensor, wanted: Tensor, line_weight: float) -> Tensor:
        difference = drawn - wanted
        slope = difference.sign().div_(difference.numel())
        error = difference.abs().mean()
        for axis in (-1, -2):
            steps = difference.diff(dim=axis)
            error = error + line_weight * steps.abs().mean()
            pull = steps.sign_().mul_(line_weight / steps.numel())
            length = slope.shape[axis] - 1
            slope.narrow(axis, 1, length).add_(pull)
            slope.narrow(axis, 0, length).sub_(pull)
        ctx.save_for_backward(slope)
        return error

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        (slope,) = ctx.saved_tensors
        return slope * gradients[0], None, None


def contrast_error(drawn: Tensor, wanted: Tensor) -> Tensor:
    """How far the strength of the steps from pixel to pixel in pictures (B, C, S, S), the root of
    their mean square over places of `PLACE_PX`, is from what it should be: a scalar."""
    return F.l1_loss(_strength(drawn), _strength(wanted))


def _strength(pictures: Tensor) -> Tensor:
    across = pictures[..., :-1, 1:] - pictures[..., :-1, :-1]
    down = pictures[..., 1:, :-1] - pictures[..., :-1, :-1]
    squares = F.avg_pool2d(across.square() + down.square(), PLACE_PX, PLACE_PX // 4)
    return (squares + 1e-5).sqrt()
