"""Passages as the instrument asks for them: the next bars after those that have been played."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engines.lstm_melodies.composing import Course, Plans, go_on, led_into, tune
from engines.lstm_melodies.features import CELL_BARS, Condition
from engines.lstm_melodies.forms import PART as FORM_PART
from engines.lstm_melodies.forms import Form, drawn
from engines.lstm_melodies.grid import BAR_TICKS, HOLD, REST
from engines.lstm_melodies.hearing import hear
from engines.lstm_melodies.metres import written
from engines.lstm_melodies.points import neighbour
from engines.lstm_melodies.stepping import CellPlan, Stepper
from engines.lstm_melodies.voicing import Voice, voiced
from engines.lstm_melodies.wishes import Wishes, wishes
from engines.lstm_melodies.writing import Bar, BarWriter, KeptBar, Taste, kept_bars
from studio.engine import Passage
from studio.music.phrases import Phrase, joined
from studio.music.tune_forms import before

ANCHOR = 8
"""What is heard of the past begins at a bar whose number is divisible by this, and is at least as
long where there is so much: then the next passage's past only adds to what has been heard."""
FIRMNESS = 4.0
"""How many times more a point is set on its lengths than the model is by itself. With a lean of 3
held-out phrases had 6.7 notes a bar for 4.9, 4.3 with one of -3; nine of ten they had before."""
KEPT = 16
"""Pasts that are kept as heard: two for each of eight decks."""
_EDGE = 1e-6


@dataclass(frozen=True, slots=True)
class PlayedBars:
    """What was played before, in the model's terms."""

    bars: tuple[Bar, ...]
    sounding: int | None
    """The MIDI number of the note that sounds up to its end."""


@dataclass(frozen=True, slots=True)
class WholeTune:
    """A tune that was composed at once."""

    form: Form
    bars: tuple[Bar, ...]
    phrase: Phrase


class TunePlayer:
    """A model that plays passages. It keeps what it has heard of the past, to hear on from there;
    what it plays depends on the passage alone."""

    def __init__(self, stepper: Stepper, latent_size: int) -> None:
        self.stepper, self._latent_size = stepper, latent_size
        self._heard: OrderedDict[tuple[Condition, tuple[Bar, ...]], BarWriter] = OrderedDict()

    def play(self, passage: Passage) -> Phrase:
        """`passage.bars` bars."""
        freely = passage.free or not passage.latent.any()  # all slots are empty
        if passage.opens and freely:
            return self.whole(passage).phrase
        asked, how = wishes(passage.parameters), written(passage.metre)
        voice = Voice(passage.metre, asked.tonic + asked.lift, asked.mode)
        kept = _kept(passage, voice, passage.bars * how.times)
        then, into = _then(passage, voice)
        if freely and not (kept or then) and (played := _again(passage, asked, voice)):
            return played
        past, condition = past_of(passage, voice), asked.condition(how.name)
        plans = None if freely else self._plans(passage, asked, how.times)
        course = Course(
            first=passage.number * how.times,
            bars=passage.bars * how.times,
            part=asked.part * how.times,
            closes=passage.closes,
            seed=passage.seed,
            plans=plans,
            kept=kept,
            into=into,
        )
        if plans is None:
            writer = self._listened(condition, past.bars)
        else:
            writer = self._briefed(condition, past.bars, course.first, plans)
        taste = asked.taste if plans is None else _firm(asked.taste)
        if then:
            bars = led_into(writer, course, taste, past.bars, then)
        else:
            bars = list(go_on(writer, course, taste, past.bars))
        return voiced(bars, voice, before=past.sounding)

    def whole(self, passage: Passage) -> WholeTune:
        """A tune from its beginning on, after a form as the books have it."""
        said, how = passage.parameters, written(passage.metre)
        asked, count = wishes(said), passage.bars * how.times
        letters, part = asked.form, asked.part * how.times
        form = drawn(
            asked.genre,
            FORM_PART * len(set(letters)) if letters else count,
            (passage.seed,),
            tonic=asked.tonic % 12 if "tonic" in said else None,
            mode=asked.mode if "mode" in said else None,
        )
        if letters:
            form = form.lettered(letters, count, part)
        elif part != FORM_PART:
            form = form.loose()
        form = replace(form, pickup=form.pickup and how.times == 1)
        asked = wishes({**said, "mode": form.mode}, form.tonic)
        bars = tune(
            self.stepper,
            asked.condition(how.name),
            count,
            asked.taste,
            passage.seed,
            part=part,
            form=form,
        )
        written_bars = tuple(bars)
        voice = Voice(passage.metre, asked.tonic + asked.lift, asked.mode)
        return WholeTune(form, written_bars, voiced(written_bars, voice))

    def _plans(self, passage: Passage, asked: Wishes, times: int) -> Plans:
        """The plan for each pair of bars, made when it is wanted; varied ones never come again."""
        cells = np.asarray(passage.latent, np.float32).reshape(-1, self._latent_size)
        made: dict[int, CellPlan] = {}

        def plan(number: int) -> CellPlan:
            if number not in made:
                cell = cells[_placed(number, asked, times) % len(cells)]
                cell = neighbour(cell, asked.vary, (passage.seed, number))
                made[number] = self.stepper.plan(cell)
            return made[number]

        return plan

    def _listened(self, condition: Condition, bars: tuple[Bar, ...]) -> BarWriter:
        """A writer that has heard `bars`; what it has heard before is not heard again."""
        count = len(bars)
        while count and (condition, bars[:count]) not in self._heard:
            count -= 1
        known = self._heard.get((condition, bars[:count]))
        writer = known.copy() if known else BarWriter(self.stepper, condition)
        writer.hear(bars[count:])
        self._heard[condition, bars] = writer
        self._heard.move_to_end((condition, bars))
        while len(self._heard) > KEPT:
            self._heard.popitem(last=False)
        return writer.copy()

    def _briefed(
        self, condition: Condition, bars: tuple[Bar, ...], number: int, plans: Plans
    ) -> BarWriter:
        """A writer before bar `number` that has `bars` to look back to, and in its ear those of the
        point before and of this one, as if written after the same plans.

        Held-out phrases came back with 98.5 % of their notes so, with 97.3 % where all of the past
        was heard without plans.
        """
        writer = BarWriter(self.stepper, condition)
        near = min(len(bars), CELL_BARS + number % CELL_BARS)
        first = number - near
        writer.past.play(bars[: len(bars) - near])
        heard = bars[len(bars) - near :]
        writer.hear(heard, [plans((first + at) // CELL_BARS) for at in range(near)], first=first)
        return writer


def _kept(passage: Passage, voice: Voice, count: int) -> tuple[KeptBar, ...]:
    """The bars of which something is kept, in the model's terms; none that cannot be heard."""
    if passage.kept is None:
        return ()
    try:
        heard = hear(_in_key(passage.kept.phrase, voice), tonic=voice.tonic, mode=voice.mode).bars
    except ValueError:  # nothing but silence
        return ()
    what = passage.kept.what
    whole = len(heard) == count
    return kept_bars(heard, rhythm=what != "contour", contour=what != "rhythm") if whole else ()


def _then(passage: Passage, voice: Voice) -> tuple[Sequence[Bar], int | None]:
    """What stands behind the passage, as it stands there; and the pitch word that goes on into it.
    Nothing where that cannot be heard."""
    then = passage.then
    if then is None or then.metre != passage.metre:
        return (), None
    try:
        first, *others = hear(then, tonic=voice.tonic, mode=voice.mode).bars
    except ValueError:  # nothing but silence
        return (), None
    if not (then.notes and then.notes[0].tied and then.notes[0].start_beats < _EDGE):
        return (first, *others), None
    (pitch, ticks), *rest = first
    return (((HOLD, ticks), *rest), *others), pitch


def _again(passage: Passage, asked: Wishes, voice: Voice) -> Phrase | None:
    """The bar of the past that the form asks for again, in today's key; None if it is a new one."""
    back = before(asked.form, passage.number // asked.part)
    bars = (back or 0) * asked.part
    if not 0 < bars <= len(passage.past) or passage.bars != 1:
        return None
    phrase = passage.past[-bars]
    return _in_key(phrase, voice) if phrase.metre == passage.metre else None


def _placed(cell: int, asked: Wishes, times: int) -> int:
    """The pair of bars that stands at pair `cell` where the form orders the parts of a point."""
    pairs, odd = divmod(asked.part * times, CELL_BARS)
    if not asked.form or odd:
        return cell
    part, within = divmod(cell, pairs)
    names = "".join(dict.fromkeys(asked.form))
    return names.index(asked.form[part % len(asked.form)]) * pairs + within


def _firm(taste: Taste) -> Taste:
    """The taste at which a phrase that is known note for note is thinned out or embellished."""
    return replace(taste, density=FIRMNESS * taste.density)


def past_of(passage: Passage, voice: Voice) -> PlayedBars:
    """The last bars before `passage` in its metre, as far back as they are heard."""
    wanted = ANCHOR + passage.number % ANCHOR
    phrases = _same_metre(passage.past, passage)[-wanted:]
    if not phrases:
        return PlayedBars((), None)
    phrase = joined([_in_key(each, voice) for each in phrases])
    try:
        heard = hear(phrase, tonic=voice.tonic, mode=voice.mode).bars
    except ValueError:  # nobody has played
        how = written(passage.metre)
        heard = (((REST, BAR_TICKS[how.name]),),) * (len(phrases) * how.times)
    last = max(phrases[-1].notes, key=lambda note: note.start_beats, default=None)
    rings = last and last.start_beats + last.length_beats > phrases[-1].length_beats - _EDGE
    return PlayedBars(heard, last.pitch if last and rings else None)


def _same_metre(past: Sequence[Phrase], passage: Passage) -> list[Phrase]:
    """The end of the past as far as it is in the passage's metre, a bar each."""
    found: list[Phrase] = []
    for phrase in reversed(past):
        if phrase.metre != passage.metre:
            break
        found.append(phrase)
    return found[::-1]


def _in_key(phrase: Phrase, voice: Voice) -> Phrase:
    """The phrase as if it had been played in the key that is played in now."""
    if phrase.key is None:
        return phrase
    steps = (voice.tonic - phrase.key.tonic + 6) % 12 - 6
    return phrase.transposed(steps) if steps else phrase
