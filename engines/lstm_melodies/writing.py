"""Writes melodies bar by bar: from points of the latent space, from the past, or both."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from engines.lstm_melodies.features import CELL_BARS, SLOTS, Condition
from engines.lstm_melodies.grid import (
    FIRST_PITCH,
    HIGHEST,
    HOLD,
    LENGTHS,
    LOWEST,
    METRES,
    PITCHES,
    REST,
    Event,
)
from engines.lstm_melodies.model import NEVER
from engines.lstm_melodies.past import Past
from engines.lstm_melodies.stepping import CellPlan, Floats, State, Stepper

Bar = tuple[Event, ...]
_FIRST_NOTE = FIRST_PITCH + LOWEST
_PITCHES = np.arange(PITCHES)
MOST_LEANT = 4
"""Semitones from the note before beyond which a note is no likelier for being higher: octave leaps
came twice as often as in the books without it."""


@dataclass(frozen=True, kw_only=True)
class Taste:
    """How the next event is chosen."""

    temperature: float = 1.0
    """0 takes the likeliest always."""
    nucleus: float = 0.95
    """The share of the likeliest choices that is drawn from (Holtzman et al., 2019)."""
    density: float = 0.0
    """Above 0 for shorter notes, below for longer: nats for every halving of a length."""
    rhythm: float = 1.0
    """How many times hotter lengths are drawn than pitches."""
    lean: float = 0.0
    """Above 0 for higher notes, below for lower: nats a semitone, up to `MOST_LEANT`."""
    lowest: int = LOWEST
    highest: int = HIGHEST
    """The range, in semitones above the tonic."""


@dataclass(frozen=True)
class KeptBar:
    """One bar whose rhythm or contour a new one is to have."""

    events: tuple[Event, ...]
    before: int
    """The pitch word that sounded before it; `REST` where none did."""
    rhythm: bool
    """Whether its rhythm is kept."""
    contour: bool = False
    """Whether its rises and falls are."""

    def lengths(self, tick: int) -> Floats | None:
        """What to add to the logits of lengths at `tick`; None: nothing."""
        if not self.rhythm:
            return None
        starts, lengths = self._starts(), [ticks for _, ticks in self.events]
        if tick not in starts:
            return None
        row = np.full(len(LENGTHS), NEVER, np.float32)
        row[LENGTHS.index(lengths[starts.index(tick)])] = 0
        return row

    def pitches(self, tick: int, sounding: int, last: int, before: int) -> Floats:
        """The same for pitches; `sounding` is the pitch word before, holds resolved, `last` the
        last one that was no rest, and `before` what the kept bar had where that began: see
        `at`."""
        index = max(i for i, start in enumerate(self._starts()) if start <= tick)
        kept = self.events[index][0]
        row = np.zeros(PITCHES, np.float32)
        if self.rhythm:
            held = kept == REST or (kept == HOLD and sounding != REST)
            row += _only(np.equal(kept, _PITCHES) if held else _PITCHES >= _FIRST_NOTE)
        if self.contour and kept not in (REST, HOLD) and REST not in (last, before):
            going = np.sign(_PITCHES - last) == np.sign(kept - before)
            # At an end of the range the way is given up before the rhythm is.
            row += 0.25 * _only((_PITCHES < _FIRST_NOTE) | going)
        return row

    def at(self, tick: int) -> int:
        """The pitch word that sounds there, or sounded last."""
        played = zip(self._starts(), self.events, strict=True)
        heard = [p for start, (p, _) in played if start <= tick and p not in (REST, HOLD)]
        return heard[-1] if heard else self.before

    def _starts(self) -> list[int]:
        return [0, *accumulate(ticks for _, ticks in self.events[:-1])]


def kept_bars(
    bars: Sequence[tuple[Event, ...]], *, rhythm: bool, contour: bool
) -> tuple[KeptBar, ...]:
    """Bars one after the other, each knowing what sounded before it."""
    found, before = [], REST
    for events in bars:
        found.append(KeptBar(tuple(events), before, rhythm, contour))
        sounded = [pitch for pitch, _ in events if pitch != HOLD]
        before = sounded[-1] if sounded else before
    return tuple(found)


def _only(fits: npt.NDArray[np.bool_]) -> Floats:
    return np.where(fits, 0, NEVER).astype(np.float32)


@dataclass(slots=True)
class BarWriter:
    """One melody on its way; `bar` writes the next. Copy it to try something and go back."""

    stepper: Stepper
    condition: Condition
    past: Past = field(init=False)
    state: State = field(init=False)
    _given: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.past = Past(METRES[self.condition.metre])
        self.state = self.stepper.start()
        self._given = self.stepper.condition(self.condition)

    def bar(
        self,
        rng: np.random.Generator,
        taste: Taste,
        *,
        plan: CellPlan | None = None,
        half: int | None = None,
        bars_left: int = 0,
        alone: bool = False,
        kept: KeptBar | None = None,
        into: int | None = None,
    ) -> Bar:
        """The next bar: after `plan`, or freely without one; with the rhythm or the contour of one
        that is `kept`; up to the bar line with the pitch word `into`, where that goes on behind it.

        `half` says which of the plan's two bars it is (by default they take turns); `bars_left`
        asks for an ending so many bars on, this one included (0: none in sight). `alone` hides what
        was played in the bars before, so that nothing of it is taken up.
        """
        plan = plan or self.stepper.plan(None)
        first = (self.past.bars % CELL_BARS if half is None else half) * SLOTS
        events: list[Event] = []
        closed, last, followed = False, REST, kept.before if kept else REST
        while not closed:
            second = self._advance(plan, first, bars_left, alone=alone)
            place = self.past.place
            back_pitch, back_length = self.past.looked_up(alone=alone)
            tick, sounding = self.past.tick, self.past.sounding
            last = last if sounding == REST else sounding
            lengths = self.stepper.lengths(second, place, back_length)
            if kept is not None and (fits := kept.lengths(tick)) is not None:
                lengths += fits
            length = choose(lengths + taste.density * _HALVINGS, taste, rng, taste.rhythm)
            pitches = self.stepper.pitches(second, length, place, back_pitch)
            if sounding == REST:
                pitches[HOLD] = NEVER  # there is nothing to hold
            if taste.lean and sounding != REST:
                pitches += taste.lean * _LEANS[sounding]
            pitches += _range(taste)
            if kept is not None:
                pitches = _within(pitches, kept.pitches(tick, sounding, last, followed))
            if into is not None and tick + LENGTHS[length] == self.past.bar_ticks:
                goes_on = (into == _PITCHES) | ((_PITCHES == HOLD) & (sounding == into))
                pitches = _within(pitches, _only(goes_on))
            pitch = choose(pitches, taste, rng)
            if kept is not None and pitch not in (REST, HOLD):
                followed = kept.at(tick)
            closed = self.past.add(pitch, length)
            events.append((pitch, LENGTHS[length]))
        return tuple(events)

    def hear(self, bars: Sequence[Bar], plans: Sequence[CellPlan] = (), *, first: int = 0) -> None:
        """Take bars that others have played as the past; `plans`, if known, one for each bar, and
        `first` the number of the first of them: even bars are a plan's first halves."""
        for number, bar in enumerate(bars):
            plan = plans[number] if plans else self.stepper.plan(None)
            half = (first + number) % CELL_BARS
            for pitch, ticks in bar:
                self._advance(plan, half * SLOTS, 0)
                self.past.add(pitch, LENGTHS.index(ticks))

    def surprise(self, bar: Bar, bars_left: int = 0) -> float:
        """How unlikely `bar` is as the next one, in nats; it has been heard then."""
        plan, nats = self.stepper.plan(None), 0.0
        for pitch, ticks in bar:
            second = self._advance(plan, 0, bars_left)
            place, length = self.past.place, LENGTHS.index(ticks)
            back_pitch, back_length = self.past.looked_up()
            nats += _nats(self.stepper.lengths(second, place, back_length), length)
            nats += _nats(self.stepper.pitches(second, length, place, back_pitch), pitch)
            self.past.add(pitch, length)
        return nats

    def copy(self) -> BarWriter:
        """Another one at the same place, to try something on."""
        twin = copy.copy(self)
        twin.past, twin.state = self.past.copy(), self.state.copy()
        return twin

    def _advance(
        self, plan: CellPlan, first_slot: int, bars_left: int, *, alone: bool = False
    ) -> Floats:
        words, slot = self.past.words(bars_left, alone=alone), first_slot + self.past.slot
        return self.stepper.step(self.state, words, self._given, plan, slot)


def phrase(
    stepper: Stepper,
    condition: Condition,
    points: Floats,
    bars: int,
    taste: Taste,
    rng: np.random.Generator,
) -> list[Bar]:
    """`bars` bars from `points` (cells, latent), two bars from each."""
    writer = BarWriter(stepper, condition)
    plans = [stepper.plan(point) for point in points]
    return [writer.bar(rng, taste, plan=plans[bar // CELL_BARS]) for bar in range(bars)]


def choose(logits: Floats, taste: Taste, rng: np.random.Generator, heat: float = 1.0) -> int:
    """A word drawn from `logits` as `taste` has it, `heat` times as hot."""
    if taste.temperature <= 0:
        return int(logits.argmax())
    odds = np.exp((logits - logits.max()) / (taste.temperature * heat))
    order = np.argsort(-odds)
    running = np.cumsum(odds[order])
    share = taste.nucleus if heat == 1.0 else 1.0 - (1.0 - taste.nucleus) / heat**4
    kept = int(np.searchsorted(running, share * running[-1])) + 1
    at = int(np.searchsorted(running[:kept], rng.random() * running[kept - 1]))
    return int(order[min(at, kept - 1)])


def _nats(logits: Floats, word: int) -> float:
    top = float(logits.max())
    return top + float(np.log(np.exp(logits - top).sum())) - float(logits[word])


_WORDS = np.arange(FIRST_PITCH + HIGHEST + 1, dtype=np.float32)
_LEANS = np.clip(_WORDS - _WORDS[:, None], -MOST_LEANT, MOST_LEANT)
_LEANS[:, : FIRST_PITCH + LOWEST] = 0  # rests and holds
_HALVINGS = (-np.log2(np.array(LENGTHS) / 12)).astype(np.float32)


def _within(logits: Floats, fits: Floats) -> Floats:
    """`logits` where they fit; all of them where nothing does, at an end of the range."""
    both = logits + fits
    return both if both.max() > NEVER / 2 else logits


def _range(taste: Taste) -> Floats:
    """0 for rests, holds and the pitches within the range, -1e9 for the others."""
    row = np.zeros(FIRST_PITCH + HIGHEST + 1, np.float32)
    row[2 : FIRST_PITCH + taste.lowest] = -1e9
    row[FIRST_PITCH + taste.highest + 1 :] = -1e9
    return row
