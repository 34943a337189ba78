"""Learns a model of an artist's own pictures, from nothing or from a model that is there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from engines.common import ranks
from engines.common.device import Placement
from engines.common.training import CHECKPOINT, Habits, Limits, Training
from engines.vae_images import shipped
from engines.vae_images.data_sets import own
from engines.vae_images.data_sets.materials import Bytes, to_tensor
from engines.vae_images.data_sets.own import OwnPictures
from engines.vae_images.latent_space import Array, Kernels, LatentSpace, fit
from engines.vae_images.model import VaeConfig
from engines.vae_images.training.trainee import Recipe, VaeTrainee
from studio.engine import Watch

MINUTES = 20.0
HABITS = Habits(checkpoint_s=60.0, sheet_s=math.inf, log_steps=10, average_decay=0.998)
FRESH_RATE, KNOWN_RATE = 1.2e-3, 6e-4
"""Learning rates from nothing, and for a model that knows how to draw already."""
SPREAD = 4
"""So many pixels wide is a cell of the decoder's last level at most."""
KERNELS, KERNEL_WIDTH = 2000, 0.3
LEAST_LENGTH = 0.1
"""Of the longest axis: few pictures have few differences, and the rest is noise."""


def config_for(size_px: int, known: VaeConfig | None = None) -> VaeConfig:
    """A model for pictures of that size, as much like `known` as it can be."""
    base = known or VaeConfig()
    channels, blocks = list(base.decoder_channels), list(base.decoder_blocks)
    while size_px // (base.base_px << (len(channels) - 1)) > SPREAD:
        channels, blocks = [*channels, max(16, channels[-1] * 3 // 4)], [*blocks, 1]
    while base.base_px << (len(channels) - 1) > size_px // 2:
        channels, blocks = channels[:-1], blocks[:-1]
    seen = len(base.encoder_channels)
    while base.base_px << (seen - 1) > size_px // 2:
        seen -= 1
    return replace(
        base,
        size_px=size_px,
        decoder_channels=tuple(channels),
        decoder_blocks=tuple(blocks),
        encoder_channels=base.encoder_channels[:seen],
        encoder_blocks=base.encoder_blocks[:seen],
    )


def train(
    data: Path,
    folder: Path,
    limits: Limits,
    placement: Placement,
    *,
    start: Path | None,
    size_px: int,
    flips: bool,
    seed: int = 0,
    watch: Watch | None = None,
    recipe: Recipe | None = None,
) -> Path:
    """Learn the pictures in the folder `data`; the weights file that comes of it.

    `start` are the weights to start from. Raises `EngineError` for too few pictures.
    """
    material = OwnPictures(*own.read(data, size_px), flips=flips)
    known = shipped.read(start)[0] if start else None
    config = config_for(size_px, known.config if known else None)
    rate = KNOWN_RATE if known else FRESH_RATE
    usual = Recipe(batch=min(16, max(4, len(material.training))), learning_rate=rate,
                   face_strength=0.0)  # fmt: skip
    trainee = OwnTrainee(config, material, placement, recipe or usual)
    if known and not (folder / CHECKPOINT).exists():
        take_over(trainee.vae, known)
    training = Training(trainee, folder, limits, seed=seed, habits=HABITS, watch=watch)
    training.run()
    path = folder / "own.safetensors"
    if ranks.is_first():
        trainee.snapshot({"vae": training.averages["vae"].module}, path)
    return path


def take_over(vae: nn.Module, known: nn.Module) -> int:
    """Give `vae` all that `known` has in the same place and shape; how many tensors fitted."""
    theirs, ours = known.state_dict(), vae.state_dict()
    fitting = {n: t for n, t in theirs.items() if n in ours and ours[n].shape == t.shape}
    vae.load_state_dict(fitting, strict=False)
    return len(fitting)


class OwnTrainee(VaeTrainee):
    """The same auto-encoder, which can be looked at and played while it learns."""

    material: OwnPictures

    @torch.no_grad()
    def sample(self, averages: Mapping[str, nn.Module]) -> Tensor:
        """Eight pictures as they come back, and what lies half-way between neighbours."""
        vae: Any = averages["vae"]
        some = np.resize(np.arange(len(self.material.training)), 8)
        wanted = to_tensor(self.material.training[some]).to(self.placement.device)
        with self.placement.autocast():
            mean, _ = vae.encoder(wanted)
            points = torch.stack([mean, 0.5 * (mean + mean.roll(-1, 0))], 1).flatten(0, 1)
            drawn: Tensor = vae.decoder(points)
        return drawn.float().cpu()

    @torch.no_grad()
    def exam(self, averages: Mapping[str, nn.Module]) -> dict[str, float]:
        vae: Any = averages["vae"]
        wanted = self._placed(self.material.looks(own.MOST_HELD_OUT)).pictures
        with self.placement.autocast():
            drawn = vae.decoder(vae.encoder(wanted)[0])
        return {"held_out": float(self._error(drawn.float(), wanted))}

    def sheets(self, averages: Mapping[str, nn.Module], folder: Path, label: str) -> None:
        """The samples are enough."""

    def snapshot(self, averages: Mapping[str, nn.Module], path: Path) -> None:
        vae: Any = averages["vae"]
        space = space_of(vae, self.material, self.placement)
        earlier = sorted(path.parent.glob("*.safetensors"), key=lambda file: file.stat().st_mtime)
        before = shipped.read(earlier[-1])[1] if earlier else None
        count = len(self.material.training)
        shipped.write(path, vae, aligned(space, before), {"pictures": count})


@torch.no_grad()
def means_of(vae: Any, pictures: Bytes, placement: Placement) -> Array:
    """The mean of q(z|x) for every picture: (N, latent) float32."""
    means = []
    for first in range(0, len(pictures), 32):
        batch = to_tensor(pictures[first : first + 32]).to(placement.device)
        with placement.autocast():
            means.append(vae.encoder(batch)[0].cpu().numpy())
    return np.concatenate(means)


def space_of(vae: Any, material: OwnPictures, placement: Placement) -> LatentSpace:
    """The space of what was learnt: its pictures as they are, and mirrored where they may be."""
    means = means_of(vae, material.training, placement)
    if material.flips:
        mirrored = means_of(vae, material.training[:, :, ::-1], placement)
        means = np.concatenate([means, mirrored])
    return fit(means, kernels=KERNELS, width=KERNEL_WIDTH, least=LEAST_LENGTH)


def aligned(space: LatentSpace, before: LatentSpace | None) -> LatentSpace:
    """`space` with its axes in the order and direction of those of an earlier snapshot.

    So the pictures of a deck that follows a training stay about where they are: principal axes
    come in any direction, and neighbours change places.
    """
    if before is None or before.density.points.shape != space.density.points.shape:
        return space
    points = space.density.points
    alike = before.density.points.T @ points  # what was axis i beside what is axis j
    order, signs = np.zeros(len(alike), int), np.ones(len(alike), np.float32)
    free = np.abs(alike)
    for _ in range(len(alike)):
        old, new = np.unravel_index(int(free.argmax()), free.shape)
        order[old], signs[old] = new, -1.0 if alike[old, new] < 0 else 1.0
        free[old], free[:, new] = -1.0, -1.0
    kept = Kernels(points[:, order] * signs, space.density.width)
    return replace(space, axes=space.axes[order] * signs[:, None], density=kept)
