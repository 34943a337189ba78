"""`latentloom train ENGINE --data FOLDER`: a model of the artist's own, from a folder.

Under `torchrun` every process reads the folder for itself; only the first writes and speaks.
"""

from __future__ import annotations

import hashlib
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from studio.engine import DeviceChoice, EngineError, EngineSpec
from studio.engine.learning import Stopped
from studio.engine.registry import Registry
from studio.models.own_models import OwnModels
from studio.training import folder as folders
from studio.training.preparing import Chosen, prepare
from studio.training.process import train
from studio.training.runs import Plan, Run, Status
from studio.training.trainings import store
from studio.training.watching import RunWatch


def learn(
    registry: Registry,
    spec: EngineSpec,
    data: Path,
    *,
    start: str | None = None,
    out: Path | None = None,
    minutes: float | None = None,
    size_px: int = 128,
    scratch: bool = False,
    flips: bool = False,
    title: str | None = None,
    steps: int | None = None,
    device: DeviceChoice = "auto",
) -> None:
    """Learn from what is in `data`, say what is there, and put the model into the artist's folder.

    The same command goes on after a stop. Raises `EngineError` for what cannot be.
    """
    learns = spec.learns
    assert learns is not None
    if start is not None and start not in learns.starts:
        raise EngineError(f"One can start from: {', '.join(learns.starts)}; not from {start}.")
    if learns.sizes_px and size_px not in learns.sizes_px:
        sizes = ", ".join(map(str, learns.sizes_px))
        raise EngineError(f"Pictures can be so large: {sizes} px; not {size_px}.")
    if scratch and not learns.scratch:
        raise EngineError(f"{spec.title} cannot start from nothing.")
    items = list(folders.look(data))
    fitting = [item.path for item in items if item.kind == learns.kind]
    for item in items:
        if item.problem:
            _say(f"Left out: {item.problem}")
    if len(fitting) < learns.least:
        raise EngineError(f"The folder {data.name} holds {folders.said(spec, len(fitting))}")
    _say(f"{data.name} holds {folders.said(spec, len(fitting))}")
    plan = Plan(
        engine=spec.name,
        title=title or data.resolve().name[:120] or spec.title,
        folder=data.resolve().name,
        start=start or learns.starts[0],
        scratch=scratch,
        size_px=size_px if learns.sizes_px else 0,
        flips=flips and learns.flips,
        minutes=minutes or learns.minutes,
        mark=_mark(data, spec.name, out),
    )
    with _folder(out or Path("runs") / f"{spec.name}-{data.resolve().name}") as folder:
        run = Run(folder)
        run.samples_folder.mkdir(parents=True, exist_ok=True)
        count, problems = prepare(map(Chosen, fitting), learns, plan.size_px, run.material)
        for problem in problems:
            _say(f"Left out: {problem}")
        run.write_plan(plan.but(count=count))
        run.tell(Status())
        watch = RunWatch(run)
        with _stopped_by_ctrl_c(watch):
            try:
                weights = train(run, registry, watch, threads=None, steps=steps, device=device)
            except Stopped as stopped:
                _say(f"{stopped} The same command goes on.")
                return
        if _is_first():
            _keep(run, weights, registry)


def _keep(run: Run, weights: Path, registry: Registry) -> None:
    models = OwnModels.at_home(registry)
    name = store(run, weights, registry, models)
    models.refresh()
    kept = models.find(run.plan.engine, name)
    assert kept is not None
    _say(f"{kept.part.title} is in {kept.weights}")
    _say("The instrument offers it beside its other models.")


def _is_first() -> bool:
    """Whether no other process of the same training, as `torchrun` numbers them, goes before."""
    return os.environ.get("RANK", "0") == "0"


def _say(sentence: str) -> None:
    if _is_first():
        typer.echo(sentence)


@contextmanager
def _folder(wanted: Path) -> Iterator[Path]:
    """Where the run is; for all but the first process one that is gone afterwards."""
    if _is_first():
        yield wanted
        return
    with TemporaryDirectory(prefix="training-") as own:
        yield Path(own)


def _mark(data: Path, engine: str, out: Path | None) -> str:
    """The same for the same folder and run: a training that goes on has one model."""
    said = f"{engine} {data.resolve()} {out and out.resolve()}"
    return hashlib.sha256(said.encode()).hexdigest()[:6]


@contextmanager
def _stopped_by_ctrl_c(watch: RunWatch) -> Iterator[None]:
    before = signal.signal(signal.SIGINT, lambda *_: watch.leave())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
