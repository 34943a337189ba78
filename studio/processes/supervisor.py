"""Keeps a child process running: starts it, says that we live, starts it again when it ends."""

from __future__ import annotations

import logging
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, RLock, Thread, current_thread
from time import perf_counter
from typing import Any, BinaryIO, cast

from studio.processes.framing import Codec, Frames, Kind, WireError, unpack_received
from studio.processes.messages import Alive, Leave
from studio.processes.pipes import PipeWriter, pipe_writer

_ROOT = Path(__file__).resolve().parents[2]
_QUIET_S = 1.0
"""A process that has said nothing for so long no longer counts as alive."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ChildProcess:
    """What differs from one child process to another, all times in seconds."""

    name: str
    """For threads and the log."""
    command: tuple[str, ...]
    commands: Codec
    """What it is told; `Alive` and `Leave` are among it."""
    events: Codec
    """What it says, besides MIDI messages."""
    alive_s: float
    """How often it is told that the app is alive."""
    patience_s: float
    """One that says nothing for so long is stuck in a driver, and is killed."""
    first_patience_s: float
    """The same for one that is just starting, perhaps beside a busy torch."""
    pauses_s: tuple[float, ...]
    """Before the next one, when none, one, two ... have ended soon after their start."""
    soon_s: float
    """What counts as soon."""


class Supervisor:
    """One child process after the other, until closed or given up.

    `greeting` gives the frames that each new process is told first, and is called under the lock;
    the others are called on the reader thread. `hear` gets all that a process says, its events and
    `Received`, and may raise anything. `started` is called when one runs. `ended` is told the exit
    code, or why it could not be started, and how many in a row, this one included, have ended soon
    after their start; it says whether another is to follow.

    Every method may be called from any thread, and none waits for the process but `close`.
    """

    def __init__(
        self,
        child: ChildProcess,
        *,
        greeting: Callable[[], Iterable[bytes]],
        hear: Callable[[Any], None],
        ended: Callable[[int | OSError, int], bool],
        started: Callable[[], None] = lambda: None,
    ) -> None:
        self.child = child
        self._greeting, self._hear, self._ended, self._started = greeting, hear, ended, started
        self.lock = RLock()
        """Held while a process is greeted: whoever changes what `greeting` gives takes it too."""
        self._closing = Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: PipeWriter | None = None
        self._threads: list[Thread] = []
        self._silent_beats = 0
        """Our own signs of life since its last word: a machine that slept, or an app that was held
        up itself, is no reason to kill anybody."""
        self._spoke = False
        self._complaints = _complaints()

    @property
    def pid(self) -> int | None:
        """Of the present process."""
        with self.lock:
            return self._process.pid if self._process else None

    @property
    def alive(self) -> bool:
        """Whether the process runs and has been heard lately."""
        process = self._process
        running = process is not None and process.poll() is None
        return running and self._spoke and self._silent_beats * self.child.alive_s < _QUIET_S

    def start(self) -> None:
        """Once; returns before the process runs."""
        if self._threads or self._closing.is_set():
            return
        for task, run in (("reader", self._read), ("keeper", self._keep)):
            thread = Thread(target=run, name=f"{self.child.name} {task}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """Ask the process to leave, and end it within three seconds; nothing is heard any more."""
        if self._closing.is_set():
            return
        with self.lock:
            self._closing.set()
            self.say(Leave())
            process = self._process
        if process is not None:
            _end(process)
        self.join(2)
        self._complaints.close()

    def join(self, timeout_s: float) -> None:
        """Wait for the threads; they end when closed or given up."""
        for thread in self._threads:
            if thread is not current_thread():
                thread.join(timeout_s)

    def say(self, command: object) -> None:
        """One of the child's commands, to the present process, if there is one."""
        self.post(self.child.commands.pack(command))

    def post(self, frame: bytes) -> None:
        """A frame, to the present process, if there is one."""
        with self.lock:
            if self._pipe is not None:
                self._pipe.post(frame)

    def tell(self, message: object) -> None:
        """Have `hear` hear this, unless we are closing. For `started` and `ended`."""
        if self._closing.is_set():
            return
        try:
            self._hear(message)
        except Exception:  # noqa: BLE001 - whoever listens must not end the reader
            _log.exception("hearing %s", type(message).__name__)

    # --- the threads ------------------------------------------------------------------------------

    def _read(self) -> None:
        """The reader: one process after the other."""
        short_lives = 0
        pauses_s = self.child.pauses_s
        while not self._closing.is_set():
            born_s = perf_counter()
            how = self._live()
            soon = perf_counter() - born_s < self.child.soon_s
            short_lives = short_lives + 1 if soon else 0
            if self._closing.is_set() or not self._ended(how, short_lives):
                break
            self._closing.wait(pauses_s[min(short_lives, len(pauses_s) - 1)])

    def _keep(self) -> None:
        """The keeper: signs of life, and an end to a process that is stuck."""
        while not self._closing.wait(self.child.alive_s):
            with self.lock:
                if self._process is None or self._pipe is None:
                    continue
                self.say(Alive())
                self._pipe.flush()
                self._silent_beats += 1
                silent_s = self._silent_beats * self.child.alive_s
                patience_s = self.child.patience_s if self._spoke else self.child.first_patience_s
                if silent_s > patience_s:
                    _log.warning("the %s has said nothing for %.1f s", self.child.name, silent_s)
                    self._process.kill()

    # --- one process ------------------------------------------------------------------------------

    def _live(self) -> int | OSError:
        """A whole life; the exit code, or why it did not begin."""
        try:
            process = self._spawn()
        except OSError as error:
            return error
        if process is None:
            return 0
        self._started()
        self._follow(process)
        code = self._bury(process)
        if not self._closing.is_set():
            _log.warning("the %s ended with %d: %s", self.child.name, code, self._last_complaint())
        return code

    def _spawn(self) -> subprocess.Popen[bytes] | None:
        with self.lock:
            if self._closing.is_set():
                return None
            process = subprocess.Popen(
                self.child.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
                bufsize=0,
                env=_environment(),
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            assert process.stdin is not None
            self._process, self._spoke, self._silent_beats = process, False, 0
            self._pipe = pipe_writer(process.stdin.fileno())
            for frame in self._greeting():
                self.post(frame)
            return process

    def _follow(self, process: subprocess.Popen[bytes]) -> None:
        """Hear one process until its pipe ends."""
        assert process.stdout is not None
        frames = Frames()
        try:
            while data := os.read(process.stdout.fileno(), 65536):
                self._silent_beats, self._spoke = 0, True
                for kind, payload in frames.feed(data):
                    for message in self._unpacked(kind, payload):
                        self.tell(message)
        except (OSError, WireError):
            _log.exception("the %s says what nobody understands", self.child.name)
            process.kill()

    def _unpacked(self, kind: Kind, payload: bytes) -> Iterator[object]:
        if kind is Kind.RECEIVED:
            yield from unpack_received(payload)
        else:
            yield self.child.events.unpack(payload)

    def _bury(self, process: subprocess.Popen[bytes]) -> int:
        """Let go of its pipes, before another file can get their numbers; its exit code."""
        with self.lock:
            if self._pipe is not None:
                self._pipe.close()
            self._pipe = self._process = None
        code = process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()
        return code

    def _last_complaint(self) -> str:
        with suppress(OSError, ValueError):
            end = self._complaints.seek(0, os.SEEK_END)
            self._complaints.seek(max(0, end - 2000))
            return self._complaints.read().decode(errors="replace").strip()
        return ""


def _complaints() -> BinaryIO:
    """What takes standard error; nothing is kept where there is no room for temporary files."""
    try:
        return cast("BinaryIO", tempfile.TemporaryFile())
    except OSError:
        return Path(os.devnull).open("w+b")


def _environment() -> dict[str, str]:
    """Ours, with this package where the other process finds it, and numpy on one thread.

    BLAS would share even an 8 by 8 matrix with helpers that no priority reaches.
    """
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    alone = dict.fromkeys(("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    return {**os.environ, **alone, "PYTHONPATH": path}


def _end(process: subprocess.Popen[bytes]) -> None:
    """It was asked to leave: wait, then ask the system's way, then insist."""
    for insist in (None, process.terminate, process.kill):
        if insist is not None:
            with suppress(OSError):
                insist()
        with suppress(subprocess.TimeoutExpired):
            process.wait(1)
            return
