"""What would follow the opening bar: a deck that stands still shows the phrase of its point.

The bars are asked for as the ensemble would ask for them, after the one that it opens with, and
its band is written under them once the hand rests. So what is seen is what play begins with.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from studio.document.own_bars import OwnBar
from studio.engine import EngineError
from studio.live.ensemble.band import Arrange, Task, with_band
from studio.live.ensemble.ensemble import Ensemble
from studio.live.ensemble.played import RollBar
from studio.live.ensemble.wishes import PAST_BARS, passage_of, setting_of
from studio.live.layers.roll_bars import LEAD
from studio.music.band.players import BandSetting
from studio.music.phrases import Phrase, joined, on_track
from studio.session import Session
from studio.session.own_bars import chords_of, melody_of
from ui.widgets.throttle import Throttle

FEWEST, MOST = 4, 16
"""So many bars are shown, the opening one among them: as many as are seen, but no more than these.
"""
_PACE_MS = 60
"""A hand on the pad asks so often at most: an engine has bars to play and pictures to make."""
_REST_MS = 120
"""So long a hand rests before the band is written under the melody."""
_BAND_MS = 16
"""For one bar of the band after another: a bar takes a millisecond, all of them would be felt."""


class PhrasePreview(QObject):
    """The bars after the opening one, for one deck at a time."""

    changed = Signal()

    def __init__(
        self, session: Session, ensemble: Ensemble, parent: QObject, arrange: Arrange = with_band
    ) -> None:
        super().__init__(parent)
        self._session, self._ensemble, self._arrange = session, ensemble, arrange
        self._deck = ""
        self._opening: RollBar | None = None
        self._own: dict[int, OwnBar] = {}
        self._run = 0  # what an older one brings is no longer wanted
        self._phrases: tuple[Phrase, ...] = ()
        self._bars: tuple[RollBar, ...] = ()
        self._setting = BandSetting()
        self._band: tuple[int, Any] = (0, None)  # the next bar to be written, and its memory
        self._wanted = FEWEST
        self._ask_soon = Throttle(self._ask, _PACE_MS, self)
        self._accompany_soon = QTimer(self, singleShot=True)
        self._accompany_soon.timeout.connect(self._accompany)

    def close(self) -> None:
        """Write nothing any more."""
        self._accompany_soon.stop()
        self._opening = None

    def want(self, bars: int) -> None:
        """So many bars are seen."""
        before, self._wanted = self._wanted, min(MOST, max(FEWEST, bars))
        if self._wanted > before and self._opening is not None:
            self._ask_soon()

    def follow(self, deck: str, opening: RollBar | None) -> tuple[RollBar, ...]:
        """The bars after `opening`; those of an earlier opening bar until they are there."""
        own = self._session.scene.deck(deck).own_bars if deck else {}
        if (deck, opening, own) != (self._deck, self._opening, self._own):
            if deck != self._deck or opening is None or not _on_grid(opening, self._opening):
                self._bars = self._phrases = ()
            self._deck, self._opening, self._own = deck, opening, own
            self._accompany_soon.stop()
            if opening is not None:
                self._ask_soon()
        return self._bars

    def phrase(self, number: int, bars: int) -> Phrase | None:
        """The melody of so many of the bars from `number` on; None unless all of them are there."""
        opening = self._opening
        if opening is None or number < opening.number:
            return None
        wanted = self._known()[number - opening.number :][:bars]
        return joined(wanted) if len(wanted) == bars else None

    # -- inside --------------------------------------------------------------------------------

    def _known(self) -> tuple[Phrase, ...]:
        """The melody of every bar, the opening one's first."""
        opening = self._opening
        first = None if opening is None else self._ensemble.phrase(self._deck, opening.number)
        return () if first is None else (first, *self._phrases)

    def _ask(self) -> None:
        known = self._known()[:1]
        if known and self._deck in self._ensemble.decks:
            self._run += 1
            self._go_on(self._run, known)

    def _go_on(self, run: int, known: tuple[Phrase, ...]) -> None:
        """Have the bars after `known` composed, up to the next one that is the artist's own."""
        session, deck, metre = self._session, self._deck, known[0].metre
        held = session.scene.deck(deck)
        while len(known) < self._wanted:
            own = melody_of(held.own_bars.get(len(known)), metre)
            if own is None:
                break
            known = (*known, own)
        if len(known) >= self._wanted:
            self._show(known)
            return
        ends = (n for n in sorted(held.own_bars) if melody_of(held.own_bars[n], metre) is not None)
        end = min(self._wanted, next((n for n in ends if n > len(known)), self._wanted))
        past = known[-PAST_BARS:]
        passage = passage_of(held, session.point(deck), metre, len(known), past, free=False)
        passage = replace(passage, bars=end - len(known))
        session.engines.compose(deck, passage, "preview", partial(self._take, run, known))

    def _take(self, run: int, known: tuple[Phrase, ...], phrase: Phrase | EngineError) -> None:
        opening = self._opening
        if isinstance(phrase, EngineError) or run != self._run or opening is None:
            return
        if abs(phrase.metre.bar_beats - opening.length_beats) > 1e-6:
            return
        self._go_on(run, (*known, *phrase.bars()))

    def _show(self, known: tuple[Phrase, ...]) -> None:
        opening = self._opening
        if opening is None:
            return
        self._phrases = known[1:]
        before, step = self._bars, opening.length_beats
        self._bars = tuple(
            RollBar(
                opening.number + n,
                opening.start_beats + n * step,
                step,
                _under(on_track(LEAD, bar.notes), before[n - 1 : n]),
                settled=False,
            )
            for n, bar in enumerate(self._phrases, start=1)
        )
        self._begin_band()
        self.changed.emit()

    # -- the band ------------------------------------------------------------------------------

    def _begin_band(self) -> None:
        scene = self._session.scene
        self._setting = setting_of(
            scene.deck(self._deck), self._session.spec(self._deck), scene.score
        )
        self._band = (0, None)
        self._accompany_soon.start(_REST_MS)

    def _accompany(self) -> None:
        """Write the band of the next bar under its melody."""
        (number, memory), known = self._band, self._known()
        if number >= len(known) or self._opening is None:
            return
        own = self._session.scene.deck(self._deck).own_bars.get(number)
        task = Task(
            lead=known[number],
            number=number,
            setting=self._setting,
            before=memory,
            chords=chords_of(own, known[number].metre),
        )
        arranged = self._arrange(task)
        self._band = (number + 1, arranged.state)
        if number:
            bars = list(self._bars)
            bars[number - 1] = replace(
                bars[number - 1],
                notes=arranged.notes,
                chords=arranged.chords,
                written=arranged.written,
            )
            self._bars = tuple(bars)
            self.changed.emit()
        self._accompany_soon.start(_BAND_MS)


def _under(melody: tuple[Any, ...], before: tuple[RollBar, ...]) -> tuple[Any, ...]:
    """The melody with the band that was under the bar before: until the hand rests it stays."""
    band = tuple(n for bar in before for n in bar.notes if n.track != LEAD)
    return (*band, *melody)


def _on_grid(opening: RollBar, before: RollBar | None) -> bool:
    """Whether the bars after `before` are where those after `opening` will be."""
    return before is not None and (before.start_beats, before.length_beats) == (
        opening.start_beats,
        opening.length_beats,
    )
