"""Drawings as batches to learn from: each a little other every time it is seen."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from engines.strokes.drawings import Drawing, Strokes, moved
from engines.strokes.kinds import is_whole
from engines.strokes.lines import framed, in_order
from engines.strokes.looking import seen
from engines.strokes.mixture import DRAWS, ENDS, LIFTS
from engines.strokes.models import END, WRITTEN, Plan

MOST_KNOTS = 60
"""Of a made-up word."""
MOST_LETTERS = 8

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Batch:
    """N drawings; the shorter ones are filled up."""

    pictures: Tensor
    """(N, 1, H, W) in 0..1."""
    movements: Tensor
    """(N, T, 2) in the plan's unit."""
    states: Tensor
    """(N, T)."""
    counts: Tensor
    """(N, T): 1 where there is a movement, else 0."""
    shares: Tensor | None = None
    """(N, kinds)."""
    text: Tensor | None = None
    places: Tensor | None = None
    """(N, C) characters, the end after them; (N, T) where in them each movement belongs."""

    def to(self, device: torch.device) -> Batch:
        """The same on a device."""
        moved = {n: t.to(device) for n, t in vars(self).items() if t is not None}
        return replace(self, **moved)


class Batches(ABC):
    """A set of drawings, as many at once as there are seeds."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    @abstractmethod
    def batch(self, seeds: Sequence[int]) -> Batch:
        """Drawings chosen and changed by chance."""


class Pictures(Batches):
    """Doodles or signs."""

    def __init__(self, plan: Plan, drawings: Sequence[Drawing]) -> None:
        super().__init__(plan)
        self.drawings = [replace(d, strokes=self._framed(d.strokes)) for d in drawings]
        kinds = [plan.kinds.index(d.kind) for d in drawings]
        counts = np.bincount(kinds, minlength=len(plan.kinds))
        whole = np.asarray([is_whole(d.name) for d in drawings])
        # a kind of few drawings is met more often than its share, and what is whole more often
        # than what has a badge; one of four is of no kind
        chances = (1 + 2 * whole) / np.sqrt(counts[kinds])
        other = np.asarray(kinds) == len(plan.kinds) - 1
        chances[~other] *= 3 / max(1e-9, chances[~other].sum())
        chances[other] *= 1 / max(1e-9, chances[other].sum())
        self.chances = chances / chances.sum()
        self.shares = torch.eye(len(plan.kinds))[kinds]

    def batch(self, seeds: Sequence[int]) -> Batch:
        chances = [np.random.default_rng(seed) for seed in seeds]
        ends = np.cumsum(self.chances)
        rows = [min(int(np.searchsorted(ends, c.random())), len(ends) - 1) for c in chances]
        strokes = [
            self._framed(changed(self.drawings[row].strokes, chance, self.plan.mirrors))
            for row, chance in zip(rows, chances, strict=True)
        ]
        pens = [chance.uniform(1.2, 3.2) for chance in chances]
        return self.batch_of(strokes, rows, pens)

    def _framed(self, strokes: Strokes) -> Strokes:
        whole = framed(strokes)
        return in_order(whole) if self.plan.in_order else whole

    def batch_of(
        self, strokes: Sequence[Strokes], rows: Sequence[int], pens: Sequence[float] | None = None
    ) -> Batch:
        """These strokes, with the kinds of the drawings in `rows`."""
        pens = pens or [2.0] * len(strokes)
        pictures = [seen(s, 1, pen) for s, pen in zip(strokes, pens, strict=True)]
        return replace(
            batched(pictures, strokes, self.plan.unit), shares=self.shares[torch.tensor(rows)]
        )

    def plainly(self, rows: Sequence[int]) -> Batch:
        """Drawings as they are."""
        return self.batch_of([self.drawings[row].strokes for row in rows], rows)


class Words(Batches):
    """Made-up words in the hands of fonts, and a picture of another word in the same hand."""

    def __init__(self, plan: Plan, letters: Sequence[Drawing]) -> None:
        super().__init__(plan)
        self.hands = sorted({d.kind for d in letters})
        self.glyphs = {(d.kind, d.name): d for d in letters}

    def batch(self, seeds: Sequence[int]) -> Batch:
        chances = [np.random.default_rng(seed) for seed in seeds]
        hands = [self.hands[int(chance.integers(len(self.hands)))] for chance in chances]
        return self._written(chances, hands, 1.0)

    def plainly(self, hands: Sequence[str], seed: int = 0) -> Batch:
        """Words in these hands as they are."""
        chances = [np.random.default_rng((seed, n)) for n in range(len(hands))]
        return self._written(chances, hands, 0.0)

    def _written(
        self, chances: Sequence[np.random.Generator], hands: Sequence[str], by: float
    ) -> Batch:
        words = [
            self._short(made_up(c, MOST_LETTERS), h) for c, h in zip(chances, hands, strict=True)
        ]
        others = [made_up(chance, 5) for chance in chances]
        bends = [bend(chance, by) for chance in chances]
        strokes = [bent(self.written(w, h), b) for w, h, b in zip(words, hands, bends, strict=True)]
        shown = [
            seen(bent(self.written(o, h), b), self.plan.shape.width, c.uniform(1.2, 3.2))
            for o, h, b, c in zip(others, hands, bends, chances, strict=True)
        ]
        made = batched(shown, strokes, self.plan.unit)
        places = torch.zeros_like(made.counts)
        for row, (word, hand) in enumerate(zip(words, hands, strict=True)):
            own = self._places(word, hand)
            places[row, : len(own)] = torch.from_numpy(own)
            ends = np.nonzero(np.diff(own.astype(int), append=len(word)))[0]
            made.states[row, torch.from_numpy(ends)] = ENDS
        return replace(made, text=indexed(words), places=places)

    def _places(self, word: str, hand: str) -> Array:
        """Of each knot: its character, and how far it is in it."""
        counts = [sum(map(len, self.glyphs[hand, c].strokes)) for c in word]
        own = [n + (np.arange(count) + 0.5) / count for n, count in enumerate(counts)]
        return np.concatenate(own).astype(np.float32)

    def _short(self, word: str, hand: str) -> str:
        """As much of a word as has few knots: the longest row sets how long a step takes."""
        knots = np.cumsum([sum(map(len, self.glyphs[hand, c].strokes)) for c in word])
        return word[: max(1, int((knots <= MOST_KNOTS).sum()))]

    def written(self, word: str, hand: str) -> Strokes:
        """A word in a hand, from (0, 0) along y = 0."""
        out: list[Array] = []
        x = 0.0
        for character in word:
            glyph = self.glyphs[hand, character]
            out += moved(glyph.strokes, (x, 0.0))
            x += glyph.advance
        return tuple(out)


def indexed(words: Sequence[str]) -> Tensor:
    """Characters (N, C), the end after each word."""
    text = torch.full((len(words), max(map(len, words)) + 1), END)
    for row, word in enumerate(words):
        text[row, : len(word)] = torch.tensor([WRITTEN.index(c) for c in word], dtype=torch.int64)
    return text


_LOWER, _UPPER = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OFTEN = "eeeeettaaooiinnsshhrrdlu"
_FIGURES, _SIGNS = "0123456789", ".,'!?-&:"


def made_up(chance: np.random.Generator, most: int = 5) -> str:
    """A word that means nothing: two to `most` characters."""
    count, what = int(chance.integers(2, most + 1)), chance.random()
    among = _LOWER + _OFTEN
    if what > 0.84:
        among = _FIGURES
    elif what > 0.6:
        among = _UPPER
    elif what > 0.5:
        among = _LOWER + _UPPER + _FIGURES
    word = "".join(among[int(i)] for i in chance.integers(len(among), size=count))
    if what < 0.3:
        word = _UPPER[int(chance.integers(26))] + word[1:]
    if chance.random() < 0.2:
        place = int(chance.integers(1, len(word) + 1))
        word = (word[:place] + _SIGNS[int(chance.integers(len(_SIGNS)))] + word[place:])[:most]
    return word


def bend(chance: np.random.Generator, by: float) -> Array:
    """Another slant and width of a hand: (2, 2)."""
    slant, wide, high = chance.uniform(-0.25, 0.25), *chance.uniform(-0.12, 0.12, 2)
    return np.asarray([[1 + by * wide, 0], [-by * slant, 1 + by * high]], np.float32)


def bent(strokes: Strokes, matrix: Array) -> Strokes:
    """Strokes under a matrix."""
    return tuple(s @ matrix for s in strokes)


def changed(strokes: Strokes, chance: np.random.Generator, mirrors: bool) -> Strokes:
    """A little wider and turned; now and then the other way round."""
    angle = chance.normal(0, 0.04)
    wide, high = np.exp(chance.normal(0, 0.08, 2))
    if mirrors and chance.random() < 0.3:
        wide = -wide
    turn = np.asarray([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    matrix = np.diag([wide, high]) @ turn
    return tuple((s @ matrix).astype(np.float32) for s in strokes)


def batched(
    pictures: Sequence[npt.NDArray[np.uint8]], strokes: Sequence[Strokes], unit: float
) -> Batch:
    """Of pictures of the same drawings, or of others in the same hand."""
    points = [np.concatenate(s) for s in strokes]
    most = max(map(len, points))
    movements = np.zeros((len(points), most, 2), np.float32)
    states = np.full((len(points), most), ENDS)
    counts = np.zeros((len(points), most), np.float32)
    for row, (own, drawn) in enumerate(zip(points, strokes, strict=True)):
        movements[row, : len(own)] = np.diff(own, axis=0, prepend=np.zeros((1, 2))) / unit
        states[row, : len(own)] = pen_states(drawn)
        counts[row, : len(own)] = 1
    ink = torch.from_numpy(np.stack(pictures))[:, None].float() / 255
    return Batch(ink, *map(torch.from_numpy, (movements, states, counts)))


def pen_states(strokes: Strokes) -> npt.NDArray[np.int64]:
    """(T,): what the pen does after it has come to each knot."""
    lengths = np.asarray([len(s) for s in strokes])
    states = np.full(lengths.sum(), DRAWS)
    states[np.cumsum(lengths) - 1] = LIFTS
    states[-1] = ENDS
    return states
