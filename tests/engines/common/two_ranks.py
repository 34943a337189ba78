"""Trainings of all three kinds, so small that two processes of them take seconds.

As a program it is what `torchrun` starts: each learns for a few steps and is stopped. Then comes
the command, on some pictures, until Ctrl-C.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import torch

from engines.common import ranks
from engines.common.device import place
from engines.common.training import Habits, Limits, Trainee, Training
from engines.gan_textures.training import trainee as textures_trainee
from engines.gan_textures.training.trainee import TextureTrainee
from engines.lstm_melodies.training import trainee as melodies_trainee
from engines.lstm_melodies.training.trainee import MelodyTrainee
from engines.vae_images.data_sets.own import OwnPictures
from engines.vae_images.training.trainee import Recipe, VaeTrainee
from studio.commands.cli import app
from studio.engine import Stopped, Watch
from tests.engines.gan_textures import textures
from tests.engines.lstm_melodies import melodies
from tests.engines.vae_images import tiny

KINDS = ("pictures", "textures", "melodies")
STEPS, BROKEN_OFF = 4, 2
OFTEN = Habits(checkpoint_s=1e9, sheet_s=1e9, log_steps=1)


class BreakOff(Watch):
    """Stops a training half-way."""

    def goes_on(self, step: int, seconds: float, progress: float) -> bool:
        return step < BROKEN_OFF


def training(kind: str, folder: Path, times: int, watch: Watch | None = None) -> Training:
    """With a batch so many times as large; whoever begins it draws other weights at first."""
    torch.manual_seed(ranks.rank())
    limits = Limits(steps=STEPS)
    made = _trainee(kind, times)
    return Training(made, folder / kind, limits, seed=1, habits=OFTEN, watch=watch)


def _trainee(kind: str, times: int) -> Trainee:
    plain = replace(place("cpu"), dtype=torch.float32)
    if kind == "pictures":
        data = tiny.pictures(56)
        material = OwnPictures(data[:32], data[32:], flips=True)
        return VaeTrainee(tiny.CONFIG, material, plain, Recipe(batch=4 * times))
    if kind == "textures":
        recipe = textures_trainee.Recipe(at_once=times, each=2, critic_from=0.0)
        return TextureTrainee(textures.CONFIG, textures.some(), plain, recipe)
    tunes = [melodies.melody(i, 8 + i % 5) for i in range(16)]
    few = melodies_trainee.Recipe(
        tunes=4 * times, phrase_bars=16 * times, half=False, tune_dropout=0.0, phrase_dropout=0.0
    )
    return MelodyTrainee(melodies.CONFIG, tunes[:12], tunes[12:], few)


if __name__ == "__main__":
    torch.set_num_threads(1)
    run = Path(sys.argv[1]) if ranks.is_first() else Path(sys.argv[1]) / "nobody's"
    for each in KINDS:
        with suppress(Stopped):
            training(each, run, 1, BreakOff()).run()
    pictures, out = sys.argv[2:]
    asked = ["train", "vae_images", "--data", pictures, "--out", out, "--scratch", "--size", "64"]
    app([*asked, "--device", "cpu"])
