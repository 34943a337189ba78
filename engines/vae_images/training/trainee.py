"""An auto-encoder and its critic at school: one step, and the sheets to look at."""

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
from engines.common.optimisers import AdamW
from engines.common.sheets import write_sheet
from engines.common.training import Trainee, backward
from engines.vae_images.data_sets.materials import Batch, Material
from engines.vae_images.losses import (
    PatchCritic,
    critic_loss,
    face_weight,
    field_error,
    reconstruction,
)
from engines.vae_images.model import Vae, VaeConfig, kl_per_unit

SOME = 4
"""One of so many pictures is drawn again by a formula: its slope costs five times a reading."""


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """The knobs of a training."""

    batch: int = 32
    learning_rate: float = 1.2e-3
    rate_nats: float = 100.0
    """How much of a picture may pass through the latent; the KL's weight is steered to it."""
    free_nats: float = 0.2
    """KL that a unit may have at no price, so that none is given up (Kingma et al., 2016)."""
    face_strength: float = 2.0
    critic_from: float = 1.0
    """The share of the training after which the critic has a say, at every other step. At 1 it
    has none: it costs as much as the rest, and in the hour and a half that two cores need for the
    portraits the same time spent on plain steps shows more."""
    critic_weight: float = 0.3
    measure_weight: float = 0.3
    """What an error of the measures counts beside one of the picture."""
    looked_at_from: float = 0.6
    """The share of the training after which what has been read off a picture is drawn again, where
    the decoder is a formula; before, only the numbers count: see `VaeTrainee._read`."""


class VaeTrainee(Trainee):
    """The auto-encoder and its critic at school."""

    averaged = ("vae",)

    def __init__(
        self,
        config: VaeConfig,
        material: Material,
        placement: Placement,
        recipe: Recipe | None = None,
    ) -> None:
        self.recipe, self.placement = recipe or Recipe(), placement
        self.config, self.material = config, material
        self.digest = material.digest()
        self.vae: Any = placement.put(self._network(config))
        """A `Vae`, or what answers the same calls."""
        self.modules: dict[str, nn.Module] = {"vae": self.vae}
        rate = self.recipe.learning_rate
        fused = placement.device.type != "mps"
        self.vae_optimiser = AdamW(
            self.vae.parameters(), rate, betas=(0.9, 0.99), weight_decay=1e-4, fused=fused
        )
        self.optimisers = {"vae": self.vae_optimiser}
        if self.recipe.critic_from < 1:
            self.critic = placement.put(PatchCritic())
            self.critic_optimiser = AdamW(
                self.critic.parameters(), 4e-4, betas=(0.5, 0.99), weight_decay=0.0, fused=fused
            )
            self.modules["critic"] = self.critic
            self.optimisers["critic"] = self.critic_optimiser
        self.weight = face_weight(config.size_px, self.recipe.face_strength).to(placement.device)
        self.log_price = math.log(2e-5)
        """The KL's weight, as a logarithm: see `_steer`."""
        self.turn = True
        """Whether this step is one at which the critic is heard."""

    def _network(self, config: VaeConfig) -> nn.Module:
        return Vae(config)

    def step(self, batches: torch.Generator, progress: float) -> dict[str, Tensor]:
        for group in self.vae_optimiser.param_groups:
            group["lr"] = self.recipe.learning_rate * schedule(progress)
        self.vae.train()
        batch = self._batch(batches)
        if batch.points is not None:
            return self._read(batch, batch.points, progress)
        with self.placement.autocast():
            mean, log_variance = self.vae.encoder(batch.pictures, batch.conditions)
            noise = ranks.rows(
                lambda n: torch.randn(n, *mean.shape[1:], generator=batches), len(mean)
            )
            latents = mean + (0.5 * log_variance).exp() * noise.to(mean)
            seen = latents if batch.looked_at is None else latents[batch.looked_at]
            met = self.vae.decoder.meet(seen, batch.conditions)
            drawn = self.vae.decoder.draw(met)
        drawn = drawn.float()
        kl = ranks.mean(kl_per_unit(mean, log_variance))
        loss_picture = self._error(drawn, batch.pictures)
        price = self._price()
        loss = loss_picture + price * kl.clamp(min=self._free_nats()).sum()
        figures = {"picture": loss_picture, "kl": kl.sum()}
        if batch.measures is not None:
            with self.placement.autocast():
                off = (self.vae.decoder.measure(met) - batch.measures).abs().mean()
            loss = loss + self.recipe.measure_weight * off
            figures["measure"] = off
        self.turn = not self.turn
        if progress >= self.recipe.critic_from and self.turn:
            verdict, judged = self._verdict_on_blends(
                latents, batch.pictures, loss_picture, batches
            )
            loss = loss + verdict
            figures |= judged
        backward(loss, self.vae_optimiser)
        nn.utils.clip_grad_norm_(self.vae.parameters(), 1.0)
        self.vae_optimiser.step()
        self._steer(float(kl.detach().sum()))
        with torch.no_grad():
            error = F.mse_loss(drawn.clamp(0, 1), batch.pictures)
            figures["psnr"] = -10 * error.log10()
            figures["active"] = (mean.var(0) > 0.01).float().mean()
        return {k: v.detach() for k, v in figures.items()} | {"price": torch.tensor(price)}

    def _read(self, batch: Batch, points: Tensor, progress: float) -> dict[str, Tensor]:
        """A step of an encoder that learns to read off pictures what they were painted from.

        The decoder is a formula, so there are as many pictures with their numbers as one likes
        (Le et al., "Inference Compilation", 2017), and it has a slope: in the end it counts as well
        that the picture comes back, for not every number is seen in every picture.
        """
        with self.placement.autocast():
            mean, log_variance = self.vae.encoder(batch.pictures)
        loss = misread(mean, log_variance, points)
        figures = {"point": F.mse_loss(mean, points)}
        if progress >= self.recipe.looked_at_from:
            wanted = batch.pictures[::SOME]
            drawn = self.vae.decoder(mean[::SOME])
            figures["picture"] = self._error(drawn, wanted)
            figures["psnr"] = -10 * F.mse_loss(drawn, wanted).log10()
            loss = loss + figures["picture"]
        backward(loss, self.vae_optimiser)
        nn.utils.clip_grad_norm_(self.vae.parameters(), 1.0)
        self.vae_optimiser.step()
        return {k: v.detach() for k, v in figures.items()}

    def _error(self, drawn: Tensor, wanted: Tensor) -> Tensor:
        if self.config.channels == 1:
            return field_error(drawn, wanted)
        return reconstruction(drawn, wanted, self.weight)

    def _price(self) -> float:
        return math.exp(self.log_price)

    def _free_nats(self) -> float:
        return self.recipe.free_nats

    def state(self) -> dict[str, float]:
        return {"log_price": self.log_price, "turn": float(self.turn)}

    def restore(self, state: dict[str, float]) -> None:
        self.log_price, self.turn = state["log_price"], bool(state["turn"])

    def _verdict_on_blends(
        self, latents: Tensor, wanted: Tensor, loss_picture: Tensor, batches: torch.Generator
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """Teach the critic to tell blends of pairs from real faces; then hear it on the blends.

        Reconstructions have their own loss; it is half-way between two unlike faces that an
        auto-encoder smears, and there nothing else says what a picture should look like (after
        Berthelot et al., "ACAI", 2018). The verdict is weighed so that its gradient at the last
        layer is `critic_weight` of the reconstruction's (Esser et al., "Taming Transformers",
        2021).
        """
        chance = ranks.rows(lambda n: torch.rand(n, 1, generator=batches), len(latents))
        share = 0.25 + 0.5 * chance.to(latents)
        blends = great_circle(latents.detach(), latents.detach().roll(1, 0), share)
        with self.placement.autocast():
            drawn = self.vae.decoder(blends)
            scores = self.critic(torch.cat([wanted, drawn.detach()])).float().chunk(2)
        critic = critic_loss(*scores)
        backward(critic, self.critic_optimiser)
        self.critic_optimiser.step()
        self.critic.requires_grad_(False)
        with self.placement.autocast():
            verdict = -self.critic(drawn).float().mean()
        self.critic.requires_grad_(True)
        last = [p for p in self.vae.decoder.body.parameters() if p.ndim == 4][-1]
        (by_picture,) = torch.autograd.grad(loss_picture, last, retain_graph=True)
        (by_verdict,) = torch.autograd.grad(verdict, last, retain_graph=True)
        weight = self.recipe.critic_weight * by_picture.norm() / (by_verdict.norm() + 1e-6)
        return weight.detach().clamp(max=10) * verdict, {"critic": critic, "verdict": verdict}

    def _steer(self, kl_nats: float) -> None:
        """Raise the KL's price while more nats pass than may, lower it while fewer do.

        A simple controller after Shao et al., "ControlVAE" (2020).
        """
        excess = kl_nats / self.recipe.rate_nats - 1
        self.log_price += 0.004 * max(-1.0, min(1.0, excess))
        self.log_price = max(math.log(1e-7), min(math.log(1e-2), self.log_price))

    def _batch(self, batches: torch.Generator) -> Batch:
        return self._placed(self.material.batch(batches, self.recipe.batch))

    def _placed(self, batch: Batch) -> Batch:
        parts = (
            batch.pictures, batch.conditions, batch.measures, batch.looked_at, batch.points
        )  # fmt: skip
        return Batch(*(None if p is None else p.to(self.placement.device) for p in parts))  # type: ignore[arg-type]

    @torch.no_grad()
    def sheets(self, averages: Mapping[str, nn.Module], folder: Path, label: str) -> None:
        vae: Any = averages["vae"]
        looks = self._placed(self.material.looks(24))
        wanted, told = looks.pictures, looks.conditions
        with self.placement.autocast():
            mean, _ = vae.encoder(wanted, told)
            drawn = vae.decoder(mean, told)
            ends = mean[:6], mean[8:14]
            shares = torch.linspace(0, 1, 8, device=mean.device)
            blends = [great_circle(*ends, share.expand(6, 1)) for share in shares]
            what = None if told is None else told[:6].repeat_interleave(8)
            between = vae.decoder(torch.stack(blends, 1).flatten(0, 1), what)
            spread, centre = mean.std(0), mean.mean(0)
            generator = torch.Generator().manual_seed(0)
            noise = torch.randn(24, mean.shape[1], generator=generator).to(mean.device)
            sampled = vae.decoder(centre + noise * spread, told)
        pairs = torch.stack([wanted[:16], drawn[:16].float()], 1).flatten(0, 1)
        sheet = torch.cat([pairs, between.float(), sampled.float()])
        if sheet.shape[1] == 1:
            sheet = 1 - (6 * (sheet.expand(-1, 3, -1, -1) - 0.5) + 0.5).clamp(0, 1)
        write_sheet(sheet, 8, folder / f"{label}.png")
        error = (drawn.float().clamp(0, 1) - wanted).square().mean()
        print(f"sheet {label}: held-out psnr {-10 * float(error.log10()):.2f} dB", flush=True)


def misread(mean: Tensor, log_variance: Tensor, points: Tensor) -> Tensor:
    """How far an encoder's answer is from the points (B, L) that it should give: a scalar. The
    variance is to be what the error is, by a normal distribution's likelihood."""
    squares = (mean - points).square()
    unsure = log_variance + squares.detach() * (-log_variance).exp()
    return squares.mean() + 0.1 * unsure.mean()


def schedule(progress: float) -> float:
    """The learning rate's share: up within the first percent, then half a cosine down to 2%."""
    warm = min(1.0, 0.05 + progress / 0.01)
    return warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, progress))))


def great_circle(first: Tensor, second: Tensor, share: Tensor) -> Tensor:
    """From `first` to `second` (B, L) by `share` (B, 1): spherical interpolation (Shoemake)."""
    cosine = F.cosine_similarity(first, second, dim=1).clamp(-0.999, 0.999)[:, None]
    angle = torch.acos(cosine)
    return (
        torch.sin((1 - share) * angle) * first + torch.sin(share * angle) * second
    ) / angle.sin()
