"""What crosses between the app and a child process: framed bytes, never pickle.

A frame is the payload's length (u32), its kind (u8) and the payload, little-endian. Messages with a
due time and messages received are packed as structs, because there are many of them; everything
else is a small frozen dataclass as JSON (`Codec`).
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import fields
from enum import IntEnum
from typing import Any

from studio.processes.messages import Due, Received

_HEADER = struct.Struct("<IB")
_SEQUENCE = struct.Struct("<I")
_MESSAGE = struct.Struct("<dBI")  # seconds, length of the port's key, length of the data

MAX_PAYLOAD = 1 << 24
"""Bytes. A longer frame means that the two sides no longer understand each other."""


class Kind(IntEnum):
    """What a frame's payload is."""

    PLAY = 1
    RECEIVED = 2
    JSON = 3


class WireError(ValueError):
    """Bytes that are no frame of ours; the connection cannot be mended."""


def frame(kind: Kind, payload: bytes) -> bytes:
    """One frame."""
    return _HEADER.pack(len(payload), kind) + payload


class Frames:
    """Cuts a stream of bytes into frames, however the pipe happened to split it."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[Kind, bytes]]:
        """Every frame that `data` completes. Raises WireError on bytes that are no frame."""
        self._bytes += data
        at = 0
        try:
            while len(self._bytes) - at >= _HEADER.size:
                length, kind = _HEADER.unpack_from(self._bytes, at)
                if length > MAX_PAYLOAD or kind not in Kind._value2member_map_:
                    raise WireError(f"No frame: kind {kind}, {length} bytes.")
                end = at + _HEADER.size + length
                if end > len(self._bytes):
                    break
                payload = bytes(self._bytes[at + _HEADER.size : end])
                at = end
                yield Kind(kind), payload
        finally:
            del self._bytes[:at]


def pack_play(sequence: int, messages: Sequence[Due]) -> bytes:
    """A frame of messages to play. `sequence` counts all messages sent so far, these included."""
    parts = [_SEQUENCE.pack(sequence & 0xFFFFFFFF)]
    for message in messages:
        port = message.port.encode()
        parts += (_MESSAGE.pack(message.due_s, len(port), len(message.data)), port, message.data)
    return frame(Kind.PLAY, b"".join(parts))


def unpack_play(payload: bytes) -> tuple[int, list[Due]]:
    """The sequence number and the messages of a PLAY frame's payload."""
    (sequence,) = _SEQUENCE.unpack_from(payload)
    stamped = _unpack(payload, _SEQUENCE.size)
    return sequence, [Due(at_s, port, data) for at_s, port, data in stamped]


def pack_received(messages: Sequence[Received]) -> bytes:
    """A frame of messages that came in."""
    parts: list[bytes] = []
    for message in messages:
        port = message.port.encode()
        parts += (_MESSAGE.pack(message.at_s, len(port), len(message.data)), port, message.data)
    return frame(Kind.RECEIVED, b"".join(parts))


def unpack_received(payload: bytes) -> list[Received]:
    """The messages of a RECEIVED frame's payload."""
    return [Received(at_s, port, data) for at_s, port, data in _unpack(payload, 0)]


def _unpack(payload: bytes, at: int) -> Iterator[tuple[float, str, bytes]]:
    while at < len(payload):
        seconds, port_length, data_length = _MESSAGE.unpack_from(payload, at)
        at += _MESSAGE.size
        middle, end = at + port_length, at + port_length + data_length
        if end > len(payload):
            raise WireError("A message reaches beyond its frame.")
        yield seconds, str(payload[at:middle], "utf-8"), payload[middle:end]
        at = end


class Codec:
    """Frozen dataclasses as frames and back: fields of numbers, strings, and tuples of them."""

    def __init__(self, *kinds: type[Any]) -> None:
        self._kinds = {kind.__name__: kind for kind in kinds}

    def pack(self, message: object) -> bytes:
        """`message` as a frame. Raises WireError if its class is none of those of this codec."""
        name = type(message).__name__
        if self._kinds.get(name) is not type(message):
            raise WireError(f"{name} is not sent this way.")
        values = [getattr(message, field.name) for field in fields(message)]  # type: ignore[arg-type]
        return frame(Kind.JSON, json.dumps([name, *values]).encode())

    def unpack(self, payload: bytes) -> Any:
        """What a JSON frame's payload holds. Raises WireError if it is none of ours."""
        try:
            name, *values = json.loads(payload)
            return self._kinds[name](*map(_frozen, values))
        except (ValueError, KeyError, TypeError) as error:
            raise WireError(f"Not a message of ours: {payload[:80]!r}.") from error


def _frozen(value: Any) -> Any:
    """JSON knows lists only; ours are tuples."""
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
