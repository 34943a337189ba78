"""A training on the disk: what is learnt and how, how far it is, its losses and its samples.

    plan.json             what was asked for
    status.json           how far it is
    material/             what it learns from, as the engine takes it
    samples/000012.png    what it had learnt after so many steps
    checkpoint.pt, losses.jsonl, *.safetensors   the engine's

The child process writes it, the window reads it; both may end at any moment.
"""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, ValidationError

from studio.document.errors import StudioError
from studio.document.frozen import Frozen
from studio.models.own_models import new_mark
from studio.presets.document import now
from studio.storage import files, strict_json

PLAN, STATUS, MATERIAL, SAMPLES, LOSSES = (
    "plan.json",
    "status.json",
    "material",
    "samples",
    "losses.jsonl",
)
_LIMIT_BYTES = 50_000_000
"""Of the log are read at once."""
State = Literal["waiting", "running", "paused", "stopped", "done", "failed"]


class Plan(Frozen):
    """What is learnt, and how."""

    engine: str
    title: Annotated[str, Field(min_length=1, max_length=120)]
    folder: str
    """What the artist's folder is called."""
    count: int = 0
    start: str
    """The model to start from, or the one whose kind it is to be."""
    scratch: bool = False
    size_px: int = 0
    flips: bool = False
    minutes: Annotated[float, Field(gt=0, le=100_000)] = 20.0
    licence: Annotated[str, Field(max_length=200)] = ""
    mark: str = Field(default_factory=new_mark)
    """What its model is known by."""
    begun_at: AwareDatetime = Field(default_factory=now)


class Status(Frozen):
    """How far a training is."""

    state: State = "waiting"
    step: int = 0
    seconds: float = 0.0
    progress: float = 0.0
    """0..1"""
    sentence: str = ""
    weights: str = ""
    """The file that came of it, in the run's folder, once it is done."""

    @property
    def seconds_left(self) -> float | None:
        """None where nobody can know yet."""
        return self.seconds * (1 / self.progress - 1) if self.progress > 0 else None


class Run:
    """One training's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.material, self.samples_folder = folder / MATERIAL, folder / SAMPLES

    @classmethod
    def new(cls, folder: Path, plan: Plan) -> Run:
        """In the folder of all trainings. Raises OSError."""
        run = cls(folder / f"{plan.engine}-{plan.mark}")
        run.samples_folder.mkdir(parents=True, exist_ok=True)
        run.write_plan(plan)
        return run

    def write_plan(self, plan: Plan) -> None:
        files.replace(self.folder / PLAN, strict_json.dumps(plan.model_dump(mode="json")))

    @property
    def plan(self) -> Plan:
        """Raises `StudioError` where it cannot be read."""
        try:
            return Plan.model_validate(strict_json.loads((self.folder / PLAN).read_bytes()))
        except (OSError, ValueError, ValidationError) as error:
            raise StudioError(f"The training {self.folder.name} cannot be read.") from error

    @property
    def status(self) -> Status:
        try:
            data = strict_json.loads((self.folder / STATUS).read_bytes())
            return Status.model_validate(data)
        except (OSError, ValueError, ValidationError):
            return Status()

    def tell(self, status: Status) -> None:
        """Write how far it is. Often: so nobody waits for the disk. Raises OSError."""
        unfinished = self.folder / f"unfinished-{STATUS}"
        unfinished.write_bytes(strict_json.dumps(status.model_dump(mode="json")))
        unfinished.replace(self.folder / STATUS)

    def losses(self) -> list[dict[str, float]]:
        """What was logged, in order; a line that is cut off is left out."""
        return Log(self).read_on()

    def figures(self) -> dict[str, float]:
        """The last of each."""
        last: dict[str, float] = {}
        for entry in self.losses():
            last |= {k: float(v) for k, v in entry.items() if isinstance(v, (int, float))}
        return {name: value for name, value in last.items() if name not in ("step", "seconds")}

    def samples(self) -> list[Path]:
        """Oldest first."""
        return sorted(self.samples_folder.glob("[0-9]*.png"))

    def snapshots(self) -> list[Path]:
        """Weights that can be played, oldest first."""
        found = self.folder.glob("*.safetensors")
        return sorted(found, key=lambda file: file.stat().st_mtime)

    def remove(self) -> None:
        """All of it. Raises OSError."""
        shutil.rmtree(self.folder)


class Log:
    """A run's losses, read on from where they were read to: a night has ten thousand lines."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._at = 0
        self._entries: list[dict[str, float]] = []

    def read_on(self) -> list[dict[str, float]]:
        """All of them. What was trained twice, since a process was killed, is there once."""
        data = b""
        with suppress(OSError), (self.run.folder / LOSSES).open("rb") as file:
            file.seek(self._at)
            data = file.read(_LIMIT_BYTES)
        whole = data.rfind(b"\n") + 1
        self._at += whole
        for line in data[:whole].splitlines():
            with suppress(ValueError):
                entry = json.loads(line)
                if isinstance(entry, dict):
                    self._add(entry)
        return self._entries

    def _add(self, entry: dict[str, float]) -> None:
        step = entry.get("step", 0)
        while self._entries and self._entries[-1].get("step", 0) > step:
            self._entries.pop()
        self._entries.append(entry)


def all_in(folder: Path) -> list[Run]:
    """The trainings in a folder, newest first."""
    runs = [Run(plan.parent) for plan in folder.glob(f"*/{PLAN}")]
    readable = []
    for run in runs:
        with suppress(StudioError):
            readable.append((run.plan.begun_at, run))
    return [run for _, run in sorted(readable, key=lambda each: each[0], reverse=True)]
