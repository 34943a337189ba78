"""From the bytes of one device to movements.

Source: MIDI 1.0 Detailed Specification 4.2.1, and "CA-031" for high-resolution controllers. One
message may be several movements: a CC below 32 is a knob of its own and the upper half of a 14-bit
one; which of them counts is for the binding to say.
"""

from __future__ import annotations

from studio.live.controllers._source import Kind, Move, Source, source
from studio.processes.messages import Received

_LENGTHS = {0x80: 3, 0x90: 3, 0xA0: 3, 0xB0: 3, 0xC0: 2, 0xD0: 2, 0xE0: 3}
_ENTRY_COARSE, _ENTRY_FINE, _INCREMENT, _DECREMENT = 6, 38, 96, 97
_NRPN_FINE, _NRPN_COARSE, _RPN_FINE, _RPN_COARSE = 98, 99, 100, 101
_CHANNEL_MODE = 120
_NULL = 0x3FFF
"""(N)RPN 127/127: none is selected."""

_PAIR_S = 0.02
"""The halves of one 14-bit value follow each other within this."""


class MidiDecoder:
    """Turns one port's messages into movements. Nothing that a device sends raises."""

    def __init__(self) -> None:
        self._coarse: dict[Source, tuple[int, float]] = {}
        self._fine: set[Source] = set()
        self._waiting: dict[Source, float] = {}
        self._selected: dict[int, _Selected] = {}

    def feed(self, message: Received) -> list[Move]:
        """The movements of `message`, oldest first; none for what is no movement."""
        data = message.data
        if not data or len(data) != _LENGTHS.get(data[0] & 0xF0) or max(data[1:]) > 127:
            return []
        kind, channel = data[0] & 0xF0, (data[0] & 0x0F) + 1
        first, last, at_s = data[1], data[-1], message.at_s
        if kind == 0xB0:
            moves = self._control(channel, first, last, at_s)
        elif kind == 0xC0:
            moves = [_move(at_s, "program", channel, n, first) for n in (first, None)]
        elif kind == 0xE0:
            moves = [_move(at_s, "bend", channel, None, last << 7 | first)]
        elif kind == 0xD0:
            moves = [_move(at_s, "pressure", channel, None, first)]
        elif kind == 0xA0:
            moves = [_move(at_s, "key pressure", channel, first, last)]
        else:
            moves = [_move(at_s, "note", channel, first, last if kind == 0x90 else 0)]
        return moves

    def flush(self, now_s: float) -> list[Move]:
        """Upper halves whose lower halves have not come in time: these count as zero."""
        late = [place for place, at_s in self._waiting.items() if now_s - at_s > _PAIR_S]
        return [self._without_fine(place) for place in late]

    def _without_fine(self, place: Source) -> Move:
        at_s = self._waiting.pop(place)
        return Move(at_s, place, self._coarse[place][0] << 7)

    def _control(self, channel: int, number: int, value: int, at_s: float) -> list[Move]:
        if number >= _CHANNEL_MODE:
            return []
        if _NRPN_FINE <= number <= _RPN_COARSE:
            self._selected.setdefault(channel, _Selected()).take(number, value)
            return []
        selected = self._selected.get(channel)
        place = None if selected is None else selected.source(channel)
        if place is not None and number in (_ENTRY_COARSE, _ENTRY_FINE):
            return self._half(place, value, at_s, fine=number == _ENTRY_FINE)
        if place is not None and number in (_INCREMENT, _DECREMENT):
            return [Move(at_s, place, 0, step=1 if number == _INCREMENT else -1)]
        return [
            _move(at_s, "cc", channel, number, value),
            *self._pair(channel, number, value, at_s),
        ]

    def _pair(self, channel: int, number: int, value: int, at_s: float) -> list[Move]:
        """CC 0 to 31 are the upper halves of 14 bits, 32 to 63 the lower ones."""
        if number >= 64:
            return []
        return self._half(source("cc 14", channel, number % 32), value, at_s, fine=number >= 32)

    def _half(self, place: Source, value: int, at_s: float, *, fine: bool) -> list[Move]:
        if fine:
            return self._lower(place, value, at_s)
        waited = [self._without_fine(place)] if place in self._waiting else []
        self._coarse[place] = (value, at_s)
        if place in self._fine:  # the lower half is sure to come: no glitch before it
            self._waiting[place] = at_s
            return waited
        return [Move(at_s, place, _stretched(value))]

    def _lower(self, place: Source, value: int, at_s: float) -> list[Move]:
        if place not in self._coarse:
            return []
        upper, since_s = self._coarse[place]
        paired = at_s - since_s <= _PAIR_S
        if paired:
            self._fine.add(place)
            self._coarse[place] = (upper, float("-inf"))  # an upper half has one lower half
        self._waiting.pop(place, None)
        return [Move(at_s, place, upper << 7 | value, fine=paired)]


class _Selected:
    """Which (non-)registered parameter a channel's data entry means."""

    def __init__(self) -> None:
        self._kind: Kind = "nrpn"
        self._halves: dict[int, int] = {}

    def take(self, number: int, value: int) -> None:
        kind: Kind = "nrpn" if number in (_NRPN_FINE, _NRPN_COARSE) else "rpn"
        if kind != self._kind:
            self._kind, self._halves = kind, {}
        self._halves[number % 2] = value  # 99 and 101 are the upper halves

    def source(self, channel: int) -> Source | None:
        if len(self._halves) < 2:
            return None
        number = self._halves[1] << 7 | self._halves[0]
        return None if number == _NULL else source(self._kind, channel, number)


def _move(at_s: float, kind: Kind, channel: int, number: int | None, value: int) -> Move:
    return Move(at_s, source(kind, channel, number), value)


def _stretched(upper: int) -> int:
    """7 bits as 14 with the ends and the middle kept, as MIDI 2.0 scales (M2-115-U)."""
    return upper << 7 if upper <= 64 else upper << 7 | (upper & 63) << 1 | (upper & 63) >> 5
