"""Own pictures that nothing names any more: put aside, and in the end removed for good.

Undo, versions and takes want a file long after its slot is gone, so no slot and no preset takes it
away. It goes when for a long time no engine has read it and no document names it.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from studio.engine.own_pictures import ASIDE

UNUSED_S = 90 * 86_400.0
"""So long unread, a file is looked for in the documents; so long put aside, it is removed."""
_DOCUMENTS = frozenset({".json", ".take"})
_NAME = re.compile(rb"[0-9a-f]{64}")
_NAME_BYTES, _BLOCK_BYTES, _GZIP = 64, 1 << 16, 31


def put_aside(pictures: Path, documents: Iterable[Path], now_s: float) -> None:
    """Put aside what in the folder `pictures` is wanted by nothing in the folders `documents`, and
    remove what was put aside long ago. `now_s` is the time of the clock. Whoever reads a file that
    was put aside brings it back (`OwnPictureFiles.read`).

    Raises OSError where something cannot be looked through: then nothing goes.
    """
    gone = _unread(pictures / ASIDE, now_s)
    if old := _unread(pictures, now_s):
        wanted = {name for place in documents for name in _named_in(place)}
        for file in old:
            os.utime(file, (now_s, now_s))
            if file.stem not in wanted:
                (pictures / ASIDE).mkdir(exist_ok=True)
                file.replace(pictures / ASIDE / file.name)
    for file in gone:
        file.unlink(missing_ok=True)


def _unread(folder: Path, now_s: float) -> list[Path]:
    found = folder.glob("*.safetensors")
    return [file for file in found if file.stat().st_mtime < now_s - UNUSED_S]


def _named_in(folder: Path) -> Iterator[str]:
    """All that could be the name of an own picture, in presets and their versions, in what was
    deleted, in kept working states and in takes."""
    for place, _, names in os.walk(folder, onerror=_stop) if folder.exists() else ():
        for file in (Path(place, name) for name in names):
            if file.suffix in _DOCUMENTS and file.is_file():
                yield from (name.decode() for name in _names(file))


def _stop(error: OSError) -> None:
    raise error


def _names(file: Path) -> Iterator[bytes]:
    unpack, end = zlib.decompressobj(_GZIP), b""
    with file.open("rb") as source:
        packed = source.read(2) == b"\x1f\x8b"
        source.seek(0)
        while block := source.read(_BLOCK_BYTES):
            try:
                text = end + (unpack.decompress(block) if packed else block)
            except zlib.error as error:  # a take is read past its damage, and what it names stays
                raise OSError(f"{file.name} is damaged.") from error
            yield from _NAME.findall(text)
            end = text[-_NAME_BYTES + 1 :]
