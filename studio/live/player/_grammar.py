"""Which bytes are a MIDI message. Guests compose; what is none must not reach a port."""

from __future__ import annotations

_LENGTHS = {0x80: 3, 0x90: 3, 0xA0: 3, 0xB0: 3, 0xC0: 2, 0xD0: 2, 0xE0: 3}
_SYSTEM = {0xF1: 2, 0xF2: 3, 0xF3: 2, 0xF6: 1, **dict.fromkeys(range(0xF8, 0x100), 1)}
_SYSEX, _SYSEX_END = 0xF0, 0xF7


def well_formed(data: bytes) -> bool:
    """Whether `data` is one whole message with its status byte."""
    if not data or data[0] < 0x80:
        return False
    if data[0] == _SYSEX:
        return len(data) > 2 and data[-1] == _SYSEX_END and max(data[1:-1]) < 0x80
    length = _LENGTHS.get(data[0] & 0xF0) or _SYSTEM.get(data[0])
    return len(data) == length and all(byte < 0x80 for byte in data[1:])
