"""What the processes with a sound device have in common: a main thread that minds the device, a
reader that takes what the app sends, and an end that nothing can hold up."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread, Timer
from time import perf_counter
from typing import Protocol

from studio.audio import output
from studio.audio.app_pipe import read_commands
from studio.audio.protocol import DEVICE_GONE
from studio.processes.framing import Kind
from studio.processes.messages import Alive

ALIVE_S = 0.5
"""How often the process says that it is alive."""
_WATCH_S = 0.1
_LEAVING_S = 0.2
_SWITCH_S = 1e-4
"""The callback waits for Python's lock at most so long for a thread that runs Python."""


class DeviceGone(Exception):  # noqa: N818 - no error: it is a way to leave
    """The device went while it was open. PortAudio may hang for good on what is left of it (it does
    with a JACK server that was killed), so the process that had it open is to end."""


class Keeper(Protocol):
    """Who minds the device."""

    def watch(self) -> None:
        """See how it is. Raises `DeviceGone`."""

    def close(self) -> None: ...


class DeviceProcess:
    """`leave` and `later` may be called on any thread, the rest on the main one."""

    def __init__(self, keeper: Keeper, tell: Callable[[object], object]) -> None:
        self._keeper, self._tell = keeper, tell
        self._wishes: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._told_s = perf_counter()

    def run(self) -> None:
        """Until `leave`. The first watch opens the device, after the app's first wishes.

        Raises `DeviceGone`.
        """
        while True:
            try:
                wish = self._wishes.get(timeout=_WATCH_S)
            except Empty:
                self._watch()
                continue
            if wish is None:
                break
            wish()
        self._keeper.close()
        output.shut()

    def later(self, wish: Callable[[], None]) -> None:
        """Do it on the main thread."""
        self._wishes.put(wish)

    def leave(self) -> None:
        """End `run`; end the process in any case, whatever hangs."""
        last = Timer(_LEAVING_S, os._exit, (0,))
        last.daemon = True
        last.start()
        self._wishes.put(None)

    def hear(self, kind: Kind, payload: bytes) -> None:
        """A frame from the app, on the reader's thread."""
        raise NotImplementedError

    def _watch(self) -> None:
        self._keeper.watch()
        if perf_counter() - self._told_s > ALIVE_S:
            self._told_s = perf_counter()
            self._tell(Alive())

    def serve(self) -> int:
        """Do what the app sends until it says so or is gone; the process's exit code."""
        signal.signal(signal.SIGTERM, lambda *_: self.leave())
        reader = (self.hear, self.leave)
        Thread(target=read_commands, args=reader, name="reader", daemon=True).start()
        try:
            self.run()
        except DeviceGone:
            return DEVICE_GONE
        return 0


def prepare() -> None:
    """How such a process begins."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the app's affair, and it tells us
    sys.setswitchinterval(_SWITCH_S)
