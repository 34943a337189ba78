"""The words that can be written, how they sound, and the pieces that all text is made of.

Words by how common they are in verse, first the commonest, lie in `weights/words.xz` with their
stresses and rhymes. The commonest are tokens of their own; rarer ones are made of pieces.
"""

from __future__ import annotations

import lzma
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from engines.verse.corpus.pronouncing import Sound, endings, spelt

FILE = Path(__file__).resolve().parent / "weights" / "words.xz"
MARKS = ",.;:!?"
BREAK = 0
"""The token between two lines."""
WHOLE = 2600
"""Words that are one token."""
PIECES = 180
"""Pieces of more than a letter that may go on a word."""
LETTERS = "abcdefghijklmnopqrstuvwxyz'"
LONGEST_PIECE = 5


@dataclass(frozen=True)
class Lexicon:
    """Words and their sounds; tokens and their spelling."""

    words: tuple[str, ...]
    sounds: tuple[Sound, ...]

    @cached_property
    def sound(self) -> dict[str, Sound]:
        return dict(zip(self.words, self.sounds, strict=True))

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """How each token is spelt: the break, marks, beginnings of words (whole ones first), and
        with a "+" what goes on a word."""
        whole = self.words[:WHOLE]
        letters = [letter for letter in LETTERS if letter not in whole]
        pieces = _pieces(self.words, frozenset(whole))
        return ("\n", *MARKS, *whole, *letters, *(f"+{x}" for x in LETTERS), *pieces)

    @cached_property
    def number(self) -> dict[str, int]:
        return {token: number for number, token in enumerate(self.tokens)}

    def of(self, word: str) -> Sound:
        """The sound of any word: one that is not known is spelt out, and rhymes with the known
        ones that end as it does."""
        known = self.sound.get(word)
        if known is not None:
            return known
        guessed = spelt(word)
        return Sound(guessed.stresses, self._endings.get(guessed.rhyme, guessed.rhyme))

    @cached_property
    def _endings(self) -> dict[str, str]:
        return endings(self.words, self.sounds)

    def split(self, word: str) -> list[int]:
        """The tokens of a word or a mark, from its beginning on."""
        number = self.number
        if word in number:
            return [number[word]]
        end = next(n for n in range(len(word), 0, -1) if word[:n] in number)
        found, rest = [number[word[:end]]], word[end:]
        while rest:
            size = next(n for n in range(LONGEST_PIECE, 0, -1) if f"+{rest[:n]}" in number)
            found.append(number[f"+{rest[:size]}"])
            rest = rest[size:]
        return found


def _pieces(words: Sequence[str], whole: frozenset[str]) -> list[str]:
    """What the words that are not whole go on with most, most saved letters first."""
    saved: Counter[str] = Counter()
    for rank, word in enumerate(words[len(whole) :], len(whole)):
        size = next((n for n in range(len(word), 1, -1) if word[:n] in whole), 1)
        for begin in range(size, len(word)):
            for end in range(begin + 2, min(len(word), begin + LONGEST_PIECE) + 1):
                weight = 2 if begin == size and end == len(word) else 1
                saved[word[begin:end]] += weight * (end - begin - 1) * 10_000 // rank
    return [f"+{piece}" for piece, _ in sorted(saved.items(), key=lambda x: (-x[1], x[0]))[:PIECES]]


@cache
def lexicon() -> Lexicon:
    """The one that is shipped."""
    rows = lzma.decompress(FILE.read_bytes()).decode("ascii").splitlines()
    parts = [row.split(" ") for row in rows]
    return Lexicon(tuple(p[0] for p in parts), tuple(Sound(p[1], p[2]) for p in parts))


def write(words: Iterable[tuple[str, Sound]], path: Path = FILE) -> None:
    """The words with their sounds, commonest first."""
    text = "\n".join(f"{word} {sound.stresses} {sound.rhyme}" for word, sound in words)
    path.write_bytes(lzma.compress(text.encode("ascii"), preset=9 | lzma.PRESET_EXTREME))
