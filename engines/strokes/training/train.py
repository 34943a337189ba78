"""Trains a pen on drawings that come with the instrument; resumes by itself after a kill.

    latentloom train strokes --model doodles

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
from engines.strokes.models import PLANS
from engines.strokes.spec import MODELS, SPEC
from engines.strokes.training.batches import Batches
from engines.strokes.training.export import export
from engines.strokes.training.trainee import PenTrainee, batches_of
from studio.engine import DeviceChoice, EngineError


def train(
    model: str = "doodles",
    *,
    out: Path | None = None,
    steps: int | None = None,
    minutes: float | None = None,
    device: DeviceChoice = "auto",
    threads: int | None = None,
    seed: int = 0,
    batches: Batches | None = None,
) -> Path:
    """Train `model` in the folder `out`, resuming what is there; returns the weights file.

    `steps` and `minutes` count from the very beginning, earlier runs included: they set the
    schedules; without either it is the plan's own number of steps. Raises `EngineError` for an
    unknown model or a run on other drawings, and `DeviceError` for a device that is not there.
    """
    known = {spec.name: spec.weights for spec in MODELS}
    if model not in known:
        raise EngineError(f"There is no model {model!r} of strokes; there are: {', '.join(known)}.")
    keep_memory()
    where = place(device)
    if threads:
        torch.set_num_threads(threads)
    if steps is None and minutes is None:
        steps = PLANS[model].steps
    folder = out or Path("runs") / f"{SPEC.name}-{model}"
    adaptive = (
        None if threads or where.device.type != "cpu" else AdaptiveThreads(os.cpu_count() or 1)
    )
    batches = batches or batches_of(model)
    trainee = PenTrainee(model, batches, where)
    limits = Limits(steps=steps, minutes=minutes)
    Training(trainee, folder, limits, seed=seed, threads=adaptive).run()
    path = known[model] if out is None else out / known[model].name
    return export(model, folder, batches, path) if ranks.is_first() else path
