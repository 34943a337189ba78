"""Pipes that never make anyone wait: writing gives way to a full pipe, reading can be selected."""

from __future__ import annotations

import os
import socket
import sys
from collections import deque
from threading import Condition, Lock, Thread

ROOM = 1 << 22
"""Bytes kept for a reader that does not read: a frozen app, a player in a stuck driver."""


class PipeWriter:
    """Frames on their way into a pipe. Whole frames are kept back when the pipe is full."""

    def __init__(self, fd: int, room: int = ROOM) -> None:
        self._fd, self._room = fd, room
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._lock = Lock()
        self.closed = False
        """The other side is gone."""
        os.set_blocking(fd, False)

    def post(self, frame: bytes) -> bool:
        """Send `frame` now or when the pipe has room; False when it had to be dropped."""
        with self._lock:
            if self.closed or self._bytes + len(frame) > self._room:
                return False
            self._waiting.append(frame)
            self._bytes += len(frame)
            self._write()
            return True

    def flush(self) -> bool:
        """Send what waits, as far as the pipe takes it; True when nothing is left."""
        with self._lock:
            self._write()
            return not self._waiting

    def close(self) -> None:
        """Let go of the pipe; what waits is lost."""
        with self._lock:
            self.closed = True
            self._waiting.clear()

    def _write(self) -> None:
        try:
            while self._waiting and not self.closed:
                written = os.write(self._fd, self._waiting[0])
                self._bytes -= written
                if written == len(self._waiting[0]):
                    self._waiting.popleft()
                else:
                    self._waiting[0] = self._waiting[0][written:]
        except BlockingIOError:
            pass
        except OSError:
            self.closed = True


class ThreadedPipeWriter(PipeWriter):
    """The same for Windows, whose pipes know no writing without waiting: a thread waits."""

    def __init__(self, fd: int, room: int = ROOM) -> None:
        self._fd, self._room = fd, room
        self._waiting = deque()
        self._bytes = 0
        self._some = Condition()
        self.closed = False
        Thread(target=self._pump, name="pipe writer", daemon=True).start()

    def post(self, frame: bytes) -> bool:
        with self._some:
            if self.closed or self._bytes + len(frame) > self._room:
                return False
            self._waiting.append(frame)
            self._bytes += len(frame)
            self._some.notify()
            return True

    def flush(self) -> bool:
        with self._some:
            return not self._waiting

    def close(self) -> None:
        with self._some:
            self.closed = True
            self._some.notify()

    def _pump(self) -> None:
        while True:
            with self._some:
                self._some.wait_for(lambda: self._waiting or self.closed)
                if self.closed:
                    return
                frame = self._waiting.popleft()
                self._bytes -= len(frame)
            try:
                while frame:
                    frame = frame[os.write(self._fd, frame) :]
            except OSError:
                self.closed = True


def pipe_writer(fd: int) -> PipeWriter:
    """The right one for this system."""
    return ThreadedPipeWriter(fd) if sys.platform == "win32" else PipeWriter(fd)


def selectable(fd: int) -> int:
    """A descriptor that `select` takes: `fd` itself, on Windows a socket that a thread feeds."""
    if sys.platform != "win32":
        return fd
    ours, theirs = socket.socketpair()
    Thread(target=_feed, args=(fd, theirs), name="pipe reader", daemon=True).start()
    return ours.detach()


def read(fd: int, size: int) -> bytes:
    """Bytes from a descriptor of `selectable`; none at the end of the stream."""
    if sys.platform != "win32":
        return os.read(fd, size)
    with socket.socket(fileno=fd) as connection:
        try:
            return connection.recv(size)
        finally:
            connection.detach()


def _feed(fd: int, connection: socket.socket) -> None:
    with connection:
        while data := os.read(fd, 65536):
            connection.sendall(data)
