"""Pictures for training, drawn once and kept as uint8 arrays on disk.

    python -m engines.vae_images.data_sets.dataset --out data/portraits
    python -m engines.vae_images.data_sets.dataset --emoji --out data/emoji
    python -m engines.vae_images.data_sets.dataset --landscapes --out data/landscapes

writes ``training.npy`` (40,000 faces, 9,600 variations of emoji, or 32,000 landscapes) and
``held_out.npy`` (1,000 other faces, 400 variations of other emoji, or 1,000 other landscapes),
each (N, 128, 128, 3) uint8: about 2 GB for the portraits, a few minutes on two cores.
"""

from __future__ import annotations

import argparse
import functools
import json
import multiprocessing
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engines.vae_images.data_sets import emoji, faces, landscapes
from studio.engine import EngineError

SIZE_PX = 128
SPLITS = {"training": faces.TRAINING, "held_out": faces.HELD_OUT}
EMOJI_SPLITS = {"training": range(9_600), "held_out": range(400)}
LANDSCAPE_SPLITS = {"training": landscapes.TRAINING, "held_out": landscapes.HELD_OUT}

CACHE_MARK = "cache.json"
"""Says which recipe has drawn the pictures of a folder."""

Bytes = npt.NDArray[np.uint8]


def prepare(folder: Path, splits: dict[str, range] | None = None, size_px: int = SIZE_PX) -> None:
    """Draw every split of faces that ``folder`` does not hold yet, on all cores."""
    _claim(folder, "faces")
    for name, numbers in (splits or SPLITS).items():
        _draw_all(folder / f"{name}.npy", numbers, functools.partial(_face, size_px), size_px)


def prepare_emoji(
    folder: Path,
    source: Path = emoji.SHIPPED,
    size_px: int = SIZE_PX,
    splits: dict[str, range] | None = None,
) -> None:
    """Draw the variations of the emoji in ``source`` that ``folder`` does not hold yet.

    ``NAME.json`` beside each array lists the codes that the numbers count through.
    """
    _claim(folder, "emoji")
    codes = emoji.chosen(source)
    for name, numbers in (splits or EMOJI_SPLITS).items():
        ours = [c for c in codes if emoji.held_out(c) == (name == "held_out")]
        draw = functools.partial(_emoji, source, ours, size_px)
        _draw_all(folder / f"{name}.npy", numbers, draw, size_px)
        (folder / f"{name}.json").write_text(json.dumps(ours), encoding="utf-8")


def prepare_landscapes(
    folder: Path, splits: dict[str, range] | None = None, size_px: int = SIZE_PX
) -> None:
    """Paint every split of landscapes that ``folder`` does not hold yet, on all cores."""
    _claim(folder, "landscapes")
    for name, numbers in (splits or LANDSCAPE_SPLITS).items():
        draw = functools.partial(_landscape, size_px)
        _draw_all(folder / f"{name}.npy", numbers, draw, size_px)


def pictures(folder: Path, split: str) -> Bytes:
    """One split as (N, size, size, 3) uint8 RGB, read from disk as it is used."""
    loaded: Bytes = np.load(folder / f"{split}.npy", mmap_mode="r")
    return loaded


def _claim(folder: Path, recipe: str) -> None:
    """Mark `folder` as a cache of `recipe`. Raises `EngineError` where it is anything else: what an
    artist keeps in a folder is not to be mixed with gigabytes of ours."""
    mark = folder / CACHE_MARK
    if mark.exists():
        known = json.loads(mark.read_text(encoding="utf-8"))["recipe"]
        if known != recipe:
            raise EngineError(f"The folder {folder.name} is a cache of {known}, not of {recipe}.")
        return
    theirs = [
        p
        for p in (folder.iterdir() if folder.is_dir() else ())
        if p.name.split(".")[0] not in SPLITS
    ]
    if theirs:
        raise EngineError(f"The folder {folder.name} is no cache: it holds {theirs[0].name}.")
    folder.mkdir(parents=True, exist_ok=True)
    mark.write_text(json.dumps({"recipe": recipe}), encoding="utf-8")


def _draw_all(path: Path, numbers: range, draw: Callable[[int], Bytes], size_px: int) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished.npy")
    shape = (len(numbers), size_px, size_px, 3)
    array = np.lib.format.open_memmap(unfinished, mode="w+", dtype=np.uint8, shape=shape)
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        for row, picture in enumerate(pool.imap(draw, numbers, chunksize=64)):
            array[row] = picture
    array.flush()
    unfinished.replace(path)


def _face(size_px: int, number: int) -> Bytes:
    return faces.draw(faces.face(number), size_px)


def _emoji(source: Path, codes: list[str], size_px: int, number: int) -> Bytes:
    return emoji.draw(source, emoji.variation(codes, number), size_px)


def _landscape(size_px: int, number: int) -> Bytes:
    scene = landscapes.scenes(range(number, number + 1))
    picture: Bytes = landscapes.paint(scene, size_px)[0]
    return picture


def batches_of(array: Bytes, size: int) -> Iterator[Bytes]:
    """The array in order, ``size`` pictures at a time (the last batch may be smaller)."""
    for start in range(0, len(array), size):
        yield np.array(array[start : start + size])


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Draw the training pictures.")
    parser.add_argument("--out", type=Path, default=Path("data/portraits"))
    parser.add_argument("--emoji", action="store_true", help="draw emoji instead of faces")
    parser.add_argument("--landscapes", action="store_true", help="paint landscapes instead")
    given = parser.parse_args()
    if given.landscapes:
        prepare_landscapes(given.out)
    elif given.emoji:
        prepare_emoji(given.out)
    else:
        prepare(given.out)


if __name__ == "__main__":
    main()
