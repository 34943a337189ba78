"""When each message was due and when it left, to a file: for benches and for hunting a delay."""

from __future__ import annotations

import os
from array import array
from pathlib import Path

VARIABLE = "LATENTLOOM_PLAYER_TRACE"
"""Names the file that the player appends its trace to when it leaves; not set: no trace."""

Entry = tuple[float, float, int]
"""Due and left, in seconds of `perf_counter`, and the message's status byte."""


class Trace:
    """Kept in memory, 24 bytes for each message, and written at the end."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._numbers = array("d")

    @classmethod
    def wanted(cls) -> Trace | None:
        """One if the environment asks for it."""
        name = os.environ.get(VARIABLE)
        return cls(Path(name)) if name else None

    def add(self, due_s: float, left_s: float, status: int) -> None:
        self._numbers.extend((due_s, left_s, status))

    def write(self) -> None:
        with self._file.open("ab") as file:
            self._numbers.tofile(file)


def read_trace(file: Path) -> list[Entry]:
    """What was written to `file`."""
    numbers = array("d", file.read_bytes())
    triples = zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True)
    return [(due_s, left_s, int(status)) for due_s, left_s, status in triples]
