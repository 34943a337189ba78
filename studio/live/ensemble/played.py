"""What an ensemble has played, and how it is seen: bars of notes, the next one in outline."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from studio.live.ensemble._bar_plans import Begun, Page
from studio.live.ensemble.wishes import TuneRequest
from studio.music.metres import Bar, Metre
from studio.music.notes import Note
from studio.music.phrases import Key, Phrase

T = TypeVar("T")

LIMIT = 1024
"""So many bars are kept: twenty minutes of reels."""


@dataclass(frozen=True, slots=True)
class RollBar:
    """One bar of a piano roll. The same object for as long as nothing in it changes."""

    number: int
    """Of the bar: 0 begins at the transport's beat 0."""
    start_beats: float
    """From the transport's beat 0."""
    length_beats: float
    notes: tuple[Note, ...] = ()
    """As played, in beats from the bar's beginning; `track` is the part, one of
    `studio.music.band.players.PARTS`."""
    settled: bool = True
    """Whether it has begun: one that is only to come is shown in outline."""
    chords: tuple[tuple[float, str], ...] = ()
    """Names of chords, each with the beat of the bar where it begins."""
    written: tuple[Note, ...] = ()
    """The notes as they stand on paper, without swing and strays, if they were written down."""
    own: bool = False
    """Whether something of it is the artist's own."""

    @property
    def end_beats(self) -> float:
        """Where the next bar begins."""
        return self.start_beats + self.length_beats


@dataclass(frozen=True, slots=True)
class Duet:
    """What is seen of somebody who plays along."""

    chord: str = ""
    """The one that the band follows; empty where it finds its own."""
    your_bars: int = 0
    """So many bars of the player's turn are still to come, the one that sounds among them."""
    gives_way: bool = False
    """Whether the lead is silent because somebody plays."""


@dataclass(frozen=True, eq=False)
class Roll:
    """What a deck plays, for the piano roll; another object whenever something in it differs."""

    bars: tuple[RollBar, ...] = ()
    """From where play last began, in order, each number once; then, if it is known, the bar to
    come."""
    key: Key | None = None
    """Of the newest bar."""
    metre: Metre = field(default_factory=Metre)
    held: bool = False
    """Whether one bar is played over and over."""
    answering: int = 0
    """So many bars of an answer are still to come."""
    duet: Duet = field(default_factory=Duet)


@dataclass(frozen=True, eq=False)
class Heard:
    """A bar that has begun, with what is asked about it later."""

    begun: Begun
    shown: RollBar
    bpm: float
    """The tempo when it began."""


@dataclass(frozen=True, eq=False)
class Written:
    """A page that is there before its bar has begun, the wish for it, and how it is shown."""

    wish: TuneRequest
    page: Page
    outline: RollBar


class Played:
    """The tune: the bars that have begun since play last did, the newest `limit` of them."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._bars: deque[Heard] = deque(maxlen=limit)
        self._first_number = 0

    def add(self, begun: Begun, bpm: float) -> None:
        """A bar has begun. One that begins a tune leaves the others behind; one that begins again,
        after a stop just before it, replaces itself."""
        if begun.opens:
            self.forget()
            self._first_number = begun.bar.number
        while self._bars and self._bars[-1].shown.start_beats >= begun.bar.start_beats - 1e-9:
            self._bars.pop()
        self._bars.append(Heard(begun, shown(begun.bar, begun.page, settled=True), bpm))

    def renew(self, begun: Begun) -> None:
        """The bar that began last is another one from here on."""
        last = self._bars.pop()
        self._bars.append(Heard(begun, shown(begun.bar, begun.page, settled=True), last.bpm))

    def forget(self) -> None:
        """There is no tune any more."""
        self._bars.clear()

    @property
    def tune(self) -> tuple[Heard, ...]:
        """Its bars, oldest first."""
        return tuple(self._bars)

    @property
    def last(self) -> Heard | None:
        """The bar that began last."""
        return self._bars[-1] if self._bars else None

    def count_to(self, bar: Bar) -> int:
        """How many bars a tune in one metre has before `bar`."""
        return bar.number - self._first_number

    def past(self, bars: int) -> tuple[Phrase, ...]:
        """The melody of the tune's last bars, oldest first; a held or repeated one counts once."""
        own = (heard.begun.page.lead for heard in reversed(self._bars) if not heard.begun.again)
        return tuple(islice(own, bars))[::-1]

    def at(self, beat: float) -> Heard | None:
        """The bar in which `beat` lies."""
        for heard in reversed(self._bars):
            if heard.shown.start_beats <= beat + 1e-9:
                return heard if beat < heard.shown.end_beats else None
        return None

    def until(self, beat: float, bars: int) -> list[Phrase]:
        """The melody of the last bars that have begun at `beat`; of all, where none has."""
        begun = [h for h in self._bars if h.shown.start_beats <= beat + 1e-9] or [*self._bars]
        return [heard.begun.page.lead for heard in begun[-bars:]]

    def numbered(self, numbers: Container[int]) -> list[Phrase]:
        """The melody of the bars with these numbers."""
        return [heard.begun.page.lead for heard in self._bars if heard.shown.number in numbers]


def drawn(
    tune: Sequence[Heard], coming: Written | None, opening: Written | None, *, playing: bool
) -> Roll:
    """The bars that have begun and the one to come. While nothing plays, a tune that is no longer
    what play would begin with is gone."""
    bars = tuple(heard.shown for heard in tune)
    key = tune[-1].begun.page.lead.key if tune else None
    if playing and tune:
        follows = coming is not None and coming.outline.start_beats >= bars[-1].end_beats - 1e-6
        if coming is not None and follows:
            return Roll((*bars, coming.outline), coming.page.lead.key)
    elif opening is not None and not (tune and tune[0].begun.page.lead == opening.page.lead):
        return Roll((opening.outline,), opening.page.lead.key)
    return Roll(bars, key)


def shown(bar: Bar, page: Page, *, settled: bool) -> RollBar:
    """A bar as it is shown."""
    place = (bar.number, bar.start_beats, bar.length_beats)
    return RollBar(*place, page.notes, settled, page.chords, page.written)


def bars_of(heard: Sequence[Heard]) -> tuple[Phrase, ...]:
    """What each bar holds, for all parts, each note on the track of its part."""
    return tuple(
        Phrase(h.shown.notes, h.shown.length_beats, h.begun.page.metre, h.begun.page.lead.key)
        for h in heard
    )


def tempi_of(heard: Sequence[Heard]) -> tuple[tuple[float, float], ...]:
    """Beats from the first bar's beginning, with the tempo that holds from there."""
    return _changes(heard, lambda h: h.bpm)


def metres_of(heard: Sequence[Heard]) -> tuple[tuple[float, Metre], ...]:
    """Beats from the first bar's beginning, with the metre that holds from there."""
    return _changes(heard, lambda h: h.begun.page.metre)


def _changes(heard: Sequence[Heard], value_of: Callable[[Heard], T]) -> tuple[tuple[float, T], ...]:
    found: list[tuple[float, T]] = []
    beat = 0.0
    for each in heard:
        value = value_of(each)
        if not found or found[-1][1] != value:
            found.append((beat, value))
        beat += each.shown.length_beats
    return tuple(found)
