"""What a folder of the artist's holds that a model could learn from."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from studio.engine import EngineError, EngineSpec, Pixels
from studio.engine.learning import Kind
from studio.engine.picture_files import open_picture
from studio.music.files import midi

SIDE_PX = 96
"""The longer side of a picture on the wall."""
MOST = 20_000
"""So many files are looked at."""
_TUNES = frozenset({".abc", ".musicxml", ".xml", ".mxl", *midi.SUFFIXES})
_ASIDE = frozenset({".txt", ".md", ".json", ".csv", ".ini", ".db", ".zip", ".pdf", ".html"})
"""What lies in folders of pictures and is none: nobody need be told."""
_ALIKE_PX = 12


@dataclass(frozen=True)
class Item:
    """One file of the folder."""

    path: Path
    kind: Kind | None
    """None for what cannot be learnt from."""
    picture: Pixels | None = None
    """A small one; of pictures only."""
    digest: str = ""
    """The same for two files that show the same."""
    problem: str = ""
    """Why it is left out, in one sentence."""


def look(folder: Path, is_wanted: Callable[[], bool] = lambda: True) -> Iterator[Item]:
    """Every file of `folder` and of those inside it, one by one, as long as `is_wanted`.

    Hidden files and those that belong to none of these kinds by their name are passed over; a file
    that shows the same as an earlier one says so. Raises `EngineError` where there is no folder.
    """
    if not folder.is_dir():
        raise EngineError(f"There is no folder {folder.name}.")
    seen: dict[str, str] = {}
    for path in _files(folder):
        if not is_wanted():
            return
        item = _looked_at(path)
        if item.digest in seen:
            same = f"{path.name} shows the same as {seen[item.digest]}."
            item = Item(path, None, item.picture, item.digest, same)
        elif item.digest:
            seen[item.digest] = path.name
        yield item


def _files(folder: Path) -> Iterator[Path]:
    count = 0
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if any(part.startswith(".") for part in inside) or path.suffix.lower() in _ASIDE:
            continue
        if path.is_file():
            count += 1
            if count > MOST:
                return
            yield path


def _looked_at(path: Path) -> Item:
    try:
        if path.suffix.lower() in _TUNES:
            return Item(path, "tunes", digest=hashlib.sha256(path.read_bytes()).hexdigest())
        pixels = open_picture(path)
    except (EngineError, OSError) as error:
        return Item(path, None, problem=str(error))
    small = Image.fromarray(pixels)
    small.thumbnail((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return Item(path, "pictures", np.asarray(small), _shown(small))


def _shown(picture: Image.Image) -> str:
    """The same for a picture and for a smaller or recompressed copy of it, mostly."""
    tiny = picture.resize((_ALIKE_PX, _ALIKE_PX), Image.Resampling.BOX)
    coarse = np.asarray(tiny, np.uint8) >> 4
    shape = round(8 * picture.width / picture.height)
    return hashlib.sha256(coarse.tobytes() + bytes([min(255, shape)])).hexdigest()


def kind_of(items: list[Item]) -> Kind | None:
    """What there is most of; None where there is nothing to learn from."""
    counted = Counter(item.kind for item in items if item.kind)
    return counted.most_common(1)[0][0] if counted else None


def learners(specs: tuple[EngineSpec, ...], kind: Kind | None) -> list[EngineSpec]:
    """The engines that can learn from it."""
    return [s for s in specs if s.learns and s.train and s.learns.kind == kind]


def said(spec: EngineSpec, count: int) -> str:
    """How many there are and what is to be expected, in words."""
    learns = spec.learns
    assert learns is not None
    noun = learns.kind if count != 1 else learns.kind.removesuffix("s")
    words = learns.expected(count)
    if not words:
        return f"{count} {noun}: too few. {learns.least} are the least that it needs."
    return f"{count} {noun}: {words}."
