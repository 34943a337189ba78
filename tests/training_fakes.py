"""An engine that learns without a network, in this process or in another, and a folder to learn."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from studio.engine import EngineError, EngineSpec, Learning, Stopped, Watch
from studio.storage import folders
from tests.fakes import MODELS, Guest, fake, write_levels

OWN = replace(MODELS[0], name="own", title="Own", directions=(), licence="")
LEARNS = Learning(
    kind="pictures",
    title="A space of pictures",
    model=OWN,
    starts=("first",),
    sizes_px=(16, 32),
    flips=True,
    least=3,
    expect=((3, "variations of these"), (10, "a space")),
    curves={"loss": "Learnt from"},
)
STEP_S = 0.004


def learner() -> Guest:
    """The engine, as this process has it; its weights are levels of four numbers."""
    return fake("learner", learns=LEARNS, train="tests.training_fakes:train")


def spec() -> EngineSpec:
    return learner().spec


def install() -> None:
    """Let another process of this home find the engine."""
    package = folders.plugins() / "learner"
    package.mkdir()
    (package / "spec.py").write_text("from tests.training_fakes import spec\n\nSPEC = spec()\n")


def train(model: str, *, data: Path, out: Path, minutes: float, watch: Watch) -> Path:
    """A second of training is a step; every step is kept."""
    kept, steps = out / "step.json", round(60 * minutes)
    step = json.loads(kept.read_text()) if kept.exists() else 0
    count = len(list(data.iterdir()))
    if not count:
        raise EngineError("There is nothing in it.")
    while step < steps:
        time.sleep(STEP_S)
        step += 1
        unfinished = kept.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(step))
        unfinished.replace(kept)
        with (out / "losses.jsonl").open("a") as log:
            log.write(json.dumps({"step": step, "seconds": step, "loss": count / step}) + "\n")
        if path := watch.sample():
            Image.new("RGB", (32, 32), (step % 256, 0, 0)).save(path)
        if path := watch.snapshot():
            write_levels(path, 4)
        if not watch.goes_on(step, float(step), step / steps):
            raise Stopped("Stopped.")
    return write_levels(out / "own.safetensors", 4)


def write_pictures(folder: Path, count: int, size: tuple[int, int] = (40, 30)) -> Path:
    """So many pictures, none like another."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        noise = np.random.default_rng(number).integers(0, 255, (3, 4, 3), np.uint8)
        picture = Image.fromarray(noise).resize(size, Image.Resampling.NEAREST)
        picture.save(folder / f"picture {number:02}.png")
    return folder
