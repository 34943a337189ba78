"""PNG files without what is not the picture itself: words, broken extras, huge colour profiles.

Pillow refuses a whole picture for one chunk beside it that is damaged, and for a text or a profile
of more than 1 MB, which programs that draw from prompts do write; other programs show it.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PICTURE = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"eXIf"))
_MOST_BYTES = 250_000_000
_MOST_PROFILE_BYTES = 16_000_000


def plain_png(file: Path) -> tuple[io.BytesIO, bytes | None] | None:
    """The picture in `file` and nothing else, and its colour profile where that is whole; None for
    what is no PNG, or a very large one."""
    with file.open("rb") as source:
        if source.read(8) != _SIGNATURE or file.stat().st_size > _MOST_BYTES:
            return None
        plain, profile = io.BytesIO(), None
        plain.write(_SIGNATURE)
        for name, chunk in _chunks(source):
            if name in _PICTURE:
                plain.write(chunk)
            elif name == b"iCCP":
                profile = _profile(chunk[8:-4])
    plain.seek(0)
    return plain, profile


def _chunks(source: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Name and all bytes of each chunk."""
    while len(head := source.read(8)) == 8:
        yield head[4:], head + source.read(int.from_bytes(head[:4], "big") + 4)


def _profile(body: bytes) -> bytes | None:
    """What an iCCP chunk holds: a name, a byte for the method, and the packed profile."""
    unpacks = zlib.decompressobj()
    try:
        profile = unpacks.decompress(body.partition(b"\0")[2][1:], _MOST_PROFILE_BYTES)
    except zlib.error:
        return None
    return profile if unpacks.eof else None
