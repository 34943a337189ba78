"""An engine that learns without a network, in this process or in another, and a folder to learn."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from studio.engine import EngineError, EngineSpec, Learning, Stopped, Watch
from studio.storage import folders
from studio.training.client import Ended
from studio.training.runs import Run, State, Status
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


class FakeClient:
    """A training in no process: two steps are done when it is started, and no more."""

    pid = 1
    is_paused = False

    def __init__(self, run: Run, hear: Callable[[Path | Ended], None]) -> None:
        self.run, self._hear = run, hear

    def start(self) -> None:
        for step in (1, 2):
            Image.new("RGB", (32, 32), (90 * step, 0, 0)).save(
                self.run.samples_folder / f"{step:08}.png"
            )
            with (self.run.folder / "losses.jsonl").open("a") as log:
                log.write(json.dumps({"step": step, "seconds": 9 * step, "loss": 1 / step}) + "\n")
        self._tell("running")

    def pause(self, on: bool) -> None:
        self._tell("paused" if on else "running")

    def take_snapshot(self) -> None:
        self._hear(write_levels(self.run.folder / "snapshot-2.safetensors", 4))

    def end(self) -> None:
        """It has learnt all that it was to learn."""
        weights = write_levels(self.run.folder / "own.safetensors", 4)
        self._tell("done", weights.name)
        self._hear(Ended())

    def close(self) -> None:
        if self.run.status.state != "done":
            self._tell("stopped")

    def _tell(self, state: State, weights: str = "") -> None:
        done = 1.0 if weights else 0.25
        self.run.tell(Status(state=state, step=2, seconds=18.0, progress=done, weights=weights))
