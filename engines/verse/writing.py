"""Writes stanzas, a line at a time, each from its end to its beginning.

A handful of candidates is written at once; the one is taken that the model finds likeliest and
whose stresses fall best, of those that are no copies. Chance is drawn for every token that could
come (E. Gumbel 1954: the highest sum of log-probability and noise is a sample), and from the seed
alone: while the point moves a little, most words stay.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt

from engines.verse.corpus.cleaning import text_of
from engines.verse.lexicon import BREAK, MARKS, Lexicon
from engines.verse.model import LONGEST, ROOM, VerseModel
from engines.verse.poem import LENGTHS, LINES, Poem, printed, typed
from engines.verse.spelling import Mask, Node, Speller
from engines.verse.stepping import Array, Stepper

CANDIDATES = 8
ENOUGH = 6
"""When so many are done, the longest ones are left."""
LEAST_NATS = np.float32(4.5)
"""Tokens this much less likely than the likeliest that fits do not come (M. Nguyen et al.: Turning
up the heat, min-p sampling. ICLR 2025)."""
ROUNDS = 4
"""So often candidates are written anew, where all have been refused."""
SAFE = 8
"""Syllables of a line that has too few words to be a copy."""
STRESS = 1.5
"""What a line whose stresses all fall right is worth, in nats a word."""
AGAIN = 0.5
"""What it costs to begin as another line of the stanza, in nats a word."""
COMMON = 90
"""Rarer words than so many stand in a stanza once."""
CLOSING = ".!?"
"""One of these ends a stanza."""
NOISE = 1 << 16


@dataclass(frozen=True)
class Line:
    """A line that is written, or that somebody has typed."""

    words: tuple[str, ...]
    """Words and marks in their order."""
    tokens: tuple[int, ...]
    """From the last to the first."""

    @property
    def plain(self) -> list[str]:
        """Its words without marks."""
        return [word for word in self.words if word not in MARKS]

    @property
    def end(self) -> str:
        return next(reversed(self.plain), "")


@dataclass
class Draft:
    """A line that is being written, from its end."""

    room: int
    node: Node
    tokens: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    """Words and marks, the last one first."""
    nats: float = 0.0
    done: bool = False

    def take(self, token: int, nats: float, speller: Speller) -> None:
        """What has been chosen comes before the rest."""
        self.nats += nats
        self.done = token == BREAK
        if self.done:
            return
        self.tokens.append(token)
        if token in self.node.words:
            word = self.node.words[token]
            self.words.append(word)
            self.room -= speller.syllables[word]
            self.node = speller.root
        elif token in self.node.next:
            self.node = self.node.next[token]
        else:
            self.words.append(speller.lexicon.tokens[token])

    def line(self) -> Line:
        return Line(tuple(reversed(self.words)), tuple(self.tokens))


@dataclass(frozen=True)
class Place:
    """What is settled about a line before it is written."""

    room: int
    ends: Mask
    """Words that it may end with."""
    said: Mask
    """Words that are not said again."""
    closes: bool
    """Whether the stanza ends with it."""


class Writer:
    """A model and its lexicon at work. `refuses` says no to a line's words."""

    def __init__(
        self,
        model: VerseModel,
        lexicon: Lexicon,
        refuses: Callable[[Sequence[str]], bool] = lambda words: False,  # noqa: ARG005
    ) -> None:
        self.stepper, self.speller = Stepper(model), Speller(lexicon)
        self.lexicon, self.refuses = lexicon, refuses
        self.plain = frozenset(lexicon.words[:COMMON])
        self._closing = self.speller.mask(lexicon.number[mark] for mark in CLOSING)
        self._break = self.speller.mask([BREAK])
        self._telling = self.speller.mask(
            n for w, n in self.speller.first.items() if len(w) > 2 and w not in self.plain
        )

    def stanza(self, poem: Poem, number: int = 0) -> list[str]:
        """The lines of a poem's stanza, in print. The first one begins with what was typed."""
        first = typed(poem.begins)
        opens = bool(first) and number == 0
        lines = [self._line(first)] if opens else []
        point = self._steered(poem.point, first)
        while len(lines) < LINES:
            lines.append(self._next(poem, point, lines, number))
        said = [printed(text_of(line.words)) for line in lines]
        return [poem.begins.strip(), *said[1:]] if opens else said

    def subject(self, point: Array, count: int) -> list[str]:
        """The words that tell most of what is written at a point."""
        order = np.argsort(-self.stepper.subject(point), kind="stable")
        tokens = (self.lexicon.tokens[number] for number in order)
        words = (t for t in tokens if len(t) > 2 and t.isalpha() and t not in self.plain)
        return [word for word, _ in zip(words, range(count), strict=False)]

    def _steered(self, point: Array, words: list[str]) -> Array:
        """The point, halfway to what typed words are about."""
        telling = [word for word in words if len(word) > 2 and word not in self.plain]
        if not telling:
            return point
        mean = self.stepper.mean([self.lexicon.split(word)[0] for word in telling])
        steered: Array = (point + mean) / np.float32(2**0.5)
        return steered

    def _line(self, words: Sequence[str]) -> Line:
        tokens = [n for word in reversed(words) for n in reversed(self.lexicon.split(word))]
        return Line(tuple(words), tuple(tokens[: LONGEST - 1]))

    def _next(self, poem: Poem, point: Array, lines: list[Line], number: int) -> Line:
        chance = np.random.default_rng((poem.seed, number, len(lines)))
        room = self._room(poem, lines, chance)
        while True:
            for _ in range(ROUNDS):
                drafts = self._drafts(poem, point, lines, self._place(poem, lines, room), chance)
                good = [d for d in drafts if d.done and not self._refused(d.line(), lines)]
                if good:
                    return max(good, key=lambda draft: self._worth(draft, poem, lines)).line()
            if room <= 2:
                return self._line(())
            room = min(SAFE, room - 1)

    def _place(self, poem: Poem, lines: list[Line], room: int) -> Place:
        said = {word for line in lines for word in line.plain} - self.plain
        known = self.speller.mask(self.speller.first[w] for w in said if w in self.speller.first)
        return Place(room, self._ends(poem, lines, room), known, len(lines) == LINES - 1)

    def _worth(self, draft: Draft, poem: Poem, lines: list[Line]) -> float:
        line = draft.line()
        stresses = "".join(self.lexicon.sound[word].stresses for word in line.plain)
        again = any(line.words[:1] == other.words[:1] for other in lines)
        worth = draft.nats / len(line.plain) + STRESS * in_step(stresses, poem.feet)
        return worth - AGAIN * again

    def _refused(self, line: Line, lines: list[Line]) -> bool:
        return self.refuses(line.plain) or any(line.plain == other.plain for other in lines)

    def _room(self, poem: Poem, lines: list[Line], chance: np.random.Generator) -> int:
        told = LENGTHS[poem.length]
        if told:
            return told[len(lines)]
        before = sum(len(self.lexicon.of(w).stresses) for w in lines[-1].plain) if lines else 0
        scores = self.stepper.weights["metre.weight"][min(ROOM - 1, before)]
        shares = np.exp((scores - scores.max()) / max(0.05, poem.temperature)).astype(np.float64)
        shares[:4] = 0
        return int(chance.choice(ROOM, p=shares / shares.sum()))

    def _ends(self, poem: Poem, lines: list[Line], room: int) -> Mask:
        """Words with which the line may end."""
        fits, number = self.speller.at_root(room), len(lines)
        answered = poem.rhymed_with(number)
        if answered is not None:
            rhyme = self.lexicon.of(lines[answered].end).rhyme
            found = self.speller.rhyming(rhyme, {line.end for line in lines}) & fits
            if found.any():
                return found
        rhymed = self.speller.rhymed if poem.is_rhymed(number) else self.speller.ends
        for line in lines:  # another letter of the scheme is another sound
            fits = fits & ~self.speller.rhyming(self.lexicon.of(line.end).rhyme, set())
        return rhymed & fits

    def _drafts(
        self, poem: Poem, point: Array, lines: list[Line], place: Place, chance: np.random.Generator
    ) -> list[Draft]:
        memory = self.stepper.remember([line.tokens for line in lines])
        state = self.stepper.start(point, place.room, memory, CANDIDATES)
        drafts = [Draft(place.room, self.speller.root) for _ in range(CANDIDATES)]
        more = np.where(self._telling, self.stepper.subject(point), 0).clip(-4, 4)
        subject = np.float32(poem.subject) * more
        tokens = [BREAK] * CANDIDATES
        rows = np.arange(CANDIDATES)
        for _ in range(LONGEST - 1):
            rooms = [draft.room for draft in drafts]
            scores, state = self.stepper.step(tokens, rooms, point, memory, state)
            scores += subject
            fits = np.stack([self._fits(draft, place) for draft in drafts])
            begins = chance.integers(0, NOISE - scores.shape[1], CANDIDATES)
            chosen = _chosen(scores, fits, begins.tolist(), poem.temperature)
            tokens, taken = chosen.tolist(), scores[rows, chosen] - _log_sum(scores)
            for draft, token, nats in zip(drafts, tokens, taken.tolist(), strict=True):
                if not draft.done:
                    draft.take(token, nats, self.speller)
            if sum(draft.done for draft in drafts) >= ENOUGH:
                break
        return drafts

    def _fits(self, draft: Draft, place: Place) -> Mask:
        speller = self.speller
        if draft.done or draft.room == 0:
            return self._break
        if draft.node is not speller.root:
            return speller.mask(speller.fitting(draft.node, draft.room))
        if not draft.words:
            return self._closing if place.closes else place.ends | speller.marks
        if len(draft.words) == 1 and draft.words[0] in MARKS:
            return place.ends
        last = draft.words[-1]
        fits = speller.at_root(draft.room) & ~place.said
        if last not in MARKS:
            fits |= speller.marks
            fits[speller.first[last]] = False
        fits[[speller.first[w] for w in draft.words if w not in MARKS and w not in self.plain]] = (
            False
        )
        return fits


def _chosen(
    scores: Array, fits: npt.NDArray[np.bool_], begins: Sequence[int], temperature: float
) -> npt.NDArray[np.intp]:
    """A token for each row, of those that fit and are likely enough. Noise goes with the token."""
    masked = np.where(fits, scores, np.float32(-1e9))
    noise = np.stack([_noise()[at : at + scores.shape[1]] for at in begins])
    likely = masked >= masked.max(1, keepdims=True) - LEAST_NATS
    noisy = np.where(likely, masked + np.float32(temperature) * noise, np.float32(-np.inf))
    chosen: npt.NDArray[np.intp] = noisy.argmax(1)
    return chosen


@cache
def _noise() -> Array:
    return np.random.default_rng(0).gumbel(size=NOISE).astype(np.float32)


def _log_sum(scores: Array) -> Array:
    top = scores.max(1)
    found: Array = top + np.log(np.exp(scores - top[:, None]).sum(1))
    return found


def in_step(stresses: str, feet: str) -> float:
    """How well stresses fall in feet of two: 1 where each falls right, 0 where each falls wrong;
    0.5 without feet, and a little more for what may be either."""
    if feet not in ("iambs", "trochees") or not stresses:
        return 0.5
    strong = 1 if feet == "iambs" else 0
    right = {True: {"1": 1.0, "2": 0.7, "0": 0.2}, False: {"1": 0.0, "2": 0.4, "0": 0.8}}
    worth = [right[n % 2 == strong].get(mark, 0.6) for n, mark in enumerate(stresses)]
    return sum(worth) / len(worth)
