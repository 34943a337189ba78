"""One deck that composes: what it plays, one bar ahead, and what it wants from its engine.

A page is right for as long as its wish is what the scene, the transport and the bars before it
say; else it is written again, until its bar begins. All of it runs on the window's thread; only
its `Pages` are read on others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from studio.engine import EngineError
from studio.live.clock.transport import Transport
from studio.live.ensemble._accompanist import Accompanist, HeardChord, Turn
from studio.live.ensemble._bar_plans import Begun, Page, Pages
from studio.live.ensemble._composer import Composer
from studio.live.ensemble._next_bars import NextBars
from studio.live.ensemble.band import Arrange
from studio.live.ensemble.played import Played, Roll, drawn
from studio.live.ensemble.wishes import COMING, OPENING, Answer, Asked, Song, TuneRequest
from studio.music.chords import Chord, parsed
from studio.music.phrases import Phrase, joined
from studio.session import Session

_REST_S = 0.3
"""While it plays, what a jump would begin with is written anew once the hand has rested."""
_EDGE = 1e-6


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
        accompanist: Accompanist,
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
        self._accompanist = accompanist
        self._changed = changed
        self._noticed = noticed
        self._next = NextBars(key, session, transport, accompanist, self.played)
        self._composer = Composer(self.pages, arrange, self._ask, transport.clock, self.tell)
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
        self.tell()
        return self.held == on

    def _hold(self, page: Page | None) -> None:
        self._held_page = page
        self.pages.hold(page)

    def _renew_held(self) -> None:
        """A bar that the artist rewrites while it is held is heard as it is now, the next time."""
        page, metre = self._held_page, self._transport.metre
        wish = self._next.wish(COMING, metre.bar(self._held_number), self._held_number, ())
        given = self._next.with_own(wish).given
        if page is not None and given is not None and given is not page.lead:
            self._hold(self._composer.page(self._next.with_own(wish), given))

    def number_of(self, bar: int) -> int:
        """Which bar of the tune bar `bar` of the roll is, from 0."""
        tune, shown = self.played.tune, self.roll.bars
        if tune and shown and shown[0] is tune[0].shown:
            return bar - shown[0].number + self.played.count_to(tune[0].begun.bar)
        return bar - shown[0].number if shown else bar

    def rests(self, bar: int) -> bool:
        """Whether bar `bar` of the roll is the player's turn."""
        turn = self._next.turn_of(self.number_of(bar))
        return turn is not None and turn.yours

    def answer(self, past: tuple[Phrase, ...]) -> None:
        """Go on from `past`, a phrase for each bar, for as many bars."""
        self._next.answer = Answer(past, len(past)) if past else None
        self.stale()
        self.tell()

    def perform(self, tune: Phrase) -> None:
        """Play `tune` from the next bar on, in place of what would be composed."""
        self._next.song, self._next.answer = Song(tune.bars()), None
        if self.held:
            self.hold(False)
        self.stale()
        self.tell()

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
            duet = self._accompanist.seen(self._turn_now(), self._roll.key)
            self._roll = replace(self._roll, duet=duet)
        return self._roll

    @property
    def song(self) -> Song | None:
        """What is performed, until its last bar has ended."""
        return self._next.song

    def _turn_now(self) -> Turn | None:
        """Whose the bar is that began last."""
        last = self.played.last
        playing = last is not None and self._transport.movement.playing
        number = 0 if last is None else self.played.count_to(last.begun.bar)
        return self._next.turn_of(number) if playing else None

    @property
    def answering(self) -> int:
        """So many bars of an answer are still to come."""
        if self._next.answer is not None:
            return self._next.answer.left
        turn, last = self._turn_now(), self.played.last
        answers = last is not None and last.begun.page.answers
        return turn.left if turn and answers and not turn.yours else 0

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

    def follow(self, heard: HeardChord) -> None:
        """Somebody who plays along goes on to this chord; the band does from there on."""
        self.step()
        last, chord = self.played.last, heard.chord
        if last is not None and chord is not None and not self.held:
            begun, inside = last.begun, heard.at_beats - last.begun.bar.start_beats
            if -_EDGE < inside < begun.bar.length_beats - _EDGE:
                self._change_chord(begun, inside, chord)
        self._is_stale = True
        self.step()

    def _change_chord(self, begun: Begun, inside: float, chord: Chord) -> None:
        """Have another chord in a bar that has begun, from so many beats of it on."""
        page, wish = begun.page, begun.page.wish
        named = parsed(page.chords)
        before = tuple(each for each in named if each[0] < inside - _EDGE)
        goes_on = named == before and before[-1:] and before[-1][1] == chord
        if wish is None or goes_on:
            return
        chords = (*before, (inside, chord))
        written = self._composer.page(replace(wish, chords=chords), page.lead)
        self.played.renew(self.pages.renew(begun, written))
        self._accompanist.damp(self._key, begun.bar.start_beats + inside)
        self.tell()

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
            seen_to = self.held or self._see_to(self._next.coming(last.begun))
        if not playing or last is None or self._transport.clock() - self._moved_s >= _REST_S:
            seen_to &= self._see_to(self._next.opening())
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
        self.tell()

    def _take(self, begun: Begun) -> None:
        """A bar has begun."""
        last = self.played.last
        known = last is not None and last.begun.bar == begun.bar and not begun.opens
        self.played.add(begun, self._transport.bpm)
        if self._next.answer is not None and not known:
            self._next.answer = self._next.answer.after(begun)
        if self._next.song is not None and not known:
            self._next.song = self._next.song.after(begun)
        self._is_stale = True
        self.tell()

    # -- what comes ----------------------------------------------------------------------------

    def _see_to(self, wish: TuneRequest) -> bool:
        epoch = self._session.state(self._key).epoch
        return self._composer.see_to(wish, epoch, ticks=self._transport.movement.playing)

    def _still_fits(self, wish: TuneRequest) -> bool:
        """Whether a page is of use, though a newer wish may be on its way."""
        last = self.played.last
        if wish.kind == OPENING:
            return True
        if last is None or self.held:
            return False
        now = self._next.coming(last.begun)
        same = (now.bar, now.opens, now.answers) == (wish.bar, wish.opens, wish.answers)
        follows = wish.answers or now.passage.past == wish.passage.past
        return same and now.given is None and follows

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

    def tell(self) -> None:
        """What is seen of it differs."""
        self._roll = None
        self._changed()
