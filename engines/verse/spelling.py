"""Which token may come next, so that only words of the lexicon are written, as long as told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from engines.verse.lexicon import MARKS, Lexicon
from engines.verse.model import ROOM

FEWEST_RHYMES = 6
"""A line that is to be rhymed ends in a word with at least so many that sound alike."""
FEEBLE = 60
"""So many of the commonest words do not stand at a line's end."""

Mask = npt.NDArray[np.bool_]
"""(tokens,)."""


@dataclass
class Node:
    """The end of a word so far."""

    next: dict[int, Node] = field(default_factory=dict)
    """Pieces that may stand before it."""
    words: dict[int, str] = field(default_factory=dict)
    """Beginnings with which it is a word."""
    fewest: int = ROOM
    """Syllables of the shortest word that it may become."""


class Speller:
    """The lexicon's words as paths of tokens, from their ends."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.root = Node()
        self.syllables = {w: len(s.stresses) for w, s in lexicon.sound.items() if s.stresses}
        for word in self.syllables:
            self._add(word)
        self._by_room = [self.mask(self.fitting(self.root, room)) for room in range(ROOM)]
        self.marks = self.mask(lexicon.number[mark] for mark in MARKS)
        self.first = {word: lexicon.split(word)[0] for word in self.syllables}
        self.rhymes: dict[str, list[int]] = {}
        feeble = frozenset(lexicon.words[:FEEBLE])
        for number, word in self.root.words.items():
            if word not in feeble:
                self.rhymes.setdefault(lexicon.sound[word].rhyme, []).append(number)
        self.rhymed = self.mask(
            n for found in self.rhymes.values() if len(found) >= FEWEST_RHYMES for n in found
        )
        self.ends = self.mask(n for found in self.rhymes.values() for n in found)

    def fitting(self, node: Node, room: int) -> list[int]:
        """Tokens that may come at `node` where so many syllables remain; marks aside."""
        found = [n for n, word in node.words.items() if self.syllables[word] <= room]
        return found + [n for n, then in node.next.items() if then.fewest <= room]

    def at_root(self, room: int) -> Mask:
        """The same between two words."""
        return self._by_room[room]

    def rhyming(self, rhyme: str, without: set[str]) -> Mask:
        """Words that are one token and sound like this, other than those."""
        found = self.rhymes.get(rhyme, ())
        return self.mask(n for n in found if self.root.words[n] not in without)

    def mask(self, numbers: Iterable[int]) -> Mask:
        """Of these tokens."""
        mask = np.zeros(len(self.lexicon.tokens), np.bool_)
        mask[list(numbers)] = True
        return mask

    def _add(self, word: str) -> None:
        first, *pieces = self.lexicon.split(word)
        node, syllables = self.root, self.syllables[word]
        for piece in reversed(pieces):
            node = node.next.setdefault(piece, Node())
            node.fewest = min(node.fewest, syllables)
        node.words[first] = word
