"""What was deleted, until it is wanted back or two hundred later deletions have pushed it out."""

from __future__ import annotations

import shutil
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from studio.presets.folder import names
from studio.presets.plain_files import move_new

KEPT = 200


@dataclass(frozen=True, slots=True)
class Deleted:
    """One deletion: the folder that holds what it took, and its names."""

    folder: Path
    names: tuple[str, ...]


def throw_away(trash: Path, files: list[Path]) -> Deleted:
    """Move `files` to the `trash`. Raises OSError, and then those already moved are back."""
    at = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
    folder = trash / f"{at}-{uuid.uuid4().hex[:8]}"
    folder.mkdir(parents=True)
    moved: list[tuple[Path, Path]] = []
    try:
        for file in files:
            file.rename(folder / file.name)
            moved.append((folder / file.name, file))
    except OSError:
        for there, here in moved:
            there.rename(here)
        raise
    _empty(trash)
    return Deleted(folder, tuple(here.name for _, here in moved))


def listed(trash: Path) -> list[Deleted]:
    """What is there, newest first."""
    folders = sorted(trash.iterdir(), reverse=True) if trash.is_dir() else []
    found = (Deleted(f, tuple(sorted(file.name for file in f.iterdir()))) for f in folders)
    return [deleted for deleted in found if deleted.names]


def _empty(trash: Path) -> None:
    for old in sorted(trash.iterdir(), reverse=True)[KEPT:]:
        with suppress(OSError):
            shutil.rmtree(old)


def bring_back(deleted: Deleted, folder: Path) -> None:
    """Move everything back to `folder`, beside what has taken its name since. Raises OSError."""
    taken = {names.folded(file.stem) for file in folder.iterdir()}
    stems: dict[str, str] = {}
    for name in deleted.names:
        old = Path(name)
        stem = stems.setdefault(old.stem, names.free(old.stem, taken))
        move_new(deleted.folder / name, folder / f"{stem}{old.suffix}")
    with suppress(OSError):
        deleted.folder.rmdir()
