"""`latentloom bench training`: a model of one's own is learnt beside the playing.

The first engine that learns from pictures learns sixty samples of its own first model, in the
app's own child process. Measured are its steps a second, when its first sample is there, what is
lost when the process is killed, and what the instrument brings to the screen and when its notes
leave, alone and beside it: the window paints a drag all the while, as in `bench midi`. The steps of
all trainings stand beside those of plain loops (`plain_training`).
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import monotonic, sleep

import numpy as np
from PIL import Image

from studio.commands.report import Row, at_least, at_most
from studio.engine import EngineSpec, Resources
from studio.engine.offline import opened
from studio.engine.registry import Registry, find_engines
from studio.training import folder as folders
from studio.training.client import Ended, TrainingClient
from studio.training.preparing import Chosen, prepare
from studio.training.runs import Plan, Run
from tests.bench import midi
from tests.bench.instrument import Instrument

PICTURES, KILLS, NOTES = 60, 10, 144
PATIENCE_S = 300.0
_KILL_AFTER_STEPS = 3
_LATEST_S, _LOSS_S = 75.0, 120.0
_LATE_MS = 0.5
"""By how much notes may leave later beside a training, at the 99th percentile."""


def run(seconds: float = 12.0) -> list[Row]:
    """About fifteen minutes."""
    if sys.platform == "linux" and not (os.getenv("DISPLAY") or os.getenv("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    registry = find_engines()
    spec = folders.learners(registry.specs, "pictures")[0]
    with TemporaryDirectory(prefix="bench-") as home:
        made = _run_of(registry, spec, Path(home))
        rows = [*_learning(made, seconds), *_beside(spec, made), *_killed(made)]
    from tests.bench import plain_training  # torch, after the window

    return [*rows, *plain_training.rows(seconds)]


def _run_of(registry: Registry, spec: EngineSpec, home: Path) -> Run:
    assert spec.learns is not None
    pictures = home / "pictures"
    pictures.mkdir()
    with opened(registry, spec.name, None, Resources(device="cpu")) as offline:
        for seed in range(PICTURES):
            job = offline.sampled(seed, {})
            Image.fromarray(offline.picture(job)).save(pictures / f"{seed:02}.png")
    plan = Plan(
        engine=spec.name,
        title="Bench",
        folder="pictures",
        start=spec.learns.starts[0],
        size_px=spec.learns.sizes_px[min(1, len(spec.learns.sizes_px) - 1)],
        minutes=600.0,
    )
    run = Run.new(home / "trainings", plan)
    prepare(map(Chosen, sorted(pictures.iterdir())), spec.learns, plan.size_px, run.material)
    return run


@contextmanager
def _training(run: Run) -> Iterator[TrainingClient]:
    """The training goes on in here."""
    client = TrainingClient(run, _nobody)
    client.start()
    try:
        yield client
    finally:
        client.close()


def _learning(run: Run, seconds: float) -> Iterator[Row]:
    begun = monotonic()
    with _training(run):
        _until(lambda: bool(run.samples()), "the first sample")
        first_s = monotonic() - begun
        _until(lambda: run.status.step > 1, "the first steps")
        before, at = run.status.step, monotonic()
        sleep(max(seconds, 5.0))
        rate = (run.status.step - before) / (monotonic() - at)
    plan = run.plan
    note = f"{plan.engine}, {PICTURES} pictures of {plan.size_px} px, one thread, nothing beside"
    yield Row("training_steps_per_s", rate, "1/s", note=note)
    yield Row(
        "first_sample_s", first_s, "s", at_most(60.0), "from the click, the child's start in it"
    )


def _beside(spec: EngineSpec, run: Run) -> Iterator[Row]:
    with midi.served():
        instrument = Instrument(spec, spec.models[0])
        try:
            instrument.settle()
            alone = midi.measure(instrument, "loaded", NOTES)
            with _training(run):
                step = run.status.step
                _until(lambda: run.status.step > step + 1, "the training beside the playing")
                beside = midi.measure(instrument, "loaded", NOTES)
        finally:
            instrument.close()
    share = beside.pictures_per_s / max(alone.pictures_per_s, 1e-9)
    note = f"{beside.pictures_per_s:.0f} a second beside it, {alone.pictures_per_s:.0f} alone"
    yield Row("pictures_beside_share", share, "", at_least(0.5), note)
    late_alone, late = (float(np.percentile(p.late_ms, 99)) for p in (alone, beside))
    yield Row("lateness_alone_p99_ms", late_alone, "ms", note=f"{NOTES} notes; {alone.scheduling}")
    yield Row("lateness_beside_p99_ms", late, "ms", at_most(late_alone + _LATE_MS), "beside it")


def _killed(run: Run) -> Iterator[Row]:
    """Seconds of training that a kill has cost, the worst of ten: from soon after the process began
    to a while after it has saved for the first time."""
    if os.name == "nt":
        return
    with _training(run) as client:
        lost = [_kill(client, run, s) for s in np.linspace(0.0, _LATEST_S, KILLS)]
    note = f"the worst of {KILLS} kills, of the training's own time; the median {median(lost):.1f}"
    yield Row("lost_by_a_kill_s", max(lost), "s", at_most(_LOSS_S), note)


def _kill(client: TrainingClient, run: Run, after_s: float) -> float:
    """Kill the process `after_s` after some steps; the seconds of training that are lost."""
    step = run.status.step
    _until(lambda: run.status.step >= step + _KILL_AFTER_STEPS, "some steps")
    sleep(after_s)
    dead = client.pid
    assert dead is not None
    os.kill(dead, signal.SIGKILL)
    reached = run.status  # its last word: the next process takes seconds to begin
    _until(lambda: client.pid not in (None, dead), "another process")
    _until(lambda: run.status != reached and run.status.state == "running", "its status")
    return max(0.0, reached.seconds - run.status.seconds)


def _until(condition: Callable[[], bool], awaited: str) -> None:
    deadline = monotonic() + PATIENCE_S
    while not condition():
        if monotonic() > deadline:
            raise AssertionError(f"waited for {awaited} in vain")
        sleep(0.05)


def _nobody(event: Path | Ended) -> None:
    """Only the run's folder is looked at."""
