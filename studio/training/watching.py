"""Who looks at a training and writes into its run's folder how far it is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Condition
from time import perf_counter

from studio.engine.learning import Watch
from studio.training.runs import Run, State, Status

STATUS_S = 1.0
COST = 20.0
"""A sample that took so long is followed by the next after so many times that, at the soonest."""
SOONEST_S, SAMPLES = 8.0, 120
"""A sample is due no sooner than this after the one before, and there are about so many; at first
they come more often, when most happens."""
_PAUSE_S = 0.2


class RunWatch(Watch):
    """`pause`, `leave` and `take_snapshot` may be called on any thread."""

    def __init__(
        self,
        run: Run,
        snapped: Callable[[Path], object] = lambda _: None,
        *,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        self._run, self._snapped, self._clock = run, snapped, clock
        self._minutes = run.plan.minutes
        self._some = Condition()
        self._is_paused = self._is_leaving = self._wants_snapshot = False
        self._snapshot: Path | None = None
        self._step = run.status.step
        self._seconds = 0.0
        self._told_s = self._sampled_s = float("-inf")
        self._sampling_since: float | None = None
        self._cost_s = 0.0
        """What the last sample took."""

    # -- from outside --------------------------------------------------------------------------

    def pause(self, on: bool) -> None:
        """Wait after this step, or go on."""
        with self._some:
            self._is_paused = on
            self._some.notify()

    def leave(self) -> None:
        """Save and end after this step."""
        with self._some:
            self._is_leaving = True
            self._some.notify()

    def take_snapshot(self) -> None:
        """Write weights that can be played after this step; `snapped` is told the file."""
        with self._some:
            self._wants_snapshot = True
            self._some.notify()

    # -- from the training ---------------------------------------------------------------------

    def goes_on(self, step: int, seconds: float, progress: float) -> bool:
        self._step, self._seconds = step, seconds
        if self._sampling_since is not None:
            self._cost_s = self._clock() - self._sampling_since
            self._sampling_since = None
        if self._snapshot is not None:
            self._snapped(self._snapshot)
            self._snapshot = None
        if self._clock() - self._told_s >= STATUS_S:
            self._tell("running", progress)
        with self._some:
            if self._is_paused and not self._is_leaving:
                self._tell("paused", progress)
                self._some.wait_for(self._is_called)
                self._told_s = float("-inf")
            if self._is_leaving:
                self._tell("stopped", progress)
            return not self._is_leaving

    def _is_called(self) -> bool:
        return self._is_leaving or not self._is_paused or self._wants_snapshot

    def sample(self) -> Path | None:
        now = self._clock()
        due_s = min(max(SOONEST_S, 60 * self._minutes / SAMPLES), 0.1 * self._seconds)
        if now - self._sampled_s < max(SOONEST_S, due_s, COST * self._cost_s):
            return None
        self._sampled_s = self._sampling_since = now
        return self._run.samples_folder / f"{self._step:08}.png"

    def snapshot(self) -> Path | None:
        if not self._wants_snapshot:
            return None
        self._wants_snapshot = False
        for old in self._run.snapshots()[:-1]:  # the last one says where pictures were
            old.unlink(missing_ok=True)
        self._snapshot = self._run.folder / f"snapshot-{self._step:08}.safetensors"
        return self._snapshot

    def _tell(self, state: State, progress: float) -> None:
        self._told_s = self._clock()
        status = Status(state=state, step=self._step, seconds=self._seconds, progress=progress)
        with suppress(OSError):  # a full disk is the checkpoint's affair
            self._run.tell(status)
