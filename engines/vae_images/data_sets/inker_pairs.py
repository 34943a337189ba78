"""What an inker learns from: points of the shipped model, and what is where in the true drawings.

4.6 GB for 8,000 faces, some 0.2 s a face and core.
"""

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
from engines.vae_images.inker import InkerConfig
from engines.vae_images.latent_space import Array
from engines.vae_images.model import Vae, fold_norms
from engines.vae_images.sharpener_file import fingerprint
from engines.vae_images.spec import SPEC

MODEL = "portraits"
SPLITS = {"training": faces.TRAINING[:8_000], "held_out": faces.HELD_OUT[-100:]}
"""The exam's faces are the first held-out ones."""
LINE_PX = 0.7
"""Of 128 px, as wide as the lines between fills are drawn; the style's own are 0.9 to 1.2 px, and
learnt ink brings them to that where it is sure of them."""


@dataclass(frozen=True)
class Inked:
    """Points and the drawings that they stand for."""

    means: Array
    """(N, L) float32, as the decoder takes them."""
    deviations: Array
    distances: NDArray[np.uint8]
    """(N, F + 4, S, S), see `inked_faces`; read from disk as they are used."""
    colours: Array
    """(N, F, 3) float32 in 0..1."""

    def pick(
        self, rows: NDArray[np.int64], noise: Tensor | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Latents (B, L), distances (B, F + 4, S, S) in -1..1 and colours (B, F, 3)."""
        latents = torch.from_numpy(self.means[rows])
        if noise is not None:
            latents = latents + torch.from_numpy(self.deviations[rows]) * noise
        distances = inked_faces.unpacked(torch.from_numpy(self.distances[rows]))
        return latents, distances, torch.from_numpy(self.colours[rows])


def config() -> InkerConfig:
    """Of the inker that draws such faces."""
    return InkerConfig(
        colours=tuple(_rgb(f.colour) if f.colour else None for f in inked_faces.FILLS),
        lined=tuple(f.lined for f in inked_faces.FILLS),
        line_px=LINE_PX,
        reaches=tuple(f.reach_px for f in inked_faces.FILLS),
        ink_reach=inked_faces.INK_REACH_PX,
    )


def prepare(folder: Path) -> tuple[Inked, Inked]:
    """The training and the held-out pairs, drawn into `folder` where it does not hold them yet.
    Points are kept by the fingerprint of the model that they were made with."""
    drawn, inked = folder / "drawn", folder / "inked"
    dataset.prepare(drawn, SPLITS)
    dataset.prepare_inked(inked, SPLITS)
    vae, _ = shipped.read(SPEC.model(MODEL).weights)
    made_for = fingerprint(vae)
    fold_norms(vae.requires_grad_(False))
    pairs = []
    for name in ("training", "held_out"):
        kept = folder / f"{name}-{made_for}.npy"
        if not kept.exists():
            np.save(kept, _posteriors(vae, dataset.pictures(drawn, name)))
        means, deviations = np.load(kept)
        distances = dataset.pictures(inked, name)
        colours = np.stack([colours_of(faces.face(n)) for n in SPLITS[name]])
        pairs.append(Inked(means, deviations, distances, colours))
    return pairs[0], pairs[1]


@torch.inference_mode()
def _posteriors(vae: Vae, pictures: NDArray[np.uint8]) -> Array:
    """Means and deviations, together (2, N, L) float32."""
    both = []
    for batch in dataset.batches_of(pictures, 64):
        mean, log_variance = vae.encoder(to_tensor(batch))
        both.append(torch.stack([mean, (0.5 * log_variance).exp()]).numpy())
    return np.concatenate(both, 1)


def colours_of(face: faces.Face) -> Array:
    """What each fill of a face is filled with: (F, 3) float32 in 0..1."""
    own = np.array(inked_faces.colours(face)) / 255
    fixed = [_rgb(fill.colour) for fill in inked_faces.FILLS if fill.colour]
    return np.concatenate([own, fixed]).astype(np.float32)


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return red, green, blue
