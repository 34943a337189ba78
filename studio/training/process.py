"""The process that trains: `python -m studio.training.process RUN`, started by `TrainingClient`.

It has what the instrument leaves of the processor, one thread at the lowest priority. When the app
is gone it saves and leaves; when it is killed, what it had learnt since the last checkpoint, at
most two minutes, is lost.
"""

from __future__ import annotations

import inspect
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

from filelock import FileLock, Timeout

from studio.document.errors import StudioError
from studio.engine import DeviceChoice
from studio.engine.learning import Stopped, Watch
from studio.engine.registry import Registry, find_engines, resolve
from studio.processes.framing import Frames, WireError
from studio.processes.messages import Alive, Leave
from studio.training import _wire
from studio.training._wire import Pause, Snapped, TakeSnapshot
from studio.training.runs import Run, Status
from studio.training.watching import RunWatch

NICE = 19
ALIVE_S = 0.5
BUSY = 3
"""The exit code where another process has the run."""
_LOCK_S = 10.0
"""For one that is just being saved."""
_IDLE_PRIORITY = 0x40


def train(
    run: Run,
    registry: Registry,
    watch: Watch,
    *,
    threads: int | None = 1,
    steps: int | None = None,
    device: DeviceChoice = "auto",
) -> Path:
    """Do what the run's plan says, from where it was left; the weights file.

    What comes of it is in the run's status. Raises `Stopped`, and `StudioError` or OSError for what
    cannot be.
    """
    try:
        weights = _learn(run, registry, watch, threads=threads, steps=steps, device=device)
    except Stopped:
        raise
    except (StudioError, OSError, MemoryError) as error:
        sentence = str(error) if isinstance(error, StudioError) else f"It cannot go on: {error}."
        run.tell(run.status.but(state="failed", sentence=sentence))
        raise
    run.tell(
        Status(
            state="done",
            step=run.status.step,
            seconds=run.status.seconds,
            progress=1.0,
            weights=weights.name,
        )
    )
    return weights


def _learn(run: Run, registry: Registry, watch: Watch, **said: object) -> Path:
    plan = run.plan
    spec = registry.spec(plan.engine)
    if spec.train is None or spec.learns is None:
        raise StudioError(f"{spec.title} learns nothing from folders.")
    go = resolve(spec.train, spec.title)
    offered = {
        "data": run.material,
        "out": run.folder,
        "minutes": plan.minutes,
        "size_px": plan.size_px,
        "scratch": plan.scratch,
        "flips": plan.flips,
        "watch": watch,
        **said,
    }
    taken = inspect.signature(go).parameters.keys()
    options = {n: value for n, value in offered.items() if n in taken and value is not None}
    return Path(go(plan.start, **options))


def main() -> None:
    """Until the training ends or the app wants it to."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the app's affair, and it tells us
    _give_way()
    out = os.dup(1)
    os.dup2(2, 1)  # what libraries print is no event

    def tell(event: object) -> None:
        with suppress(OSError):
            os.write(out, _wire.EVENTS.pack(event))

    run = Run(Path(sys.argv[1]))
    watch = RunWatch(run, lambda file: tell(Snapped(file.name)))
    signal.signal(signal.SIGTERM, lambda *_: watch.leave())
    lock = FileLock(run.folder / "lock")
    try:
        lock.acquire(timeout=_LOCK_S)
    except Timeout:
        os._exit(BUSY)
    ended = Event()
    Thread(target=_listen, args=(watch,), name="reader", daemon=True).start()
    Thread(target=_live, args=(ended, tell), name="alive", daemon=True).start()
    with suppress(Stopped, StudioError):
        train(run, find_engines(), watch)
    ended.set()


def _listen(watch: RunWatch) -> None:
    """Commands from standard input until the app leaves."""
    frames = Frames()
    with suppress(OSError, WireError):
        while data := os.read(0, 65536):
            for _, payload in frames.feed(data):
                match _wire.COMMANDS.unpack(payload):
                    case Pause(on):
                        watch.pause(on)
                    case TakeSnapshot():
                        watch.take_snapshot()
                    case Leave():
                        watch.leave()
    watch.leave()


def _live(ended: Event, tell: Callable[[object], None]) -> None:
    while not ended.wait(ALIVE_S):
        tell(Alive())


def _give_way() -> None:
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetPriorityClass(kernel.GetCurrentProcess(), _IDLE_PRIORITY)
        return
    with suppress(OSError):
        os.nice(NICE)


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # the reader may still wait for the app
