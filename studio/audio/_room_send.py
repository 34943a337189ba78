"""How much of each channel the room hears: all of it, until a channel has a share of its own.

Synthesisers give one mixed sound, so that a second one then plays the same notes for the room
alone, each channel as loud as its share. It takes 94 MB and as much processor time as the first;
who shares nothing out has none.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from studio.audio._instrument import Instrument

ROOM, EXPRESSION = 91, 11
"""MIDI's controllers: "reverb send level", and the one that makes a channel softer."""
_WHOLE = 127


def shares_out(messages: Iterable[tuple[float, bytes]]) -> bool:
    """Whether one of these (seconds and MIDI message) gives a channel less of the room."""
    return any(
        len(data) == 3 and data[0] & 0xF0 == 0xB0 and data[1] == ROOM and data[2] < _WHOLE
        for _, data in messages
    )


class RoomSend:
    """Follows what is played. For one thread, apart from `use`."""

    def __init__(self) -> None:
        self._second: Instrument | None = None
        self._shares, self._expression = [_WHOLE] * 16, [_WHOLE] * 16
        self._heard = np.zeros((0, 2), np.float32)

    def use(self, second: Instrument | None) -> None:
        """Play on it for the room alone; None: the room hears everything again. It is to know what
        the first one was told."""
        self._second = second
        self._share_again()

    @property
    def has_second(self) -> bool:
        """Whether there is one."""
        return self._second is not None

    def play(self, data: bytes) -> None:
        """What the first instrument plays."""
        if len(data) == 3 and data[0] & 0xF0 == 0xB0 and data[1] in (ROOM, EXPRESSION):
            channel = data[0] & 0x0F
            (self._shares if data[1] == ROOM else self._expression)[channel] = data[2]
            self._share(channel)
        elif self._second is not None:
            self._second.play(data)

    def begin(self, frames: int) -> None:
        """A block of so many frames comes."""
        if self._second is not None and len(self._heard) != frames:
            self._heard = np.zeros((frames, 2), np.float32)

    def render(self, begin: int, end: int) -> None:
        """The part of the block from frame `begin` to `end`."""
        if self._second is not None:
            view = self._heard.data.cast("B")
            self._second.render(end - begin, view[8 * begin : 8 * end])

    def heard(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """What the room hears of `block`, (frames, 2), which has all of it."""
        return block if self._second is None else self._heard

    def silence(self) -> None:
        """As `Instrument.silence`; shares stay."""
        self._expression = [_WHOLE] * 16
        if self._second is not None:
            self._second.silence()
            self._share_again()

    def use_rate(self, rate_hz: int) -> None:
        """As `Instrument.use_rate`."""
        if self._second is not None:
            self._second.use_rate(rate_hz)
            self._share_again()

    def _share_again(self) -> None:
        for channel in range(16):
            self._share(channel)

    def _share(self, channel: int) -> None:
        if self._second is not None:
            # Synthesisers take the second or third power of it.
            loud = self._expression[channel] * math.sqrt(self._shares[channel] / _WHOLE)
            self._second.play(bytes((0xB0 | channel, EXPRESSION, round(loud))))
