"""How bars that fill a gap join the bar behind it, beside how real tunes go over a bar line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import log

import numpy as np

from engines.lstm_melodies.composing import Course, go_on, led_into
from engines.lstm_melodies.corpus.archive import Melody
from engines.lstm_melodies.evaluation.ngram import ORDER, NGram
from engines.lstm_melodies.features import Condition
from engines.lstm_melodies.grid import HOLD, REST
from engines.lstm_melodies.stepping import Stepper
from engines.lstm_melodies.writing import Bar, BarWriter, Taste
from studio.commands.report import Row, at_most

BARS, PAST, GAPS = 2, 8, 1
"""Bars of a gap, bars that are heard before it, and gaps of a tune."""
FAR = 12
"""Leaps of an octave and more are one."""
JUDGED = 2
"""Events behind the bar line that the other model judges."""

Gap = tuple[Melody, int]
Join = tuple[int | None, int, int]
"""The semitones over a bar line (None at a rest), and the lengths on both sides of it."""


def gaps(melodies: Sequence[Melody], seed: int) -> list[Gap]:
    """Places in melodies, with bars before and one behind that begins with a note."""
    rng = np.random.default_rng(seed)
    found = []
    for melody in melodies:
        known = range(PAST, len(melody.bars) - BARS)
        there = [at for at in known if melody.bars[at + BARS][0][0] not in (REST, HOLD)]
        for at in rng.permutation(there)[:GAPS]:
            found.append((melody, int(at)))
    return found


def join(before: Sequence[Bar], behind: Bar) -> Join:
    """How `behind` follows the last of the bars `before`."""
    last, ticks = next(e for bar in reversed(before) for e in bar[::-1] if e[0] != HOLD)
    first, length = behind[0]
    return (
        None if REST in (last, first) else int(np.clip(first - last, -FAR, FAR)),
        ticks if before[-1][-1][0] != HOLD else before[-1][-1][1],
        length,
    )


def distance(some: Sequence[Join], others: Sequence[Join]) -> tuple[float, float]:
    """Of the intervals, and of the lengths before the line and behind it: total variation, 0 to
    1."""
    return (
        _variation([j[0] for j in some], [j[0] for j in others]),
        _variation([j[1:] for j in some], [j[1:] for j in others]),
    )


def _variation(some: Sequence[object], others: Sequence[object]) -> float:
    a, b = Counter(some), Counter(others)
    return sum(abs(a[k] / len(some) - b[k] / len(others)) for k in a | b) / 2


@dataclass
class Joins:
    """Joins of one kind, and how unlikely what follows is after them to another model."""

    judge: NGram
    found: list[Join] = field(default_factory=list)
    nats: float = 0.0

    def add(self, before: Sequence[Bar], behind: Bar) -> None:
        """One more."""
        self.found.append(join(before, behind))
        events = [event for bar in before for event in bar]
        for event in behind[:JUDGED]:
            self.nats -= log(self.judge.probability(tuple(events[1 - ORDER :]), event))
            events.append(event)

    @property
    def nats_each(self) -> float:
        """Of what follows, by note."""
        return self.nats / (JUDGED * len(self.found))


def rows(stepper: Stepper, judge: NGram, melodies: Sequence[Melody], seed: int) -> Iterator[Row]:
    """Gaps of two bars in `melodies`, filled with an eye on what follows, and as before without."""
    real, others, looking, blind = (Joins(judge) for _ in range(4))
    for melody, at in gaps(melodies, seed + 1):
        others.add(melody.bars[at - PAST : at + BARS], melody.bars[at + BARS])
    chosen = gaps(melodies, seed)
    for number, (melody, at) in enumerate(chosen):
        past, behind = melody.bars[at - PAST : at], melody.bars[at + BARS]
        real.add(melody.bars[at - PAST : at + BARS], behind)
        writer = BarWriter(stepper, Condition.of(melody.genre, melody.metre, melody.mode))
        writer.hear(past)
        course = Course(first=at, bars=BARS, seed=(seed, number))
        blind.add([*past, *go_on(writer.copy(), course, Taste(), past)], behind)
        looking.add([*past, *led_into(writer, course, Taste(), past, [behind])], behind)
    note = f"{len(chosen)} gaps of {BARS} bars in held-out tunes, total variation"
    names = ("interval", "rhythm")
    figures = (distance(real.found, kind.found) for kind in (looking, blind, others))
    for name, (ours, before, floor) in zip(names, zip(*figures, strict=True), strict=True):
        label, goal = f"fill_join_{name}_distance", max(floor, (floor + before) / 2)
        yield Row(label, ours, "", at_most(round(goal, 4)), note)
        yield Row(f"{label}_blind", before, "", None, "without an eye on what follows")
        yield Row(f"{label}_real", floor, "", None, "real tunes at other places")
    by = "of the two notes behind the gap, by a 5-gram model"
    yield Row("fill_next_nats", looking.nats_each, "nats", None, by)
    yield Row("fill_next_nats_blind", blind.nats_each, "nats", None, by)
    yield Row("fill_next_nats_real", real.nats_each, "nats", None, by)
