"""The melody engine at play: passages, phrases, points. With the weights that are shipped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch

from engines.lstm_melodies.corpus import archive
from engines.lstm_melodies.engine import MelodyEngine
from engines.lstm_melodies.grid import HOLD
from engines.lstm_melodies.hearing import hear
from engines.lstm_melodies.playing import past_of
from engines.lstm_melodies.spec import SPEC, TUNES
from engines.lstm_melodies.voicing import Voice, voiced
from engines.lstm_melodies.wishes import wishes
from engines.lstm_melodies.writing import BarWriter
from studio.engine import EngineError, Job, Latent, Passage, Resources
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Kept, Key, Phrase, joined

JIG, REEL = Metre(6, 8), Metre(4, 4)
EXACT = {"temperature": 0.0, "lowest": 36, "highest": 96}
"""Controls at which the model says just what it has in mind."""


def fresh() -> MelodyEngine:
    engine = MelodyEngine()
    engine.load(TUNES, Resources(device="cpu", threads=1))
    return engine


@pytest.fixture(scope="module")
def engine() -> Iterator[MelodyEngine]:
    before = torch.get_num_threads()
    engine = fresh()
    yield engine
    engine.close()
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def point(engine: MelodyEngine) -> Latent:
    """A tune of sixteen bars."""
    return engine.sample(3, 1, TUNES.latent_size)[0]


def in_turn(engine: MelodyEngine, bars: int, past: int = 16, **asked: Any) -> list[Phrase]:
    """Bars one by one, as they are asked for live."""
    played: list[Phrase] = []
    for number in range(bars):
        before = tuple(played[-past:])
        played.append(engine.compose(Passage(number=number, past=before, **asked)))
    return played


def heard(phrase: Phrase) -> set[tuple[float, float, int]]:
    """Notes in any octave."""
    return {(round(n.start_beats, 3), round(n.length_beats, 3), n.pitch % 12) for n in phrase.notes}


def same(first: Phrase, second: Phrase) -> float:
    """The share of notes that two phrases have in common."""
    return len(heard(first) & heard(second)) / max(len(heard(first)), len(heard(second)))


def real(count: int, genre: str, name: str) -> list[Phrase]:
    """Stretches of sixteen bars that the model has never met."""
    found = [m for m in archive.split("held_out") if m.genre == genre and m.metre == name]
    beats, unit = name.split("/")
    return [
        voiced(m.bars[:16], Voice(Metre(int(beats), int(unit)), m.tonic, m.mode))
        for m in found
        if len(m.bars) >= 16 and m.mode == "major"
    ][:count]


# -- points


def test_a_phrase_comes_back_from_its_point(engine):
    shares = []
    for phrase in real(6, "jig", "6/8"):
        row = engine.encode_phrase(phrase, {})
        again = engine.compose(
            Passage(latent=row, bars=16, metre=JIG, parameters={**EXACT, "genre": "jig"})
        )
        moved = again.transposed(phrase.key.tonic - again.key.tonic)  # type: ignore[union-attr]
        shares.append(same(phrase, moved))
    assert np.mean(shares) > 0.9


def test_a_short_phrase_goes_round(engine):
    (phrase,) = real(1, "reel", "4/4")
    two = joined(phrase.bars()[8:10])
    row = engine.encode_phrase(two, {})
    cells = row.reshape(8, -1)
    assert all(np.array_equal(cell, cells[0]) for cell in cells[1:])
    again = engine.compose(Passage(latent=row, bars=16, parameters=EXACT)).bars()
    agree = [same(a, b) for a, b in zip(again[:14], again[2:], strict=True)]
    assert np.mean(agree) > 0.8


def test_played_notes_without_a_key_are_taken_in_the_decks_own_if_they_suit_it(engine):
    notes = tuple(Note("", i, 1, p, 90) for i, p in enumerate((64, 67, 71, 69, 67, 66, 64, 64)))
    phrase = Phrase(notes, 8)
    rows = [
        engine.encode_phrase(each, {"tonic": "E", "mode": "minor"})
        for each in (phrase, replace(phrase, key=Key(4, "minor")), replace(phrase, key=Key(7)))
    ]
    assert np.array_equal(rows[0], rows[1])
    assert not np.array_equal(rows[0], rows[2])
    far = engine.encode_phrase(phrase, {"tonic": "C#", "mode": "major"})
    assert np.array_equal(far, engine.encode_phrase(phrase, {"tonic": "Bb", "mode": "major"}))


def test_what_is_not_kept_is_said(engine):
    (phrase,) = real(1, "reel", "4/4")
    assert engine.remarks_on(phrase) == ()
    long = joined([phrase, phrase])
    assert "the slot keeps the first 16" in engine.remarks_on(long)[0]
    assert "5/4" in engine.remarks_on(replace(phrase, metre=Metre(5, 4)))[0]
    assert "no note" in engine.remarks_on(Phrase())[0]
    with pytest.raises(EngineError, match="no note"):
        engine.encode_phrase(Phrase(), {})


def test_samples_are_of_the_genre_that_is_asked_for(engine):
    size = TUNES.latent_size
    reels, jigs = (engine.sample(1, 2, size, {"genre": g}) for g in ("reel", "jig"))
    assert np.array_equal(reels, engine.sample(1, 2, size))
    assert not np.array_equal(reels, jigs)
    still = engine.sample(1, 2, size, {"temperature": 0.0})
    assert not np.array_equal(still[0], still[1])


# -- live


@pytest.mark.parametrize("free", [True, False])
@pytest.mark.parametrize("metre", [REEL, Metre(9, 8), Metre(12, 8), Metre(5, 4)], ids=str)
def test_what_is_played_depends_on_the_passage_alone(engine, point, metre, free):
    asked = {"latent": point, "metre": metre, "seed": 5, "free": free}
    played = in_turn(engine, 20, **asked)
    other = fresh()
    for number in (19, 3, 8, 16, 0):
        past = tuple(played[max(0, number - 16) : number])
        assert other.compose(Passage(number=number, past=past, **asked)) == played[number]
    again = [note for bar in in_turn(other, 20, **asked) for note in bar.notes]
    assert again == [note for bar in played for note in bar.notes]


def test_more_past_than_is_heard_changes_nothing(engine, point):
    asked: dict[str, Any] = {"latent": point, "free": True}
    played = in_turn(engine, 24, **asked)
    for number in (18, 23):
        passages = [
            Passage(number=number, past=tuple(played[number - count : number]), **asked)
            for count in (16, 18)
        ]
        assert engine.compose(passages[0]) == engine.compose(passages[1])


def test_bars_of_a_point_go_round_after_sixteen_and_may_vary(engine, point):
    plain = in_turn(engine, 34, latent=point, parameters=EXACT)
    agree = [same(a, b) for a, b in zip(plain[2:18], plain[18:34], strict=True)]
    assert np.mean(agree) > 0.85
    moved = in_turn(engine, 34, latent=point, parameters={**EXACT, "vary": 0.6})
    differ = [same(a, b) for a, b in zip(moved[2:18], moved[18:34], strict=True)]
    assert np.mean(differ) < np.mean(agree) - 0.1
    little = in_turn(engine, 16, latent=point, parameters={**EXACT, "vary": 0.1})
    assert np.mean([same(a, b) for a, b in zip(little, plain[:16], strict=True)]) > 0.8


def test_a_free_answer_takes_up_what_was_played(engine):
    """After four bars of a jig it is one that goes on, and not the same after another."""
    answers = []
    for phrase in real(2, "jig", "6/8"):
        past = tuple(replace(bar, key=phrase.key) for bar in phrase.bars()[:4])
        passage = Passage(
            latent=np.zeros(TUNES.latent_size, np.float32),
            parameters={"genre": "jig"},
            metre=JIG,
            number=4,
            bars=4,
            past=past,
            free=True,
        )
        answers.append(engine.compose(passage))
    assert same(*answers) < 0.9
    assert all(answer.length_beats == 12 for answer in answers)


def test_a_note_that_rings_over_the_bar_line_is_tied_to_its_own(engine):
    found = [m for m in archive.split("training") if m.metre == "3/4" and len(m.bars) >= 16]
    held = [m for m in found if any(bar[0][0] == HOLD for bar in m.bars[:16])][:4]
    ties = 0
    for melody in held:
        metre = Metre(3, 4)
        phrase = voiced(melody.bars[:16], Voice(metre, melody.tonic, melody.mode))
        asked = {**EXACT, "mode": melody.mode, "genre": melody.genre}
        row = engine.encode_phrase(phrase, asked)
        played = in_turn(engine, 16, latent=row, metre=metre, parameters=asked)
        for before, after in pairwise(played):
            for note in (note for note in after.notes if note.tied):
                last = before.notes[-1]
                assert (note.start_beats, note.pitch) == (0, last.pitch)
                assert last.start_beats + last.length_beats == pytest.approx(3)
                ties += 1
    assert ties


def test_a_change_of_key_moves_the_past_along(engine, point):
    asked: dict[str, Any] = {"latent": point, "free": True, "seed": 2}
    played = in_turn(engine, 6, **asked)
    moved = [bar.transposed(5) for bar in played]
    in_d, in_g = (
        engine.compose(Passage(number=6, past=tuple(past), parameters={"tonic": t}, **asked))
        for t, past in (("D", played), ("G", moved))
    )
    assert [n.start_beats for n in in_d.notes] == [n.start_beats for n in in_g.notes]
    assert {(n.pitch + 5) % 12 for n in in_d.notes} == {n.pitch % 12 for n in in_g.notes}
    from_d = engine.compose(
        Passage(number=6, past=tuple(played), parameters={"tonic": "G"}, **asked)
    )
    assert [n.pitch for n in from_d.notes] == [n.pitch for n in in_g.notes]


def test_another_metre_begins_anew(engine, point):
    played = in_turn(engine, 3, latent=point, free=True)
    asked: dict[str, Any] = {"latent": point, "number": 3, "metre": JIG, "free": True}
    after = engine.compose(Passage(past=tuple(played), **asked))
    assert after == engine.compose(Passage(**asked))


def test_a_deck_without_phrases_plays_freely(engine):
    origin = np.zeros(TUNES.latent_size, np.float32)
    free, bare = (
        engine.compose(Passage(latent=origin, bars=4, seed=3, free=f)) for f in (True, False)
    )
    assert free == bare


# -- the controls


def test_a_whole_tune_closes_on_its_tonic(engine, point):
    for tonic, genre, free in (("A", "jig", True), ("Eb", "air", True), ("F#", "reel", False)):
        for seed in range(3):
            passage = Passage(
                latent=point,
                parameters={"tonic": tonic, "genre": genre},
                seed=seed,
                bars=12,
                closes=True,
                free=free,
            )
            tune = engine.compose(passage)
            assert tune.key is not None
            assert tune.notes[-1].pitch % 12 == tune.key.tonic


def test_the_range_is_kept_and_the_register_moves_all_of_it(engine, point):
    limits = {"lowest": 62, "highest": 76}
    free: dict[str, Any] = {"latent": point, "bars": 8, "free": True}
    tune = engine.compose(Passage(parameters=limits, **free))
    assert all(62 <= n.pitch <= 76 for n in tune.notes)
    high = engine.compose(Passage(parameters={**limits, "register": 1}, **free))
    assert [n.pitch for n in high.notes] == [n.pitch + 12 for n in tune.notes]
    for value in ({"lowest": 84, "highest": 48}, {"lowest": 84, "highest": 96}):
        taste = wishes(value).taste
        assert taste.highest - taste.lowest >= 12
        assert engine.compose(Passage(parameters=value, **free)).notes


@pytest.mark.parametrize("free", [True, False])
def test_density_leans_to_more_or_fewer_notes(engine, point, free):
    def notes(density: float) -> int:
        asked = {"density": density, "genre": "air"}
        passages = [
            Passage(latent=point, bars=16, free=free, parameters=asked, seed=seed)
            for seed in range(3)
        ]
        return sum(len(engine.compose(passage).notes) for passage in passages)

    assert notes(-1.0) < notes(0.0) < notes(1.0)


def test_a_phrase_is_led_up_and_down_within_its_scale(engine, point):
    other = MelodyEngine()
    step = other.load(TUNES, Resources(device="cpu", threads=1)).directions["height"]
    asked = {**EXACT, "register": 0}
    levels, in_scale = [], []
    for amount in (-1, 0, 1):
        latent = (point + amount * step).astype(np.float32)
        phrase = engine.compose(Passage(latent=latent, bars=16, parameters=asked))
        levels.append(np.mean([note.pitch for note in phrase.notes]))
        in_scale += [(note.pitch - 62) % 12 in (0, 2, 4, 5, 7, 9, 11) for note in phrase.notes]
    assert np.diff(levels).min() > 1.5
    assert np.mean(in_scale) > 0.9


def test_the_device_is_the_cpu_and_pictures_are_rolls(engine, point):
    picture = engine.render(Job(latent=point))
    small = engine.render(Job(latent=point, thumbnail=True))
    assert picture.shape > small.shape
    assert SPEC.composes
    closed = fresh()
    closed.close()
    with pytest.raises(EngineError):
        closed.compose(Passage(latent=point))


def test_a_form_brings_parts_again(engine: MelodyEngine, point: Latent) -> None:
    asked = {"genre": "reel", "form": "AABA", "part": 4}
    nothing = np.zeros_like(point)
    free = in_turn(engine, 16, latent=nothing, parameters=asked, metre=REEL, seed=5)
    assert [free[n].notes for n in range(4, 8)] == [free[n].notes for n in range(4)]
    assert [free[n].notes for n in range(12, 16)] == [free[n].notes for n in range(4)]
    assert free[8].notes != free[0].notes
    exact = {**asked, **EXACT}
    (whole,) = [engine.compose(Passage(latent=point, parameters=EXACT, metre=REEL, bars=8))]
    planned = engine.compose(Passage(latent=point, parameters=exact, metre=REEL, bars=16)).bars()
    alike = [heard(planned[n]) & heard(planned[n + 4]) for n in range(4)]
    assert sum(map(len, alike)) > 0.6 * sum(len(heard(bar)) for bar in whole.bars()[:4])
    tune = engine.compose(
        Passage(latent=nothing, parameters=asked, metre=REEL, bars=16, opens=True, closes=True)
    )
    bars = tune.bars()[-16:]
    assert [bar.notes for bar in bars[4:7]] == [bar.notes for bar in bars[:3]]


def test_new_bars_keep_the_rhythm_or_the_contour_of_those_that_stood_there(
    engine: MelodyEngine,
) -> None:
    def anew(kept: Kept | None, seed: int) -> Phrase:
        passage = Passage(
            latent=np.zeros(TUNES.latent_size, np.float32), parameters={"genre": "jig"},
            seed=seed, metre=JIG, number=4, bars=2, past=past, free=True, kept=kept,
        )  # fmt: skip
        return engine.compose(passage)

    def ways(new: Phrase, there: Phrase) -> list[bool]:
        """Whether each step goes up or down, or stays, as it did there."""
        found = []
        for before, note in pairwise(new.notes):
            if before.start_beats < 3 <= note.start_beats:
                continue  # over the bar line it goes from the kept bar's last note
            way = pitch_at(there, note.start_beats) - pitch_at(there, before.start_beats)
            found.append(bool(np.sign(note.pitch - before.pitch) == np.sign(way)))
        return found

    changed, contours, both_ways = 0, list[bool](), list[bool]()
    for seed, phrase in enumerate(real(4, "jig", "6/8")):
        bars = tuple(replace(bar, key=phrase.key) for bar in phrase.bars())
        past, there = bars[:4], joined(bars[4:6])
        contours += ways(anew(Kept(there, "contour"), seed), there)
        both = anew(Kept(there, "both"), seed)
        both_ways += ways(both, there)
        for new in (anew(Kept(there, "rhythm"), seed), both):
            assert [beats_of(n) for n in new.notes] == [beats_of(n) for n in there.notes]
            changed += [n.pitch for n in new.notes] != [n.pitch for n in there.notes]
        assert anew(None, seed) != there
    assert changed >= 6
    assert len(contours) > 25
    assert all(contours)
    assert sum(both_ways) > 0.95 * len(both_ways), "but at an end of the range"


def test_what_fills_a_gap_leads_to_what_stands_behind_it(engine: MelodyEngine) -> None:
    """A note that goes on behind the gap is reached, and rings to the bar line; what follows is
    likelier than after bars that were written without an eye on it."""
    nats = [0.0, 0.0]
    for seed, phrase in enumerate(real(6, "jig", "6/8")):
        bars = tuple(replace(bar, key=phrase.key) for bar in phrase.bars())
        blind = Passage(
            latent=np.zeros(TUNES.latent_size, np.float32), parameters={"genre": "jig"},
            seed=seed, metre=JIG, number=4, bars=2, past=bars[:4], free=True,
        )  # fmt: skip
        looking = replace(blind, then=bars[6])
        for at, passage in enumerate((blind, looking)):
            filled = engine.compose(passage)
            assert len(filled.bars()) == 2
            nats[at] += surprise(engine, passage, (*bars[:4], *filled.bars()), bars[6])
        first, *others = bars[6].notes
        held = replace(bars[6], notes=(replace(first, tied=True), *others))
        last = engine.compose(replace(blind, then=held)).notes[-1]
        assert first.start_beats > 0 or last.pitch == first.pitch
        assert first.start_beats > 0 or last.start_beats + last.length_beats == pytest.approx(6)
    assert nats[1] < nats[0] - 6, "a nat a gap"


def surprise(
    engine: MelodyEngine, passage: Passage, past: tuple[Phrase, ...], then: Phrase
) -> float:
    """How unlikely the model finds what stands behind."""
    asked = wishes(passage.parameters)
    voice = Voice(passage.metre, asked.tonic, asked.mode)
    before = past_of(replace(passage, past=past, number=6), voice).bars
    writer = BarWriter(engine.player.stepper, asked.condition("6/8"))
    writer.hear(before)
    return writer.surprise(hear(then, tonic=voice.tonic, mode=voice.mode).bars[0])


def beats_of(note: Note) -> tuple[float, float]:
    return round(note.start_beats, 4), round(note.length_beats, 4)


def pitch_at(phrase: Phrase, beat: float) -> int:
    """What sounds at a beat, or sounded last."""
    return [n.pitch for n in phrase.notes if n.start_beats <= beat + 1e-6][-1]
