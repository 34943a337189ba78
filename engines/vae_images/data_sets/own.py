"""An artist's own pictures as training data: few of them, so that each is shown in many ways."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engines.common import ranks
from engines.common.own_files import read_pictures
from engines.vae_images.art import fit_square
from engines.vae_images.data_sets.materials import Batch, Bytes, Pictures, to_tensor
from studio.engine import EngineError

FEWEST = 8
FEWEST_HELD_OUT, MOST_HELD_OUT = 30, 64
"""From so many pictures on every tenth is held out, and never more than these."""
ENOUGH, MANY = 200, 2000
"""Up to so many pictures they are changed as much as it helps; from so many on not at all."""
MOST_BYTES = 3_000_000_000
"""So much memory pictures take at most."""
SHIFT, SCALE, TURN, LIGHT, COLOUR = 0.06, 0.1, 0.1, 0.08, 0.15
"""By how much at most: shares of the width, of the size, radians, and shares of the values."""


def read(folder: Path, size_px: int, say: Callable[[str], object] = print) -> tuple[Bytes, Bytes]:
    """What is learnt from and what is held out, each (N, size, size, 3) uint8: the middle squares.

    Files that cannot be used are named and left out. Raises `EngineError` for too few.
    """
    most = MOST_BYTES // (3 * size_px**2)
    found = read_pictures(folder, lambda pixels: fit_square(pixels, size_px), say)
    pictures = [picture for _, picture in islice(found, most)]
    if len(pictures) == most:
        say(f"More than {most} pictures of {size_px} px are not learnt from.")
    if len(pictures) < FEWEST:
        raise EngineError(
            f"The folder {folder.name} holds {len(pictures)} pictures; {FEWEST} are the fewest "
            "that a model can be learnt from."
        )
    stack = np.stack(pictures)
    held = np.zeros(len(stack), np.bool_)
    if len(stack) >= FEWEST_HELD_OUT:
        held[:: max(10, math.ceil(len(stack) / MOST_HELD_OUT))] = True
    return stack[~held], stack[held]


class OwnPictures(Pictures):
    """Pictures that are shifted, scaled, turned, lit and coloured a little, and flipped if wanted.

    An auto-encoder learns whatever it is shown, so changes are small, and what is sampled lies
    around the pictures as they are (compare Zhao et al., "DiffAugment", 2020, whose critic may see
    larger ones).
    """

    def __init__(self, training: Bytes, held_out: Bytes, *, flips: bool) -> None:
        super().__init__(training, held_out if len(held_out) else training)
        self.flips = flips
        share = math.log(MANY / max(1, len(training))) / math.log(MANY / ENOUGH)
        self.strength = min(1.0, max(0.0, share))
        """How much pictures are changed, 0..1."""

    def batch(self, chance: torch.Generator, count: int) -> Batch:
        rows = ranks.rows(
            lambda n: torch.randint(len(self.training), (n,), generator=chance), count
        )
        pictures = to_tensor(self.training[rows.numpy()])
        return Batch(changed(pictures, self.strength, chance, flips=self.flips))


def changed(pictures: Tensor, strength: float, chance: torch.Generator, *, flips: bool) -> Tensor:
    """Pictures (B, 3, S, S) in 0..1, each changed in its own way; edges are mirrored outwards."""
    count = len(pictures)

    def drawn(*shape: int) -> Tensor:
        return ranks.rows(lambda n: torch.rand(n, *shape, generator=chance), count)

    def spread(most: float, *shape: int) -> Tensor:
        return strength * most * (2 * drawn(*shape) - 1)

    if flips:
        mirrored = drawn() < 0.5
        pictures = torch.where(mirrored[:, None, None, None], pictures.flip(-1), pictures)
    if not strength:
        return pictures
    turn, scale, shift = spread(TURN), 1 + spread(SCALE), spread(2 * SHIFT, 2)
    cosine, sine = scale * turn.cos(), scale * turn.sin()
    rows = [
        torch.stack([cosine, -sine, shift[:, 0]], 1),
        torch.stack([sine, cosine, shift[:, 1]], 1),
    ]
    grid = F.affine_grid(torch.stack(rows, 1), list(pictures.shape), align_corners=False)
    moved = F.grid_sample(pictures, grid, padding_mode="reflection", align_corners=False)
    light, colour = spread(LIGHT, 1, 1, 1), 1 + spread(COLOUR, 1, 1, 1)
    grey = moved.mean(1, keepdim=True)
    return (grey + colour * (moved - grey) + light).clamp(0, 1)
