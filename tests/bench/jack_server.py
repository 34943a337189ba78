"""A JACK server on a clock instead of a sound card, under a name of its own, for tests and benches.

With a name of its own it meets neither the artist's server nor another test's. It ends with the
process that started it, however that ends. The names are few: JACK keeps a list of eight servers
and takes one that was killed off it only for a new one of the same name.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from threading import Semaphore
from time import monotonic, sleep

from studio.document.errors import StudioError

RATE, PERIOD = 48_000, 128
_PATIENCE_S = 15.0
_NAMES = ("loom-test-1", "loom-test-2", "loom-test-3")


class NoServerError(StudioError):
    """There is no JACK server, in a sentence."""


class _EndedError(NoServerError):
    """The server was not willing."""


class JackServer:
    """Raises `NoServerError` where there is no jackd or it does not start, and ModuleNotFoundError
    where the client that listens to it is not installed."""

    def __init__(self) -> None:
        if not (shutil.which("jackd") and shutil.which("jack_lsp")):
            raise NoServerError(
                "There is no jackd or no jack_lsp here (Debian: apt-get install jackd2; "
                "from Debian 13 on jack-example-tools as well)."
            )
        if importlib.util.find_spec("jack") is None:
            raise ModuleNotFoundError("No module named 'jack'", name="jack")
        self._process: subprocess.Popen[bytes] | None = None
        for self.name in _NAMES * 2:  # that it is in use, or trips over another that just starts
            with suppress(_EndedError):
                self._start()
                return
        raise NoServerError("The JACK server ended at once.")

    @property
    def environment(self) -> dict[str, str]:
        """What makes a JACK client find this server."""
        return {"JACK_DEFAULT_SERVER": self.name, "JACK_NO_START_SERVER": "1"}

    def start(self) -> None:
        """Start it again after `stop`, under its name."""
        for _ in range(3):
            with suppress(_EndedError):
                self._start()
                return
        raise NoServerError("The JACK server ended at once.")

    def _start(self) -> None:
        """With real-time priority where that is permitted; waits until it answers."""
        priority = "-R" if _may_be_real_time() else "-r"
        # -S: without it, in one of our runs, 7 notes of 200 were lost.
        words = ["jackd", priority, "-S", "-n", self.name, "-d", "dummy"]
        words += ["-r", str(RATE), "-p", str(PERIOD)]
        if shutil.which("setpriv"):
            words = ["setpriv", "--pdeathsig", "TERM", *words]
        null = subprocess.DEVNULL
        self._process = subprocess.Popen(words, stdin=null, stdout=null, stderr=null)
        self._wait(self._answers, "did not start")

    def stop(self, *, kill: bool = False) -> None:
        """End it; with `kill` as a crash does."""
        process, self._process = self._process, None
        if process is None:
            return
        (process.kill if kill else process.terminate)()
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)  # killed, it would stay on JACK's list
            return
        process.kill()
        process.wait()

    def ports(self) -> list[str]:
        """All ports of the server, as another program sees them."""
        done = subprocess.run(
            ["jack_lsp"],
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE_S,
        )
        return done.stdout.splitlines() if done.returncode == 0 else []

    def wait_for_port(self, part: str) -> str:
        """The first port whose name holds `part`."""
        self._wait(lambda: any(part in port for port in self.ports()), f"has no port {part}")
        return next(port for port in self.ports() if part in port)

    def connect(self, output: str, input_: str) -> None:
        """Connect two ports, as a patch bay does."""
        environment = {**os.environ, **self.environment}
        subprocess.run(["jack_connect", output, input_], env=environment, check=True, timeout=10)

    def disconnect(self, output: str, input_: str) -> None:
        """Part two ports, as a patch bay does."""
        environment = {**os.environ, **self.environment}
        subprocess.run(["jack_disconnect", output, input_], env=environment, check=True, timeout=10)

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise _EndedError
        if not self.ports():
            return False
        sleep(0.2)  # it may be another of this name that answers, and ours about to end
        if not self._runs():
            # Once, after a kill, one answered whose graph stood: no note and no control came.
            self.stop(kill=True)
            raise _EndedError
        return self._process.poll() is None

    def _runs(self) -> bool:
        """Whether it calls its clients, period by period."""
        import jack

        called = Semaphore(0)
        try:
            client = jack.Client("probe", servername=self.name, no_start_server=True)
        except jack.JackOpenError:
            return False
        client.set_process_callback(lambda _frames: called.release())
        with client:
            return all(called.acquire(timeout=3) for _ in range(4))

    def _wait(self, done: Callable[[], bool], sentence: str) -> None:
        deadline = monotonic() + _PATIENCE_S
        while not done():
            if monotonic() > deadline:
                self.stop()
                raise NoServerError(f"The JACK server {sentence}.")
            sleep(0.05)


def _may_be_real_time() -> bool:
    code = "import os; os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))"
    return subprocess.run(["python3", "-c", code], capture_output=True, check=False).returncode == 0
