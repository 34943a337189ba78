"""Controller maps on disk: one JSON file for each device, to be kept, shared and read by people."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

from pydantic import ValidationError

from studio.live.controllers.binding import Map
from studio.storage import files, folders

_LIMIT_BYTES = 2_000_000


class MapError(Exception):
    """A map that cannot be read or written. Its text is one sentence for the artist."""


def default_folder() -> Path:
    """Where this user's maps live; not made before the first is written."""
    return folders.settings_file().parent / "controllers"


def file_of(folder: Path, device: str) -> Path:
    """Where the map of `device` is kept; different devices have different files everywhere."""
    words = re.sub(r"[^a-z0-9]+", "-", device.casefold()).strip("-")[:40] or "device"
    return folder / f"{words}-{zlib.crc32(device.encode()):08x}.json"


def read(file: Path) -> Map:
    """The map in `file`. Raises `MapError`."""
    try:
        if file.stat().st_size > _LIMIT_BYTES:
            raise MapError(f"The file {file.name} is too large to be a controller map.")
        with files.open_plain(file) as source:
            text = source.read()
    except OSError as error:
        sentence = f"The controller map {file.name} cannot be read: {error.strerror}."
        raise MapError(sentence) from error
    try:
        return Map.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the whole of it"
        sentence = f"The file {file.name} is not a controller map of this version (see {where})."
        raise MapError(sentence) from error


def load(folder: Path, device: str) -> Map:
    """The kept map of `device`, or an empty one. Raises `MapError` for a file that is no map."""
    file = file_of(folder, device)
    if not file.exists():
        return Map(device=device)
    return read(file).but(device=device)  # perhaps shared by someone with another device


def keep(folder: Path, kept: Map) -> None:
    """Write the map of its device; an unreadable one that is in the way is set aside.

    Raises `MapError`.
    """
    file = file_of(folder, kept.device)
    if file.exists():
        try:
            read(file)
        except MapError:
            _set_aside(file)
    write(file, kept)


def write(file: Path, kept: Map) -> None:
    """Write `kept` to `file`, all or nothing. Raises `MapError`."""
    text = kept.model_dump_json(indent=1).encode() + b"\n"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        files.replace(file, text)
    except OSError as error:
        sentence = f"The controller map {file.name} cannot be written: {error.strerror}."
        raise MapError(sentence) from error


def _set_aside(file: Path) -> None:
    """Somebody's work may be in it: a newer version's map, or a typing error."""
    try:
        aside = file.with_suffix(".unreadable.json")
        for n in range(2, 100):
            if not aside.exists():
                break
            aside = file.with_suffix(f".unreadable-{n}.json")
        file.replace(aside)
    except OSError as error:
        raise MapError(f"The unreadable map {file.name} is in the way.") from error
