"""The model, its fast twin, and what both are told."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engines.lstm_melodies.cells import cells_of
from engines.lstm_melodies.composing import tune
from engines.lstm_melodies.features import BACK, BARS_COUNTED, Rows, rows_of
from engines.lstm_melodies.grid import BAR_TICKS, HOLD, LENGTHS, METRES, lengths_that_fit
from engines.lstm_melodies.model import CELL_SLOTS, NEVER
from engines.lstm_melodies.past import Past
from engines.lstm_melodies.stepping import Stepper
from engines.lstm_melodies.training.batches import (
    TuneBatches,
    batch_of,
    blanked,
    item_of,
    phrase_of,
)
from engines.lstm_melodies.training.trainee import nats
from engines.lstm_melodies.writing import BarWriter, Taste, phrase
from tests.engines.lstm_melodies import melodies


def words_of(rows: Rows, at: int) -> tuple[int, ...]:
    """Row `at` in the order of `Past.words`."""
    back = [
        int(getattr(rows, name)[at, i])
        for i in range(len(BACK))
        for name in ("back_pitch", "back_length", "repeated")
    ]
    first = (rows.pitch_before, rows.length_before, rows.place, rows.bar % BARS_COUNTED)
    return (*(int(column[at]) for column in first), int(rows.countdown[at]), *back)


@pytest.mark.parametrize("metre", METRES)
def test_what_can_begin_can_be_finished(metre):
    fits = lengths_that_fit(BAR_TICKS[metre])
    reached = {0}
    for tick in range(BAR_TICKS[metre]):
        if tick in reached:
            assert fits[tick].any()
            reached |= {tick + LENGTHS[i] for i in np.nonzero(fits[tick])[0]}
    assert BAR_TICKS[metre] in reached
    assert max(reached) == BAR_TICKS[metre]


@pytest.mark.parametrize("metre", METRES)
def test_the_past_says_event_by_event_what_the_rows_say_at_once(metre):
    melody = melodies.melody(3, 20, metre)
    rows, past = rows_of(melody.bars, metre), Past(metre)
    for at in range(len(rows)):
        assert past.words() == words_of(rows, at)
        assert past.slot == rows.slot[at]
        past.add(int(rows.pitch[at]), int(rows.length[at]))
    assert past.bars == 20
    past.add(5, LENGTHS.index(12))
    with pytest.raises(ValueError, match="bar line"):
        past.add(5, LENGTHS.index(BAR_TICKS[metre]))


def test_a_part_forgets_what_was_before_it():
    melody = melodies.melody(4, 12)
    whole = rows_of(melody.bars, melody.metre)
    first, last = np.searchsorted(whole.bar, [4, 12])
    cut, fresh = whole.part(int(first), int(last)), rows_of(melody.bars[4:12], melody.metre)
    for name in ("pitch", "pitch_before", "length_before", "bar", "back_pitch", "back_length"):
        assert np.array_equal(getattr(cut, name), getattr(fresh, name)), name


def test_the_stepper_says_what_the_decoder_says():
    model, metre = melodies.model(), "9/8"
    melody = melodies.melody(5, 6, metre, genre="slip jig")
    item = item_of(melody)
    points = torch.randn(3, melodies.CONFIG.latent_size)
    batch = batch_of([item], planned=True)
    with torch.inference_mode():
        lengths, pitches = model.decoder(batch, model.decoder.plans(points))
    stepper = Stepper(model)
    plans = [stepper.plan(point) for point in points.numpy()]
    given, state, past = stepper.condition(item.condition), stepper.start(), Past(metre)
    rows = item.rows
    for at in range(len(rows)):
        bars_left = int(rows.countdown[at])
        slot = past.bars % 2 * 6 + past.slot
        read = stepper.step(state, past.words(bars_left), given, plans[past.bars // 2], slot)
        back_pitch, back_length = past.looked_up()
        said = stepper.lengths(read, past.place, back_length)
        assert np.allclose(said, lengths[at, 0].numpy(), atol=1e-4)
        said = stepper.pitches(read, int(rows.length[at]), past.place, back_pitch)
        assert np.allclose(said, pitches[at, 0].numpy(), atol=1e-4)
        past.add(int(rows.pitch[at]), int(rows.length[at]))


def test_what_cannot_be_costs_too_much_to_be_chosen():
    model = melodies.model()
    batch = batch_of([item_of(melodies.melody(i, 8, "3/4")) for i in range(4)], planned=False)
    with torch.inference_mode():
        lengths, pitches = model.decoder(batch, torch.zeros(1, melodies.CONFIG.plan))
    fits = torch.from_numpy(lengths_that_fit(72))[batch.place[batch.real] - 96]
    assert bool((lengths[batch.real][~fits] < NEVER / 2).all())
    within = batch.place > 96
    assert bool((pitches[within][:, HOLD] < NEVER / 2).all())
    assert bool((nats(batch, lengths, pitches) < 100).all())


def test_padding_changes_nothing():
    model = melodies.model()
    short, long = (item_of(melodies.melody(i, n)) for i, n in ((1, 4), (2, 16)))
    none = torch.zeros(1, melodies.CONFIG.plan)
    with torch.inference_mode():
        both = batch_of([short, long], planned=False)
        alone = batch_of([short], planned=False)
        costs = [nats(b, *model.decoder(b, none))[:, 0] for b in (both, alone)]
        assert torch.allclose(costs[0][: len(short.rows)], costs[1], atol=1e-5)
        assert not costs[0][len(short.rows) :].any()
        points = [model.encoder(c.pitch, c.length, c.place, c.slot, c.real)[0]
                  for c in (cells_of([short, long]), cells_of([short]))]  # fmt: skip
        assert torch.allclose(points[0][:2], points[1], atol=1e-5)


def test_every_phrase_reads_its_own_cells():
    items = [phrase_of(melodies.melody(i), 2, 4) for i in range(3)]
    batch, cells = batch_of(items, planned=True), cells_of(items)
    assert cells.pitch.shape[1] == 6
    for column, item in enumerate(items):
        read = batch.cell[: len(item.rows), column]
        assert read.min() > column * 2 * CELL_SLOTS
        assert read.max() <= (column + 1) * 2 * CELL_SLOTS


def test_batches_are_drawn_from_the_generator_alone():
    tunes = TuneBatches([melodies.melody(i, 8 + i) for i in range(12)])
    first, again = (tunes.tunes(np.random.default_rng(7), 5) for _ in range(2))
    assert torch.equal(first.pitch, again.pitch)
    phrases = [tunes.phrases(np.random.default_rng(7), 40, 2) for _ in range(2)]
    for a, b in zip(*phrases, strict=True):
        assert np.array_equal(a.rows.pitch, b.rows.pitch)
        assert a.rows.bar[-1] == 1
    hidden = blanked(first, 1.0, np.random.default_rng(1), len(first.pitch))
    assert not hidden.back_pitch.any()
    assert torch.equal(hidden.pitch_before[0], first.pitch_before[0])


@pytest.mark.parametrize("metre", METRES)
def test_whatever_is_written_fills_its_bars(metre):
    stepper, condition = Stepper(melodies.model()), item_of(melodies.melody(0, 4, metre)).condition
    taste = Taste(temperature=3.0, nucleus=1.0, lowest=-5, highest=12)
    for bar in tune(stepper, condition, 24, taste, 0):
        assert sum(ticks for _, ticks in bar) == BAR_TICKS[metre]
        assert all(pitch < 2 or 11 <= pitch <= 28 for pitch, _ in bar)


def test_the_same_seed_writes_the_same_and_a_point_makes_a_difference():
    stepper, condition = Stepper(melodies.model()), item_of(melodies.melody()).condition
    points = np.random.default_rng(1).standard_normal((2, 2, 6)).astype(np.float32) * 3
    written = [
        phrase(stepper, condition, row, 4, Taste(), np.random.default_rng(2))
        for row in (points[0], points[0], points[1])
    ]
    assert written[0] == written[1]
    assert written[0] != written[2]


def test_a_writer_goes_on_from_what_it_has_heard():
    stepper, condition = Stepper(melodies.model()), item_of(melodies.melody()).condition
    heard = BarWriter(stepper, condition)
    heard.hear(melodies.melody(8).bars)
    assert heard.past.bars == 16
    fresh = BarWriter(stepper, condition)
    likeliest = Taste(temperature=0)
    written = [w.bar(np.random.default_rng(0), likeliest) for w in (heard, fresh)]
    assert written[0] != written[1]
    assert sum(ticks for _, ticks in written[0]) == BAR_TICKS["6/8"]


def test_nothing_is_held_where_nothing_sounds():
    stepper, condition = Stepper(melodies.model()), item_of(melodies.melody()).condition
    for seed in range(20):
        bar = BarWriter(stepper, condition).bar(np.random.default_rng(seed), Taste(temperature=5.0))
        assert bar[0][0] != HOLD


def test_a_copy_leaves_the_original_where_it_was():
    stepper, condition = Stepper(melodies.model()), item_of(melodies.melody()).condition
    writer = BarWriter(stepper, condition)
    writer.hear(melodies.melody(8).bars[:4])
    written = [writer.copy().bar(np.random.default_rng(3), Taste()) for _ in range(2)]
    assert written[0] == written[1]
    assert writer.past.bars == 4
    alone = writer.copy()
    alone.bar(np.random.default_rng(3), Taste(), alone=True)
    assert alone.past.looked_up() != alone.past.looked_up(alone=True)
