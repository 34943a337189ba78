"""The corpus as numbers: each line from its end, with the syllables that remain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from engines.verse.corpus.lines import Runs
from engines.verse.lexicon import BREAK, MARKS, Lexicon
from engines.verse.model import BEFORE, LONGEST, ROOM

STANZA = BEFORE + 1
"""Lines that are learnt together."""
PLAIN = 90
"""So many of the commonest words say nothing of the subject."""


@dataclass(frozen=True)
class Lines:
    """Lines, and which follow each other."""

    tokens: Tensor
    """(L, LONGEST) int64: from the last token to the first, then breaks."""
    remaining: Tensor
    """(L, LONGEST) int64: syllables that remain after the break, after the last token, ..."""
    lengths: Tensor
    """(L,): tokens of a line, its break included."""
    follows: Tensor
    """(L,) bool: whether it follows the line before it."""
    characters: int
    """Of all lines as text, each with its line end."""

    @property
    def starts(self) -> Tensor:
        """Lines that another one follows."""
        return torch.nonzero(self.follows[1:]).flatten()

    def openings(self) -> Tensor:
        """Lines with which stanzas begin, so that each line is in one of them."""
        found, since = [], 0
        for number, follows in enumerate(self.follows.tolist()):
            since = since + 1 if follows and since + 1 < STANZA else 0
            if since == 0:
                found.append(number)
        return torch.tensor(found)


@dataclass(frozen=True)
class Stanzas:
    """A batch: B stanzas, (B * STANZA) lines."""

    tokens: Tensor
    remaining: Tensor
    syllables: Tensor
    """(N,): 0 where there is no line."""
    lengths: Tensor
    before: Tensor
    """(N, BEFORE, LONGEST): see `VerseModel.remember`."""
    real: Tensor
    before_syllables: Tensor
    """(N,): of the line before; 0 where there is none."""
    words: Tensor
    """(B, STANZA * LONGEST) tokens."""
    counts: Tensor
    """How often each of `words` tells of the subject: 0 or 1."""


def lines_of(runs: Runs, lexicon: Lexicon) -> Lines:
    """Those lines that are not too long for the model."""
    tokens: list[list[int]] = []
    remaining: list[list[int]] = []
    follows: list[bool] = []
    characters = 0
    for run in runs:
        joined = False
        for line in run:
            numbers, left = numbered(line, lexicon)
            if len(numbers) < LONGEST and left[0] < ROOM:
                tokens.append(numbers)
                remaining.append(left)
                follows.append(joined)
                characters += len(line) + 1
                joined = True
            else:
                joined = False
    lengths = torch.tensor([len(line) + 1 for line in tokens])
    return Lines(_padded(tokens), _padded(remaining), lengths, torch.tensor(follows), characters)


def numbered(line: str, lexicon: Lexicon) -> tuple[list[int], list[int]]:
    """Tokens from the last to the first, and the syllables that remain, before them first.
    Those of a word are gone when its beginning has been said."""
    tokens: list[int] = []
    gone: list[int] = [0]
    for word in reversed(words_of(line)):
        split = lexicon.split(word)
        tokens += reversed(split)
        count = 0 if word in MARKS else len(lexicon.of(word).stresses)
        gone += [gone[-1]] * (len(split) - 1) + [gone[-1] + count]
    return tokens, [gone[-1] - count for count in gone]


def words_of(line: str) -> list[str]:
    """Words and marks of a cleaned line."""
    for mark in MARKS:
        line = line.replace(mark, f" {mark}")
    return line.split()


def _padded(rows: list[list[int]]) -> Tensor:
    padded = torch.zeros(len(rows), LONGEST, dtype=torch.int64)
    for number, row in enumerate(rows):
        padded[number, : len(row)] = torch.tensor(row)
    return padded


def telling(lexicon: Lexicon) -> Tensor:
    """(tokens,) bool: which are words that tell what a stanza is about."""
    found = torch.zeros(len(lexicon.tokens), dtype=torch.bool)
    for number, token in enumerate(lexicon.tokens):
        whole = token[0] not in f"\n+{MARKS}" and len(token) > 2
        found[number] = whole and token not in lexicon.words[:PLAIN]
    return found


def stanzas(lines: Lines, starts: Tensor, tells: Tensor) -> Stanzas:
    """Those that begin with the lines `starts`: the next lines as far as they follow."""
    rows = starts[:, None] + torch.arange(STANZA)
    inside = rows.clamp_max(len(lines.tokens) - 1)
    there = (rows < len(lines.tokens)) & lines.follows[inside]
    there[:, 0] = True
    there = there.cumprod(1).bool()
    tokens, count = lines.tokens[inside], len(starts)
    syllables = lines.remaining[inside][..., 0] * there
    lengths = lines.lengths[inside] * there
    place = torch.arange(LONGEST)
    real = place < (lengths - 1).clamp_min(0)[..., None]
    before, real_before = _before(tokens, real)
    return Stanzas(
        tokens=tokens.flatten(0, 1),
        remaining=lines.remaining[inside].flatten(0, 1),
        syllables=syllables.flatten(),
        lengths=lengths.flatten(),
        before=before.flatten(0, 1),
        real=real_before.flatten(0, 1),
        before_syllables=torch.cat((syllables.new_zeros(count, 1), syllables[:, :-1]), 1).flatten(),
        words=tokens.flatten(1),
        counts=(tells[tokens] & real).flatten(1).float(),
    )


def _before(tokens: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
    """(B, S, T) -> (B, S, BEFORE, T): for each line the lines before it, the nearest first."""
    found, there = [], []
    for age in range(1, BEFORE + 1):
        found.append(torch.zeros_like(tokens))
        there.append(torch.zeros_like(real))
        found[-1][:, age:], there[-1][:, age:] = tokens[:, :-age], real[:, :-age]
    return torch.stack(found, 2), torch.stack(there, 2)


def inputs(batch: Stanzas) -> Tensor:
    """(N, LONGEST): what the model is given at each place: a break, then the tokens."""
    return torch.cat((batch.tokens.new_full((len(batch.tokens), 1), BREAK), batch.tokens), 1)[
        :, :LONGEST
    ]


def in_turn(lines: Lines, tells: Tensor, count: int) -> Iterator[Stanzas]:
    """Every line once, `count` stanzas at a time."""
    for starts in lines.openings().split(count):
        yield stanzas(lines, starts, tells)
