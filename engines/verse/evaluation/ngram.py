"""What a model of verse has to beat: an interpolated n-gram of characters, and file compressors."""

from __future__ import annotations

import gzip
import lzma
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

ORDER = 7
_CHARACTERS = "\n ',.;:!?abcdefghijklmnopqrstuvwxyz"

Codes = npt.NDArray[np.int64]


class CharacterModel:
    """I. Witten, T. Bell: The zero-frequency problem. IEEE Trans. Information Theory 37, 1991
    (method C), interpolated: with c of C characters seen after a context, of T kinds,
    p = (c + T p') / (C + T), where p' is that of the context without its first character."""

    def __init__(self, text: str, order: int = ORDER) -> None:
        self._order = order
        numbers = _numbers(text)
        self._counts = []
        for size in range(order):
            grams = _grams(numbers, size + 1)
            kinds, counts = np.unique(grams, return_counts=True)
            contexts, begins = np.unique(kinds // len(_CHARACTERS), return_index=True)
            totals = np.add.reduceat(counts, begins)
            variety = np.diff(np.append(begins, len(kinds)))
            self._counts.append((kinds, counts, contexts, totals, variety))

    def bits(self, text: str) -> float:
        """Bits of the text; its first characters have shorter contexts."""
        numbers = _numbers(text)
        likely = np.full(len(numbers), 1 / len(_CHARACTERS))
        for size, (kinds, counts, contexts, totals, variety) in enumerate(self._counts):
            grams = _grams(numbers, size + 1)
            seen = _looked_up(kinds, counts, grams)
            total = _looked_up(contexts, totals, grams // len(_CHARACTERS))
            various = _looked_up(contexts, variety, grams // len(_CHARACTERS))
            here = likely[size:]
            known = total > 0
            mixed = (seen + various * here) / np.maximum(1, total + various)
            likely[size:] = np.where(known, mixed, here)
        return float(-np.log2(likely).sum())


def _numbers(text: str) -> Codes:
    table = np.zeros(128, np.int64)
    table[[ord(c) for c in _CHARACTERS]] = np.arange(len(_CHARACTERS))
    return table[np.frombuffer(text.encode("ascii"), np.uint8)]


def _grams(numbers: Codes, size: int) -> Codes:
    """A number for every run of `size` characters; the last one counts least."""
    found = np.zeros(max(0, len(numbers) - size + 1), np.int64)
    for place in range(size):
        found = found * len(_CHARACTERS) + numbers[place : place + len(found)]
    return found


def _looked_up(keys: Codes, values: Codes, asked: Codes) -> Codes:
    """The value of each key; 0 for one that is not there."""
    places = np.searchsorted(keys, asked).clip(max=len(keys) - 1)
    return np.where(keys[places] == asked, values[places], 0)


def compressed_bits(text: str, after: str, by: str) -> float:
    """Bits that a compressor adds for `text` behind what it has seen `after`, 32 KB of which gzip
    still sees, and xz all."""
    pack = COMPRESSORS[by]
    whole = len(pack((after + text).encode("ascii"))) - len(pack(after.encode("ascii")))
    return 8.0 * whole


def _xz(data: bytes) -> bytes:
    filters = [{"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": 1 << 25}]
    return lzma.compress(data, filters=filters)


COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "xz": _xz}
