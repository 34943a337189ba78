"""Trains the melody model; resumes by itself after a kill.

    latentloom train lstm_melodies --model tunes
    python -m engines.lstm_melodies.training.train --steps 3200

`engines.lstm_melodies.training.export` writes the weights file from any checkpoint.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from engines.common import ranks
from engines.common.device import keep_memory
from engines.common.training import Habits, Limits, Training
from engines.lstm_melodies import shipped
from engines.lstm_melodies.corpus import archive, own
from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.model import Melodist, MelodyConfig
from engines.lstm_melodies.spec import SPEC
from engines.lstm_melodies.training.export import export
from engines.lstm_melodies.training.trainee import MelodyTrainee, Recipe, figures_on, phrases_like
from studio.engine import DeviceChoice, Watch
from studio.music import roll

STEPS, OWN_STEPS = 3200, 300
OWN_RATE = 5e-4
"""The learning rate for own tunes: what is known already is not to be shaken."""
ROLLS, ROLL_BARS, ROLL_PX = 4, 8, (512, 128)
BOOKS = 300
"""Melodies of the books that own ones are mixed with, or as many as these if they are more."""


def train(
    model: str = "tunes",
    *,
    data: Path | None = None,
    out: Path | None = None,
    steps: int | None = None,
    minutes: float | None = None,
    device: DeviceChoice = "auto",  # noqa: ARG001
    threads: int = 1,
    recipe: Recipe | None = None,
    seed: int = 0,
    watch: Watch | None = None,
) -> Path:
    """Train into the folder `out`, resuming what is there; returns the weights file.

    `data` is a folder of the artist's own .mid, .abc or .musicxml files. They are taught to the
    shipped model, gently and half of the time, with tunes from the books for the rest, so that it
    forgets nothing: a handful of tunes makes no model of its own. Raises `EngineError` if it holds
    nothing that can be used. The device is the CPU whatever is asked for: steps are short and many.

    `steps` and `minutes` (3,200 steps if neither is given, 300 for own tunes) count from the very
    beginning, earlier runs included: they set the learning rate's schedule. Every few minutes some
    tunes are written into the folder, to be read.
    """
    chosen = SPEC.model(model)
    keep_memory()
    torch.set_num_threads(threads)
    folder = out or Path("runs") / f"{SPEC.name}-{model}{f'-{data.name}' if data else ''}"
    torch.manual_seed(seed)
    training, validation = _melodies(data)
    if data and recipe is None:
        recipe = Recipe(learning_rate=OWN_RATE)
    kind = OwnTrainee if data else MelodyTrainee
    trainee = kind(MelodyConfig(), training, validation, recipe)
    if data:
        trainee.melodist.load_state_dict(shipped.read(chosen.weights).state_dict())
    if steps is None and minutes is None:
        steps = OWN_STEPS if data else STEPS
    habits = Habits(checkpoint_s=90.0, sheet_s=60.0 if data else 300.0, average_decay=0.998)
    limits = Limits(steps=steps, minutes=minutes)
    Training(trainee, folder, limits, seed=seed, habits=habits, watch=watch).run()
    path = folder / "tunes.safetensors"
    return export(folder, out=path, config=trainee.melodist.config) if ranks.is_first() else path


class OwnTrainee(MelodyTrainee):
    """Can be played while it learns."""

    @torch.no_grad()
    def sample(self, averages: Mapping[str, nn.Module]) -> Tensor:
        """Tunes of eight bars as piano rolls, like some that are learnt from."""
        melodist = averages["melodist"]
        assert isinstance(melodist, Melodist)
        phrases = phrases_like(melodist, self.validation, ROLLS, ROLL_BARS)
        rolls = np.stack([roll.draw(phrase, ROLL_PX) for phrase in phrases])
        return torch.from_numpy(rolls).permute(0, 3, 1, 2).float() / 255

    def exam(self, averages: Mapping[str, nn.Module]) -> dict[str, float]:
        melodist = averages["melodist"]
        assert isinstance(melodist, Melodist)
        return {"held_out": figures_on(melodist, self.validation[:20])["nats"]}

    def snapshot(self, averages: Mapping[str, nn.Module], path: Path) -> None:
        """With the shipped model's directions: fine tuning hardly moves them."""
        melodist = averages["melodist"]
        assert isinstance(melodist, Melodist)
        known = SPEC.models[0]
        steps = shipped.directions(known.weights, known.latent_size)
        shipped.write(path, melodist.eval(), {"model": "own"}, steps)


def _melodies(data: Path | None) -> tuple[list[Melody], list[Melody]]:
    """What is learnt, and what is held back."""
    if data is None:
        return archive.split("training"), archive.split("validation")
    melodies, notices = own.read(data)
    for notice in notices:
        print(notice)
    print(f"{len(melodies)} melodies, {sum(m.notes for m in melodies)} notes")
    theirs = [melody for melody in melodies if melody.split == "training"]
    books = archive.split("training")
    books = books[:: max(1, len(books) // max(BOOKS, len(theirs)))]
    held = [melody for melody in melodies if melody.split == "validation"] or theirs[:20]
    return theirs * max(1, len(books) // len(theirs)) + books, held


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Train the melody model.")
    parser.add_argument("--data", type=Path, help="a folder of own tunes")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--steps", type=int)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    path = train(
        data=given.data,
        out=given.out,
        steps=given.steps,
        minutes=given.minutes,
        threads=given.threads,
    )
    print(path)


if __name__ == "__main__":
    main()
