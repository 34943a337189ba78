"""Trains a texture model; resumes by itself after a kill.

    latentloom train gan_textures
    latentloom train gan_textures --data FOLDER
    python -m engines.gan_textures.training.train --out runs/own --data FOLDER --minutes 20

First the generator learns against its critic, then the encoder from both. With a folder, the
artist's own pictures are the materials, one each; the generator starts from what it already knows.
At the end the weights file lies in the run's folder; `export` writes it from
any checkpoint, and by default to where the instrument looks for it.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import torch

from engines.common import ranks
from engines.common.device import Placement, keep_memory, place
from engines.common.threads import AdaptiveThreads
from engines.common.training import CHECKPOINT, Habits, Limits, Training
from engines.gan_textures import shipped, styles
from engines.gan_textures.model import TextureConfig
from engines.gan_textures.spec import SPEC
from engines.gan_textures.training import plots
from engines.gan_textures.training.export import ENCODER, OwnTrainee, export, trained_artist
from engines.gan_textures.training.learning import EncoderTrainee
from engines.gan_textures.training.materials import Materials, read_folder, read_shipped
from engines.gan_textures.training.trainee import Recipe, TextureTrainee
from studio.engine import DeviceChoice, Watch, WeightsError

MINUTES, OWN_MINUTES = 110.0, 20.0
"""What two busy cores need; with a folder, for a start from the shipped weights."""
OWN_HABITS = Habits(checkpoint_s=60.0, log_steps=2)
ENCODER_SHARE = 0.03
"""How long the encoder learns afterwards, beside the generator's steps or minutes."""


def train(
    model: str = "materials",
    *,
    data: Path | None = None,
    out: Path | None = None,
    steps: int | None = None,
    minutes: float | None = None,
    device: DeviceChoice = "auto",
    threads: int | None = None,
    recipe: Recipe | None = None,
    config: TextureConfig | None = None,
    seed: int = 0,
    scratch: bool = False,
    watch: Watch | None = None,
) -> Path:
    """Train `model` into the folder `out`, resuming what is there; returns the weights file.

    `steps` and `minutes` are the generator's and count from the very beginning, earlier runs
    included: they set the schedules. `data` is a folder of pictures; files that cannot be used are
    named and left out. The generator starts from what is shipped as `model`, and so do the styles
    where the materials are the same; all with `scratch`, and the first model, from nothing.
    `threads` are as many as pay off unless given. Raises `EngineError` for an unknown model, a
    folder without pictures or a run of other materials, and `DeviceError` for a device that is not
    there; `Stopped` where the `watch` wants it.
    """
    wanted = SPEC.model(model)
    scratch = scratch or (not data and wanted == SPEC.models[0])
    materials = read_folder(data) if data else read_shipped(model)
    keep_memory()
    placement = place(device)
    if threads:
        torch.set_num_threads(threads)
    folder = out or Path("runs") / f"{SPEC.name}-{data.name if data else model}"
    if steps is None and minutes is None:
        minutes = OWN_MINUTES if data else MINUTES
    kind = OwnTrainee if data else TextureTrainee
    trainee = kind(config or TextureConfig(), materials, placement, recipe)
    if not scratch and not (folder / CHECKPOINT).exists():
        known = wanted if wanted.weights.exists() else SPEC.models[0]
        _start_from(known.weights, trainee)
    limits = Limits(steps=steps, minutes=minutes)
    adaptive = _threads(placement, threads)
    habits = OWN_HABITS if data else None
    Training(trainee, folder, limits, seed=seed, habits=habits, threads=adaptive, watch=watch).run()
    if ranks.is_first():
        plots.write(folder)
    _teach_encoder(materials, folder, placement, _short(limits), seed, adaptive)
    path = folder / f"{model}.safetensors"
    return export(model, folder, materials, out=path) if ranks.is_first() else path


def _start_from(weights: Path, trainee: TextureTrainee) -> None:
    """Begin with the shipped generator, where there is one of the same shape, and its styles."""
    try:
        known = shipped.read(weights)
    except WeightsError:
        return
    if known.generator.config != trainee.config:
        return
    artist = trainee.artist
    artist.generator.load_state_dict(known.generator.state_dict())
    with torch.no_grad():
        # They are shipped at length one, at which a step would turn them 34 times as far.
        for layer in artist.generator.layers:
            layer.weight.mul_(layer.weight[0].numel() ** 0.5)
        if known.names == trainee.materials.names:
            artist.styles.copy_(torch.from_numpy(styles.read(known.points).patterns))


def _teach_encoder(
    materials: Materials,
    folder: Path,
    placement: Placement,
    limits: Limits,
    seed: int,
    threads: AdaptiveThreads | None,
) -> None:
    artist = ranks.first_says(lambda: trained_artist(folder, materials))
    trainee = EncoderTrainee(artist, materials, placement)
    Training(trainee, folder / ENCODER, limits, seed=seed, threads=threads).run()


def _short(limits: Limits) -> Limits:
    steps = max(1, round(ENCODER_SHARE * limits.steps)) if limits.steps else None
    return Limits(steps=steps, minutes=limits.minutes and ENCODER_SHARE * limits.minutes)


def _threads(placement: Placement, given: int | None) -> AdaptiveThreads | None:
    if placement.device.type != "cpu" or given:
        return None
    return AdaptiveThreads(os.cpu_count() or 1)


def main() -> None:
    """The command line; `latentloom train` has the same options but for the last."""
    parser = argparse.ArgumentParser(description="Train a texture model.")
    parser.add_argument("--model", default="materials")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--seed", type=int, default=0)
    print(train(**vars(parser.parse_args())))


if __name__ == "__main__":
    main()
