"""Turns a training run into the weights file that the instrument loads.

    python -m engines.vae_images.training.export --model portraits --run runs/vae_images-portraits

Besides the averaged weights it stores what can be learnt from the training set's posterior means:
principal axes, a density to sample from, a direction for every label, and a map.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engines.common.device import Placement, keep_memory, place
from engines.common.training import averaged_state
from engines.vae_images import shipped
from engines.vae_images.alphabet import CHARACTERS, SIZE_PX
from engines.vae_images.data_sets import dataset, emoji, faces, landscapes, letters
from engines.vae_images.data_sets.labels import (
    EMOJI_LABELS,
    LABELS,
    LANDSCAPE_LABELS,
    TYPEFACE_LABELS,
)
from engines.vae_images.data_sets.materials import Faces, to_tensor
from engines.vae_images.landscapes.painter import FREEDOMS
from engines.vae_images.latent_space import (
    Array,
    Kernels,
    LatentSpace,
    direction,
    directions_apart,
    fit,
)
from engines.vae_images.model import Vae, VaeConfig, fold_norms
from engines.vae_images.spec import SPEC
from engines.vae_images.training.lessons import lesson
from engines.vae_images.training.mapping import mapped, places_of

PICTURES = 8_000
KERNELS = 2000
KERNEL_WIDTH = 0.35
EMOJI_KERNELS, EMOJI_WIDTH = 1200, 0.3
FACE_WIDTH = 0.35
SCENES, SCENE_WIDTH = 1200, 0.35
LOOK_PX = 16
"""How wide the pictures are that landscapes are mapped by."""


def export(
    model: str, run: Path, data: Path, *, out: Path | None = None, config: VaeConfig | None = None
) -> Path:
    """Write `model`'s weights file from the checkpoint in `run`; returns its path."""
    state, trained = averaged_state(run, "vae")
    vae = Vae(config or lesson(model).config)
    vae.load_state_dict(state)
    path = out or SPEC.model(model).weights
    space = describe(vae, data)
    if space.places is None:
        space = mapped(space)
    shipped.write(path, vae, space, {"model": model, **trained})
    return path


def describe(vae: Vae, data: Path) -> LatentSpace:
    """The latent space of a trained model from its training data in `data`; with a map only where
    there is more to make it of than points."""
    if vae.config.conditions:
        return describe_letters(vae, data / "training")
    if vae.config.painted:
        return describe_landscapes(vae.config)
    if (data / "training.json").exists():
        return describe_emoji(vae, data)
    return describe_faces(vae, dataset.pictures(data, "training")[:PICTURES])


def describe_faces(vae: Vae, pictures: NDArray[np.uint8]) -> LatentSpace:
    """From training faces 0, 1, 2...: (N, S, S, 3) uint8."""
    means = posterior_means(vae, pictures, place("auto"))
    space = fit(means, kernels=KERNELS, width=KERNEL_WIDTH)
    white = space.to_white(means)
    drawn = [faces.face(number) for number in faces.TRAINING[: len(means)]]
    for name, label in LABELS.items():
        values = np.array([label(face) for face in drawn], np.float32)
        if len(np.unique(values)) > 1:
            space.directions[name] = direction(white, values)
    return space


def describe_emoji(vae: Vae, data: Path) -> LatentSpace:
    """From the variations that `dataset.prepare_emoji` drew."""
    codes = json.loads((data / "training.json").read_text(encoding="utf-8"))
    means = posterior_means(vae, dataset.pictures(data, "training"), place("auto"))
    space = fit(means, kernels=EMOJI_KERNELS, width=EMOJI_WIDTH)
    drawn = [emoji.variation(codes, number) for number in range(len(means))]
    values = {
        name: np.array([label(v) for v in drawn], np.float32)
        for name, label in EMOJI_LABELS.items()
    }
    space.directions.update(directions_apart(space.to_white(means), values))
    return space


def describe_landscapes(config: VaeConfig) -> LatentSpace:
    """White points are the painter's own numbers: one axis for each, normally distributed. A tree's
    place counts there as much as the time of day, so the map is of small pictures instead."""
    size = config.latent_size
    axes = np.eye(size, dtype=np.float32)
    scenes = landscapes.scenes(landscapes.TRAINING[:SCENES])
    directions = {name: axes[FREEDOMS.index(name)] for name in LANDSCAPE_LABELS}
    looks = landscapes.paint(scenes, LOOK_PX).reshape(len(scenes), -1).astype(np.float32)
    centre = np.zeros(size, np.float32)
    return LatentSpace(centre, axes, Kernels(scenes, SCENE_WIDTH), directions, places_of(looks))


def describe_letters(vae: Vae, folder: Path) -> LatentSpace:
    """From the typefaces that `letters.prepare` drew."""
    material = Faces.read(folder)
    about = json.loads((folder / "faces.json").read_text(encoding="utf-8"))
    drawn = [letters.Typeface(**face) for face in about]
    means = typeface_means(vae, material, place("auto"))
    space = fit(means, kernels=len(means), width=FACE_WIDTH)
    values = {
        name: np.array([label(face) for face in drawn], np.float32)
        for name, label in TYPEFACE_LABELS.items()
    }
    directions = directions_apart(space.to_white(means), values)
    return LatentSpace(
        space.centre, space.axes, space.density, directions, lines=usual_lines(material)
    )


def usual_lines(material: Faces) -> Array:
    """Between which rows each letter usually stands: (C, 2), the medians over all faces."""
    lines = np.zeros((len(CHARACTERS), 2), np.float32)
    for letter in range(len(CHARACTERS)):
        there = np.isfinite(material.advances_px[:, letter])
        inked = (material.fields[there, letter] > 127).any(2)
        first, last = inked.argmax(1), SIZE_PX - inked[:, ::-1].argmax(1)
        lines[letter] = np.median(first), np.median(last)
    return lines


@torch.inference_mode()
def posterior_means(vae: Vae, pictures: NDArray[np.uint8], placement: Placement) -> Array:
    """The mean of q(z|x) for every picture: (N, latent) float32."""
    ready = at_work(vae, placement)
    means = []
    for batch in dataset.batches_of(pictures, 32):
        mean, _ = ready.encoder(placement.fit(to_tensor(batch)))
        means.append(mean.cpu().numpy())
    return np.concatenate(means)


@torch.inference_mode()
def typeface_means(vae: Vae, material: Faces, placement: Placement) -> Array:
    """One latent for every typeface, (F, latent) float32: what its letters agree on.

    Each letter's posterior is a Gaussian; their product is one too, whose mean is the letters'
    means weighed by their precisions.
    """
    ready = at_work(vae, placement)
    means = []
    for face, advances in enumerate(material.advances_px):
        there = np.flatnonzero(np.isfinite(advances))
        batch = material.pick(np.full(len(there), face), there)
        assert batch.conditions is not None
        told = batch.conditions.to(placement.device)
        mean, log_variance = ready.encoder(placement.fit(batch.pictures), told)
        precision = (-log_variance).exp()
        means.append(((precision * mean).sum(0) / precision.sum(0)).cpu().numpy())
    return np.stack(means)


def at_work(vae: Vae, placement: Placement) -> Vae:
    """A copy of a trained model as the engine runs it."""
    copy = Vae(vae.config)
    copy.load_state_dict(vae.state_dict())
    fold_norms(copy)
    return placement.put(copy, converted=True)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write a trained model's weights file.")
    parser.add_argument("--model", default="portraits")
    parser.add_argument("--run", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--out", type=Path, help="default: where the instrument looks for it")
    given = parser.parse_args()
    keep_memory()
    run = given.run or Path("runs") / f"{SPEC.name}-{given.model}"
    path = export(given.model, run, given.cache or Path("data") / given.model, out=given.out)
    print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
