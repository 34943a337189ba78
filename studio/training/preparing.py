"""From the artist's files to what an engine is given: pictures cut and turned, tunes copied."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image

from studio.engine import EngineError, Pixels
from studio.engine.learning import Learning
from studio.engine.picture_files import open_picture

Crop = Literal["centre", "smart", "pad"]
CROPS: dict[Crop, str] = {
    "centre": "Crop to the middle",
    "smart": "Crop to where most is seen",
    "pad": "No crop: edges are added",
}
WHOLE_PX = 768
"""What is not square is no larger than this."""


@dataclass(frozen=True)
class Chosen:
    """A file that is to be learnt from."""

    path: Path
    turns: int = 0
    """Quarter turns to the left."""
    crop: Crop = "centre"


def prepare(
    chosen: Iterable[Chosen],
    learns: Learning,
    size_px: int,
    into: Path,
    is_wanted: Callable[[], bool] = lambda: True,
) -> tuple[int, tuple[str, ...]]:
    """Fill the folder `into`, anew; how many files there are, and a sentence for each that could
    not be used. As long as it `is_wanted`. Raises OSError."""
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    count, problems = 0, []
    for number, each in enumerate(chosen):
        if not is_wanted():
            break
        try:
            if learns.kind == "pictures":
                picture = fitted(open_picture(each.path), each, size_px if learns.square else 0)
                Image.fromarray(picture).save(into / f"{number:05}.png", compress_level=1)
            else:
                shutil.copyfile(each.path, into / f"{number:05}-{each.path.name}")
            count += 1
        except EngineError as error:
            problems.append(str(error))
    return count, tuple(problems)


def fitted(pixels: Pixels, chosen: Chosen, size_px: int) -> Pixels:
    """The picture turned, as a square of `size_px`; whole, and not too large, where that is 0."""
    turned = np.ascontiguousarray(np.rot90(pixels, chosen.turns))
    picture = Image.fromarray(turned)
    if not size_px:
        picture.thumbnail((WHOLE_PX, WHOLE_PX), Image.Resampling.LANCZOS)
        return np.asarray(picture)
    if chosen.crop == "pad":
        picture = _padded(picture)
    box = square_in(turned) if chosen.crop == "smart" else _middle(picture)
    return np.asarray(picture.resize((size_px, size_px), Image.Resampling.LANCZOS, box=box))


def _middle(picture: Image.Image) -> tuple[int, int, int, int]:
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    return left, top, left + side, top + side


def square_in(pixels: Pixels) -> tuple[int, int, int, int]:
    """The largest square in which most is to be seen: where the light changes most, a little in
    favour of the middle."""
    height, width = pixels.shape[:2]
    side, length = min(height, width), max(height, width)
    grey = pixels.mean(2)
    change = np.abs(np.diff(grey, axis=0))[:, :-1] + np.abs(np.diff(grey, axis=1))[:-1]
    along = change.sum(0 if width > height else 1)
    sums = np.concatenate([[0.0], np.cumsum(along)])
    starts = np.arange(length - side + 1)
    last = np.minimum(starts + side, len(sums) - 1)
    found = sums[last] - sums[np.minimum(starts, len(sums) - 1)]
    off = np.abs(starts - (length - side) / 2) / max(1, length)
    at = int(starts[(found * (1 - 0.2 * off)).argmax()])
    return (at, 0, at + side, side) if width > height else (0, at, side, at + side)


def _padded(picture: Image.Image) -> Image.Image:
    """On a square of the colour that its edge has."""
    array = np.asarray(picture)
    edge = np.concatenate([array[0], array[-1], array[:, 0], array[:, -1]])
    colour = tuple(int(value) for value in np.median(edge, 0))
    side = max(picture.size)
    square = Image.new("RGB", (side, side), colour)
    square.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
    return square
