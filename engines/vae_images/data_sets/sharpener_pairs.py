"""What a sharpener learns from: points of the shipped model, and true drawings larger than its own.

Each picture is drawn at the model's size and at the sharpener's, and what the shipped encoder makes
of the small one is kept beside them: 2.4 GB for 2,900 faces at 512 px, 0.15 s a face and core.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engines.common.device import Placement, place
from engines.vae_images import shipped
from engines.vae_images.data_sets import dataset
from engines.vae_images.data_sets.materials import to_tensor
from engines.vae_images.latent_space import Array
from engines.vae_images.model import Vae, fold_norms
from engines.vae_images.sharpener_file import fingerprint
from engines.vae_images.spec import SPEC

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Pairs:
    """Points and the drawings that they stand for."""

    latents: Array
    """(N, L) float32, as the decoder takes them."""
    drawings: Bytes
    """(N, T S, T S, 3) uint8, read from disk as they are used."""

    def pick(self, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor]:
        """Latents (B, L) and drawings (B, 3, T S, T S) float32 in 0..1."""
        return torch.from_numpy(self.latents[rows]), to_tensor(self.drawings[rows])


def prepare(
    model: str, folder: Path, times: int, draw: Callable[[Path, int], None]
) -> tuple[Pairs, Pairs]:
    """The training and the held-out pairs for the pictures that are shipped as `model`, the large
    ones `times` as wide as its own.

    `draw` draws what a folder does not hold yet, at a size in pixels. Points are kept by the
    fingerprint of the model that they were made with, so another model never meets them.
    """
    vae, _ = shipped.read(SPEC.model(model).weights)
    size_px, made_for = vae.config.size_px, fingerprint(vae)
    fold_norms(vae.requires_grad_(False))
    placement = place("cpu")
    placement.put(vae, converted=True)
    small, large = folder / str(size_px), folder / str(times * size_px)
    draw(small, size_px)
    draw(large, times * size_px)
    pairs = []
    for name in dataset.SPLITS:
        kept = folder / f"{name}-{made_for}.npy"
        if not kept.exists():
            np.save(kept, encoded(vae, dataset.pictures(small, name), placement))
        pairs.append(Pairs(np.load(kept), dataset.pictures(large, name)))
    return pairs[0], pairs[1]


@torch.inference_mode()
def encoded(vae: Vae, pictures: Bytes, placement: Placement) -> Array:
    """Posterior means (N, L) float32 of pictures (N, S, S, 3), by a model that is at work."""
    means = []
    for batch in dataset.batches_of(pictures, 32):
        means.append(vae.encoder(placement.fit(to_tensor(batch)))[0].cpu().numpy())
    return np.concatenate(means)
