"""MIDI files as they are found, made such as mido reads: odd chunks and odd events are skipped.

mido refuses a whole file for one event that it cannot decode, and gives events of kinds that it
does not know no time, which moves every note behind them. Here such events become texts of the same
length: nothing else in the file moves. Only the bytes of chunks and events are looked at; what they
mean is mido's.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from mido.messages.specs import SPEC_BY_STATUS
from mido.midifiles.meta import KeySignatureError, build_meta_message

_TEXT, _NAME, _END, _METRE, _KEY = 0x01, 0x03, 0x2F, 0x58, 0x59
_KNOWN = frozenset({0x00, *range(0x01, 0x0A), 0x20, 0x21, _END, 0x51, 0x54, _METRE, _KEY, 0x7F})
"""Kinds of events in the Standard MIDI File specification (MIDI Manufacturers Association)."""


def repaired(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """`data`, a MIDI file's bytes, with what cannot be read taken out, and a sentence about that.

    Bytes that are no MIDI file at all, or that end too soon, come back as they are.
    """
    smf = _inside_riff(data)
    if smf[:4] != b"MThd" or len(smf) < 14:
        return data, ()
    (size,) = struct.unpack(">L", smf[4:8])
    chunks = list(_chunks(smf, 8 + size))
    tracks = [body for name, body in chunks if name == b"MTrk"]
    # Zeros after the last track are no part: some programs fill up their files.
    strangers = sum(name != b"MTrk" and any(name) for name, _ in chunks)
    mended = [_track(body) for body in tracks]
    kind, _, division = struct.unpack(">HHH", smf[8:14])
    out = struct.pack(">4sLHHH", b"MThd", 6, min(kind, 2), len(tracks), division)
    out += b"".join(struct.pack(">4sL", b"MTrk", len(body)) + body for body, _ in mended)
    return out, _told(sum(odd for _, odd in mended), strangers)


def _inside_riff(data: bytes) -> bytes:
    """What a RIFF file of the kind RMID holds; anything else as it is."""
    if data[:4] == b"RIFF" and data[8:12] == b"RMID":
        start = data.find(b"MThd", 12)
        return data[start:] if start > 0 else data
    return data


def _chunks(data: bytes, at: int) -> Iterator[tuple[bytes, bytes]]:
    while at + 8 <= len(data):
        name, size = struct.unpack(">4sL", data[at : at + 8])
        yield name, data[at + 8 : at + 8 + size]
        at += 8 + size


def _told(events: int, chunks: int) -> tuple[str, ...]:
    said = []
    if events:
        said.append(f"{events} odd event{'s' if events > 1 else ''} in the file skipped.")
    if chunks:
        said.append(f"{chunks} part{'s' if chunks > 1 else ''} of an unknown kind skipped.")
    return tuple(said)


def _track(body: bytes) -> tuple[bytes, int]:
    """A track up to its end, with every event that mido would trip over as a text; how many."""
    mended, odd = bytearray(body), 0
    for place, kind, data in _metas(body):
        if kind == _END:
            after = place + 1 + _varint(body, place + 1)[1] + len(data)
            return bytes(mended[:after]), odd
        if kind not in (_NAME, _METRE, _KEY) or not _is_sound(kind, data):
            mended[place] = _TEXT
            odd += kind in _KNOWN and not _is_sound(kind, data)
    return bytes(mended), odd


def _is_sound(kind: int, data: bytes) -> bool:
    if kind == _METRE and len(data) > 1 and data[1] > 16:  # 2 ** 255 is no note's length
        return False
    try:
        build_meta_message(kind, list(data))
    except (ArithmeticError, LookupError, TypeError, ValueError, KeySignatureError):
        return False
    return True


def _metas(body: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Every meta event: where its kind stands, the kind, and its data. Stops where the bytes do."""
    at, running = 0, 0
    try:
        while at < len(body):
            at += _varint(body, at)[1]
            status = body[at]
            if status >= 0x80:
                at += 1
            if status == 0xFF:
                length, digits = _varint(body, at + 1)
                start = at + 1 + digits
                yield at, body[at], body[start : start + length]
                at = start + length
                continue
            running = status if status >= 0x80 else running
            if running in (0xF0, 0xF7):
                length, digits = _varint(body, at)
                at += digits + length
            else:
                at += SPEC_BY_STATUS[running]["length"] - 1
    except LookupError:
        return


def _varint(body: bytes, at: int) -> tuple[int, int]:
    """A number of variable length at `at`, and how many bytes it takes. Raises IndexError."""
    number, start = 0, at
    while True:
        byte = body[at]
        number, at = number << 7 | byte & 0x7F, at + 1
        if byte < 0x80:
            return number, at - start
