"""Has pages written: asks the engine for a bar when its wish differs, adds the band, delivers."""

from __future__ import annotations

import logging
from collections.abc import Callable

from studio.document.score import PARTS
from studio.live.ensemble._bar_plans import Page, Pages
from studio.live.ensemble.band import Arrange, BandBar, Task
from studio.live.ensemble.played import Written, shown
from studio.live.ensemble.wishes import OPENING, Asked, TuneRequest, same_band, same_notes
from studio.music.metres import Bar
from studio.music.notes import Note
from studio.music.phrases import Phrase, on_track

_log = logging.getLogger(__name__)

LEAD = PARTS[0]
_PACE_S, _SLOWEST_S = 0.1, 0.5
_SHARE = 4
"""A hand on a slider asks for a bar anew after a tenth of a second, or four times what the last one
took: the engines have pictures to make."""


class Composer:
    """`ask(asked)` asks the engine; its answer is `take`n. `changed()` is called when a page was
    written."""

    def __init__(
        self,
        pages: Pages,
        arrange: Arrange,
        ask: Callable[[Asked], None],
        clock: Callable[[], float],
        changed: Callable[[], None],
    ) -> None:
        self._pages = pages
        self._arrange = arrange
        self._ask_engine = ask
        self._clock = clock
        self._changed = changed
        self._asked: dict[str, Asked] = {}
        self._asked_for: dict[str, tuple[Bar, float]] = {}
        self._failed: dict[str, TuneRequest] = {}
        self._written: dict[str, Written] = {}
        self._pace_s = _PACE_S

    def written(self, kind: str) -> Written | None:
        """The newest page of a kind."""
        return self._written.get(kind)

    def see_to(self, wish: TuneRequest, epoch: int, *, ticks: bool) -> bool:
        """Have the wish's page written, unless it is or cannot be. False: ask again in a moment.

        `epoch` is the deck's: what was asked of an engine that is gone is asked again. Without
        `ticks` nobody will ask again before the engine answers: then its answer has to be awaited.
        """
        written = self._written.get(wish.kind)
        if written is not None and same_notes(written.wish, wish):
            if not same_band(written.wish, wish):
                self.write(wish, written.page.lead)
            return True
        if wish.given is not None:
            self.write(wish, wish.given)
            return True
        asked, failed = self._asked.get(wish.kind), self._failed.get(wish.kind)
        if asked is not None and asked.epoch == epoch and same_notes(asked.wish, wish):
            return True
        if failed is not None and same_notes(failed, wish):
            return True
        if not ticks and asked is not None and asked.epoch == epoch:
            return True
        return self._ask(wish, epoch, ticks=ticks)

    def take(self, asked: Asked, *, failed: bool) -> None:
        """The engine has answered, or it could not."""
        kind = asked.wish.kind
        if self._asked.get(kind) is asked:
            del self._asked[kind]
            took_s = self._clock() - self._asked_for[kind][1]
            self._pace_s = min(_SLOWEST_S, max(_PACE_S, _SHARE * took_s))
        if failed:
            self._failed[kind] = asked.wish

    def write(self, wish: TuneRequest, lead: Phrase) -> None:
        """Write and deliver the page."""
        page = self.page(wish, lead)
        self._written[wish.kind] = Written(wish, page, shown(wish.bar, page, settled=False))
        if wish.kind == OPENING:
            self._pages.open_with(page)
        else:
            self._pages.deliver(wish.bar, page)
        self._changed()

    def page(self, wish: TuneRequest, lead: Phrase) -> Page:
        """`lead` with the band under it, as `wish` has it."""
        passage = wish.passage
        task = Task(
            lead=lead,
            number=passage.number,
            setting=wish.setting,
            before=wish.before,
            chords=wish.chords,
        )
        made = self._arranged(task)
        return Page(
            lead,
            _heard(made.notes, wish),
            passage.metre,
            made.chords,
            _heard(made.written, wish),
            opens=wish.opens,
            answers=wish.answers,
            band=made.state,
            wish=wish,
        )

    def _ask(self, wish: TuneRequest, epoch: int, *, ticks: bool) -> bool:
        now_s = self._clock()
        bar, asked_s = self._asked_for.get(wish.kind, (None, 0.0))
        if ticks and bar == wish.bar and now_s - asked_s < self._pace_s:
            return False
        asked = self._asked[wish.kind] = Asked(wish, epoch)
        self._asked_for[wish.kind] = (wish.bar, now_s)
        self._failed.pop(wish.kind, None)
        self._ask_engine(asked)
        return True

    def _arranged(self, task: Task) -> BandBar:
        """The band's bar; the melody alone where the band cannot make sense of it."""
        try:
            return self._arrange(task)
        except Exception:  # noqa: BLE001 - it follows a guest's phrase, which may be anything
            _log.exception("a band lost its way")
            return BandBar(notes=on_track(LEAD, task.lead.notes), state=task.before)


def _heard(notes: tuple[Note, ...], wish: TuneRequest) -> tuple[Note, ...]:
    return tuple(note for note in notes if not (wish.rests and note.track == LEAD))
