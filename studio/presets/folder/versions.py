"""The last ten versions of every preset, kept beside the folder's documents."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from studio.presets.folder.entries import stamp_of
from studio.presets.plain_files import put_new

KEPT = 10

_TIME = "%Y%m%dT%H%M%S.%f"


@dataclass(frozen=True, slots=True)
class Version:
    """What a preset was until `replaced_at`."""

    file: Path
    replaced_at: datetime


def keep(folder: Path, text: bytes) -> None:
    """Put `text` among the versions in `folder`, unless it is the newest there. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    short = stamp_of(text)[:8]
    kept = listed(folder)
    if kept and kept[0].file.stem.endswith(short):
        return
    put_new(folder / f"{datetime.now(UTC).strftime(_TIME)}-{short}.json", text)
    for version in listed(folder)[KEPT:]:
        with suppress(OSError):
            version.file.unlink(missing_ok=True)


def listed(folder: Path) -> list[Version]:
    """The versions in `folder`, newest first."""
    found = []
    for file in folder.glob("*.json") if folder.is_dir() else ():
        with suppress(ValueError):
            at = datetime.strptime(file.stem.rpartition("-")[0], _TIME).replace(tzinfo=UTC)
            found.append(Version(file, at))
    return sorted(found, key=lambda version: version.file.name, reverse=True)
