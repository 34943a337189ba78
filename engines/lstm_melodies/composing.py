"""Whole tunes: parts of eight bars, each with a close, and what a fiddler would not play mended.

The model alone writes good bars, but it follows what it hears: now and then it turns in a circle
for the rest of the tune, plays the first part again instead of a second, or stops on some note or
other. So a bar that does one of these is written again, in the end without sight of the past.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engines.lstm_melodies.closing import at_home, brought_home, closes, leads_in, led_in
from engines.lstm_melodies.features import CELL_BARS, Condition
from engines.lstm_melodies.forms import Form
from engines.lstm_melodies.grid import FIRST_PITCH, GENRES, HOLD, REST
from engines.lstm_melodies.stepping import CellPlan, Stepper
from engines.lstm_melodies.writing import Bar, BarWriter, KeptBar, Taste

Plans = Callable[[int], CellPlan]
"""By number, from 0, the plan of two bars."""
PART = 8
"""Bars of a part."""
DRAFTS, SIGHTED = 8, 3
"""How often a bar is tried, and how many of the tries see the past."""
RHYTHM = {"reel": 1.08, "jig": 1.08, "slip jig": 1.04, "hornpipe": 0.98, "air": 1.05, "march": 1.13,
          "waltz": 1.06, "chorale": 1.12}  # fmt: skip
"""How many times hotter than pitches lengths are drawn in whole tunes (1 for other genres): then
their rhythms have the books' entropy. At 1 waltzes have 1.56 bits and real ones 1.72."""
NUCLEUS = 0.99
"""The share of the likeliest notes that whole tunes draw from: at 0.95 a tune goes to the key above
half as often as in the books."""
PULL, FIRMEST = 0.06, 0.4
"""Nats a semitone by which a part that lies a semitone too low is drawn up, and the most of it."""
NEAR_BARS = 4
"""The bars by which it is heard where a part lies."""
CANDIDATES = 16
"""So many ways to bars that are given are tried."""


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
    form: Form | None = None
    """What has been decided about the whole tune."""
    kept: tuple[KeptBar, ...] = ()
    """For each bar, the one of which something is kept; none at all: bars are free."""
    into: int | None = None
    """The pitch word that goes on over the bar line behind the last bar."""

    def is_last(self, number: int) -> bool:
        """Whether the tune is over with bar `number`."""
        return self.closes and number == self.first + self.bars - 1

    def bars_left(self, number: int) -> int:
        """Bars to the end of the part, or of the tune."""
        left = self.part - (number % self.part if number > 0 else number)
        return min(left, self.first + self.bars - number) if self.closes else left

    def copied(self, number: int) -> int | None:
        """The bar that bar `number` is to be a copy of, if its form says so."""
        if self.form is None or not self.form.again or number < 0:
            return None
        first = self.form.again[number]
        return None if first == number else first

    def comes_home(self, number: int) -> bool | None:
        """Whether the tonic is to be the last note of bar `number`; None where it is open."""
        if self.form is None:
            return True if self.is_last(number) else None
        parts_end = (at for at in self._same(number) if self._ends_part(at))
        return next((self.form.home[self._part(at)] for at in parts_end), None)

    def _same(self, number: int) -> Iterator[int]:
        """The bar and its copies."""
        yield number
        if self.form is not None and number >= 0:
            yield from (at for at, first in enumerate(self.form.again) if first == number)

    def _ends_part(self, number: int) -> bool:
        if self.is_last(number) or self.form is None or not self.form.again:
            return self.is_last(number)
        return number % self.form.part == self.form.part - 1

    def _part(self, number: int) -> int:
        return -1 if self.form is None or self.is_last(number) else number // self.form.part


def go_on(
    writer: BarWriter, course: Course, taste: Taste, past: Sequence[Bar] = ()
) -> Iterator[Bar]:
    """The bars of `course`, after the `past` that `writer` has heard.

    Bar by bar the draws follow from the seed and the bar's number alone. What is written after
    plans may repeat itself as they do; only its close is mended.
    """
    written = list(past)
    for number in range(course.first, course.first + course.bars):
        copied = course.copied(number)
        if copied is None:
            writer, bar = _newly_written(writer, course, number, taste, written)
        else:
            bar = written[copied - course.first]
            writer.hear([bar], first=number)
        written.append(bar)
        yield bar


def led_into(
    writer: BarWriter, course: Course, taste: Taste, past: Sequence[Bar], then: Sequence[Bar]
) -> list[Bar]:
    """The bars of `course` that lead to `then`, which stands behind them: of some candidates one is
    drawn, by how likely `then` is after each (sampling-importance-resampling: Rubin, 1987)."""
    found, behind = [], course.first + course.bars
    for number in range(CANDIDATES):
        seed = (*_numbers(course.seed), number)
        bars = list(go_on(writer.copy(), replace(course, seed=seed), taste, past))
        ear = writer.copy()
        ear.hear(bars, first=course.first)
        nats = sum(ear.surprise(bar, course.bars_left(behind + at)) for at, bar in enumerate(then))
        found.append((nats, bars))
    weights = np.exp(min(nats for nats, _ in found) - np.array([nats for nats, _ in found]))
    rng = np.random.default_rng((*_numbers(course.seed), behind))
    return found[int(rng.choice(CANDIDATES, p=weights / weights.sum()))][1]


def _newly_written(
    writer: BarWriter, course: Course, number: int, taste: Taste, written: Sequence[Bar]
) -> tuple[BarWriter, Bar]:
    """Bar `number`, the best of some drafts, and the writer after it."""
    rng = np.random.default_rng((*_numbers(course.seed), max(0, number), number < 0))
    leaning = _leaning(taste, course, number, written)
    found: tuple[bool, BarWriter, Bar] | None = None
    for draft in range(DRAFTS):
        trial = writer.copy()
        bar = _draft(trial, course, number, draft, leaning, rng)
        wrong = _wrong(bar, written, number, course)
        if found is None or found[0]:
            found = wrong, trial, bar
        if not wrong and not (course.form and _rough(bar)):
            found = wrong, trial, bar
            break
    assert found is not None
    _, trial, bar = found
    mended = _mended(bar, written, number, course, writer.past.metre)
    if mended != bar:
        trial = writer.copy()
        trial.hear([mended], first=number)
    return trial, mended


def _mended(bar: Bar, written: Sequence[Bar], number: int, course: Course, metre: str) -> Bar:
    """`bar`, led in or brought home where no draft was so."""
    if number < 0:
        return bar if leads_in(bar) else led_in(bar)
    rests = closes if course.is_last(number) else at_home
    return (
        brought_home(bar, metre)
        if course.comes_home(number) and not rests([*written, bar])
        else bar
    )


def _leaning(taste: Taste, course: Course, number: int, written: Sequence[Bar]) -> Taste:
    """`taste`, drawn to where the part is to lie."""
    heard = [
        p - FIRST_PITCH for bar in written[-NEAR_BARS:] for p, _ in bar if p not in (REST, HOLD)
    ]
    if course.form is None or not heard:
        return taste
    lacking = course.form.centres[max(0, number) // course.form.part] - float(np.mean(heard))
    return replace(taste, lean=min(max(PULL * lacking, -FIRMEST), FIRMEST))


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
        kept=course.kept[number - course.first] if course.kept else None,
        into=course.into if number == course.first + course.bars - 1 else None,
    )


def tune(
    stepper: Stepper,
    condition: Condition,
    bars: int,
    taste: Taste,
    seed: int | tuple[int, ...],
    *,
    part: int = PART,
    form: Form | None = None,
) -> Iterator[Bar]:
    """A tune of `bars` bars in parts of `part`, from nothing; its last bar closes on the tonic
    where that can be had.

    A `form` says which bars come again, and where parts lie and end; with a pickup there is one bar
    more before them, at least half of it silent.
    """
    first = -1 if form and form.pickup else 0
    if form:
        heat = RHYTHM.get(GENRES[condition.genre], 1.0)
        taste = replace(taste, rhythm=heat, nucleus=NUCLEUS)
    course = Course(first=first, bars=bars - first, part=part, closes=True, seed=seed, form=form)
    yield from go_on(BarWriter(stepper, condition), course, taste)


def _numbers(seed: int | tuple[int, ...]) -> tuple[int, ...]:
    return seed if isinstance(seed, tuple) else (seed,)


def _wrong(bar: Bar, written: Sequence[Bar], number: int, course: Course) -> bool:
    """Whether `bar` should not stand after `written`; `number` counts from the pickup's end."""
    if number < 0:
        return not leads_in(bar)
    home = course.comes_home(number)
    if home is not None and home != (closes if course.is_last(number) else at_home)(
        [*written, bar]
    ):
        return True
    if course.plans:
        return False
    if course.form and course.form.again:
        return bar in written
    stuck = len(written) > 1 and bar == written[-1] == written[-2]
    swaying = len(written) > 4 and [*written[-5:], bar] == [*written[-5:-3]] * 3
    part = course.part
    second = number >= part and number % part < 2 and len(written) >= part
    return stuck or swaying or (second and bar == written[-part])


def _rough(bar: Bar) -> bool:
    """Whether a fiddler would stumble: most of the bar is silent, or a note begins neither on a
    32nd nor on a third of a beat or half a beat."""
    tick = silent = 0
    crooked = False
    for pitch, ticks in bar:
        crooked |= tick % 3 != 0 and tick % 4 != 0
        silent += ticks * (pitch == REST)
        tick += ticks
    return crooked or 2 * silent > tick
