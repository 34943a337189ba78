"""Turns a training run into the weights file that the instrument loads.

    python -m engines.vae_images.export --run runs/vae_images-portraits

Besides the averaged weights it stores what can be learnt from the training pictures' posterior
means: principal axes, a density to sample from, and a direction for every label.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engines.common.device import Placement, keep_memory, place
from engines.common.training import averaged_state
from engines.vae_images import dataset, faces, shipped
from engines.vae_images.labels import LABELS
from engines.vae_images.latent_space import Array, LatentSpace, direction, fit
from engines.vae_images.model import Vae, VaeConfig, fold_norms
from engines.vae_images.spec import SPEC

PICTURES = 8_000
KERNELS = 2000
KERNEL_WIDTH = 0.35


def export(
    model: str, run: Path, data: Path, *, out: Path | None = None, config: VaeConfig | None = None
) -> Path:
    """Write `model`'s weights file from the checkpoint in `run`; returns its path."""
    state, trained = averaged_state(run, "vae")
    vae = Vae(config or VaeConfig())
    vae.load_state_dict(state)
    space = describe(vae, dataset.pictures(data, "training")[:PICTURES])
    path = out or SPEC.model(model).weights
    shipped.write(path, vae, space, {"model": model, **trained})
    return path


def describe(vae: Vae, pictures: NDArray[np.uint8]) -> LatentSpace:
    """The latent space of a trained model, from training faces 0, 1, 2...: (N, S, S, 3) uint8."""
    means = posterior_means(vae, pictures, place("auto"))
    space = fit(means, kernels=KERNELS, width=KERNEL_WIDTH)
    white = space.to_white(means)
    drawn = [faces.face(number) for number in faces.TRAINING[: len(means)]]
    for name, label in LABELS.items():
        values = np.array([label(face) for face in drawn], np.float32)
        if len(np.unique(values)) > 1:
            space.directions[name] = direction(white, values)
    return space


@torch.inference_mode()
def posterior_means(vae: Vae, pictures: NDArray[np.uint8], placement: Placement) -> Array:
    """The mean of q(z|x) for every picture: (N, latent) float32."""
    copy = Vae(vae.config)
    copy.load_state_dict(vae.state_dict())
    fold_norms(copy)
    placement.put(copy, converted=True)
    means = []
    for batch in dataset.batches_of(pictures, 32):
        tensor = torch.from_numpy(batch).to(placement.device).permute(0, 3, 1, 2).float().div(255)
        mean, _ = copy.encoder(placement.fit(tensor))
        means.append(mean.cpu().numpy())
    return np.concatenate(means)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write a trained model's weights file.")
    parser.add_argument("--model", default="portraits")
    parser.add_argument("--run", type=Path, default=Path("runs/vae_images-portraits"))
    parser.add_argument("--data", type=Path, default=Path("data/portraits"))
    parser.add_argument("--out", type=Path, help="default: where the instrument looks for it")
    given = parser.parse_args()
    keep_memory()
    path = export(given.model, given.run, given.data, out=given.out)
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
