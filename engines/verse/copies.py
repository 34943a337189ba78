"""Which runs of words have been printed: a Bloom filter of all that the model has learnt from.

B. Bloom: Space/time trade-offs in hash coding with allowable errors. CACM 13, 1970. It never
misses a run that is in it; of others it takes about one in eighteen for one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

import torch
from torch import Tensor

RUN = 9
"""Words of a run: more than eight."""
BITS = 6
"""Bits of the filter for each run."""
HASHES = 4


def runs(words: Sequence[str]) -> Iterator[str]:
    """Every run of so many words in a line."""
    for begin in range(len(words) - RUN + 1):
        yield " ".join(words[begin : begin + RUN])


def filter_of(lines: Iterable[Sequence[str]]) -> Tensor:
    """(bytes,) uint8: the filter that has every run of these lines."""
    found = {run for words in lines for run in runs(words)}
    bits = torch.zeros(8 * max(64, len(found) * BITS // 8), dtype=torch.bool)
    for run in found:
        bits[_places(run, len(bits))] = True
    return (bits.view(-1, 8) * (2 ** torch.arange(8))).sum(1).to(torch.uint8)


class Copies:
    """A filter at work."""

    def __init__(self, filter: Tensor) -> None:
        self._filter = filter.numpy().tobytes()

    def __call__(self, words: Sequence[str]) -> bool:
        """Whether the line of these words has a run that has been printed, as far as is known."""
        return any(self._has(run) for run in runs(words))

    def _has(self, run: str) -> bool:
        places = _places(run, 8 * len(self._filter))
        return all(self._filter[place // 8] >> place % 8 & 1 for place in places)


def _places(run: str, size: int) -> list[int]:
    digest = hashlib.blake2b(run.encode(), digest_size=4 * HASHES).digest()
    return [int.from_bytes(digest[at : at + 4], "little") % size for at in range(0, 4 * HASHES, 4)]
