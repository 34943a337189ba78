"""Trains the sharpener of a model that is shipped already; resumes by itself after a kill.

    latentloom train vae_images --model portraits-sharpener
    python -m engines.vae_images.training.sharpener_train --run runs/vae_images-portraits-sharpener

The second writes the weights file from any checkpoint to where the instrument looks for it. The
model stays what it is: its decoder is frozen, and only what is put on top of it learns.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import torch

from engines.common import ranks
from engines.common.device import keep_memory, place
from engines.common.threads import AdaptiveThreads
from engines.common.training import Limits, Training, averaged_state
from engines.vae_images import sharpener_file, shipped
from engines.vae_images.data_sets import sharpener_pairs
from engines.vae_images.model import fold_norms
from engines.vae_images.sharpener import Sharpener
from engines.vae_images.spec import SPEC
from engines.vae_images.training.sharpener_lessons import lesson
from engines.vae_images.training.sharpener_trainee import SharpenerRecipe, SharpenerTrainee
from studio.engine import DeviceChoice

SUFFIX = "-sharpener"


def train(
    model: str,
    *,
    cache: Path | None = None,
    out: Path | None = None,
    steps: int | None = None,
    minutes: float | None = None,
    device: DeviceChoice = "auto",
    threads: int | None = None,
    recipe: SharpenerRecipe | None = None,
    seed: int = 0,
) -> Path:
    """Train the sharpener of `model` into the folder `out`; returns the weights file.

    The options are those of `train.train`. Raises `EngineError` for a model that can have none.
    """
    chosen = lesson(model)
    keep_memory()
    placement = place(device)
    if threads:
        torch.set_num_threads(threads)
    folder = out or Path("runs") / f"{SPEC.name}-{model}{SUFFIX}"
    kept = cache or Path("data") / f"{model}{SUFFIX}"
    pairs = sharpener_pairs.prepare(model, kept, chosen.times, chosen.draw)
    vae, _ = shipped.read(SPEC.model(model).weights)
    fold_norms(vae.requires_grad_(False))
    decoder = placement.put(vae, converted=True).decoder
    trainee = SharpenerTrainee(
        chosen.config(vae.config), decoder, pairs, placement, recipe or chosen.recipe
    )
    if steps is None and minutes is None:
        minutes = chosen.minutes
    adaptive = None
    if placement.device.type == "cpu" and not threads:
        adaptive = AdaptiveThreads(os.cpu_count() or 1)
    limits = Limits(steps=steps, minutes=minutes)
    Training(trainee, folder, limits, seed=seed, threads=adaptive).run()
    path = folder / f"{model}{SUFFIX}.safetensors"
    return export(model, folder, path) if ranks.is_first() else path


def export(model: str, run: Path, out: Path | None = None) -> Path:
    """Write the weights file from the checkpoint in `run`; by default to where the instrument
    looks for it. Returns its path."""
    weights = SPEC.model(model).weights
    vae, _ = shipped.read(weights)
    state, trained = averaged_state(run, "sharpener")
    sharpener = Sharpener(lesson(model).config(vae.config))
    sharpener.load_state_dict(state)
    path = out or sharpener_file.path_beside(weights)
    about = {"model": model, **trained}
    sharpener_file.write(path, sharpener, sharpener_file.fingerprint(vae), about)
    return path


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write a trained sharpener's weights file.")
    parser.add_argument("--model", default="portraits")
    parser.add_argument("--run", type=Path)
    parser.add_argument("--out", type=Path, help="default: where the instrument looks for it")
    given = parser.parse_args()
    run = given.run or Path("runs") / f"{SPEC.name}-{given.model}{SUFFIX}"
    path = export(given.model, run, given.out)
    print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
