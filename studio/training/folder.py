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
_ALIKE_PX, _ALIKE = 12, 2.0
"""Two pictures show the same if they differ by so little on so coarse a grid, of 255 levels."""
_LOOKS = 3 * _ALIKE_PX**2 + 1


@dataclass(frozen=True)
class Item:
    """One file of the folder."""

    path: Path
    kind: Kind | None
    """None for what cannot be learnt from."""
    picture: Pixels | None = None
    """A small one; of pictures only."""
    content: bytes = b""
    """About the same for two files with the same in them: a tiny picture, a tune's hash."""
    problem: str = ""
    """Why it is left out, in one sentence."""


def look(folder: Path, is_wanted: Callable[[], bool] = lambda: True) -> Iterator[Item]:
    """Every file of `folder` and of those inside it, one by one, as long as `is_wanted`.

    Hidden files and those that belong to none of these kinds by their name are passed over; a file
    that shows the same as an earlier one says so. Raises `EngineError` where there is no folder.
    """
    if not folder.is_dir():
        raise EngineError(f"There is no folder {folder.name}.")
    seen = _Seen()
    for path in _files(folder):
        if not is_wanted():
            return
        item = _looked_at(path)
        twin = seen.twin_of(item)
        if twin:
            same = f"{path.name} shows the same as {twin}."
            item = Item(path, None, item.picture, problem=same)
        yield item


class _Seen:
    """The files until now, by what is in them: a smaller or recompressed copy is found as well."""

    def __init__(self) -> None:
        self._tunes: dict[bytes, str] = {}
        self._names: list[str] = []
        self._looks = np.zeros((64, _LOOKS), np.int16)

    def twin_of(self, item: Item) -> str:
        """The name of an earlier file with the same in it; "" where there is none."""
        if item.kind == "tunes":
            first = self._tunes.setdefault(item.content, item.path.name)
            return first if first != item.path.name else ""
        return self._twin_of_picture(item) if item.kind else ""

    def _twin_of_picture(self, item: Item) -> str:
        look, count = np.frombuffer(item.content, np.uint8), len(self._names)
        off = np.abs(self._looks[:count] - look).mean(1)
        if count and off.min() < _ALIKE:
            return self._names[int(off.argmin())]
        if count == len(self._looks):
            self._looks = np.concatenate([self._looks, np.zeros_like(self._looks)])
        self._looks[count] = look
        self._names.append(item.path.name)
        return ""


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
            return Item(path, "tunes", content=hashlib.sha256(path.read_bytes()).digest())
        pixels = open_picture(path)
    except (EngineError, OSError) as error:
        return Item(path, None, problem=str(error))
    small = Image.fromarray(pixels)
    small.thumbnail((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return Item(path, "pictures", np.asarray(small), _shown(small))


def _shown(picture: Image.Image) -> bytes:
    """About the same for a picture and for a copy of it in another size or format."""
    tiny = picture.resize((_ALIKE_PX, _ALIKE_PX), Image.Resampling.BOX)
    shape = min(255, round(32 * picture.width / picture.height))
    return np.asarray(tiny, np.uint8).tobytes() + bytes([shape])


def kind_of(items: list[Item]) -> Kind | None:
    """What there is most of; None where there is nothing to learn from."""
    counted = Counter(item.kind for item in items if item.kind)
    return counted.most_common(1)[0][0] if counted else None


def learners(specs: tuple[EngineSpec, ...], kind: Kind | None) -> list[EngineSpec]:
    """The engines that can learn from it; first those that need most, which make most of it."""
    found = [s for s in specs if s.learns and s.train and s.learns.kind == kind]
    return sorted(found, key=lambda s: -s.learns.least if s.learns else 0)


def said(spec: EngineSpec, count: int) -> str:
    """How many there are and what is to be expected, in words."""
    learns = spec.learns
    assert learns is not None
    words = learns.expected(count)
    if not words:
        few = f"too few. {learns.least} are the least that it needs."
        return f"{_counted(count, learns.kind)}: {few}"
    return f"{_counted(count, learns.kind)}: {words}."


def offered(specs: tuple[EngineSpec, ...]) -> str:
    """What can be made of a folder and how much of what it takes, a line for each engine."""
    learning = [spec for spec in specs if spec.learns and spec.train]
    return "\n".join(f"{spec.title} from {_needed(spec)} or more" for spec in learning)


def _needed(spec: EngineSpec) -> str:
    assert spec.learns is not None
    return _counted(spec.learns.least, spec.learns.kind)


def _counted(count: int, kind: Kind) -> str:
    return f"{count} {kind if count != 1 else kind.removesuffix('s')}"
