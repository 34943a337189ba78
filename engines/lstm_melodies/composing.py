"""Whole tunes: parts of eight bars, each with a close, and what a fiddler would not play mended.

The model alone writes good bars, but it follows what it hears: now and then it turns in a circle
for the rest of the tune, plays the first part again instead of a second, or stops on some note or
other. So a bar that does one of these is written again, in the end without sight of the past.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engines.lstm_melodies.closing import brought_home, closes
from engines.lstm_melodies.features import CELL_BARS, Condition
from engines.lstm_melodies.stepping import CellPlan, Stepper
from engines.lstm_melodies.writing import Bar, BarWriter, Taste

Plans = Callable[[int], CellPlan]
"""By number, from 0, the plan of two bars."""
PART = 8
"""Bars of a part."""
DRAFTS, SIGHTED = 8, 3
"""How often a bar is tried, and how many of the tries see the past."""


@dataclass(frozen=True, kw_only=True)
class Course:
    """Where the writing is to go."""

    bars: int
    first: int = 0
    """The number of the first bar to be written; parts are counted from bar 0."""
    part: int = PART
    """Bars of a part."""
    closes: bool = False
    """Whether the tune is over with the last bar."""
    seed: int | tuple[int, ...] = 0
    plans: Plans | None = None
    """What to write after; None to write freely."""

    def is_last(self, number: int) -> bool:
        """Whether the tune is over with bar `number`."""
        return self.closes and number == self.first + self.bars - 1

    def bars_left(self, number: int) -> int:
        """Bars to the end of the part, or of the tune."""
        left = self.part - number % self.part
        return min(left, self.first + self.bars - number) if self.closes else left


def go_on(
    writer: BarWriter, course: Course, taste: Taste, past: Sequence[Bar] = ()
) -> Iterator[Bar]:
    """The bars of `course`, after the `past` that `writer` has heard.

    Bar by bar the draws follow from the seed and the bar's number alone. What is written after
    plans may repeat itself as they do; only its close is mended.
    """
    written = list(past)
    for number in range(course.first, course.first + course.bars):
        rng = np.random.default_rng((*_numbers(course.seed), max(0, number), number < 0))
        for draft in range(DRAFTS):
            trial = writer.copy()
            bar = _draft(trial, course, number, draft, taste, rng)
            if not _wrong(bar, written, number, course):
                break
        writer = trial
        if course.is_last(number) and not closes([*written, bar]):
            bar = brought_home(bar, writer.past.metre)
        written.append(bar)
        yield bar


def _draft(
    writer: BarWriter,
    course: Course,
    number: int,
    draft: int,
    taste: Taste,
    rng: np.random.Generator,
) -> Bar:
    """The bar once more: the later drafts leave the plan, or the past, out of sight."""
    plans = course.plans if draft < SIGHTED else None
    return writer.bar(
        rng,
        taste,
        plan=plans(number // CELL_BARS) if plans else None,
        half=number % CELL_BARS,
        bars_left=course.bars_left(number),
        alone=draft >= SIGHTED and not course.plans,
    )


def tune(
    stepper: Stepper,
    condition: Condition,
    bars: int,
    taste: Taste,
    seed: int | tuple[int, ...],
    *,
    part: int = PART,
    pickup: bool = False,
) -> Iterator[Bar]:
    """A tune of `bars` bars in parts of `part`, from nothing; its last bar closes on the tonic
    where that can be had.

    With `pickup` there is one bar more before them, most of it silent as a rule.
    """
    first = -1 if pickup else 0
    course = Course(first=first, bars=bars - first, part=part, closes=True, seed=seed)
    yield from go_on(BarWriter(stepper, condition), course, taste)


def _numbers(seed: int | tuple[int, ...]) -> tuple[int, ...]:
    return seed if isinstance(seed, tuple) else (seed,)


def _wrong(bar: Bar, written: Sequence[Bar], number: int, course: Course) -> bool:
    """Whether `bar` should not stand after `written`; `number` counts from the pickup's end."""
    if course.is_last(number) and not closes([*written, bar]):
        return True
    if course.plans:
        return False
    stuck = len(written) > 1 and bar == written[-1] == written[-2]
    swaying = len(written) > 4 and [*written[-5:], bar] == [*written[-5:-3]] * 3
    part = course.part
    second = number >= part and number % part < 2 and len(written) >= part
    return stuck or swaying or (second and bar == written[-part])
