"""What crosses between the app and the process that writes a film.

A part is a header (kind, seconds, width, height, length of what follows) and its payload: raw
pixels, notes as the sound process gets them, or a command of `COMMANDS`. Back come frames of
`studio.processes.framing` with `EVENTS`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, BinaryIO

from studio.audio.protocol import SetRoom, SetVolume, UseFont
from studio.processes.framing import Codec, Frames
from studio.processes.messages import Panic, Stop

HEADER = struct.Struct("<BdHHI")


class Part(IntEnum):
    """What a payload is."""

    PIXELS = 1
    NOTES = 2
    COMMAND = 3


@dataclass(frozen=True, slots=True)
class Begin:
    """The first of all: what to write."""

    file: str
    width: int
    height: int
    rate: float
    begun_s: float
    """The film's beginning, in seconds of perf_counter."""
    font: str = ""
    """The SoundFont that plays; empty: our own."""


@dataclass(frozen=True, slots=True)
class End:
    """Write what is left, up to these seconds of the film."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Ready:
    """It writes."""

    encoder: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is."""

    seconds: float
    pictures: int
    left_bytes: int
    """Of the disk."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The file is closed. A sentence for the artist where that was not wished for."""

    sentence: str


COMMANDS = Codec(Begin, SetVolume, SetRoom, UseFont, End, Stop, Panic)
EVENTS = Codec(Ready, Progress, Ended)


def parts(source: BinaryIO) -> Iterator[tuple[Part, float, int, int, Any]]:
    """Kind, seconds, width, height and payload of all that comes, until the app is gone."""
    while len(head := source.read(HEADER.size)) == HEADER.size:
        kind, seconds, width, height, length = HEADER.unpack(head)
        payload = bytearray(length)
        view, done = memoryview(payload), 0
        while done < length:
            got = source.readinto(view[done:])  # type: ignore[attr-defined]
            if not got:
                return
            done += got
        yield Part(kind), seconds, width, height, payload


def header(kind: Part, length: int, seconds: float = 0.0, width: int = 0, height: int = 0) -> bytes:
    """What goes before a payload."""
    return HEADER.pack(kind, seconds, width, height, length)


def unframed(payload: bytearray) -> bytes:
    """What the one frame of `studio.processes.framing` holds that notes and commands come in."""
    ((_, inner),) = Frames().feed(bytes(payload))
    return inner
