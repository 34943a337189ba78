"""One training loop for every engine.

An engine hands over a `Trainee`: its modules, its optimisers and what one step is. The loop
counts, averages the weights, writes checkpoints that survive a kill at any moment, draws sample
sheets, keeps a log (one JSON object a line) and shows how long it will take.

Started by `torchrun` it is one of several that learn the same (see `ranks`): a batch is as many
times larger, only the first writes, and a run may go on with more or fewer of them.
"""

from __future__ import annotations

import copy
import hashlib
import json
import os
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from engines.common import ranks
from engines.common._display import display
from engines.common.optimisers import Optimizer
from engines.common.sheets import write_sample
from engines.common.threads import AdaptiveThreads
from studio.engine import EngineError, Stopped, Watch

CHECKPOINT = "checkpoint.pt"
LOG = "losses.jsonl"


class Trainee(ABC):
    """What an engine brings to the loop."""

    modules: Mapping[str, nn.Module]
    """Everything with weights to keep."""
    averaged: tuple[str, ...]
    """Which of them are shipped: those are averaged over time (EMA)."""
    optimisers: Mapping[str, Optimizer]
    digest: str = ""
    """A digest of what is learnt (see `digest_of`): a run goes on with no other material."""

    @abstractmethod
    def step(self, batches: torch.Generator, progress: float) -> dict[str, Tensor]:
        """One step of every optimiser. Returns scalars for the log.

        `batches` is where every choice of data and all noise come from; it is resumed after a
        kill, and is the same in all processes that learn together: what belongs to a row of the
        batch is drawn with `ranks.rows`. Gradients come from `backward`.
        `progress` runs from 0 to 1 over the whole training and steers the schedules.
        """

    def sheets(  # noqa: B027
        self, averages: Mapping[str, nn.Module], folder: Path, label: str
    ) -> None:
        """Write pictures (or whatever shows the state of things) into `folder`. Optional."""

    def sample(self, averages: Mapping[str, nn.Module]) -> Tensor | None:  # noqa: ARG002
        """Some pictures (N, 3, H, W) in 0..1 of what has been learnt, of the same points each time
        (see `sheets.write_sample`); None where there is nothing to look at."""
        return None

    def exam(self, averages: Mapping[str, nn.Module]) -> dict[str, float]:  # noqa: ARG002
        """How it does on what it does not learn from, for the log."""
        return {}

    def snapshot(self, averages: Mapping[str, nn.Module], path: Path) -> None:
        """Write a weights file that can be played. Only for what learns an artist's own."""
        raise NotImplementedError

    def state(self) -> dict[str, float]:
        """Numbers beside weights and optimisers that a resumed run needs. Optional."""
        return {}

    def restore(self, state: dict[str, float]) -> None:  # noqa: B027
        """Take back what `state` gave."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """When to stop: after `steps`, or after `minutes` of training (earlier runs included)."""

    steps: int | None = None
    minutes: float | None = None

    def __post_init__(self) -> None:
        if self.steps is None and self.minutes is None:
            raise ValueError("A training needs an end: steps, minutes or both.")

    def progress(self, step: int, seconds: float) -> float:
        """How much of the way is done, 0..1."""
        by_steps = step / self.steps if self.steps else 0.0
        by_time = seconds / 60 / self.minutes if self.minutes else 0.0
        return min(1.0, max(by_steps, by_time))


@dataclass(frozen=True, kw_only=True)
class Habits:
    """How often the loop does what beside training."""

    checkpoint_s: float = 120.0
    sheet_s: float = 300.0
    log_steps: int = 20
    average_decay: float = 0.999


class Average:
    """An exponential moving average of a module's weights and buffers.

    The decay ramps up with the steps, so that the average soon forgets the random start
    (the schedule of TensorFlow's ExponentialMovingAverage).
    """

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.module = copy.deepcopy(module).eval().requires_grad_(False)
        self.decay = decay

    @torch.no_grad()
    def update(self, source: nn.Module, step: int) -> None:
        rate = 1 - min(self.decay, (1 + step) / (10 + step))
        ours, theirs = list(_tensors(self.module)), list(_tensors(source))
        floats = [i for i, t in enumerate(ours) if t.is_floating_point()]
        torch._foreach_lerp_([ours[i] for i in floats], [theirs[i] for i in floats], rate)
        for i, tensor in enumerate(ours):
            if not tensor.is_floating_point():
                tensor.copy_(theirs[i])


class Training:
    """A training run in one folder. `run` ends when a limit is reached; call it again to go on."""

    def __init__(
        self,
        trainee: Trainee,
        folder: Path,
        limits: Limits,
        *,
        seed: int = 0,
        habits: Habits | None = None,
        threads: AdaptiveThreads | None = None,
        watch: Watch | None = None,
    ) -> None:
        self.trainee, self.folder, self.limits, self.seed = trainee, folder, limits, seed
        self.watch = watch or Watch()
        self.habits = habits or Habits()
        self.threads = threads if ranks.world() == 1 else None
        self.step = 0
        self.seconds = 0.0
        self.batches = torch.Generator().manual_seed(seed)
        torch.manual_seed(seed)
        ranks.join()
        for module in trainee.modules.values():
            ranks.share_statistics(module)
        decay = self.habits.average_decay
        self.averages = {n: Average(trainee.modules[n], decay) for n in trainee.averaged}
        if ranks.is_first():
            folder.mkdir(parents=True, exist_ok=True)

    @property
    def progress(self) -> float:
        return self.limits.progress(self.step, self.seconds)

    def run(self) -> None:
        """Train until a limit is reached, from the last checkpoint where there is one.

        Raises `Stopped`, saved, where the watch does not let it go on.
        """
        if not self.resume() and ranks.world() > 1:  # whatever the others drew at the beginning
            self._take(ranks.first_says(self._state))
        begun, before = time.perf_counter(), self.seconds
        saved = drawn = begun
        shown = display(self.folder.name) if ranks.is_first() else nullcontext(_nothing)
        with shown as show:
            while self.progress < 1:
                losses = self._one_step()
                for name, average in self.averages.items():
                    average.update(self.trainee.modules[name], self.step)
                now = time.perf_counter()
                self.seconds = before + now - begun
                if self.step % self.habits.log_steps == 0:
                    show(self.step, self.seconds, self.progress, self._log(ranks.means(losses)))
                if now - saved >= self.habits.checkpoint_s:
                    self.save()
                    saved = now
                if now - drawn >= self.habits.sheet_s:
                    self.draw()
                    drawn = now
                begun += self._be_watched()
        self.save()
        self.draw()

    def _be_watched(self) -> float:
        """Do what the watch wants; for how many seconds it kept the training waiting."""
        if ranks.is_first() and (path := self.watch.sample()):
            self._write_sample(path)
        if ranks.is_first() and (path := self.watch.snapshot()):
            with torch.random.fork_rng():
                self.trainee.snapshot(self._averaged(), path)
        asked = time.perf_counter()
        if not self._goes_on():
            self.save()
            raise Stopped("The training has stopped. It can go on from here.")
        return time.perf_counter() - asked

    def _goes_on(self) -> bool:
        """What the first process is told; all of them go by its clock."""

        def asked() -> tuple[float, bool]:
            return self.seconds, self.watch.goes_on(self.step, self.seconds, self.progress)

        self.seconds, goes_on = ranks.first_says(asked)
        return goes_on

    def _write_sample(self, path: Path) -> None:
        averages = self._averaged()
        with torch.random.fork_rng(), torch.no_grad():
            pictures = self.trainee.sample(averages)
            figures = self.trainee.exam(averages)
        if pictures is not None:
            write_sample(pictures, path)
        if figures:
            self._log({name: torch.tensor(value) for name, value in figures.items()})

    def _averaged(self) -> dict[str, nn.Module]:
        return {name: average.module for name, average in self.averages.items()}

    def _one_step(self) -> dict[str, Tensor]:
        if self.threads:
            self.threads.before()
        losses = self.trainee.step(self.batches, self.progress)
        if self.threads:
            self.threads.after()
        self.step += 1
        return losses

    def save(self) -> None:
        """Write the checkpoint: the old one stays whole until the new one is on the disk."""
        if not ranks.is_first():
            return
        path = self.folder / CHECKPOINT
        unfinished = path.with_suffix(".unfinished")
        with unfinished.open("wb") as file:
            torch.save(self._state(), file)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)

    def resume(self) -> bool:
        """Take up the checkpoint in the folder; False where there is none.

        Raises `EngineError` where it has learnt from other material.
        """
        state = ranks.first_says(lambda: _read(self.folder))
        if not state:
            return False
        if state.get("material", "") not in ("", self.trainee.digest):
            raise EngineError(
                f"The folder {self.folder.name} holds a training on other material; "
                "--out names another folder."
            )
        self._take(state)
        return True

    def _take(self, state: dict[str, Any]) -> None:
        for name, module in self.trainee.modules.items():
            module.load_state_dict(state["modules"][name])
        for name, average in self.averages.items():
            average.module.load_state_dict(state["averages"][name])
        for name, optimiser in self.trainee.optimisers.items():
            optimiser.load_state_dict(state["optimisers"][name])
        self.trainee.restore(state["trainee"])
        self.step, self.seconds = state["step"], state["seconds"]
        self.batches.set_state(state["batches"])
        torch.set_rng_state(state["noise"])
        if torch.cuda.is_available() and state["noise_cuda"]:
            torch.cuda.set_rng_state_all(state["noise_cuda"])
        if ranks.world() > 1:  # dropout: in every process and after every start another one
            torch.manual_seed(hash((self.seed, self.step, ranks.rank())))

    def draw(self) -> None:
        """Write a sample sheet of the averaged weights."""
        if not ranks.is_first():
            return
        with torch.random.fork_rng():
            self.trainee.sheets(self._averaged(), self.folder, f"{self.step:07d}")

    def _state(self) -> dict[str, Any]:
        return {
            "step": self.step,
            "seconds": self.seconds,
            "material": self.trainee.digest,
            "modules": {n: m.state_dict() for n, m in self.trainee.modules.items()},
            "averages": {n: a.module.state_dict() for n, a in self.averages.items()},
            "optimisers": {n: o.state_dict() for n, o in self.trainee.optimisers.items()},
            "trainee": self.trainee.state(),
            "batches": self.batches.get_state(),
            "noise": torch.get_rng_state(),
            "noise_cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        }

    def _log(self, losses: Mapping[str, Tensor]) -> dict[str, float]:
        figures = {name: round(float(value), 6) for name, value in losses.items()}
        entry = {"step": self.step, "seconds": round(self.seconds, 1), **figures}
        if not ranks.is_first():
            return figures
        with (self.folder / LOG).open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")
        return figures


def digest_of(parts: Iterable[bytes]) -> str:
    """A name for some material that no other material has, whatever its files are called."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def averaged_state(folder: Path, name: str) -> tuple[dict[str, Tensor], dict[str, float]]:
    """The averaged weights of module `name` from a run's checkpoint, and how far it had come.

    Raises FileNotFoundError where no training has saved anything yet.
    """
    state = torch.load(folder / CHECKPOINT, map_location="cpu", weights_only=True)
    weights: dict[str, Tensor] = state["averages"][name]
    return weights, {"steps": state["step"], "minutes": state["seconds"] / 60}


def backward(loss: Tensor, optimiser: Optimizer) -> None:
    """Give what `optimiser` moves the gradients of `loss` and of no loss before; those of the whole
    batch where several processes learn together."""
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    ranks.average_gradients(p for group in optimiser.param_groups for p in group["params"])


def _read(folder: Path) -> dict[str, Any] | None:
    path = folder / CHECKPOINT
    return torch.load(path, map_location="cpu", weights_only=True) if path.exists() else None


def _nothing(step: int, seconds: float, progress: float, figures: Mapping[str, float]) -> None:
    """Shown by all but the first process."""


def _tensors(module: nn.Module) -> Iterator[Tensor]:
    yield from module.parameters()
    yield from module.buffers()
