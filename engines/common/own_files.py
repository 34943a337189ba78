"""An artist's own pictures, from a folder with whatever is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

from studio.engine import EngineError, Pixels
from studio.engine.picture_files import open_picture

Fitted = TypeVar("Fitted")


def read_pictures(
    folder: Path, fit: Callable[[Pixels], Fitted], say: Callable[[str], object] = print
) -> Iterator[tuple[str, Fitted]]:
    """The pictures in `folder` and those inside it, by name, each as `fit` makes it.

    What cannot be used, because it is no picture or `fit` raises `EngineError`, is named and left
    out. Raises `EngineError` where there is no folder, or nothing in it is left.
    """
    if not folder.is_dir():
        raise EngineError(f"There is no folder {folder.name}.")
    found = False
    for path in sorted(folder.rglob("*")):
        if path.is_dir() or any(p.startswith(".") for p in path.relative_to(folder).parts):
            continue
        try:
            fitted = fit(open_picture(path))
        except EngineError as error:
            say(f"{path.name} is left out. {error}")
        else:
            found = True
            yield path.stem, fitted
    if not found:
        raise EngineError(f"The folder {folder.name} holds no picture to learn from.")
