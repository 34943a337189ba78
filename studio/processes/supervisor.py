"""Keeps a child process running: starts it, says that we are alive, starts it again if it ends."""

from __future__ import annotations

import logging
import os
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event, RLock, Thread, current_thread
from time import perf_counter

from studio.audio import protocol as words
from studio.processes.framing import Frames, WireError
from studio.processes.pipes import Outbox, outbox

_ROOT = Path(__file__).resolve().parents[2]
_BEAT_S = 0.2
"""How often we say that we are alive; the process lets notes go after a second without."""
_PATIENCE_S = 30.0
"""A process that says nothing for so long is stuck in a driver, and is started again. Loading a
large font beside a busy torch took 9 s."""
_PAUSES_S = (0.2, 1.0, 5.0)
"""Before each start after the first, when it ends at once; then it is given up."""
_LONG_LIFE_S = 20.0
_log = logging.getLogger(__name__)

STOPPED = "The sound stopped and is being started again; MIDI plays on."
GIVEN_UP = "The sound keeps failing and is switched off; MIDI plays on."


class Supervisor:
    """One sound process after the other, until closed or given up.

    `greeting` gives the frames that each new process is told first. `heard` is called with every
    word that one says, `failed` with the sentence when one ended by itself, and whether another
    follows; both on the reader thread.
    """

    def __init__(
        self,
        command: Sequence[str],
        greeting: Callable[[], list[bytes]],
        heard: Callable[[object], None],
        failed: Callable[[str, bool], None],
    ) -> None:
        self._command, self._greeting = tuple(command), greeting
        self._heard, self._failed = heard, failed
        self.lock = RLock()
        """Held while a process is greeted: whoever changes what `greeting` gives takes it too."""
        self._closing = Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._out: Outbox | None = None
        self._threads: list[Thread] = []
        self._last_word_s = 0.0
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`

    @property
    def pid(self) -> int | None:
        """Of the present process."""
        with self.lock:
            return self._process.pid if self._process else None

    def start(self) -> None:
        """Once; returns before the process runs."""
        if self._threads or self._closing.is_set():
            return
        for name, run in (("sound reader", self._read), ("sound keeper", self._keep)):
            thread = Thread(target=run, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """End the process, within two seconds; nothing is heard any more."""
        if self._closing.is_set():
            return
        self._closing.set()
        with self.lock:
            process = self._process
        if process is not None:
            _end(process)
        self.join(2)
        self._complaints.close()

    def join(self, timeout_s: float) -> None:
        """Wait for the threads; they end when closed, given up or without hope."""
        for thread in self._threads:
            if thread is not current_thread():
                thread.join(timeout_s)

    def say(self, frame: bytes) -> None:
        """To the present process, if there is one; never waits."""
        with self.lock:
            if self._out is not None:
                self._out.post(frame)

    # --- the threads ------------------------------------------------------------------------------

    def _read(self) -> None:
        short_lives = 0
        while not self._closing.is_set():
            born_s = perf_counter()
            try:
                process = self._spawn()
            except OSError as error:
                self._fail(f"The sound cannot be started: {error.strerror}.", again=False)
                break
            self._follow(process)
            code = self._bury(process)
            if self._closing.is_set() or code == words.HOPELESS:
                break
            short_lives = short_lives + 1 if perf_counter() - born_s < _LONG_LIFE_S else 0
            if code != words.DEVICE_GONE and not self._try_again(code, short_lives):
                break
            self._closing.wait(_PAUSES_S[min(max(0, short_lives - 1), len(_PAUSES_S) - 1)])

    def _try_again(self, code: int, short_lives: int) -> bool:
        """Whether a process that failed is to have a successor; says which."""
        _log.warning("the sound process ended with %d: %s", code, self._last_complaint())
        again = short_lives <= len(_PAUSES_S)
        self._fail(STOPPED if again else GIVEN_UP, again)
        return again

    def _fail(self, sentence: str, again: bool) -> None:
        if not self._closing.is_set():
            self._failed(sentence, again)

    def _keep(self) -> None:
        while not self._closing.wait(_BEAT_S):
            with self.lock:
                if self._process is None or self._out is None:
                    continue
                self.say(words.ASKED.pack(words.Alive()))
                self._out.flush()
                if perf_counter() - self._last_word_s > _PATIENCE_S:
                    self._process.kill()

    # --- one process ------------------------------------------------------------------------------

    def _spawn(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            bufsize=0,
            env=environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        assert process.stdin is not None
        with self.lock:
            self._process, self._last_word_s = process, perf_counter()
            self._out = outbox(process.stdin.fileno())
            for frame in self._greeting():
                self.say(frame)
        if self._closing.is_set():  # `close` came before it could see this one
            _end(process)
        return process

    def _follow(self, process: subprocess.Popen[bytes]) -> None:
        """Hear one process until its pipe ends."""
        assert process.stdout is not None
        frames = Frames()
        try:
            while data := os.read(process.stdout.fileno(), 65536):
                self._last_word_s = perf_counter()
                for _, payload in frames.feed(data):
                    self._understand(words.TOLD.unpack(payload))
        except (OSError, WireError):
            _log.exception("the sound process speaks in tongues")
            process.kill()

    def _understand(self, word: object) -> None:
        if isinstance(word, words.Trouble):
            _log.warning("sound process: %s", word.text)
        elif not self._closing.is_set():
            self._heard(word)

    def _bury(self, process: subprocess.Popen[bytes]) -> int:
        code = process.wait()
        with self.lock:
            if self._out is not None:
                self._out.close()
            self._out = self._process = None
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


def environment() -> dict[str, str]:
    """Ours, with this package where the other process finds it, and numpy on one thread.

    BLAS would share even an 8 by 8 matrix with helpers that no priority reaches.
    """
    path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    alone = dict.fromkeys(("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    return {**os.environ, **alone, "PYTHONPATH": path}


def _end(process: subprocess.Popen[bytes]) -> None:
    """Let it leave by itself: it does when its pipe ends."""
    assert process.stdin is not None
    with suppress(OSError):
        process.stdin.close()
    try:
        process.wait(1.0)
    except subprocess.TimeoutExpired:
        process.kill()
