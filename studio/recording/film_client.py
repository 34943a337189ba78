"""The app's side of the process that writes a film: a sink of the output, and its sound."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Condition, Thread
from typing import Any

from studio.audio.protocol import SetRoom, SetVolume, UseFont
from studio.outputs.sink import Frame
from studio.processes.child import module_command
from studio.processes.framing import Frames, WireError, pack_play
from studio.processes.messages import Due, Panic, Stop
from studio.recording import _wire
from studio.recording._wire import Begin, End, Ended, Part, Progress, Ready

WAITING = 4
"""Pictures that wait for the process; another one is dropped and counted."""
PATIENCE_S = 10.0
"""How long the end of a film may take."""
GONE = "The recording has stopped by itself; what was recorded until then is kept."
_ROOT = Path(__file__).resolve().parents[2]
_HEAP = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "1048576"}
"""For glibc, elsewhere unread. With a heap for each thread, pieces of pictures stayed in all of
them: 151 to 166 MB in four minutes, and on a busy machine 206 to 336 in half an hour."""

Event = Ready | Progress | Ended


class FilmClient:
    """A `Sink`; every method but `finish` returns at once and may be called on any thread.

    `hear` is called on the client's own threads; `Ended` is the last that it gets, and comes once.
    """

    name = "Recording"

    def __init__(self, begin: Begin, hear: Callable[[Event], None]) -> None:
        """Raises OSError where no process can be started."""
        self._hear = hear
        self.dropped = 0
        """Pictures that are not in the film, because it could not be written in time."""
        self._process = subprocess.Popen(
            module_command("studio.recording.process"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=_ROOT,
            env={**os.environ, **_HEAP},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._some = Condition()
        self._parts: deque[tuple[bytes, Any]] = deque()
        self._pictures = 0
        self._every_s = 0.95 / begin.rate
        self._next_s = 0.0
        self._is_closed = False
        self.tell(begin)
        self._threads = [
            Thread(target=run, name=f"film {run.__name__.strip('_')}", daemon=True)
            for run in (self._write, self._read)
        ]
        for thread in self._threads:
            thread.start()

    # -- a sink --------------------------------------------------------------------------------

    def missing(self) -> str:
        """Nothing: the process itself says what it lacks."""
        return ""

    def open(self, width: int, height: int, rate: float) -> None:
        """It is open from the beginning."""

    def send(self, frame: Frame) -> None:
        """A picture for the film."""
        with self._some:
            if frame.seconds < self._next_s:
                return  # the output may be quicker than the film
            if self._pictures >= WAITING:
                self.dropped += 1
                return
            self._pictures += 1
            self._next_s = max(self._next_s, frame.seconds - self._every_s) + self._every_s
            height, width, _ = frame.pixels.shape
            data = frame.pixels.reshape(-1).data
            head = _wire.header(Part.PIXELS, len(data), frame.seconds, width, height)
            self._put(head, data)

    def close(self) -> None:
        """The film ends with `finish`, whatever becomes of the output."""

    # -- its sound -----------------------------------------------------------------------------

    def play(self, messages: Sequence[Due]) -> None:
        """Notes, with their due times."""
        data = pack_play(0, messages)
        self._post(Part.NOTES, data)

    def tell(self, command: Begin | End | Stop | Panic | SetVolume | SetRoom | UseFont) -> None:
        """One of `COMMANDS`."""
        self._post(Part.COMMAND, _wire.COMMANDS.pack(command))

    def finish(self, seconds: float) -> bool:
        """End the film at `seconds` of it, and wait for that. False where it hangs."""
        self.tell(End(seconds))
        with self._some:
            self._is_closed = True
            self._some.notify()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(PATIENCE_S)
        hangs = self._process.poll() is None
        if hangs:
            self._process.kill()
        for thread in self._threads:
            thread.join(2)
        return not hangs

    @property
    def pid(self) -> int:
        """Of the process, for tests and figures."""
        return self._process.pid

    # -- threads -------------------------------------------------------------------------------

    def _post(self, kind: Part, data: bytes) -> None:
        with self._some:
            self._put(_wire.header(kind, len(data)), data)

    def _put(self, head: bytes, data: Any) -> None:
        if not self._is_closed:
            self._parts.append((head, data))
            self._some.notify()

    def _write(self) -> None:
        assert self._process.stdin is not None
        pipe = self._process.stdin.fileno()
        _make_wide(pipe)
        with suppress(OSError), self._process.stdin:
            while (part := self._next()) is not None:
                _write_all(pipe, part[0])
                _write_all(pipe, part[1])
                with self._some:
                    self._pictures -= part[0][0] == Part.PIXELS
        with self._some:
            self._is_closed = True
            self._parts.clear()

    def _next(self) -> tuple[bytes, Any] | None:
        with self._some:
            self._some.wait_for(lambda: self._parts or self._is_closed)
            return self._parts.popleft() if self._parts else None

    def _read(self) -> None:
        assert self._process.stdout is not None
        frames, ended = Frames(), False
        with suppress(OSError, WireError), self._process.stdout as pipe:
            while data := os.read(pipe.fileno(), 65536):
                for _, payload in frames.feed(data):
                    event = _wire.EVENTS.unpack(payload)
                    ended = ended or isinstance(event, Ended)
                    self._hear(event)
        self._process.wait()
        with self._some:
            self._is_closed = True
            self._some.notify()
        if not ended:
            self._hear(Ended(GONE))


def _write_all(pipe: int, data: Any) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


def _make_wide(pipe: int) -> None:
    """As much at once as Linux lets anybody have: a picture in three steps in place of forty."""
    if sys.platform == "linux":
        import fcntl

        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 1 << 20)
