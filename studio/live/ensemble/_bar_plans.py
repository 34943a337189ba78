"""Bars that somebody composes one ahead, and the tracks that play from them.

What is composed is put on a music stand, `Pages`, from which all parts of an ensemble play: each
bar is settled once for all of them, when it begins.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

from studio.live.clock.timeline import AHEAD_S
from studio.live.clock.transport import Transport
from studio.music.metres import Bar, Metre
from studio.music.notes import Note
from studio.music.phrases import Phrase

_KEPT = 3
"""So many bars that have begun can still be asked for: a part may be a little behind the others."""

_EARLY_S = AHEAD_S + 0.1
"""A bar that is further ahead is asked for by a part that has not yet heard of a jump."""

_AT_ITS_LINE_BEATS = 0.1
"""An opening that comes while others play already waits for the next bar line."""


@dataclass(frozen=True, eq=False)
class Page:
    """One bar, written out for all parts."""

    lead: Phrase
    """The melody as it was composed: what the next bar goes on from, and what a slot can keep."""
    notes: tuple[Note, ...]
    """As played, in beats from the bar's beginning; the track of each note is its part."""
    metre: Metre = field(default_factory=Metre)
    """The one that was asked for; the melody's may be the nearest that the engine knows."""
    chords: tuple[tuple[float, str], ...] = ()
    """Names of chords, each with the beat of the bar where it begins."""
    written: tuple[Note, ...] = ()
    """The notes as they stand on paper; empty where nobody has written them down."""
    opens: bool = False
    """Whether a tune begins here, whatever was before."""
    answers: bool = False
    """Whether it goes on from what somebody else has played."""
    band: Any = None
    """Where the band has got to, for whoever writes the next page."""
    wish: Any = None
    """What it was written for, for whoever writes it anew."""


@dataclass(frozen=True, eq=False)
class Begun:
    """What is played in a bar, settled when the bar began."""

    bar: Bar
    page: Page
    opens: bool = False
    """Whether a tune begins here."""
    again: bool = False
    """Whether it is the page of an earlier bar: held, or for want of a newer one."""
    cut: int = 0
    """Of the transport's movement in which it began."""


class Pages:
    """The pages of one ensemble, by bar. Safe between threads.

    A bar whose page has not come when it begins is played from the page at hand, and counted in
    `late`. Play that begins or jumps starts over with the opening page; play that goes on where it
    was stopped goes on with its bar. `told` is called, on any thread, when a bar has begun.
    """

    def __init__(self, transport: Transport, told: Callable[[], None]) -> None:
        self.late = 0
        """How many bars were played from an earlier page, for want of their own."""
        self._transport = transport
        self._told = told
        self._lock = Lock()
        self._cut = transport.movement.cut
        self._opening: Page | None = None
        self._held: Page | None = None
        self._coming: dict[Bar, Page] = {}
        self._begun: deque[Begun] = deque(maxlen=_KEPT)
        self._news: list[Begun] = []
        self._floor = 0.0

    # -- whoever writes ------------------------------------------------------------------------

    def deliver(self, bar: Bar, page: Page) -> None:
        """The page of a bar; the last one wins, until the bar begins."""
        with self._lock:
            kept = {b: p for b, p in self._coming.items() if b.start_beats > bar.start_beats - 64}
            self._coming = {**kept, bar: page}

    def open_with(self, page: Page | None) -> None:
        """What play begins with, wherever it begins."""
        with self._lock:
            self._opening = page

    def hold(self, page: Page | None) -> None:
        """Play `page` in every bar from the next one on; None: go on."""
        with self._lock:
            self._held = page

    def renew(self, begun: Begun, page: Page) -> Begun:
        """Another page for a bar that has begun: what has not been asked for yet is played from
        it."""
        renewed = replace(begun, page=page)
        with self._lock:
            for index, each in enumerate(self._begun):
                if each is begun:
                    self._begun[index] = renewed
        return renewed

    @property
    def goes_on(self) -> bool:
        """Whether play, as it has begun, goes on where it was stopped."""
        with self._lock:
            return self._resumed(self._transport.movement.music_beat) is not None

    def news(self) -> list[Begun]:
        """The bars that have begun since the last call. One that was begun before comes again
        after a stop that came just before it."""
        with self._lock:
            news, self._news = self._news, []
            return news

    # -- whoever plays -------------------------------------------------------------------------

    def at(self, bar: Bar, beat: float) -> Begun | None:
        """What is played at `beat`, which lies in `bar`; None: silence.

        The bar of the answer is another one where the metre has changed and the bar at hand goes
        on to its end.
        """
        with self._lock:
            self._see_jumps()
            begun = known = self._known(bar)
            if known is None:
                begun = self._next(bar, beat)
        if begun is not known:
            self._told()
        return begun

    # -- inside, under the lock ----------------------------------------------------------------

    def _resumed(self, beat: float) -> Begun | None:
        """The bar that play goes on in when it begins at `beat`: it does unless it was sent
        there."""
        if beat == self._transport.home:
            return None
        return self._known(self._transport.metre.bar_at(beat))

    def _known(self, bar: Bar) -> Begun | None:
        return next((b for b in reversed(self._begun) if b.bar == bar), None)

    def _next(self, bar: Bar, beat: float) -> Begun | None:
        if not self._may_begin(bar):
            return None
        hand = self._begun[-1] if self._begun else None
        page = self._coming.pop(bar, None)
        if hand is None:
            if beat < bar.start_beats + _AT_ITS_LINE_BEATS:
                page = page or self._opening
            if page is None:
                return None
            return self._begin(Begun(bar, self._held or page, opens=True))
        if page is None and beat < hand.bar.end_beats - 1e-9:
            return hand  # the metre has changed in the middle of it
        if self._held is not None:
            return self._begin(Begun(bar, self._held, again=True))
        if page is not None:
            return self._begin(Begun(bar, page, page.opens))
        self.late += 1
        return self._begin(Begun(bar, hand.page, again=True))

    def _begin(self, begun: Begun) -> Begun:
        self._floor = begun.bar.start_beats
        begun = replace(begun, cut=self._cut)
        self._begun.append(begun)
        self._news.append(begun)
        return begun

    def _may_begin(self, bar: Bar) -> bool:
        """Not a bar that is asked for by a part which has not yet heard of a jump."""
        movement = self._transport.movement
        soon = movement.line.beat_at(self._transport.clock() + _EARLY_S)
        return movement.playing and self._floor - 1e-9 <= bar.start_beats <= soon

    def _see_jumps(self) -> None:
        movement = self._transport.movement
        if movement.cut == self._cut:
            return
        self._cut = movement.cut
        if movement.playing:
            self._land(movement.music_beat)

    def _land(self, beat: float) -> None:
        """Play begins at `beat`."""
        bar = self._transport.metre.bar_at(beat)
        self._floor = bar.start_beats
        known = self._resumed(beat)
        if known is not None:
            while self._begun[-1] is not known:
                later = self._begun.pop()
                self._coming[later.bar] = later.page
            return
        self._begun.clear()
        self._coming = {} if self._opening is None else {bar: self._opening}


class Bars:
    """A track: one part of an ensemble, played from its pages."""

    def __init__(self, track: str, part: str, pages: Pages, transport: Transport) -> None:
        self.track = track
        self._part = part
        self._pages = pages
        self._transport = transport

    def notes(self, start_beats: float, end_beats: float) -> Sequence[Note]:
        """What begins in [start_beats, end_beats), bar by bar."""
        metre = self._transport.metre
        found: list[Note] = []
        bar = metre.bar_at(start_beats)
        while bar.start_beats < end_beats:
            begun = self._pages.at(bar, max(start_beats, bar.start_beats))
            if begun is not None:
                end = min(end_beats, bar.end_beats)
                found += self._within(begun, max(start_beats, bar.start_beats), end)
            bar = metre.bar(bar.number + 1)
        return found

    def _within(self, begun: Begun, start_beats: float, end_beats: float) -> list[Note]:
        """The part's notes of a page that begin in a stretch of one bar."""
        at = begun.bar.start_beats
        return [
            replace(note, track=self.track, start_beats=at + note.start_beats)
            for note in begun.page.notes
            if note.track == self._part and start_beats <= at + note.start_beats < end_beats
        ]
