"""What the verse model writes, and how it looks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engines.verse.engine import VerseEngine
from engines.verse.evaluation.measures import plain, rhymed, syllables
from engines.verse.lexicon import lexicon
from engines.verse.page import INKS, drawn, size_for
from engines.verse.poem import LENGTHS, SCHEMES, Poem, printed
from engines.verse.spec import SPEC
from engines.verse.writing import Writer, in_step
from studio.engine import Job, Resources

POINT = np.random.default_rng(1).standard_normal(24).astype(np.float32)


@pytest.fixture(scope="module")
def engine() -> VerseEngine:
    engine = VerseEngine()
    engine.load(SPEC.models[0], Resources(device="cpu", threads=1))
    return engine


@pytest.fixture(scope="module")
def writer(engine: VerseEngine) -> Writer:
    return engine.writer


@pytest.mark.parametrize("scheme", ["couplets", "alternate", "enclosed"])
def test_lines_rhyme_and_are_as_long_as_told_in_words_that_there_are(
    scheme: str, writer: Writer
) -> None:
    words = lexicon()
    for seed, length in enumerate(("8", "10", "8 6")):
        stanza = writer.stanza(Poem(POINT, seed, scheme, length))
        assert rhymed(stanza, SCHEMES[scheme], words) == (2, 2)
        assert tuple(syllables(line, words) for line in stanza) == LENGTHS[length]
        assert all(word in words.sound for line in stanza for word in plain(line))
        assert stanza[-1][-1] in ".!?"
        assert all(line[0].isupper() or line[0] == "'" for line in stanza)


def test_the_same_poem_has_the_same_words_and_a_point_nearby_most_of_them(writer: Writer) -> None:
    poem = Poem(POINT, 3)
    first = writer.stanza(poem, 5)
    writer.stanza(poem, 6)
    assert writer.stanza(poem, 5) == first
    assert writer.stanza(replace(poem, seed=4), 5) != first
    assert writer.stanza(replace(poem, point=-POINT), 5) != first
    assert writer.stanza(replace(poem, point=POINT * np.float32(1.0001)), 5) == first


def test_a_typed_line_begins_the_poem_and_the_next_one_rhymes_with_it(writer: Writer) -> None:
    poem = Poem(POINT, 1, "couplets", begins="My phone is full of Moonlight!")
    stanza = writer.stanza(poem)
    assert stanza[0] == "My phone is full of Moonlight!"
    assert rhymed([line.lower() for line in stanza], "AABB", lexicon()) == (2, 2)
    assert writer.stanza(poem, 1)[0] != stanza[0], "the second stanza goes on"
    strange = writer.stanza(replace(poem, begins="¿42 — 猫?"))
    assert len(strange) == 4, "what is no letter is passed over"


def test_what_is_refused_is_never_written(writer: Writer, engine: VerseEngine) -> None:
    first = writer.stanza(Poem(POINT, 2))
    refused = {tuple(plain(line)) for line in first}
    picky = Writer.__new__(Writer)
    picky.__dict__.update(writer.__dict__)
    picky.refuses = lambda words: tuple(words) in refused
    assert not refused & {tuple(plain(line)) for line in picky.stanza(Poem(POINT, 2))}
    picky.refuses = lambda words: len(words) > 2
    assert all(len(plain(line)) <= 2 for line in picky.stanza(Poem(POINT, 2))), "shorter, then"
    assert engine.writer.refuses(["the", "slaves"])


def test_stresses_fall_in_feet() -> None:
    assert in_step("0101", "iambs") > 0.8 > 0.3 > in_step("0101", "trochees")
    assert in_step("1010", "trochees") > 0.8
    assert in_step("", "iambs") == in_step("10", "free") == 0.5
    assert printed("and i'll go; god's sea. then i wait") == "And I'll go; God's sea. Then I wait"


def test_each_bar_has_its_line_and_the_page_those_before_it(engine: VerseEngine) -> None:
    job = Job(latent=POINT, seed=7)

    def said(line: str, bars: int = 1) -> str:
        return engine.words(replace(job, parameters={"line": line, "bars": bars}))

    lines = [said(str(number)) for number in range(1, 9)]
    assert len(set(lines)) == 8
    assert [said(str(number), 2) for number in (1, 2, 3, 8)] == [*lines[:1] * 2, lines[1], lines[3]]
    assert said("") == said("0") == lines[0]
    ink = [
        engine.render(replace(job, parameters={"line": n, "lines": k})).astype(float).sum()
        for n, k in (("1", 4), ("4", 1), ("4", 4))
    ]
    assert ink[2] > 2 * max(ink[:2]) > 0
    wide = engine.render(replace(job, parameters={"size": "256", "shape": "16:9"}))
    assert wide.shape == (256, 455, 3)


def test_letters_are_as_large_as_the_page_lets_them_be_and_black_stays_black() -> None:
    short, long = (
        size_for(["The sea"], "serif", 512, 512),
        size_for(["The sea"] * 9, "sans", 512, 512),
    )
    assert 512 * 0.2 >= short > long > 30
    for ink, (letters, paper) in INKS.items():
        page = drawn(["Sea"], 128, 64, ink=ink, share=1.0, place="top", aligned="left")
        assert tuple(page[-1, -1]) == paper
        nearest = np.abs(page.astype(int) - np.array(letters)).sum(2).min()
        assert nearest < 30, "somewhere there is pure ink"
