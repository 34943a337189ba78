"""Trains a model on the verse; resumes by itself after a kill.

    latentloom train verse --model gru

At the end the weights file lies where the instrument looks for it or, with `out`, in that folder.
"""

from __future__ import annotations

import os
from pathlib import Path

import torch

from engines.common import ranks
from engines.common.device import keep_memory, place
from engines.common.threads import AdaptiveThreads
from engines.common.training import Limits, Training
from engines.verse.corpus import lines
from engines.verse.corpus.lines import Runs
from engines.verse.lexicon import lexicon
from engines.verse.model import HIDDEN, VerseModel
from engines.verse.spec import CELLS, SPEC
from engines.verse.training.export import export
from engines.verse.training.trainee import VerseTrainee
from studio.engine import DeviceChoice, EngineError

STEPS = 24_000


def train(
    model: str = "gru",
    *,
    out: Path | None = None,
    steps: int | None = None,
    minutes: float | None = None,
    device: DeviceChoice = "auto",
    threads: int | None = None,
    seed: int = 0,
    runs: Runs | None = None,
) -> Path:
    """Train `model` in the folder `out`, resuming what is there; returns the weights file.

    `steps` and `minutes` count from the very beginning, earlier runs included: they set the
    schedules; without either it is `STEPS`. `threads` are as many as pay off unless given. Raises
    `EngineError` for an unknown model, a corpus that has not been made or a run of another one, and
    `DeviceError` for a device that is not there.
    """
    weights = {cell.name: cell.weights for cell in CELLS}.get(model)
    cell = next((cell for cell in HIDDEN if cell == model), None)
    if weights is None or cell is None:
        raise EngineError(f"There is no model {model!r}; there are: gru, lstm.")
    runs = runs or lines.training()
    keep_memory()
    where = place(device)
    if threads:
        torch.set_num_threads(threads)
    if steps is None and minutes is None:
        steps = STEPS
    folder = out or Path("runs") / f"{SPEC.name}-{model}"
    adaptive = (
        None if threads or where.device.type != "cpu" else AdaptiveThreads(os.cpu_count() or 1)
    )
    torch.manual_seed(seed)
    words = lexicon()
    trainee = VerseTrainee(VerseModel(cell, len(words.tokens)), runs, words, where)
    Training(
        trainee, folder, Limits(steps=steps, minutes=minutes), seed=seed, threads=adaptive
    ).run()
    path = weights if out is None else out / weights.name
    return export(model, folder, runs, path) if ranks.is_first() else path
