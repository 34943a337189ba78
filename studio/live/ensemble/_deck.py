"""One deck that composes: what it plays, one bar ahead, and what it wants from its engine.

A page is right for as long as its wish is what the scene, the transport and the bars before it
say; else it is written again, until its bar begins. All of it runs on the window's thread; only
its `Pages` are read on others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from studio.engine import EngineError
from studio.live.clock.timeline import AHEAD_S
from studio.live.clock.transport import Transport
from studio.live.ensemble._bar_plans import Begun, Page, Pages
from studio.live.ensemble._composer import Composer
from studio.live.ensemble.band import Arrange
from studio.live.ensemble.played import Played, Roll, drawn
from studio.live.ensemble.wishes import (
    COMING,
    OPENING,
    PAST_BARS,
    Answer,
    Asked,
    Song,
    TuneRequest,
    passage_of,
    setting_of,
)
from studio.music.metres import Bar
from studio.music.phrases import Phrase, joined
from studio.session import Session
from studio.session.own_bars import chords_of, melody_of

_REST_S = 0.3
"""While it plays, what a jump would begin with is written anew once the hand has rested."""


class EnsembleDeck:
    """`told()` is called on any thread when a bar has begun: `step` then. `changed()` when its
    roll or its state differs, `noticed(sentence)` for the artist."""

    def __init__(
        self,
        key: str,
        session: Session,
        transport: Transport,
        *,
        arrange: Arrange,
        told: Callable[[], None],
        changed: Callable[[], None],
        noticed: Callable[[str], None],
    ) -> None:
        self.pages = Pages(transport, told)
        self.played = Played()
        self.held = False
        self._held_page: Page | None = None
        self._held_number = 0
        self._key = key
        self._session = session
        self._transport = transport
        self._changed = changed
        self._noticed = noticed
        self._answer: Answer | None = None
        self.song: Song | None = None
        """What is performed, until its last bar has ended."""
        self._composer = Composer(self.pages, arrange, self._ask, transport.clock, self._tell)
        self._remarks: tuple[str, ...] = ()
        self._cut = transport.movement.cut
        self._is_closed = False
        self._is_stale = True
        self._moved_s = transport.clock()  # when a hand last changed what pages depend on
        self._roll: Roll | None = None

    # -- what a hand does ----------------------------------------------------------------------

    def hold(self, on: bool) -> bool:
        """Play the bar that sounds now over and over. False where there is none yet."""
        page = self._now_page() if on else None
        self.held = page is not None
        self._held_number = self._number_now()
        self._hold(page)
        self.stale()
        self._tell()
        return self.held == on

    def _hold(self, page: Page | None) -> None:
        self._held_page = page
        self.pages.hold(page)

    def _renew_held(self) -> None:
        """A bar that the artist rewrites while it is held is heard as it is now, the next time."""
        page, metre = self._held_page, self._transport.metre
        wish = self._wish(COMING, metre.bar(self._held_number), self._held_number, ())
        given = self._with_own(wish).given
        if page is not None and given is not None and given is not page.lead:
            self._hold(self._composer.page(self._with_own(wish), given))

    def number_of(self, bar: int) -> int:
        """Which bar of the tune bar `bar` of the roll is, from 0."""
        tune, shown = self.played.tune, self.roll.bars
        if tune and shown and shown[0] is tune[0].shown:
            return bar - shown[0].number + self.played.count_to(tune[0].begun.bar)
        return bar - shown[0].number if shown else bar

    def answer(self, past: tuple[Phrase, ...]) -> None:
        """Go on from `past`, a phrase for each bar, for as many bars."""
        self._answer = Answer(past, len(past)) if past else None
        self.stale()
        self._tell()

    def perform(self, tune: Phrase) -> None:
        """Play `tune` from the next bar on, in place of what would be composed."""
        self.song, self._answer = Song(tune.bars()), None
        if self.held:
            self.hold(False)
        self.stale()
        self._tell()

    # -- what is seen --------------------------------------------------------------------------

    @property
    def roll(self) -> Roll:
        """What is played and what comes."""
        if self._roll is None:
            self._roll = replace(
                drawn(
                    self.played.tune,
                    self._composer.written(COMING),
                    self._composer.written(OPENING),
                    playing=self._transport.movement.playing,
                ),
                metre=self._transport.metre,
                held=self.held,
                answering=self.answering,
            )
        return self._roll

    @property
    def answering(self) -> int:
        """So many bars of an answer are still to come."""
        return self._answer.left if self._answer else 0

    def phrase(self, number: int | None, bars: int) -> Phrase | None:
        """The melody of bar `number` of the roll and of those behind it, `bars` in all; without a
        number, of the last ones up to what sounds now."""
        if number is None:
            wanted = self.played.until(self._transport.place, bars)
        else:
            numbers, outlined = range(number, number + bars), self.roll.bars[-1:]
            wanted = self.played.numbered(numbers)
            ahead = (self._composer.written(kind) for kind in (COMING, OPENING))
            wanted += [
                written.page.lead
                for written in ahead
                if written and written.outline in outlined and written.outline.number in numbers
            ][:1]
        return joined(wanted) if wanted else None

    # -- what time brings ----------------------------------------------------------------------

    def stale(self) -> None:
        """A hand has changed something on which pages may depend."""
        self._is_stale = True
        self._moved_s = self._transport.clock()

    @property
    def waits(self) -> bool:
        """Whether `step` has something to do although nothing plays."""
        return self._is_stale

    def step(self) -> None:
        """Take in which bars have begun, and ask for what is wanted by now: with every frame while
        the transport plays, and whenever something has changed."""
        self._see_jumps()
        for begun in self.pages.news():
            self._take(begun)
        state = self._session.state(self._key)
        if not self._is_stale or state.loaded is None or state.opening:
            return
        last, playing = self.played.last, self._transport.movement.playing
        seen_to = True
        if self.held:
            self._renew_held()
        if playing and last is not None:
            seen_to = self.held or self._see_to(self._coming(last.begun))
        if not playing or last is None or self._transport.clock() - self._moved_s >= _REST_S:
            seen_to &= self._see_to(self._opening())
            self._is_stale = not seen_to

    def close(self) -> None:
        """Take no more answers."""
        self._is_closed = True

    def _ask(self, asked: Asked) -> None:
        """Two kinds of page, two keys: a newer wish replaces one of its kind that is not begun."""
        key, take = ("page", asked.wish.kind), partial(self._take_phrase, asked)
        self._session.engines.compose(self._key, asked.wish.passage, key, take)

    def _take_phrase(self, asked: Asked, phrase: Phrase | EngineError) -> None:
        if self._is_closed:
            return
        self._composer.take(asked, failed=isinstance(phrase, EngineError))
        if not isinstance(phrase, EngineError) and self._still_fits(asked.wish):
            self._composer.write(asked.wish, phrase)
            self._remark(phrase.remarks)
        self._is_stale = True
        self.step()

    def _see_jumps(self) -> None:
        """Where play begins anew, there is no tune until its first bar has begun."""
        movement, last = self._transport.movement, self.played.last
        if movement.cut == self._cut:
            return
        self._cut = movement.cut
        is_old = last is not None and last.begun.cut != movement.cut
        if movement.playing and is_old and not self.pages.goes_on:
            self.played.forget()
        self._is_stale = True
        self._tell()

    def _take(self, begun: Begun) -> None:
        """A bar has begun."""
        last = self.played.last
        known = last is not None and last.begun.bar == begun.bar and not begun.opens
        self.played.add(begun, self._transport.bpm)
        if self._answer is not None and not known:
            self._answer = self._answer.after(begun)
        if self.song is not None and not known:
            self.song = self.song.after(begun)
        self._is_stale = True
        self._tell()

    # -- what is wanted ------------------------------------------------------------------------

    def _coming(self, last: Begun) -> TuneRequest:
        """The bar after the one that began last."""
        bar = self._bar_after(last.bar)
        if self.song is not None and self.song.begun < len(self.song.bars):
            opens, lead = self.song.begun == 0, self.song.bars[self.song.begun]
            band = None if opens else last.page.band
            song = self._wish(COMING, bar, self.song.number, (), band)
            return replace(song, opens=opens, given=lead)
        if self._transport.metre != last.page.metre:  # another metre is another tune
            return replace(self._opening(), kind=COMING, bar=bar)
        past = self._answer.bars if self._answer else self.played.past(PAST_BARS)
        number = self.played.count_to(bar)
        return self._with_own(self._wish(COMING, bar, number, past, last.page.band))

    def _opening(self) -> TuneRequest:
        """The bar that play begins with, wherever it begins; the beginning of an answer where one
        is wanted before play."""
        movement = self._transport.movement
        place = movement.music_beat if movement.playing else self._transport.home
        bar = self._transport.metre.bar_at(place)
        past = self._answer.bars if self._answer and not movement.playing else ()
        return self._with_own(self._wish(OPENING, bar, 0, past))

    def _with_own(self, wish: TuneRequest) -> TuneRequest:
        """What of the bar is the artist's own, unless it is an answer to somebody."""
        if wish.answers:
            return wish
        metre = wish.passage.metre
        own = self._session.scene.deck(self._key).own_bars.get(wish.passage.number)
        return replace(wish, given=melody_of(own, metre), chords=chords_of(own, metre))

    def _wish(
        self, kind: str, bar: Bar, number: int, past: tuple[Phrase, ...], band: Any = None
    ) -> TuneRequest:
        metre = self._transport.metre
        scene = self._session.modulation.ahead(bar.start_beats)
        deck = scene.deck(self._key)
        point = self._session.point_of(deck)
        answers = self._answer is not None and bool(past)
        passage = passage_of(deck, point, metre, number, past, free=answers)
        setting = setting_of(deck, self._session.spec(self._key), scene.score)
        return TuneRequest(
            kind, bar, passage, setting, band, opens=kind == OPENING, answers=answers
        )

    def _bar_after(self, bar: Bar) -> Bar:
        """The next bar; where the metre has changed, the first whole one of the new metre."""
        metre, transport = self._transport.metre, self._transport
        if bar == metre.bar(bar.number):
            return metre.bar(bar.number + 1)
        settled = transport.movement.beat_at(transport.clock() + AHEAD_S)
        return metre.bar(metre.bar_at(settled).number + 1)

    def _see_to(self, wish: TuneRequest) -> bool:
        epoch = self._session.state(self._key).epoch
        return self._composer.see_to(wish, epoch, ticks=self._transport.movement.playing)

    # -- what comes ----------------------------------------------------------------------------

    def _still_fits(self, wish: TuneRequest) -> bool:
        """Whether a page is of use, though a newer wish may be on its way."""
        last = self.played.last
        if wish.kind == OPENING:
            return True
        if last is None or self.held:
            return False
        now = self._coming(last.begun)
        same = (now.bar, now.opens, now.answers) == (wish.bar, wish.opens, wish.answers)
        return same and now.given is None and now.passage.past == wish.passage.past

    def _remark(self, remarks: tuple[str, ...]) -> None:
        """What the engine has to say, once for as long as it says the same."""
        for sentence in remarks:
            if sentence not in self._remarks:
                self._noticed(sentence)
        self._remarks = remarks

    def _now_page(self) -> Page | None:
        """The page that sounds; before play, the one that it would begin with."""
        heard = self.played.at(self._transport.place) or self.played.last
        if heard is not None and self._transport.movement.playing:
            return heard.begun.page
        opening = self._composer.written(OPENING)
        return opening.page if opening else None

    def _number_now(self) -> int:
        """Of the bar that sounds, in its tune."""
        heard = self.played.at(self._transport.place) or self.played.last
        playing = heard is not None and self._transport.movement.playing
        return self.played.count_to(heard.begun.bar) if heard is not None and playing else 0

    def _tell(self) -> None:
        self._roll = None
        self._changed()
