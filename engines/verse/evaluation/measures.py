"""What can be counted in lines, real or written: rhyme, metre, copies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from engines.verse.corpus.lines import Runs
from engines.verse.lexicon import MARKS, Lexicon
from engines.verse.poem import LINES
from engines.verse.training.data_set import words_of
from engines.verse.writing import in_step

Words = list[str]
Numbers = npt.NDArray[np.uint64]
LENGTHS = range(2, 13)
"""Words of the runs that are looked for."""


def plain(line: str) -> Words:
    """The words of a line, small and without marks."""
    return [word for word in words_of(line.lower()) if word not in MARKS]


def stanzas(runs: Runs) -> list[list[str]]:
    """Four lines each, as they stand together in the books."""
    return [
        run[begin : begin + LINES]
        for run in runs
        for begin in range(0, len(run) - LINES + 1, LINES)
    ]


def rhymed(stanza: Sequence[str], scheme: str, lexicon: Lexicon) -> tuple[int, int]:
    """Of the lines that a scheme ("AABB") wants to rhyme with an earlier one, how many do so in
    another word; and how many there are."""
    ends = [plain(line)[-1:] or [""] for line in stanza]
    right = wanted = 0
    for number, letter in enumerate(scheme):
        first = scheme.index(letter)
        if first < number:
            wanted += 1
            here, there = ends[number][0], ends[first][0]
            right += here != there and lexicon.of(here).rhyme == lexicon.of(there).rhyme
    return right, wanted


def syllables(line: str, lexicon: Lexicon) -> int:
    """Of a line, as the lexicon has them."""
    return sum(len(lexicon.of(word).stresses) for word in plain(line))


def evenness(lines: Iterable[str], feet: str, lexicon: Lexicon) -> float:
    """How well stresses fall, see `in_step`."""
    found = [in_step("".join(lexicon.of(w).stresses for w in plain(line)), feet) for line in lines]
    return float(np.mean(found))


class Printed:
    """All runs of words that the model has learnt from, to find the longest that a line shares."""

    def __init__(self, runs: Runs) -> None:
        self._numbers: dict[str, int] = {}
        flat = [0]
        for line in (line for run in runs for line in run):
            flat += [*(self._numbers.setdefault(w, len(self._numbers) + 1) for w in plain(line)), 0]
        words = np.asarray(flat, np.uint64)
        self._by_length = {length: _within_lines(words, length) for length in LENGTHS}

    def longest(self, line: str) -> int:
        """Words of the longest run of a line that has been printed within a line."""
        row = [self._numbers.get(word, 2**62) for word in plain(line)]
        for length in reversed(LENGTHS):
            known = self._by_length[length]
            if len(row) < length or not len(known):
                continue
            grams = _hashed(np.asarray(row, np.uint64), length)
            places = np.searchsorted(known, grams).clip(max=len(known) - 1)
            if (known[places] == grams).any():
                return length
        return 1


def _within_lines(words: Numbers, length: int) -> Numbers:
    """What every run of so many words hashes to; 0 stands between lines."""
    ends = np.concatenate(([0], np.cumsum(words == 0)))
    whole = ends[length:] == ends[:-length]
    return np.unique(_hashed(words, length)[whole])


def _hashed(words: Numbers, length: int) -> Numbers:
    """One number for each run of `length` words: a polynomial modulo 2^64."""
    found = np.zeros(max(0, len(words) - length + 1), np.uint64)
    for place in range(length):
        found = found * np.uint64(0x9E3779B97F4A7C15) + words[place : place + len(found)]
    return found
