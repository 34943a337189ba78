"""Controller maps on disk: one JSON file for each device, to be kept, shared and read by people."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

from filelock import FileLock
from pydantic import ValidationError

from studio.document.errors import place_in
from studio.live.controllers.binding import Map
from studio.storage import files, folders

_LIMIT_BYTES = 2_000_000
_LOCK_S = 0.5


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
        where = place_in(first["loc"])
        sentence = f"The file {file.name} is not a controller map of this version (see {where})."
        raise MapError(sentence) from error


def load(folder: Path, device: str) -> Map:
    """The kept map of `device`, or an empty one. Raises `MapError` for a file that is no map."""
    file = file_of(folder, device)
    if not file.exists():
        return Map(device=device)
    return read(file).but(device=device)  # perhaps shared by someone with another device


def keep(folder: Path, wanted: Map, seen: Map | None = None) -> Map:
    """Write the map of its device, and return what was written: `wanted`, with whatever another
    copy of the app has changed there since the map `seen` was read or kept. An unreadable file
    that is in the way is set aside.

    Raises `MapError`.
    """
    file = file_of(folder, wanted.device)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(f".{folder.name}.lock"), timeout=_LOCK_S):
            return _keep(file, wanted, seen)
    except (OSError, NotImplementedError) as error:
        why = getattr(error, "strerror", None) or "another Latent Loom is writing"
        raise MapError(f"The controller map {file.name} cannot be written: {why}.") from error


def _keep(file: Path, wanted: Map, seen: Map | None) -> Map:
    if file.exists():
        try:
            present = read(file)
        except MapError:
            _set_aside(file)
        else:
            wanted = merged(wanted, present, seen or present)
    write(file, wanted)
    return wanted


def merged(ours: Map, theirs: Map, before: Map) -> Map:
    """`ours` with what `theirs` has other than `before`; where both changed what plays an address,
    it is played as in `ours`."""
    bindings = list(ours.bindings)
    for address in dict.fromkeys(b.address for b in (*theirs.bindings, *before.bindings)):
        if ours.of(address) == before.of(address) != theirs.of(address):
            bindings = [b for b in bindings if b.address != address] + [*theirs.of(address)]
    feedback = theirs.feedback if ours.feedback == before.feedback else ours.feedback
    made: Map = ours.but(bindings=tuple(bindings), feedback=feedback)
    return made


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
        files.set_aside(file)
    except OSError as error:
        raise MapError(f"The unreadable map {file.name} is in the way.") from error
