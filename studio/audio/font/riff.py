"""SoundFont files (SF2, and SF3 with Vorbis samples) as tables of records, read and written.

Source: SoundFont Technical Specification 2.04, E-mu Systems, 2006. Just enough to take instruments
out of a font: all records are kept as they are, only their numbering changes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from studio.storage.files import open_plain

HYDRA = ("phdr", "pbag", "pmod", "pgen", "inst", "ibag", "imod", "igen", "shdr")
"""The nine tables, in the order that the format wants."""

SIZES = dict(zip(HYDRA, (38, 4, 10, 4, 22, 4, 10, 4, 46), strict=True))


class FontError(ValueError):
    """A file that is no usable SoundFont. Its text is one sentence for the artist."""


@dataclass
class Font:
    """The chunks of a font by their four letters; `info` keeps its order."""

    info: dict[str, bytes] = field(default_factory=dict)
    samples: bytes = b""
    tables: dict[str, list[bytes]] = field(default_factory=dict)
    """For each name in `HYDRA` its records, with the terminal one."""


def read(path: Path) -> Font:
    """The font at `path`. Raises `FontError`."""
    try:
        with open_plain(path) as file:
            data = file.read()
    except OSError as error:
        raise FontError(f"The SoundFont {path.name} cannot be read: {error.strerror}.") from error
    if data[:4] != b"RIFF" or data[8:12] != b"sfbk":
        raise FontError(f"The file {path.name} is no SoundFont.")
    font = Font()
    try:
        for name, body in _chunks(data, 12, len(data)):
            if name == "LIST":
                _read_list(font, body)
    except (struct.error, KeyError) as error:
        raise FontError(f"The SoundFont {path.name} is damaged.") from error
    if set(font.tables) != set(HYDRA):
        raise FontError(f"The SoundFont {path.name} is not whole.")
    return font


def information(path: Path) -> dict[str, str]:
    """What a font says about itself (INAM its title, ICOP its rights), without reading all of it.

    Raises `FontError`.
    """
    try:
        with open_plain(path) as file:
            head = file.read(1 << 16)
    except OSError as error:
        raise FontError(f"The SoundFont {path.name} cannot be read: {error.strerror}.") from error
    if head[:4] != b"RIFF" or head[8:12] != b"sfbk":
        raise FontError(f"The file {path.name} is no SoundFont.")
    size = struct.unpack_from("<I", head, 16)[0] if head[20:24] == b"INFO" else 0
    pieces = _chunks(head, 24, min(len(head), 20 + size))
    return {name: text(content) for name, content in pieces}


def _read_list(font: Font, body: bytes) -> None:
    kind = body[:4]
    for name, content in _chunks(body, 4, len(body)):
        if kind == b"INFO":
            font.info[name] = content
        elif kind == b"sdta" and name == "smpl":
            font.samples = content
        elif kind == b"pdta":
            size = SIZES[name]
            font.tables[name] = [content[i : i + size] for i in range(0, len(content), size)]


def _chunks(data: bytes, begin: int, end: int) -> Iterator[tuple[str, bytes]]:
    while begin + 8 <= end:
        name, size = struct.unpack_from("<4sI", data, begin)
        yield name.decode("latin-1"), data[begin + 8 : begin + 8 + size]
        begin += 8 + size + size % 2


def write(font: Font, path: Path) -> None:
    """Write `font` to `path`: the same font gives the same bytes."""
    info = b"".join(_chunk(name, content) for name, content in font.info.items())
    hydra = b"".join(_chunk(name, b"".join(font.tables[name])) for name in HYDRA)
    body = b"sfbk" + _chunk("LIST", b"INFO" + info)
    body += _chunk("LIST", b"sdta" + _chunk("smpl", font.samples))
    body += _chunk("LIST", b"pdta" + hydra)
    path.write_bytes(_chunk("RIFF", body))


def _chunk(name: str, content: bytes) -> bytes:
    padding = b"\0" * (len(content) % 2)
    return name.encode("ascii") + struct.pack("<I", len(content)) + content + padding


def text(content: bytes) -> str:
    """A name or a line of information without what fills it up."""
    return content.split(b"\0")[0].decode("latin-1").strip()


def presets(font: Font) -> dict[tuple[int, int], str]:
    """The name of each preset by (bank, program); drum kits are in bank 128."""
    found = {}
    for record in font.tables["phdr"][:-1]:
        name, program, bank = struct.unpack_from("<20sHH", record)
        found[bank, program] = text(name)
    return dict(sorted(found.items()))
