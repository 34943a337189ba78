"""Trains a model of the gallery on the digits; resumes by itself after a kill.

    latentloom train digits --model plane

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
from engines.digits.digits import Digits
from engines.digits.gallery.pages import PAGES
from engines.digits.spec import GALLERY, SPEC
from engines.digits.training import data_set
from engines.digits.training.export import export
from engines.digits.training.trainee import DigitTrainee
from studio.engine import DeviceChoice, EngineError


def train(
    model: str = "plane",
    *,
    out: Path | None = None,
    steps: int | None = None,
    minutes: float | None = None,
    device: DeviceChoice = "auto",
    threads: int | None = None,
    seed: int = 0,
    digits: Digits | None = None,
) -> Path:
    """Train `model` in the folder `out`, resuming what is there; returns the weights file.

    `steps` and `minutes` count from the very beginning, earlier runs included: they set the
    schedules; without either it is the page's own number of steps. `threads` are as many as pay off
    unless given. Raises `EngineError` for an unknown model or a run of other digits, and
    `DeviceError` for a device that is not there.
    """
    weights = _weights(model)
    digits = digits or data_set.training()
    keep_memory()
    where = place(device)
    if threads:
        torch.set_num_threads(threads)
    page = PAGES[model]()
    if steps is None and minutes is None:
        steps = page.steps
    folder = out or Path("runs") / f"{SPEC.name}-{model}"
    adaptive = (
        None if threads or where.device.type != "cpu" else AdaptiveThreads(os.cpu_count() or 1)
    )
    trainee = DigitTrainee(page, digits, where)
    Training(
        trainee, folder, Limits(steps=steps, minutes=minutes), seed=seed, threads=adaptive
    ).run()
    path = weights if out is None else out / weights.name
    return export(model, folder, digits, path) if ranks.is_first() else path


def _weights(model: str) -> Path:
    known = {page.name: page.weights for page in GALLERY}
    if model not in known:
        raise EngineError(f"The gallery has no page {model!r}; it has: {', '.join(known)}.")
    return known[model]
