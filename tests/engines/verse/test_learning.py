"""What the verse model learns from, how it is kept, and what it is measured by."""

from __future__ import annotations

import io
import math
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from engines.verse import copies, shipped
from engines.verse.corpus import books, lines
from engines.verse.corpus.cleaning import cleaned, text_of
from engines.verse.corpus.prepare import Reader, runs
from engines.verse.corpus.pronouncing import Sound, sound_of, spelt
from engines.verse.corpus.unwanted import is_unwanted
from engines.verse.evaluation.evaluate import evaluate
from engines.verse.evaluation.measures import Printed, rhymed
from engines.verse.evaluation.ngram import CharacterModel, compressed_bits
from engines.verse.lexicon import LETTERS, lexicon
from engines.verse.model import HIDDEN, LATENT, VerseModel
from engines.verse.spec import SPEC
from engines.verse.stepping import Stepper
from engines.verse.training import data_set
from engines.verse.training.train import train
from studio.engine import EngineError

RUN = ["the silver moon is on the sea,", "and all the night is calm to me;", "i hear the wind."]


def test_the_lines_of_a_pickled_table_are_read_and_nothing_is_unpickled() -> None:
    class Table:
        def __reduce__(self) -> tuple[object, ...]:
            return pytest.fail, ("it was unpickled",)

    column = [f"Line {number}" for number in range(4)]
    data = pickle.dumps((Table(), "text", 70_000, b"1" * 300, column, Table()), protocol=4)
    assert list(books.strings(io.BytesIO(data)))[:4] == column


def test_a_printed_line_becomes_small_words_and_marks() -> None:
    common = frozenset(("turned", "loved", "rose"))
    said = cleaned("“Turn’d -- and lov’d;” th’ ‘rose’ to-day--", common)
    assert said == ("turned", ",", "and", "loved", ";", "th'", "rose", "today")
    assert text_of(said) == "turned, and loved; th' rose today"
    assert cleaned("In 1856 [sic]") is None
    assert [w for w in ("farther", "lustre", "jewel", "slaves", "Damned") if is_unwanted(w)] == [
        "slaves",
        "Damned",
    ]


def test_words_rhyme_by_their_sound_and_what_is_unknown_by_its_spelling() -> None:
    assert sound_of(["L", "IY1", "V"]) == Sound("?", "IY-V")
    assert sound_of(["S", "OW1", "N", "AH0", "T"]) == Sound("10", "OW-N-AH-T")
    assert sound_of(["M", "EH1", "M", "ER0", "IY0"]) == Sound("100", "IY"), "memory goes with sea"
    assert [len(spelt(w).stresses) for w in ("moved", "little", "wanted", "glittering")] == [
        1,
        2,
        2,
        3,
    ]
    words = lexicon()
    assert words.of("night").rhyme == words.of("light").rhyme != words.of("love").rhyme
    assert words.of("zight").rhyme == words.of("night").rhyme, "as most that end so"


def test_every_word_can_be_spelt_and_a_line_counts_down_its_syllables() -> None:
    words = lexicon()
    for word in (*words.words[::97], "xylophonic", LETTERS):
        tokens = [words.tokens[n] for n in words.split(word)]
        assert "".join(token.removeprefix("+") for token in tokens) == word
    tokens, left = data_set.numbered("the silver moon.", words)
    assert [words.tokens[n] for n in tokens] == [".", "moon", "silver", "the"]
    assert left == [4, 4, 3, 1, 0]


def test_stanzas_know_the_lines_before_them_as_far_as_they_stand_together() -> None:
    words = lexicon()
    made = data_set.lines_of([RUN, ["alone it stands"]], words)
    assert made.starts.tolist() == [0, 1]
    batch = data_set.stanzas(made, torch.tensor([0, 3]), data_set.telling(words))
    assert (batch.lengths > 0).tolist() == [True] * 3 + [False] + [True] + [False] * 3
    third = batch.before[2]
    assert third[0].equal(made.tokens[1])
    assert third[1].equal(made.tokens[0])
    assert not batch.real[4].any(), "nothing stands before it"
    assert sum(len(b.words) for b in data_set.in_turn(made, data_set.telling(words), 8)) == 2


@pytest.mark.parametrize("cell", HIDDEN)
def test_either_cell_learns_by_one_command_and_says_in_numpy_what_it_says_in_torch(
    cell: str, tmp_path: Path
) -> None:
    path = train(cell, out=tmp_path, steps=2, threads=1, device="cpu", runs=lines.held_out()[:15])
    read = shipped.read(path)
    assert read.model.cell == cell
    assert set(read.steps) == {d.name for d in SPEC.models[0].directions}
    model, stepper = read.model, Stepper(read.model)
    point = np.random.default_rng(0).standard_normal(LATENT).astype(np.float32)
    memory = stepper.remember([[5, 9, 100], [7, 8, 300]])
    state = stepper.start(point, 8, memory, 2)
    _, state = stepper.step([0, 0], [8, 8], point, memory, state)
    scores, _ = stepper.step([4, 40], [8, 7], point, memory, state)
    before = torch.tensor([[[7, 8, 300], [5, 9, 100], [0, 0, 0]]]).expand(2, -1, -1)
    seen = model.remember(
        before, torch.tensor([[[True] * 3] * 2 + [[False] * 3]]).expand(2, -1, -1)
    )
    points = torch.from_numpy(point).expand(2, -1)
    begun = model.start(points, torch.tensor([8, 8]), seen)
    given, rooms = torch.tensor([[0, 4], [0, 40]]), torch.tensor([[8, 8], [8, 7]])
    said, _ = model(given, rooms, points, seen, begun)
    assert np.allclose(model.scores(said[:, 1]).numpy(), scores, atol=1e-4)
    telling = torch.tensor([[500, 600]])
    assert np.allclose(
        model.encode(telling, torch.ones(1, 2))[0], stepper.mean([500, 600]), atol=1e-5
    )


def test_an_unknown_model_and_a_corpus_that_was_not_made_are_sentences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(EngineError, match="no model 'rnn'"):
        train("rnn", out=tmp_path)
    monkeypatch.setattr(lines, "TRAINING", tmp_path / "none.xz")
    with pytest.raises(EngineError, match="is not there"):
        lines.training.__wrapped__()
    lines.write([RUN, RUN], tmp_path / "some.xz")
    assert lines.read(tmp_path / "some.xz") == [RUN, RUN]


def test_both_cells_have_as_many_weights() -> None:
    sizes = [sum(w.numel() for w in VerseModel(cell, 2838).parameters()) for cell in HIDDEN]
    assert max(sizes) / min(sizes) < 1.03


def test_a_run_of_nine_printed_words_is_always_known_and_few_others_are() -> None:
    printed = [[f"w{n * 20 + k}" for k in range(12)] for n in range(300)]
    known = copies.Copies(copies.filter_of(printed))
    assert all(known(words) for words in printed)
    assert not any(known(words[:8]) for words in printed), "eight are no copy"
    others = [[f"v{n}{k}" for k in range(9)] for n in range(500)]
    assert sum(map(known, others)) / len(others) < 0.12


def test_the_corpus_takes_lines_of_common_words_once_and_in_runs() -> None:
    printed = ["The love of the sea is the love of me"] * 40 + ["the love, sea is of me"] * 40
    reader = Reader(printed, {w: Sound("?", w) for w in ["the", "love", "of", "sea", "is", "me"]})
    assert reader.taken("The love is of the sea;") == ("the", "love", "is", "of", "the", "sea", ";")
    assert reader.taken("the sea is the love") is None, "prose goes on with small letters"
    assert reader.taken("The sea is the zyzzyva") is None
    love, sea = ("the", "love", "is", "sea"), ("the", "sea", "is", "love")
    assert reader.rhymes([love, love, None]) == 0.0, "the same word is no rhyme"
    from engines.verse.corpus.prepare import Block

    block = Block(0, 0, (love, sea, None, love, sea), 1.0)
    assert list(runs([block], {"the love is sea"})) == [["the sea is love"]]


def test_the_models_to_beat_count_in_bits() -> None:
    text = "the sea, the sea.\n" * 200
    model = CharacterModel(text)
    assert model.bits("the sea, the sea.\n" * 4) / 72 < 0.2
    assert model.bits("qqzx") / 4 > math.log2(36)
    assert compressed_bits(text, text, "xz") < 8 * len(text) / 50


def test_rhymes_and_copies_are_counted_in_lines() -> None:
    ends = ["of night", "of day", "the light,", "a way."]
    assert rhymed(ends, "ABAB", lexicon()) == (2, 2)
    assert rhymed(ends, "AABB", lexicon()) == (0, 2)
    assert rhymed(["of night", "of night"], "AA", lexicon()) == (0, 1)
    printed = Printed([["The moon is on the sea,", "and far away"]])
    assert [printed.longest(s) for s in ("moon is on a", "the sea, and far", "xx yy")] == [3, 2, 1]


def test_one_table_says_how_good_the_model_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside models of the same text, where the corpus has been made."""
    lines.write([RUN] * 2, tmp_path / "some.xz")
    monkeypatch.setattr(lines, "TRAINING", tmp_path / "some.xz")
    monkeypatch.setattr(lines, "training", lambda: [RUN] * 2)
    monkeypatch.setattr(lines, "held_out", lambda: lines.read(lines.HELD_OUT)[:60])
    rows = {row.name: row for row in evaluate(count=3)}
    assert {"gru_bits", "7_gram_bits", "xz_bits", "real_copied_mean"} <= rows.keys()
    assert 1 < rows["gru_bits"].value < rows["7_gram_bits"].value, "three lines teach little"
    assert rows["gru_couplets"].value == rows["gru_metre"].value == 1.0
