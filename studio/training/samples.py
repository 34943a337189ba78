"""The samples of a training as pixels."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np

from studio.engine import EngineError, Pixels
from studio.engine.picture_files import open_picture
from studio.training.runs import Run


def read(file: Path) -> Pixels | None:
    """None where it cannot be read."""
    with suppress(EngineError):
        return open_picture(file)
    return None


def last_picture(run: Run) -> Pixels | None:
    """The newest one; its four pictures in the middle, which a thumbnail can show."""
    samples = run.samples()
    pixels = read(samples[-1]) if samples else None
    if pixels is None:
        return None
    height, width = pixels.shape[:2]
    return np.ascontiguousarray(pixels[: height // 2, : width // 2])
