"""A small room around dry instruments: a feedback delay network of eight lines.

Source: J.-M. Jot and A. Chaigne, "Digital delay networks for designing artificial reverberators",
AES 90, 1991; mixed by a Hadamard matrix, damped by a one-pole in each line's loop.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_LENGTHS = (1117, 1277, 1427, 1601, 1777, 1933, 2113, 2281)
"""In frames, prime to one another, 23 to 48 ms at 48 kHz. Blocks are cut to the shortest."""
_DECAY_S = 1.1
"""After which the room is 60 dB softer, at 48 kHz."""
_DAMPING = 0.35
_RATE_HZ = 48_000
_SILENT_AFTER = _RATE_HZ * 3
_LOUDNESS = 0.6


class Room:
    """Adds its answer to blocks of sound; costs nothing while `amount` is 0 or all is silent."""

    def __init__(self) -> None:
        self.amount = 0.0
        """From 0 (dry) to 1."""
        lines = len(_LENGTHS)
        self._memory = np.zeros((lines, max(_LENGTHS)), np.float32)
        self._at = np.zeros(lines, int)
        gains = 10 ** (-3 * np.array(_LENGTHS) / (_DECAY_S * _RATE_HZ))
        mixing = _hadamard(lines) / np.sqrt(lines)
        self._feedback = (gains[:, None] * mixing).astype(np.float32)
        self._last = np.zeros((lines, 1), np.float32)
        """The last frame that left each line in the block before."""
        self._quiet = _SILENT_AFTER

    def clear(self) -> None:
        """Forget what still sounds."""
        self._memory[:] = 0
        self._last[:] = 0
        self._quiet = _SILENT_AFTER

    def add_to(self, block: NDArray[np.float32], heard: NDArray[np.float32] | None = None) -> None:
        """Add to `block`, (frames, 2), what the room answers to what it has `heard`: the same where
        nothing else is said."""
        heard = block if heard is None else heard
        if not self.amount:
            if self._quiet < _SILENT_AFTER:
                self.clear()
            return
        self._quiet = 0 if heard.any() else self._quiet + len(block)
        if self._quiet < _SILENT_AFTER:
            for begin in range(0, len(block), min(_LENGTHS)):
                part = slice(begin, begin + min(_LENGTHS))
                self._answer(block[part], heard[part])

    def _answer(self, block: NDArray[np.float32], heard: NDArray[np.float32]) -> None:
        frames = len(block)
        out = np.empty((len(_LENGTHS), frames), np.float32)
        for line, length in enumerate(_LENGTHS):
            _copy(self._memory[line], length, self._at[line], out[line])
        wet = np.stack((out[::2].sum(0), out[1::2].sum(0)), axis=1)
        sent = self._feedback @ np.concatenate((self._last, out), axis=1)
        self._last = out[:, -1:].copy()
        # A mean with the neighbour takes the highs away a little more on each way round.
        back = (1 - _DAMPING) * sent[:, 1:] + _DAMPING * sent[:, :-1]
        back[::2] += heard[:, 0]
        back[1::2] += heard[:, 1]
        for line, length in enumerate(_LENGTHS):
            _paste(back[line], self._memory[line], length, self._at[line])
            self._at[line] = (self._at[line] + frames) % length
        block += np.float32(_LOUDNESS * self.amount / np.sqrt(len(_LENGTHS))) * wet


def _copy(ring: NDArray[np.float32], length: int, at: int, into: NDArray[np.float32]) -> None:
    first = min(len(into), length - at)
    into[:first] = ring[at : at + first]
    into[first:] = ring[: len(into) - first]


def _paste(piece: NDArray[np.float32], ring: NDArray[np.float32], length: int, at: int) -> None:
    first = min(len(piece), length - at)
    ring[at : at + first] = piece[:first]
    ring[: len(piece) - first] = piece[first:]


def _hadamard(size: int) -> NDArray[np.float64]:
    matrix = np.ones((1, 1))
    while len(matrix) < size:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return matrix
