"""A picture model small enough to train and load in a blink."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engines.vae_images import shipped
from engines.vae_images.latent_space import fit
from engines.vae_images.model import Vae, VaeConfig
from studio.engine import ModelSpec

CONFIG = VaeConfig(
    size_px=16,
    latent_size=6,
    base_px=4,
    decoder_channels=(8, 8),
    decoder_blocks=(1, 1),
    encoder_channels=(8,),
    encoder_blocks=(1,),
)


def pictures(count: int, seed: int = 0) -> NDArray[np.uint8]:
    """Two-tone pictures (count, 16, 16, 3): a bright half on a dark ground."""
    rng = np.random.default_rng(seed)
    made = np.zeros((count, 16, 16, 3), np.uint8)
    made[:] = rng.integers(0, 90, (count, 1, 1, 3))
    made[:, :8] = rng.integers(160, 255, (count, 1, 1, 3))
    return made


def write(path: Path, config: VaeConfig = CONFIG) -> ModelSpec:
    """An untrained model's weights file and its spec."""
    torch.manual_seed(0)
    vae = Vae(config).eval()
    means = np.random.default_rng(0).normal(size=(200, config.latent_size)).astype(np.float32)
    shipped.write(path, vae, fit(means, kernels=20, width=0.5), {"model": "tiny"})
    return ModelSpec(
        name="tiny", title="Tiny", latent_size=config.latent_size, weights=path, licence="MIT"
    )
