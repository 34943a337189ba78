"""What a sharpener learns from: points of the shipped model, and true drawings of 512 px.

    python -m engines.vae_images.data_sets.sharpener_pairs --out data/portraits-sharpener

draws 2,800 training faces and 100 held-out ones at 128 and at 512 px (2.4 GB, about 0.15 s a face
and core) and keeps beside them what the shipped encoder makes of the small ones. The held-out ones
are the last of their range, the exam's the first: what is watched while it learns is not what it is
judged by.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engines.common.device import Placement, keep_memory, place
from engines.vae_images import shipped
from engines.vae_images.data_sets import dataset, faces
from engines.vae_images.data_sets.materials import to_tensor
from engines.vae_images.latent_space import Array
from engines.vae_images.model import Vae, fold_norms
from engines.vae_images.sharpener_file import fingerprint
from engines.vae_images.spec import SPEC

SPLITS = {"training": faces.TRAINING[:2_800], "held_out": faces.HELD_OUT[-100:]}
TIMES = 4

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
    model: str, folder: Path, splits: dict[str, range] | None = None
) -> tuple[Pairs, Pairs]:
    """The training and the held-out pairs for the portraits that are shipped as `model`.

    What `folder` does not hold yet is drawn, on all cores. Points are kept by the fingerprint of
    the model that they were made with, so another model never meets them.
    """
    vae, _ = shipped.read(SPEC.model(model).weights)
    size_px, made_for = vae.config.size_px, fingerprint(vae)
    fold_norms(vae.requires_grad_(False))
    placement = place("cpu")
    placement.put(vae, converted=True)
    small, large = folder / str(size_px), folder / str(TIMES * size_px)
    chosen = splits or SPLITS
    dataset.prepare(small, chosen, size_px)
    dataset.prepare(large, chosen, TIMES * size_px)
    pairs = []
    for name in ("training", "held_out"):
        kept = folder / f"{name}-{made_for}.npy"
        if not kept.exists():
            np.save(kept, encoded(vae, dataset.pictures(small, name), placement))
        pairs.append(Pairs(np.load(kept), dataset.pictures(large, name)))
    return pairs[0], pairs[1]


@torch.inference_mode()
def encoded(vae: Vae, pictures: Bytes, placement: Placement) -> Array:
    """Posterior means (N, L) float32 of pictures (N, S, S, 3), by a model that is at work."""
    means = [
        vae.encoder(placement.fit(to_tensor(batch)))[0].cpu().numpy()
        for batch in dataset.batches_of(pictures, 32)
    ]
    return np.concatenate(means)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Draw the pairs that a sharpener learns from.")
    parser.add_argument("--model", default="portraits")
    parser.add_argument("--out", type=Path, default=Path("data/portraits-sharpener"))
    given = parser.parse_args()
    keep_memory()
    prepare(given.model, given.out)


if __name__ == "__main__":
    main()
