"""Whole tunes: what is written again, and how they end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engines.lstm_melodies.closing import at_home, brought_home, closes
from engines.lstm_melodies.composing import Course, _wrong, go_on, tune
from engines.lstm_melodies.forms import Form, drawn
from engines.lstm_melodies.grid import BAR_TICKS, FIRST_PITCH, HOLD, METRES, PITCHES, REST
from engines.lstm_melodies.stepping import Stepper
from engines.lstm_melodies.training.batches import item_of
from engines.lstm_melodies.writing import BarWriter, Taste
from tests.engines.lstm_melodies import melodies


def test_going_round_in_circles_is_noticed():
    a, b, c = (((FIRST_PITCH + i, 72),) for i in range(3))
    course = Course(bars=16, part=8)
    assert _wrong(a, [b, a, a], 3, course)
    assert not _wrong(a, [b, b, a], 3, course)
    assert _wrong(b, [a, b, a, b, a], 5, course)
    assert not _wrong(b, [c, b, a, b, a], 5, course)
    first = [a, b, c, b, a, b, c, a]
    assert _wrong(a, first, 8, course)
    assert _wrong(b, [*first, c], 9, course)
    assert not _wrong(b, [*first, c, a, c], 11, course)
    assert not _wrong(b, first, 15, course)
    assert _wrong(b, first, 15, replace(course, closes=True))
    planned = replace(course, plans=lambda number: None)  # type: ignore[arg-type,return-value]
    assert not _wrong(a, [b, a, a], 3, planned), "a phrase may repeat itself"


@pytest.mark.parametrize(
    ("bars", "does"),
    [
        ([((FIRST_PITCH + 4, 36), (FIRST_PITCH - 12, 24), (REST, 12))], True),
        ([((FIRST_PITCH + 4, 60), (FIRST_PITCH, 12))], False),  # it slips by
        ([((FIRST_PITCH, 60), (FIRST_PITCH, 12))], True),
        ([((FIRST_PITCH, 36), (FIRST_PITCH + 7, 36))], False),
        ([((FIRST_PITCH, 72),), ((HOLD, 72),)], True),
        ([((FIRST_PITCH + 9, 72),), ((HOLD, 72),)], False),
        ([((REST, 72),)], False),
    ],
)
def test_a_close_is_on_the_tonic(bars, does):
    assert closes(bars) == does


def test_a_bar_that_does_not_close_can_be_brought_home():
    fifth, ninth = FIRST_PITCH + 7, FIRST_PITCH + 14
    bar = ((HOLD, 12), (fifth, 12), (ninth, 36), (fifth, 12))
    home = (*bar[:2], (ninth, 12), (FIRST_PITCH + 12, 36))
    assert brought_home(bar, "6/8") == home
    assert brought_home(((REST, 72),), "3/4") == ((REST, 24), (FIRST_PITCH, 48))
    for word in (2, PITCHES - 1):
        (_, last) = brought_home(((word, 72), (word, 24)), "4/4")
        assert (last[0] - FIRST_PITCH) % 12 == 0
        assert 2 <= last[0] < PITCHES
    for metre in METRES:
        assert closes([brought_home(((fifth, BAR_TICKS[metre]),), metre)])


def test_every_tune_closes():
    stepper, condition = Stepper(melodies.model()), item_of(melodies.melody()).condition
    for seed in range(5):
        bars = list(tune(stepper, condition, 6, Taste(temperature=2.0), seed, part=4))
        assert len(bars) == 6
        assert closes(bars)


def test_a_bar_depends_on_its_number_and_on_what_was_before():
    stepper, condition = Stepper(melodies.model()), item_of(melodies.melody()).condition
    whole = list(go_on(BarWriter(stepper, condition), Course(bars=6, seed=4), Taste()))
    writer = BarWriter(stepper, condition)
    parts = [list(go_on(writer.copy(), Course(bars=3, seed=4), Taste()))]
    writer.hear(parts[0])
    parts.append(list(go_on(writer, Course(first=3, bars=3, seed=4), Taste(), parts[0])))
    assert whole[:3] == parts[0]
    assert [len(part) for part in parts] == [3, 3]
    assert parts[1] != parts[0]


def test_a_tune_follows_its_form():
    stepper, condition = Stepper(melodies.model()), item_of(melodies.melody()).condition
    again = (0, 1, 2, 3, 0, 1, 6, 7, 8, 9, 8, 11, 12, 13, 6, 15)
    for seed in range(4):
        home = (seed % 2 == 0, seed < 2)
        form = Form("major", 62, True, again, home, (5.0, 9.0))
        lead_in, *bars = tune(stepper, condition, 16, Taste(), seed, form=form)
        assert lead_in[0][0] == REST
        assert 2 * lead_in[0][1] >= BAR_TICKS["6/8"]
        assert [bars.index(bar) for bar in bars] == list(again)
        assert (at_home(bars[7:8]), at_home(bars[15:])) == home


def test_forms_are_drawn_as_the_books_have_them():
    for genre in ("jig", "any"):
        drawn_forms = [drawn(genre, 16, (seed,)) for seed in range(200)]
        assert len({form.tonic % 12 for form in drawn_forms}) > 3
        assert 0.6 < sum(form.mode == "major" for form in drawn_forms) / 200 < 0.9
        assert 0.6 < sum(form.pickup for form in drawn_forms) / 200 < 0.9
    for bars in (4, 12, 16, 24, 64):
        form = drawn("waltz", bars, (bars,), tonic=9, mode="minor")
        assert (form.tonic % 12, form.mode, len(form.again)) == (9, "minor", bars)
        assert len(form.home) == len(form.centres) == -(-bars // 8)
        assert all(form.again[first] == first <= bar for bar, first in enumerate(form.again))
    assert drawn("waltz", 16, (1,)) == drawn("waltz", 16, (1,))


def test_parts_come_in_the_order_that_was_asked_for():
    drawn_form = Form("major", 62, False, (*range(8), 0, *range(9, 16)), (False, True), (5.0, 9.0))
    stepper, condition = Stepper(melodies.model()), item_of(melodies.melody()).condition
    form = drawn_form.lettered("ABA", 24, 8)
    bars = list(tune(stepper, condition, 24, Taste(), 1, form=form))
    assert bars[8] == bars[0]
    assert bars[16:23] == bars[:7]
    assert bars[23] != bars[7], "the first ending is open, the last one at home"
    assert [at_home(bars[end : end + 1]) for end in (7, 15, 23)] == [False, True, True]
    assert drawn_form.lettered("AABB", 16, 4).again == (
        0,
        1,
        2,
        3,
        0,
        1,
        2,
        3,
        8,
        9,
        10,
        11,
        8,
        9,
        10,
        11,
    )
    assert drawn_form.lettered("AABB", 8, 8).again == tuple(range(8))
