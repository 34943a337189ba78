"""Trains the crisper of a model that is shipped already; resumes by itself after a kill.

    latentloom train vae_images --model portraits-crisper

The model stays what it is: its encoder says where real pictures are, and only the map learns.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from engines.common import ranks
from engines.common.device import keep_memory
from engines.common.training import Limits, Training, averaged_state
from engines.vae_images import crisper, shipped
from engines.vae_images.data_sets import emoji, faces
from engines.vae_images.data_sets.materials import Bytes, to_tensor
from engines.vae_images.latent_space import Array
from engines.vae_images.model import fold_norms
from engines.vae_images.sharpener_file import fingerprint
from engines.vae_images.spec import SPEC
from engines.vae_images.training.crisper_trainee import CrisperRecipe, CrisperTrainee
from studio.engine import EngineError

SUFFIX = "-crisper"
MODELS = ("portraits", "emoji")
MINUTES = 60.0
PICTURES = 6000
AT_ONCE = 100


def train(
    model: str,
    *,
    cache: Path | None = None,
    out: Path | None = None,
    steps: int | None = None,
    minutes: float | None = None,
    threads: int | None = None,
    recipe: CrisperRecipe | None = None,
    seed: int = 0,
) -> Path:
    """Train the crisper of `model` into the folder `out`; returns the weights file.

    The options are those of `train.train`; it always learns on the CPU. Raises `EngineError` for a
    model that can have none.
    """
    if model not in MODELS:
        raise EngineError(f"There is nothing to make a crisper for {model!r} from.")
    keep_memory()
    torch.set_num_threads(threads or 1)
    folder = out or Path("runs") / f"{SPEC.name}-{model}{SUFFIX}"
    points = _points(model, cache or Path("data") / f"{model}{SUFFIX}")
    if steps is None and minutes is None:
        minutes = MINUTES
    limits = Limits(steps=steps, minutes=minutes)
    Training(CrisperTrainee(points, recipe), folder, limits, seed=seed).run()
    path = folder / f"{model}{SUFFIX}.safetensors"
    return export(model, folder, path) if ranks.is_first() else path


def export(model: str, run: Path, out: Path | None = None) -> Path:
    """Write the weights file from the checkpoint in `run`; by default to where the instrument
    looks for it. Returns its path."""
    weights = SPEC.model(model).weights
    vae, _ = shipped.read(weights)
    state, trained = averaged_state(run, "crisper")
    made = crisper.Crisper(vae.config.latent_size)
    made.load_state_dict(state)
    path = out or crisper.path_beside(weights)
    crisper.write(path, made, fingerprint(vae), {"model": model, **trained})
    return path


def _points(model: str, folder: Path) -> Array:
    """White points (PICTURES, L) of training pictures, kept in `folder` by the model's print."""
    vae, space = shipped.read(SPEC.model(model).weights)
    path = folder / f"points-{fingerprint(vae)}.npy"
    if not path.exists():
        fold_norms(vae.requires_grad_(False))
        means = []
        for start in range(0, PICTURES, AT_ONCE):
            pictures = _pictures(model, range(start, start + AT_ONCE), vae.config.size_px)
            with torch.inference_mode():
                means.append(vae.encoder(to_tensor(pictures))[0].numpy())
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished.npy")
        np.save(unfinished, space.to_white(np.concatenate(means)))
        unfinished.replace(path)
    points: Array = np.load(path)
    return points


def _pictures(model: str, numbers: range, size_px: int) -> Bytes:
    if model == "portraits":
        return np.stack([faces.draw(faces.face(n), size_px) for n in numbers])
    codes = [c for c in emoji.chosen(emoji.SHIPPED) if not emoji.held_out(c)]
    drawn = [emoji.draw(emoji.SHIPPED, emoji.variation(codes, n), size_px) for n in numbers]
    return np.stack(drawn)
