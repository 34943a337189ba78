"""The stage of a deck that composes: its piano roll, in place of the picture.

While it plays, bars come from the ensemble; while it stands, the phrase of the present point is
shown in outline, and a hand that blends sees it change. A click on a bar offers it to the slots.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from studio.document.scene import SLOT_NAMES, Deck
from studio.engine import EngineSpec
from studio.live.clock.transport import Transport
from studio.live.ensemble.ensemble import Ensemble
from studio.live.ensemble.played import Roll as Music
from studio.live.ensemble.played import RollBar
from studio.music.phrases import Key, Phrase
from studio.session import Session
from ui import theme
from ui.icons import icon
from ui.roll._genre_metre import GenreMetreButton
from ui.roll._legend import Legend
from ui.roll._phrase_preview import PhrasePreview
from ui.roll._roll_input import PianoRoll
from ui.roll.bars import key_name
from ui.score.view import ScoreView
from ui.theme import ACCENT, BACKGROUND, PANEL, QUIET, STEP, TEXT
from ui.widgets.drag_data import carried_file
from ui.widgets.pixmaps import pixmap_of

_HEAD_PX = 44
_SCORE_PX = 180
"""A line of three staves where there is little room."""
_SHEET = f"""
#rollHead {{ background: {BACKGROUND}; }}
#rollHead QLabel {{ font-size: 15px; color: {QUIET}; }}
#rollHead #key {{ font-size: 20px; font-weight: 600; color: {TEXT}; }}
#rollHead #live {{ color: {ACCENT}; font-weight: 600; }}
#rollWords {{ font-size: 15px; color: {QUIET}; background: {PANEL}; border-radius: 8px;
    padding: 14px 20px; }}
"""


class RollStage(QWidget):
    """Shows the front deck, if it composes. Call `refresh` when another deck is in front or its
    state differs, `turn` with every frame, `close_down` at the end."""

    def __init__(
        self,
        session: Session,
        ensemble: Ensemble,
        transport: Transport,
        parent: QWidget | None = None,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        super().__init__(parent)
        self._session, self._ensemble, self._transport = session, ensemble, transport
        self._music: Music | None = None
        self._deck = ""
        self._key: Key | None = None
        self._after: tuple[RollBar, ...] = ()
        self._preview_of: tuple[Deck, RollBar] | None = None
        self.setObjectName("rollStage")
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme.dress(self, _SHEET)
        self.roll = PianoRoll(self, clock)
        self.preview = PhrasePreview(session, ensemble, self)
        self.score = ScoreView()
        self._make_head()
        self._words = QLabel(self)
        self._words.setObjectName("rollWords")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setWordWrap(True)
        self._words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._words.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        self._halves = QSplitter(Qt.Orientation.Vertical)
        self._halves.addWidget(self.roll)
        self._halves.addWidget(self.score)
        self._halves.setChildrenCollapsible(False)
        self.score.hide()
        column.addWidget(self._halves, 1)
        self._listen()

    def _make_head(self) -> None:
        self.head = QWidget(self)
        self.head.setObjectName("rollHead")
        theme.set_size(self.head, height=_HEAD_PX)
        self.key, self.about, self.live = QLabel(), QLabel(), QLabel()
        self.key.setObjectName("key")
        self.live.setObjectName("live")
        self.follow = QPushButton(icon("arrow-bar-right"), "Follow")
        self.follow.setToolTip("Follow the playhead again (End)")
        self.follow.setAccessibleName("Follow the playhead")
        self.follow.clicked.connect(self.roll.follow)
        self.follow.hide()
        self.paper = QPushButton("Score")
        self.paper.setCheckable(True)
        self.paper.setToolTip("Show the notes as they stand on paper")
        self.paper.toggled.connect(self._show_score)
        self.genre_metre = GenreMetreButton(self._session, self.head)
        line = QHBoxLayout(self.head)
        line.setContentsMargins(2 * STEP, 0, 2 * STEP, 0)
        line.setSpacing(2 * STEP)
        for part in (self.key, self.about, self.genre_metre, self.live):
            line.addWidget(part)
        line.addStretch(1)
        line.addWidget(Legend())
        line.addWidget(self.paper)
        line.addWidget(self.follow)

    def _listen(self) -> None:
        roll = self.roll
        roll.bars_taken.connect(self._offer)
        roll.moved.connect(self._on_looked)
        self.preview.changed.connect(self._refresh_music)
        self._ensemble.changed.connect(self._on_changed)

    @staticmethod
    def fits(spec: EngineSpec) -> bool:
        """Whether a deck with this engine is shown here."""
        return spec.composes

    def close_down(self) -> None:
        """Listen to nothing any more."""
        self._ensemble.changed.disconnect(self._on_changed, missing_ok=True)
        self.preview.close()
        self.score.close_down()
        self.genre_metre.close_down()

    # -- what it shows -------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the front deck as it is now."""
        front = self._session.scene.front
        if front != self._deck:
            self._deck, self._music = front, None
            self._after, self._preview_of = (), None
            self.roll.forget()
        self._say_state()
        self._refresh_music()
        self.turn()

    @property
    def moves(self) -> bool:
        """Whether `turn` is wanted with every frame."""
        return self.isVisible() and self._ensemble.playhead is not None

    def turn(self) -> None:
        """The playhead is where the ears are; call it with every frame while this is seen."""
        if not self.isVisible():
            return
        heard = self._ensemble.playhead
        playing = heard is not None
        self._refresh_music()
        place = self._transport.place if heard is None else heard
        self.roll.turn(place, playing)
        self.score.turn(place, playing)

    def _show_score(self, on: bool) -> None:
        high = self._halves.height()
        below = max(_SCORE_PX, high // 2) if on else 0
        self.score.setVisible(on)
        self._halves.setSizes([high - below, below])
        self.score.show_bars(tuple(self.roll.bars.values()), self.roll.metre, self._key)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _on_changed(self, deck: str) -> None:
        if deck == self._deck:
            self.turn()

    def _refresh_music(self) -> None:
        """Cheap as long as nothing differs: it is done with every frame."""
        music = self._ensemble.roll(self._deck)
        opening = self._opening(music)
        after = self.preview.follow(self._deck, opening)
        if opening is not None:
            self._preview_of = (self._session.scene.deck(self._deck), opening)
        elif music.bars:
            after = self._still_to_come(music)
        if music is self._music and after == self._after:
            return
        self._music, self._after = music, after
        self._key = music.key
        self.roll.show_bars((*music.bars, *after), music.metre, music.key)
        if self.score.isVisible():
            self.score.show_bars((*music.bars, *after), music.metre, music.key)
        self._refresh_head(music)

    def _still_to_come(self, music: Music) -> tuple[RollBar, ...]:
        """Of what was shown before play began, all that is still as it will be."""
        deck, opening = self._preview_of or (None, None)
        if opening is None or deck is not self._session.scene.deck(self._deck):
            return ()
        first, last = music.bars[0], music.bars[-1]
        if not self._transport.movement.playing or first.start_beats != opening.start_beats:
            return ()
        return tuple(bar for bar in self._after if bar.number > last.number)

    def _opening(self, music: Music) -> RollBar | None:
        """The bar that play would begin with, while nothing but that is shown."""
        alone = len(music.bars) == 1 and not music.bars[0].settled
        return music.bars[0] if alone and not self._transport.movement.playing else None

    def _refresh_head(self, music: Music) -> None:
        self.key.setText("" if music.key is None else key_name(music.key))
        self.about.setText(str(music.metre))
        words = "holding this bar" if music.held else ""
        if music.answering:
            bars = "1 bar" if music.answering == 1 else f"{music.answering} bars"
            words = f"answering, {bars} to come"
        self.live.setText(words)

    def _on_looked(self) -> None:
        self.follow.setVisible(not self.roll.following)
        self.preview.want(ceil(self.roll.scale.shown_beats / self.roll.metre.bar_beats))

    def _say_state(self) -> None:
        state = self._session.state(self._deck)
        self.say(state.problem or ("" if state.device else "Loading the model…"))

    def say(self, words: str) -> None:
        """One sentence in the middle; none when empty."""
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self._place_words()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_words()

    def _place_words(self) -> None:
        width = min(520, max(120, self.width() - 96))
        height = self._words.heightForWidth(width)
        self._words.setGeometry(
            (self.width() - width) // 2, (self.height() - height) // 2, width, height
        )

    # -- bars for the slots --------------------------------------------------------------------

    def capture(self, first: int, last: int, slot: int | None = None) -> None:
        """Put the melody of these bars into `slot`, by default the first empty one."""
        bars = last - first + 1
        phrase = self.preview.phrase(first, bars)
        if phrase is None:
            self._ensemble.capture(self._deck, first, slot, bars)
            return
        self._take_in(phrase, self._empty_slot() if slot is None else slot)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if carried_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A tune from elsewhere: into the first empty slot."""
        file = carried_file(event.mimeData())
        if file is not None:
            event.acceptProposedAction()
            self._take_in(file, self._empty_slot())

    def _empty_slot(self) -> int | None:
        slots = self._session.scene.deck(self._deck).slots
        return next((i for i, held in enumerate(slots) if held is None), None)

    def _take_in(self, tune: Phrase | Path, slot: int | None) -> None:
        if slot is None:
            self._session.noticed.emit("All slots are full; clear one, or choose one to replace.")
        else:
            self._session.slots.encode(self._deck, slot, tune)

    def menu(self, first: int, last: int) -> QMenu:
        """What can be done with these bars."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setStyleSheet("QMenu { icon-size: 30px; }")
        heading = menu.addAction(_bars_words(first, last))
        heading.setEnabled(False)
        take = menu.addAction(icon("camera-plus"), "Capture in the first empty slot")
        take.setEnabled(self._empty_slot() is not None)
        take.triggered.connect(lambda: self.capture(first, last))
        for slot in range(len(SLOT_NAMES)):
            self._add_slot(menu, slot).triggered.connect(
                lambda _=False, slot=slot: self.capture(first, last, slot)
            )
        menu.addSeparator()
        held = self._ensemble.held(self._deck)
        hold = menu.addAction("Hold the bar that is playing")
        hold.setCheckable(True)
        hold.setChecked(held)
        hold.triggered.connect(lambda: self._ensemble.hold(self._deck, not held))
        menu.aboutToHide.connect(lambda: self.roll.choose(None))
        return menu

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

    def _offer(self, first: int, last: int, at: QPoint) -> None:
        bars = last - first + 1
        phrase = self.preview.phrase(first, bars)
        if phrase is None and self._ensemble.phrase(self._deck, first, bars) is None:
            self.roll.choose(None)
        else:
            self.menu(first, last).popup(at)


def _bars_words(first: int, last: int) -> str:
    return f"Bar {first + 1}" if first == last else f"Bars {first + 1} to {last + 1}"
