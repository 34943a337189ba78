"""What one deck that composes is to play next: the wish for a bar, as the scene, the transport, the
bars before and a player have it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from studio.live.clock.timeline import AHEAD_S
from studio.live.clock.transport import Transport
from studio.live.ensemble._accompanist import Accompanist, Turn
from studio.live.ensemble._bar_plans import Begun
from studio.live.ensemble.played import Played
from studio.live.ensemble.wishes import (
    COMING,
    OPENING,
    PAST_BARS,
    Answer,
    Song,
    TuneRequest,
    passage_of,
    setting_of,
)
from studio.music.metres import Bar
from studio.music.phrases import Kept, Phrase
from studio.session import Session
from studio.session.own_bars import chords_of, melody_of


class NextBars:
    """Reads the scene and what has been `played`; changes nothing."""

    def __init__(
        self,
        key: str,
        session: Session,
        transport: Transport,
        accompanist: Accompanist,
        played: Played,
    ) -> None:
        self.answer: Answer | None = None
        """What is gone on from, until its last bar has begun."""
        self.song: Song | None = None
        """What is performed, until its last bar has ended."""
        self._key = key
        self._session = session
        self._transport = transport
        self._accompanist = accompanist
        self._played = played

    def coming(self, last: Begun) -> TuneRequest:
        """The bar after the one that began last."""
        wish, chord = self._after(last), self._accompanist.chord
        return wish if chord is None else replace(wish, chords=((0.0, chord),))

    def _after(self, last: Begun) -> TuneRequest:
        bar = self._bar_after(last.bar)
        if self.song is not None and self.song.begun < len(self.song.bars):
            opens, lead = self.song.begun == 0, self.song.bars[self.song.begun]
            band = None if opens else last.page.band
            song = self.wish(COMING, bar, self.song.number, (), band)
            return replace(song, opens=opens, given=lead)
        if self._transport.metre != last.page.metre:  # another metre is another tune
            return replace(self.opening(), kind=COMING, bar=bar)
        number, band = self._played.count_to(bar), last.page.band
        if self.answer is not None:
            past = self.answer.bars
            return self.with_own(self.wish(COMING, bar, number, past, band, answers=bool(past)))
        turn = self.turn_of(number)
        said = () if turn is None or turn.yours else self._accompanist.question(turn, bar.number)
        if turn is not None and said:
            return self._answered(said, bar, number, turn, band)
        wish = self.wish(COMING, bar, number, self._played.past(PAST_BARS), band)
        return replace(self.with_own(wish), rests=turn is not None and turn.yours)

    def _answered(
        self, said: tuple[Phrase, ...], bar: Bar, number: int, turn: Turn, band: Any
    ) -> TuneRequest:
        """A bar of the lead's turn, in answer to the one in its place of the player's: with its
        rhythm and, but for the last, up and down as it went.

        No more of what was said is in its ear than the last bar: a model that looks back repeats
        what it is to answer (48 of 72 bars were copies where it heard all, 5 where it did not).
        """
        answered = self._played.past(turn.place) if turn.place else ()
        past = (*(said[-1:] if turn.bars > 1 else ()), *answered)
        wish = self.wish(COMING, bar, number, past, band, answers=True)
        kept = Kept(said[turn.place], "rhythm" if turn.left == 1 < turn.bars else "both")
        return replace(wish, passage=replace(wish.passage, kept=kept))

    def turn_of(self, number: int) -> Turn | None:
        """Whose a bar of the tune is, while bars are traded and no song is performed."""
        return None if self.song is not None else self._accompanist.turn(number)

    def opening(self) -> TuneRequest:
        """The bar that play begins with, wherever it begins; the beginning of an answer where one
        is wanted before play."""
        movement = self._transport.movement
        place = movement.music_beat if movement.playing else self._transport.home
        bar = self._transport.metre.bar_at(place)
        past = self.answer.bars if self.answer and not movement.playing else ()
        turn = None if past else self._accompanist.turn(0)
        wish = self.with_own(self.wish(OPENING, bar, 0, past, answers=bool(past)))
        return replace(wish, rests=turn is not None)

    def with_own(self, wish: TuneRequest) -> TuneRequest:
        """What of the bar is the artist's own, unless it is an answer to somebody."""
        if wish.answers:
            return wish
        metre = wish.passage.metre
        own = self._session.scene.deck(self._key).own_bars.get(wish.passage.number)
        return replace(wish, given=melody_of(own, metre), chords=chords_of(own, metre))

    def wish(
        self,
        kind: str,
        bar: Bar,
        number: int,
        past: tuple[Phrase, ...],
        band: Any = None,
        *,
        answers: bool = False,
    ) -> TuneRequest:
        """A bar as the scene has it; one that `answers` goes on from the past alone."""
        metre = self._transport.metre
        scene = self._session.modulation.ahead(bar.start_beats)
        deck = scene.deck(self._key)
        point = self._session.point_of(deck)
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
