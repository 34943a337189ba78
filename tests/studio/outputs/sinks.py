"""A sink for tests: it keeps what it gets, and fails or hangs where it is told to."""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition, Event

from studio.outputs.sink import Frame
from tests.fakes import PATIENCE_S


class FakeSink:
    """Remembers all that is done with it. `refuses` makes opening fail, `breaks` the sending."""

    def __init__(self, name: str = "Fake", *, refuses: str = "", breaks: Exception | None = None):
        self.name = name
        self.refuses, self.breaks = refuses, breaks
        self.frames: list[Frame] = []
        self.sizes: list[tuple[int, int]] = []
        self.closed = 0
        self.gate = Event()
        self.gate.set()
        self._news = Condition()

    def missing(self) -> str:
        return ""

    def open(self, width: int, height: int, rate: float) -> None:
        if self.refuses:
            raise OSError(self.refuses)
        self.sizes.append((width, height))

    def send(self, frame: Frame) -> None:
        assert self.gate.wait(PATIENCE_S)
        if self.breaks is not None:
            raise self.breaks
        self._tell(lambda: self.frames.append(frame))

    def close(self) -> None:
        self._tell(lambda: setattr(self, "closed", self.closed + 1))

    def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is true of it."""
        with self._news:
            assert self._news.wait_for(condition, PATIENCE_S)

    def _tell(self, do: Callable[[], object]) -> None:
        with self._news:
            do()
            self._news.notify_all()
