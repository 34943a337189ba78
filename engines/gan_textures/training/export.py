"""Turns a training run into the weights file that the instrument loads.

python -m engines.gan_textures.training.export --run runs/gan_textures-materials
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from engines.common.device import keep_memory
from engines.common.training import CHECKPOINT, averaged_state
from engines.gan_textures import shipped, styles
from engines.gan_textures.encoder import Encoder
from engines.gan_textures.mapping import placed
from engines.gan_textures.model import TextureConfig
from engines.gan_textures.shipped import Shipped
from engines.gan_textures.spec import SPEC
from engines.gan_textures.styles import Array, Styles
from engines.gan_textures.training import blend_gain, statistics
from engines.gan_textures.training.materials import Materials, read_folder, read_shipped
from engines.gan_textures.training.trainee import Artist, TextureTrainee

ENCODER = "encoder"
"""The folder within a run in which the encoder learns."""


def export(model: str, run: Path, materials: Materials, *, out: Path | None = None) -> Path:
    """Write the weights file from the checkpoints in `run`; returns its path.

    While the encoder has learnt nothing yet, one that knows nothing takes its place.
    """
    artist = trained_artist(run, materials)
    trained = averaged_state(run, "artist")[1]
    encoder = Encoder(len(materials.names))
    if (run / ENCODER / CHECKPOINT).exists():
        encoder.load_state_dict(averaged_state(run / ENCODER, "encoder")[0])
    path = out or SPEC.model(model).weights
    made = ready(artist, encoder, materials)
    made = replace(made, gain=blend_gain.taught(made))
    shipped.write(path, made, {"model": model, **trained})
    return path


def ready(artist: Artist, encoder: Encoder, materials: Materials) -> Shipped:
    """What a weights file holds of them."""
    points = points_of(artist, materials)
    return Shipped(artist.generator, encoder, materials.names, points, places_of(materials))


class OwnTrainee(TextureTrainee):
    """Can be played while it learns."""

    def snapshot(self, averages: Mapping[str, nn.Module], path: Path) -> None:
        """Its encoder knows nothing yet."""
        artist = averages["artist"]
        assert isinstance(artist, Artist)
        encoder = Encoder(len(self.materials.names))
        shipped.write(path, ready(artist, encoder, self.materials), {"model": "own"})


def trained_artist(run: Path, materials: Materials) -> Artist:
    """The averaged generator and styles from the checkpoint in `run`."""
    state, _ = averaged_state(run, "artist")
    layers = sorted({int(name.split(".")[2]) for name in state if name.startswith("generator.l")})
    kernels = [state[f"generator.layers.{layer}.weight"] for layer in layers]
    config = TextureConfig(
        style=state["styles"].shape[1],
        noise=kernels[0].shape[1],
        widths=tuple(k.shape[0] for k in kernels[::2]),
    )
    artist = Artist(config, len(materials.names))
    artist.load_state_dict(state)
    return artist


def points_of(artist: Artist, materials: Materials) -> Array:
    """Where the materials lie in the latent space."""
    colours = materials.colours
    told = Styles(
        artist.styles.detach().cpu().numpy(), colours.means.numpy(), colours.contrasts.numpy()
    )
    return styles.written(told)


def places_of(materials: Materials) -> Array:
    """Where they stand on the map: by their statistics, and a little by their colours."""
    with torch.no_grad():
        groups = statistics.measure(materials.pictures, statistics.norms(materials.pictures))
    told = [
        groups["near"].numpy(),
        groups["size_near"].numpy(),
        2 * materials.colours.means.numpy(),
    ]
    scaled = [t / max(1e-6, float(np.linalg.norm(t - t.mean(0)))) for t in told]
    return placed(np.concatenate(scaled, 1))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write a trained model's weights file.")
    parser.add_argument("--model", default="materials")
    parser.add_argument("--run", type=Path, default=Path("runs/gan_textures-materials"))
    parser.add_argument("--data", type=Path, help="the folder that was learnt from, if not ours")
    parser.add_argument("--out", type=Path, help="default: where the instrument looks for it")
    given = parser.parse_args()
    keep_memory()
    materials = read_folder(given.data) if given.data else read_shipped(given.model)
    path = export(given.model, given.run, materials, out=given.out)
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
