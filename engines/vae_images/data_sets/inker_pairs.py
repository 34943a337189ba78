"""What an inker learns from: points of the shipped model, and what the faces there wear."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engines.vae_images import shipped
from engines.vae_images.data_sets import dataset, faces, inked_faces
from engines.vae_images.data_sets.materials import to_tensor
from engines.vae_images.inking.inker import InkerConfig
from engines.vae_images.latent_space import Array, LatentSpace
from engines.vae_images.model import Vae, fold_norms
from engines.vae_images.sharpener_file import fingerprint
from engines.vae_images.spec import SPEC

MODEL = "portraits"
SPLITS = {"training": faces.TRAINING[:24_000], "held_out": faces.HELD_OUT[-500:]}
"""The exam's faces are the first held-out ones."""
LINE_PX = 0.7
"""As wide as the lines between fills are drawn; the style's own are 0.9 to 1.2 px of 128, and the
parts' ink brings them to that where a face wears one kind of each."""


@dataclass(frozen=True)
class Worn:
    """Points and what the faces wear that they stand for."""

    means: Array
    """(N, L) float32, white."""
    deviations: Array
    """Along the axes of white points."""
    kinds: NDArray[np.int64]
    """(N, layers)."""
    colours: Array
    """(N, F, 3) float32 in 0..1."""

    def pick(self, rows: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """The four of some rows (B,)."""
        at = rows.numpy()
        parts = (self.means, self.deviations, self.kinds, self.colours)
        means, deviations, kinds, colours = (torch.from_numpy(part[at]) for part in parts)
        return means, deviations, kinds, colours


def config(vae: Vae) -> InkerConfig:
    """Of the inker that draws such faces."""
    return InkerConfig(
        latent_size=vae.config.latent_size,
        colours=tuple(inked_faces.rgb(f.colour) if f.colour else None for f in inked_faces.FILLS),
        lined=tuple(f.lined for f in inked_faces.FILLS),
        line_px=LINE_PX,
    )


def prepare(folder: Path) -> tuple[Worn, Worn]:
    """What to learn from and what to look at; faces are drawn into `folder` where it does not hold
    them yet, and points kept by the fingerprint of the model that they were made with."""
    dataset.prepare(folder, SPLITS)
    vae, space = shipped.read(SPEC.model(MODEL).weights)
    made_for = fingerprint(vae)
    fold_norms(vae.requires_grad_(False))
    found = []
    for name, numbers in SPLITS.items():
        kept = folder / f"{name}.points-{made_for}.npy"
        if not kept.exists():
            np.save(kept, _posteriors(vae, space, dataset.pictures(folder, name)))
        means, deviations = np.load(kept)
        wear = [faces.face(n) for n in numbers]
        kinds = np.array([inked_faces.worn(face) for face in wear])
        found.append(Worn(means, deviations, kinds, np.stack([*map(inked_faces.colours, wear)])))
    return found[0], found[1]


@torch.inference_mode()
def _posteriors(vae: Vae, space: LatentSpace, pictures: NDArray[np.uint8]) -> Array:
    """Means and deviations as white points, together (2, N, L) float32."""
    both = []
    whitening = np.linalg.pinv(space.axes)  # latents are the centre and white points by the axes
    for batch in dataset.batches_of(pictures, 64):
        mean, log_variance = (part.numpy() for part in vae.encoder(to_tensor(batch)))
        spread = np.sqrt(np.exp(log_variance) @ whitening**2)
        both.append(np.stack([space.to_white(mean), spread]))
    return np.concatenate(both, 1).astype(np.float32)
