"""The pipes to the app, as the processes of sound have them: commands in, events out."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextlib import suppress

from studio.audio import priority, protocol
from studio.audio.messages import Trouble
from studio.processes.framing import Frames, Kind, WireError
from studio.processes.pipes import PipeWriter, pipe_writer


def events_pipe() -> PipeWriter:
    """Standard output for us alone: what libraries print there goes to standard error. Warnings and
    worse go into the app's own log."""
    ours = os.dup(1)
    os.dup2(2, 1)
    events = pipe_writer(ours)
    logging.getLogger().addHandler(_ToTheApp(events))
    return events


def read_commands(hear: Callable[[Kind, bytes], None], leave: Callable[[], None]) -> None:
    """The reader thread: frames from standard input until the app leaves."""
    priority.raise_thread(priority.HELPER)
    frames = Frames()
    with suppress(OSError, WireError):
        while data := os.read(0, 65536):
            for kind, payload in frames.feed(data):
                hear(kind, payload)
    leave()


class _ToTheApp(logging.Handler):
    def __init__(self, events: PipeWriter) -> None:
        super().__init__(logging.WARNING)
        self._events = events

    def emit(self, record: logging.LogRecord) -> None:
        self._events.post(protocol.EVENTS.pack(Trouble(self.format(record))))
