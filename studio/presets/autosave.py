"""The working state, on the disk within two seconds of every change, whatever happens then.

Each running copy of the instrument has a file of its own and holds a lock on it for as long as it
lives; the system takes the lock back when a process dies in any way. So a state whose lock is free
was left by a crash, and one whose lock is held belongs to another copy that is running.
"""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Condition, Thread

from filelock import FileLock, Timeout

from studio.presets import working_state as working
from studio.presets.errors import PresetError, reason
from studio.presets.packing import Packer
from studio.presets.plain_files import read_bounded
from studio.presets.working_state import WorkingState
from studio.settings.declared import AUTOSAVE_S
from studio.storage import files

_log = logging.getLogger(__name__)

_LIMIT_BYTES = 160_000_000
_KEPT = 10
"""States of crashed sessions; the oldest go first."""
_ENDED = "ended.json"
_STRAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class SavedState:
    """A state that a session has left behind."""

    file: Path
    saved_at: datetime


class Autosave:
    """Writes what `changed` is told to a file in `folder`, on a thread of its own.

    `trouble` is called on that thread, with one sentence, when writing begins to fail, and with an
    empty one when it goes well again.
    """

    def __init__(
        self,
        folder: Path,
        *,
        trouble: Callable[[str], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._file = folder / f"session-{uuid.uuid4().hex}.json"
        self._marker = FileLock(self._file.with_suffix(".lock"), timeout=0, thread_local=False)
        self._trouble = trouble
        self._clock = clock
        self._news = Condition()
        self._wanted: WorkingState | None = None
        self._since_s = 0.0
        self._packer = Packer()
        self._failing = False
        self.wait_s = AUTOSAVE_S.default
        """From a change to its writing: a drag is written so often, not at every move."""
        self._taken_over: list[SavedState] = []
        self._ends = False
        self._thread = Thread(target=self._run, name="autosave", daemon=True)

    def start(self) -> None:
        """Mark this session as running and begin to write."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._marker.acquire()
        except (OSError, Timeout, NotImplementedError) as error:
            self._complain(error)
        self._thread.start()

    def changed(self, state: WorkingState) -> None:
        """`state` is the newest. Never waits."""
        with self._news:
            if self._wanted is None:
                self._since_s = self._clock()
                self._news.notify()  # once: a drag need not wake the thread at every move
            self._wanted = state

    def takes_over(self, left: SavedState) -> None:
        """What was left behind has been shown: it goes once a state of this session is written."""
        with self._news:
            self._taken_over.append(left)

    def step(self) -> float | None:
        """Write if it is time to; how many seconds until it will be, None when nothing waits."""
        with self._news:
            if self._wanted is None:
                return None
            wait_s = self._since_s + self.wait_s - self._clock()
            if wait_s > 0 and not self._ends:
                return wait_s
            state, self._wanted = self._wanted, None
        self._write(state)
        return None

    def close(self) -> None:
        """Write what waits, and say that this session has ended as it should: its state becomes
        the one that `last` tells."""
        with self._news:
            self._ends = True
            self._news.notify()
        if self._thread.is_alive():
            self._thread.join()
        self._let_go()
        with suppress(OSError):
            self._file.replace(self._folder / _ENDED)
        self._marker.release()
        with suppress(OSError):
            Path(self._marker.lock_file).unlink(missing_ok=True)

    def _run(self) -> None:
        while True:
            wait_s = self.step()
            with self._news:
                if self._ends and self._wanted is None:
                    return
                if self._wanted is None or wait_s:
                    self._news.wait(wait_s)

    def _write(self, state: WorkingState) -> None:
        try:
            files.replace(self._file, working.text_of(state, self._packer))
            self._recover()
            self._let_go()
        except (OSError, ValueError) as error:
            self._complain(error)
            with self._news:  # again in a while, unless there is something newer
                if self._wanted is None and not self._ends:
                    self._wanted, self._since_s = state, self._clock()

    def _recover(self) -> None:
        if self._failing and self._trouble:
            self._trouble("")
        self._failing = False

    def _let_go(self) -> None:
        with self._news:
            gone, self._taken_over = self._taken_over, []
        for left in gone if not self._failing else ():
            forget(left)

    def _complain(self, error: BaseException) -> None:
        _log.warning("autosave: %s", error)
        if not self._failing and self._trouble:
            why = reason(error) if isinstance(error, OSError) else "it cannot be written"
            self._trouble(f"What you do is not being kept for a crash: {why}.")
        self._failing = True


def crashed(folder: Path) -> list[SavedState]:
    """What sessions that are not running any more have left, newest first."""
    found = [left for file in folder.glob("session-*.json") if (left := _left(file))]
    found.sort(key=lambda left: left.saved_at, reverse=True)
    for old in found[_KEPT:]:
        forget(old)
    _tidy(folder)
    return found[:_KEPT]


def last(folder: Path) -> SavedState | None:
    """The state at the end of the session that ended last as it should."""
    file = folder / _ENDED
    try:
        return SavedState(file, datetime.fromtimestamp(file.stat().st_mtime, UTC))
    except OSError:
        return None


def read(left: SavedState) -> WorkingState:
    """The state. Raises `PresetError`."""
    return working.parse(read_bounded(left.file, _LIMIT_BYTES, "kept state"))


def forget(left: SavedState) -> None:
    """It is not wanted, or it was taken over: let it go."""
    for file in (left.file, left.file.with_suffix(".lock")):
        with suppress(OSError):
            file.unlink(missing_ok=True)


def _tidy(folder: Path) -> None:
    """Let go of what sessions left that were killed before they wrote, or while they did."""
    before = time.time() - _STRAY_S
    for stray in (*folder.glob("session-*.lock"), *folder.glob(".session-*")):
        with suppress(OSError):
            if not stray.with_suffix(".json").exists() and stray.stat().st_mtime < before:
                stray.unlink(missing_ok=True)


def _left(file: Path) -> SavedState | None:
    """None where the session that writes `file` is still running."""
    marker = FileLock(file.with_suffix(".lock"), timeout=0)
    try:
        with marker:
            return SavedState(file, datetime.fromtimestamp(file.stat().st_mtime, UTC))
    except (OSError, Timeout, NotImplementedError):
        return None


__all__ = [
    "Autosave",
    "PresetError",
    "SavedState",
    "WorkingState",
    "crashed",
    "forget",
    "last",
    "read",
]
