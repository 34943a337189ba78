"""The files that the corpus lies in: xz, a line of verse a line, an empty one between runs."""

from __future__ import annotations

import lzma
import math
from functools import cache
from pathlib import Path

from studio.engine import EngineError

Runs = list[list[str]]
"""Lines that follow each other in a book, for every stretch of such lines."""
TRAINING = Path("data") / "verse" / "training.xz"
"""Not in the repository: `prepare` makes it."""
HELD_OUT = Path(__file__).resolve().parents[1] / "data" / "held_out.xz"


@cache
def held_out() -> Runs:
    """What no model has learnt from."""
    return read(HELD_OUT)


@cache
def training() -> Runs:
    """What the model learns from. Raises `EngineError` where it has not been made."""
    if not TRAINING.is_file():
        raise EngineError(f"{TRAINING} is not there: engines/verse/corpus/prepare.py makes it.")
    return read(TRAINING)


def read(path: Path) -> Runs:
    """What `write` wrote."""
    text = lzma.decompress(path.read_bytes()).decode("ascii")
    return [run.splitlines() for run in text.split("\n\n")]


def write(runs: Runs, path: Path) -> None:
    """As one file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "\n\n".join("\n".join(run) for run in runs)
    path.write_bytes(lzma.compress(text.encode("ascii"), preset=9 | lzma.PRESET_EXTREME))


def shortened(runs: Runs, count: int) -> Runs:
    """Every so-manieth run, so that about `count` lines remain."""
    every = max(1, math.ceil(sum(map(len, runs)) / count))
    return runs[::every]
