"""Trains the inker of the shipped portraits; resumes by itself after a kill.

    latentloom train vae_images --model portraits-inker
    python -m engines.vae_images.training.inker_train --run runs/vae_images-portraits-inker

The second writes the weights file from any checkpoint to where the instrument looks for it. The
model stays what it is: its encoder says where faces are, and only what reads their points learns.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from engines.common import ranks
from engines.common.device import keep_memory
from engines.common.training import Limits, Training, averaged_state
from engines.vae_images import shipped
from engines.vae_images.data_sets import inked_faces, inker_pairs
from engines.vae_images.inking import inker
from engines.vae_images.sharpener_file import fingerprint
from engines.vae_images.spec import SPEC
from engines.vae_images.training.inker_trainee import InkerRecipe, InkerTrainee
from studio.engine import EngineError

SUFFIX = "-inker"
MINUTES = 10.0


def train(
    model: str,
    *,
    cache: Path | None = None,
    out: Path | None = None,
    steps: int | None = None,
    minutes: float | None = None,
    threads: int | None = None,
    recipe: InkerRecipe | None = None,
    seed: int = 0,
) -> Path:
    """Train the inker of `model` into the folder `out`; returns the weights file.

    The options are those of `train.train`; it always learns on the CPU. Raises `EngineError` for a
    model that can have none.
    """
    if model != inker_pairs.MODEL:
        raise EngineError(f"There is nothing to make an inker for {model!r} from.")
    keep_memory()
    torch.set_num_threads(threads or 1)
    folder = out or Path("runs") / f"{SPEC.name}-{model}{SUFFIX}"
    worn = inker_pairs.prepare(cache or Path("data") / model)
    vae, _ = shipped.read(SPEC.model(model).weights)
    learner = inker.Inker(inker_pairs.config(vae), inked_faces.parts())
    if steps is None and minutes is None:
        minutes = MINUTES
    limits = Limits(steps=steps, minutes=minutes)
    Training(InkerTrainee(learner, worn, recipe), folder, limits, seed=seed).run()
    path = folder / f"{model}{SUFFIX}.safetensors"
    return export(model, folder, path) if ranks.is_first() else path


def export(model: str, run: Path, out: Path | None = None) -> Path:
    """Write the weights file from the checkpoint in `run`; by default to where the instrument
    looks for it. Returns its path."""
    weights = SPEC.model(model).weights
    vae, _ = shipped.read(weights)
    state, trained = averaged_state(run, "reader")
    known = inked_faces.parts()
    made = inker.Inker(inker_pairs.config(vae), known)
    made.reader.load_state_dict(state)
    path = out or inker.path_beside(weights)
    inker.write(path, made, known, fingerprint(vae), {"model": model, **trained})
    return path


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write a trained inker's weights file.")
    parser.add_argument("--model", default=inker_pairs.MODEL)
    parser.add_argument("--run", type=Path)
    parser.add_argument("--out", type=Path, help="default: where the instrument looks for it")
    given = parser.parse_args()
    run = given.run or Path("runs") / f"{SPEC.name}-{given.model}{SUFFIX}"
    path = export(given.model, run, given.out)
    print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
