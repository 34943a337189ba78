"""Landscapes without end: the landscape model's training and held-out data.

    python -m engines.vae_images.data_sets.dataset --landscapes --out data/landscapes

They are painted from numbers by a formula of our own (see `landscapes.painter`): about a hundred a
second and core at 128 px.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch

from engines.common.transfer import quantise
from engines.vae_images.landscapes.painter import FREEDOMS, LandscapePainter

Array = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]

TRAINING = range(32_000)
HELD_OUT = range(1_000_000, 1_001_000)

TOGETHER = 8
"""Scenes painted at once: more are slower, for a processor's cache holds no more."""


def scenes(numbers: range) -> Array:
    """The scenes of those numbers, (N, F) float32: scene ``i`` is always the same."""
    rows = [
        np.random.default_rng(np.random.SeedSequence([20_263, i])).standard_normal(len(FREEDOMS))
        for i in numbers
    ]
    return np.asarray(rows, np.float32).reshape(-1, len(FREEDOMS))


@torch.inference_mode()
def paint(wanted: Array, size_px: int) -> Bytes:
    """Scenes (N, F) as pictures, (N, size_px, size_px, 3) uint8 RGB."""
    painter = LandscapePainter(size_px)
    parts = torch.from_numpy(wanted).split(TOGETHER)
    painted = [quantise(picture).numpy() for part in parts for picture in painter(part)]
    return np.stack(painted)
