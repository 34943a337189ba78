"""Whole tunes: what is written again, and how they end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engines.lstm_melodies.closing import brought_home, closes
from engines.lstm_melodies.composing import Course, _wrong, go_on, tune
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
