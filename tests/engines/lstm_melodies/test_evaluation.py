"""The yardsticks and the report's figures, on melodies whose answers are known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engines.lstm_melodies import shipped
from engines.lstm_melodies.corpus import archive
from engines.lstm_melodies.evaluation import blends, in_time, joins, recovery
from engines.lstm_melodies.evaluation.copying import longest_runs
from engines.lstm_melodies.evaluation.judge import Judge
from engines.lstm_melodies.evaluation.ngram import NGram, padded, tuned
from engines.lstm_melodies.evaluation.scoring import in_key
from engines.lstm_melodies.grid import BAR_TICKS, FIRST_PITCH, HOLD, METRES, REST, STRETCH, TICKS
from engines.lstm_melodies.stepping import Stepper
from engines.lstm_melodies.voicing import Voice, voiced
from studio.engine import WeightsError
from studio.engine.registry import Registry
from studio.music.files.abc import abc
from studio.music.metres import Metre
from tests.engines.lstm_melodies import melodies
from tests.fakes import composing, fake

TUNES = [melodies.melody(i, 12) for i in range(20)]


def test_an_ngram_is_a_distribution_and_knows_what_it_has_seen():
    model = NGram(TUNES, order=3)
    events = padded(TUNES[0], 3)
    context = tuple(events[4:6])
    seen = {event for tune in TUNES for event in padded(tune, 3)}
    total = sum(model.probability(context, event) for event in seen)
    assert 0.5 < total <= 1 + 1e-9
    cost, notes = model.nats(TUNES)
    unknown, more = model.nats([melodies.melody(99, 12)])
    assert cost / notes < unknown / more
    assert tuned(TUNES, TUNES, 3).discount == 0.5


def test_longest_runs_are_counted_within_tunes():
    first, second = TUNES[0], TUNES[1]
    mixed = [*first.bars[:3], *second.bars[5:9]]
    fresh = melodies.melody(77, 6).bars
    runs = longest_runs([first.bars, mixed, fresh], TUNES)
    assert runs[0] == first.notes
    assert sum(len(bar) for bar in second.bars[5:9]) <= runs[1] < runs[0]
    assert runs[2] < 5


def test_a_judge_tells_a_jig_from_a_reel():
    reels = [melodies.melody(i, 8, "4/4", "reel") for i in range(30)]
    jigs = [melodies.melody(i, 8, "6/8", "jig") for i in range(30)]
    judge = Judge(reels[:20] + jigs[:20] + [replace(jigs[0], genre="any")])
    asked = reels[20:] + jigs[20:]
    told = judge.accuracy([(m.bars, m.metre) for m in asked], [m.genre for m in asked])
    assert told > 0.9


def test_notes_of_the_scale_are_in_key():
    melody = melodies.melody(0, 1)
    bars = [((FIRST_PITCH + 4, 36), (FIRST_PITCH + 3, 12), (REST, 12), (HOLD, 12))]
    assert in_key([(bars, melody)]) == 0.5
    assert in_key([(bars, replace(melody, mode="dorian"))]) == 0.5


def test_distances_between_phrases():
    melody = melodies.melody(3, 4, "4/4")
    higher = [tuple((p + 2 if p > HOLD else p, t) for p, t in bar) for bar in melody.bars]
    octave = [tuple((p + 12 if p > HOLD else p, t) for p, t in bar) for bar in melody.bars]
    other = melodies.melody(4, 4, "4/4").bars
    near, far, apart = (
        blends.distance(melody.bars, bars, "4/4") for bars in (higher, octave, other)
    )
    assert blends.distance(melody.bars, melody.bars, "4/4") == 0 < near < far <= 0.5
    assert near < apart <= 1


def test_recovery_and_straightness_are_shares():
    model = melodies.model()
    stepper = Stepper(model)
    chosen = recovery.passages(TUNES[:4], 2, 0)
    assert 0 <= recovery.recovered(model, stepper, chosen, 2) <= 1
    back = blends.steps_back(model, stepper, TUNES[:4], bars=4, pairs=3)
    assert back.shape == (3,)
    assert 0 <= blends.straight(back) <= blends.straight(back, 0.5) <= 1


def test_joins_are_told_apart():
    up, rest, held = ((20, 24), (22, 48)), ((REST, 72),), ((HOLD, 72),)
    assert joins.join([rest, up], ((25, 36), (25, 36))) == (3, 48, 36)
    assert joins.join([up, held], ((21, 72),)) == (-1, 72, 72)
    assert joins.join([up], rest) == (None, 48, 72)
    some, others = [(0, 12, 12), (2, 12, 12)], [(0, 12, 12), (5, 24, 12)]
    assert joins.distance(some, others) == (0.5, 0.5)
    stepper = Stepper(melodies.model())
    found = list(joins.rows(stepper, NGram(TUNES), TUNES[:3], 0))
    assert [row.name for row in found][-1] == "fill_next_nats_real"
    assert all(0 <= row.value <= 1 for row in found[:6])


@pytest.mark.parametrize("metre", METRES)
def test_abc_says_what_was_meant(metre):
    """music21 reads the very notes of real tunes back, in another key as well."""
    converter = pytest.importorskip("music21").converter
    for melody in [m for m in archive.split("validation") if m.metre == metre][:3]:
        for tonic in (melody.tonic, melody.tonic + 3):
            voice = Voice(Metre.parse(metre), tonic, melody.mode)
            text = abc(voiced(melody.bars, voice))
            score = converter.parse(text, format="abc")
            notes = [n for n in score.recurse().notes if not n.tie or n.tie.type == "start"]
            words = [p for bar in melody.bars for p, _ in bar]
            meant = [tonic + p - FIRST_PITCH for p in words if p not in (REST, HOLD)]
            assert [n.pitch.midi for n in notes] == meant, text
            measures = score.recurse().getElementsByClass("Measure")
            ticks = len(melody.bars) * BAR_TICKS[metre] / STRETCH.get(metre, 1)
            assert sum(m.duration.quarterLength for m in measures) * TICKS == ticks


def test_weights_come_back_and_strangers_are_told(tmp_path):
    model = melodies.model()
    shipped.write(tmp_path / "w.safetensors", model, {"steps": 3})
    again = shipped.read(tmp_path / "w.safetensors")
    assert again.config == model.config
    (tmp_path / "x.safetensors").write_bytes(b"not at all")
    for name in ("x.safetensors", "none.safetensors"):
        with pytest.raises(WeightsError):
            shipped.read(tmp_path / name)


def test_bars_are_timed_while_pictures_are_made():
    tunes, pictures = composing(), fake("pictures")
    registry = Registry.of(tunes.spec, pictures.spec)
    play = in_time.Play(registry, tunes.spec, tunes.spec.models[0], pictures.spec, bars=4)
    times, rate = play.run()
    assert len(times) == 4
    assert min(times) > 0
    assert rate > 0
