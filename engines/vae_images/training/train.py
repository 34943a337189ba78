"""Trains a picture model; resumes by itself after a kill.

    latentloom train vae_images --model portraits
    latentloom train vae_images --model portraits-sharpener
    python -m engines.vae_images.training.train --model emoji --minutes 95
    python -m engines.vae_images.training.train --model emoji --peer --steps 4000

At the end the weights file lies in the run's folder; `export` writes it from
any checkpoint, and by default to where the instrument looks for it. With `--peer` it is the plain
model for comparison that learns (see `peer`), and nothing is exported. A name with `-sharpener`
trains what draws that model's pictures larger (see `sharpener_train`), one with `-inker` what draws
them as flat colours under ink (see `inker_train`).
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

import torch

from engines.common import ranks
from engines.common.device import keep_memory, place
from engines.common.threads import AdaptiveThreads
from engines.common.training import Limits, Training
from engines.vae_images.spec import SPEC
from engines.vae_images.training import inker_train, own, sharpener_train
from engines.vae_images.training.export import export
from engines.vae_images.training.lessons import lesson
from engines.vae_images.training.peer import PeerTrainee
from engines.vae_images.training.trainee import Recipe, VaeTrainee
from studio.engine import DeviceChoice, EngineError, Watch


def train(
    model: str = "portraits",
    *,
    data: Path | None = None,
    cache: Path | None = None,
    out: Path | None = None,
    steps: int | None = None,
    minutes: float | None = None,
    device: DeviceChoice = "auto",
    threads: int | None = None,
    recipe: Recipe | None = None,
    seed: int = 0,
    peer: bool = False,
    size_px: int = 128,
    scratch: bool = False,
    flips: bool = False,
    watch: Watch | None = None,
) -> Path:
    """Train `model` into the folder `out`, resuming what is there; returns the weights file.

    `steps` and `minutes` (the lesson's if neither is given) count from the very beginning, earlier
    runs included: they set the schedules. `cache` (data/MODEL) is where the drawn pictures are
    kept; those that can be drawn at once are, if they are missing. With `data`, a folder of the
    artist's own pictures, a model of those is learnt (see `own`), `size_px` wide: from `model`, or
    from nothing with `scratch`; with `flips` it learns their mirror images as well.
    `threads` are as many as pay off unless given (of own pictures one). With `peer` the plain model
    learns instead, and the run's folder is returned. Raises `EngineError` for an unknown model or
    missing data, `DeviceError` for a device that is not there, `Stopped` where the `watch` wants
    it.
    """
    if data is not None:
        keep_memory()
        torch.set_num_threads(threads or 1)
        if steps is None and minutes is None:
            minutes = own.MINUTES
        return own.train(
            data,
            out or Path("runs") / f"{SPEC.name}-{data.name}",
            Limits(steps=steps, minutes=minutes),
            place(device),
            start=None if scratch else SPEC.model(model).weights,
            size_px=size_px,
            flips=flips,
            seed=seed,
            watch=watch,
            recipe=recipe,
        )
    rest: dict[str, Any] = {
        "cache": cache,
        "out": out,
        "steps": steps,
        "minutes": minutes,
        "threads": threads,
    }
    if model.endswith(inker_train.SUFFIX):
        return inker_train.train(model.removesuffix(inker_train.SUFFIX), seed=seed, **rest)
    if model.endswith(sharpener_train.SUFFIX):
        name = model.removesuffix(sharpener_train.SUFFIX)
        return sharpener_train.train(name, device=device, seed=seed, **rest)
    chosen = lesson(model)
    if peer and chosen.config.painted:
        raise EngineError("A decoder that is a formula has no plain one to be compared with.")
    keep_memory()
    placement = place(device)
    if threads:
        torch.set_num_threads(threads)
    folder = out or Path("runs") / f"{SPEC.name}-{model}{'-peer' if peer else ''}"
    kept = cache or Path("data") / model
    material = chosen.material(kept)
    kind = PeerTrainee if peer else VaeTrainee
    trainee = kind(chosen.config, material, placement, recipe or chosen.recipe)
    if steps is None and minutes is None:
        minutes = chosen.minutes
    adaptive = None
    if placement.device.type == "cpu" and not threads:
        adaptive = AdaptiveThreads(os.cpu_count() or 1)
    limits = Limits(steps=steps, minutes=minutes)
    Training(trainee, folder, limits, seed=seed, threads=adaptive).run()
    if peer:
        return folder
    path = folder / f"{model}.safetensors"
    return export(model, folder, kept, out=path) if ranks.is_first() else path


def main() -> None:
    """The command line; `latentloom train` has the same options but for the last two."""
    parser = argparse.ArgumentParser(description="Train a picture model.")
    parser.add_argument("--model", default="portraits")
    parser.add_argument("--cache", type=Path, help="where the drawn pictures are kept")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--peer", action="store_true")
    print(train(**vars(parser.parse_args())))


if __name__ == "__main__":
    main()
