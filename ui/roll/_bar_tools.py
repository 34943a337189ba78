"""What can be done with bars of the roll: into slots, held, the artist's own or the model's."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from studio.document.errors import StudioError
from studio.document.scene import SLOT_NAMES
from studio.document.seeds import fresh_seed
from studio.engine import EngineError
from studio.live.ensemble.ensemble import Ensemble
from studio.live.ensemble.wishes import PAST_BARS, passage_of
from studio.music.chords import ChordNames, parsed
from studio.music.keys import best_key
from studio.music.phrases import Kept, Phrase, joined
from studio.music.typed_chords import parse_chords, typed
from studio.session import Session
from ui.icons import icon
from ui.roll._phrase_preview import PhrasePreview
from ui.roll._roll_input import PianoRoll
from ui.roll.melody_edit import written_melody
from ui.widgets.pixmaps import pixmap_of

GIVE_BACK = "Give back to the model"
FILL, AGAIN = "Fill anew", "Again from here to the end of the part"
KEEP_RHYTHM, KEEP_CONTOUR = "Fill anew, keep the rhythm", "Fill anew, keep the contour"
_PART = 8
CHORDS = "Chords…"


class BarTools(QObject):
    """Of the deck in front. Bars are named by their numbers in the roll."""

    def __init__(
        self,
        session: Session,
        ensemble: Ensemble,
        roll: PianoRoll,
        preview: PhrasePreview,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._session, self._ensemble = session, ensemble
        self._roll, self._preview, self._widget = roll, preview, parent

    @property
    def _deck(self) -> str:
        return self._session.scene.front

    def knows(self, first: int, last: int) -> bool:
        """Whether there is a melody in these bars."""
        bars = last - first + 1
        phrase = self._preview.phrase(first, bars)
        return phrase is not None or self._ensemble.phrase(self._deck, first, bars) is not None

    def menu(self, first: int, last: int) -> QMenu:
        """What can be done with these bars."""
        menu = QMenu(self._widget)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setStyleSheet("QMenu { icon-size: 30px; }")
        heading = menu.addAction(_bars_words(first, last))
        heading.setEnabled(False)
        take = menu.addAction(icon("camera-plus"), "Capture in the first empty slot")
        take.setEnabled(self.empty_slot() is not None)
        take.triggered.connect(lambda: self.capture(first, last))
        for slot in range(len(SLOT_NAMES)):
            self._add_slot(menu, slot).triggered.connect(
                lambda _=False, slot=slot: self.capture(first, last, slot)
            )
        menu.addSeparator()
        self._add_own(menu, first, last)
        menu.addSeparator()
        held = self._ensemble.held(self._deck)
        hold = menu.addAction("Hold the bar that is playing")
        hold.setCheckable(True)
        hold.setChecked(held)
        hold.triggered.connect(lambda: self._ensemble.hold(self._deck, not held))
        menu.aboutToHide.connect(lambda: self._roll.choose(None))
        return menu

    # -- slots ---------------------------------------------------------------------------------

    def capture(self, first: int, last: int, slot: int | None = None) -> None:
        """Put the melody of these bars into `slot`, by default the first empty one."""
        bars = last - first + 1
        phrase = self._preview.phrase(first, bars)
        if phrase is None:
            self._ensemble.capture(self._deck, first, slot, bars)
            return
        self.take_in(phrase, self.empty_slot() if slot is None else slot)

    def empty_slot(self) -> int | None:
        """The first one."""
        slots = self._session.scene.deck(self._deck).slots
        return next((i for i, held in enumerate(slots) if held is None), None)

    def take_in(self, tune: Phrase | Path, slot: int | None) -> None:
        """Put a tune into a slot."""
        if slot is None:
            self._session.noticed.emit("All slots are full; clear one, or choose one to replace.")
        else:
            self._session.slots.encode(self._deck, slot, tune)

    def _add_slot(self, menu: QMenu, slot: int) -> QAction:
        deck = self._session.scene.deck(self._deck)
        held = deck.slots[slot]
        state = "empty" if held is None else "locked" if held.locked else "is replaced"
        action = menu.addAction(f"Slot {SLOT_NAMES[slot]}\t{state}")
        thumbnail = self._session.engines.thumbnails.get(deck, slot)
        if thumbnail is not None:
            action.setIcon(pixmap_of(thumbnail).scaledToHeight(32))
        action.setEnabled(held is None or not held.locked)
        return action

    # -- the artist's own ----------------------------------------------------------------------

    def _add_own(self, menu: QMenu, first: int, last: int) -> None:
        numbers = [self._ensemble.number_of(self._deck, n) for n in range(first, last + 1)]
        own = self._session.scene.deck(self._deck).own_bars
        bars = last - first + 1
        part = self._part()
        rest = part - self._ensemble.number_of(self._deck, first) % part
        for words, count, keeps in (
            (FILL, bars, None),
            (KEEP_RHYTHM, bars, "rhythm"),
            (KEEP_CONTOUR, bars, "contour"),
            (AGAIN, rest, None),
        ):
            menu.addAction(words).triggered.connect(
                lambda _=False, n=count, keeps=keeps: self.fill(first, n, keeps)
            )
        menu.addAction(CHORDS).triggered.connect(lambda: self.ask_chords(first, last))
        back = menu.addAction(GIVE_BACK)
        back.setEnabled(any(number in own for number in numbers))
        back.triggered.connect(lambda: self._session.own_bars.give_back(self._deck, numbers))

    def fill(
        self, first: int, bars: int, keeps: Literal["rhythm", "contour"] | None = None
    ) -> None:
        """Have other bars composed from `first` on, from what stands before them to what stands
        behind; they are the artist's own then. They keep the rhythm or the contour of those that
        are there."""
        session, deck = self._session, self._deck
        melody = [self._melody(number) for number in range(first, first + bars)]
        there = [bar for bar in melody if bar is not None]
        before = (self._melody(number) for number in range(first - PAST_BARS, first))
        past = tuple(bar for bar in before if bar is not None)
        number = self._ensemble.number_of(deck, first)
        held, point = session.scene.deck(deck), session.point(deck)
        passage = passage_of(held, point, self._roll.metre, number, past, free=True)
        kept = Kept(joined(there), keeps) if keeps and len(there) == bars else None
        then = self._melody(first + bars)
        passage = replace(passage, bars=bars, seed=fresh_seed(), kept=kept, then=then)
        session.engines.compose(deck, passage, "fill", partial(self._filled, deck, number))

    def _filled(self, deck: str, number: int, tune: Phrase | EngineError) -> None:
        if isinstance(tune, EngineError):
            self._session.noticed.emit(str(tune))
            return
        bars = {number + index: bar for index, bar in enumerate(tune.bars())}
        self._session.own_bars.write(deck, bars, tune.metre)

    def _melody(self, number: int) -> Phrase | None:
        """The melody of a bar of the roll as it is shown."""
        bar = self._roll.bars.get(number)
        if bar is None:
            return None
        metre, key = self._roll.metre, self._roll.key
        return Phrase(written_melody(bar), bar.length_beats, metre, key)

    def _part(self) -> int:
        deck = self._session.scene.deck(self._deck)
        said = self._session.spec(self._deck).told("part", deck.parameters)
        return int(said) if isinstance(said, (int, float)) and said >= 1 else _PART

    def ask_chords(self, first: int, last: int) -> QInputDialog:
        """Let the artist type the chords of these bars."""
        bars = [self._chords(number) for number in range(first, last + 1)]
        dialog = QInputDialog(self._widget)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(f"Chords of {_bars_words(first, last).lower()}")
        dialog.setLabelText("Names that share a bar; | between bars; empty: the band finds them.")
        dialog.setTextValue(typed(bars))
        dialog.textValueSelected.connect(lambda text: self.set_chords(first, last, text))
        dialog.open()
        return dialog

    def set_chords(self, first: int, last: int, text: str) -> None:
        """Have the band play these chords, in one step to undo."""
        metre, session = self._roll.metre, self._session
        try:
            bars = parse_chords(text, metre, last - first + 1)
        except StudioError as error:
            session.noticed.emit(str(error))
            return
        key = self._roll.key or best_key(())
        numbered = {
            self._ensemble.number_of(self._deck, first + n): names for n, names in enumerate(bars)
        }
        session.own_bars.write_chords(self._deck, numbered, metre, key)

    def _chords(self, number: int) -> ChordNames:
        bar = self._roll.bars.get(number)
        return () if bar is None else parsed(bar.chords)


def _bars_words(first: int, last: int) -> str:
    return f"Bar {first + 1}" if first == last else f"Bars {first + 1} to {last + 1}"
