"""Pictures for training, drawn once and kept as uint8 arrays on disk.

    python -m engines.vae_images.dataset --out data/portraits

writes ``training.npy`` (40,000 faces) and ``held_out.npy`` (1,000 other faces),
each (N, 128, 128, 3) uint8: about 2 GB, a few minutes on two cores.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engines.vae_images import faces

SIZE_PX = 128
SPLITS = {"training": faces.TRAINING, "held_out": faces.HELD_OUT}


def prepare(folder: Path, splits: dict[str, range] | None = None, size_px: int = SIZE_PX) -> None:
    """Draw every split that ``folder`` does not hold yet, on all cores."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, numbers in (splits or SPLITS).items():
        if not (folder / f"{name}.npy").exists():
            _draw_all(folder / f"{name}.npy", numbers, size_px)


def pictures(folder: Path, split: str) -> npt.NDArray[np.uint8]:
    """One split as (N, size, size, 3) uint8 RGB, read from disk as it is used."""
    loaded: npt.NDArray[np.uint8] = np.load(folder / f"{split}.npy", mmap_mode="r")
    return loaded


def _draw_all(path: Path, numbers: range, size_px: int) -> None:
    unfinished = path.with_suffix(".unfinished.npy")
    shape = (len(numbers), size_px, size_px, 3)
    array = np.lib.format.open_memmap(unfinished, mode="w+", dtype=np.uint8, shape=shape)
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        jobs = ((number, size_px) for number in numbers)
        for row, picture in enumerate(pool.imap(_draw, jobs, chunksize=64)):
            array[row] = picture
    array.flush()
    unfinished.replace(path)


def _draw(job: tuple[int, int]) -> npt.NDArray[np.uint8]:
    number, size_px = job
    return faces.draw(faces.face(number), size_px)


def batches_of(array: npt.NDArray[np.uint8], size: int) -> Iterator[npt.NDArray[np.uint8]]:
    """The array in order, ``size`` pictures at a time (the last batch may be smaller)."""
    for start in range(0, len(array), size):
        yield np.array(array[start : start + size])


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Draw the training pictures.")
    parser.add_argument("--out", type=Path, default=Path("data/portraits"))
    prepare(parser.parse_args().out)


if __name__ == "__main__":
    main()
