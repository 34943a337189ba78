"""The stage of a deck that composes: its piano roll, in place of the picture.

While it plays, bars come from the ensemble; while it stands, the phrase of the present point is
shown in outline, and a hand that blends sees it change. A click on a bar offers it to the slots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from math import ceil
from time import perf_counter

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from studio.document.own_bars import OwnBar
from studio.document.scene import Deck, Scene
from studio.engine import EngineSpec
from studio.live.clock.transport import Transport
from studio.live.ensemble.ensemble import Ensemble
from studio.live.ensemble.played import Roll as Music
from studio.live.ensemble.played import RollBar
from studio.music.notes import Note
from studio.music.phrases import Key, Phrase
from studio.session import Session
from ui import theme
from ui.actions.actions import Action
from ui.roll._bar_tools import BarTools
from ui.roll._head import SHEET, RollHead
from ui.roll._own_bars import OwnBarsView
from ui.roll._phrase_preview import PhrasePreview
from ui.roll._roll_input import PianoRoll
from ui.roll._waterfall import Waterfall
from ui.score.view import ScoreView
from ui.theme import PANEL, QUIET
from ui.widgets.drag_data import carried_file

_SCORE_PX = 180
"""A line of three staves where there is little room."""
_SHEET = f"""{SHEET}
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
        self._own_bars: Mapping[int, OwnBar] = {}
        self._own = OwnBarsView(session, ensemble)
        self._preview_of: tuple[Deck, RollBar] | None = None
        self.setObjectName("rollStage")
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme.dress(self, _SHEET)
        self.roll = PianoRoll(self, clock)
        self.preview = PhrasePreview(session, ensemble, self)
        self.tools = BarTools(session, ensemble, self.roll, self.preview, self)
        self.score = ScoreView()
        self.score.edit_by(self.roll.melody)
        self.waterfall = Waterfall()
        self.head = head = RollHead(session, self)
        self.key, self.about, self.live, self.follow = head.key, head.about, head.live, head.follow
        self.edit, self.paper, self.falling = head.edit, head.paper, head.falling
        self.genre_metre = head.genre_metre
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
        for view in (self.roll, self.waterfall, self.score):
            self._halves.addWidget(view)
        self._halves.setChildrenCollapsible(False)
        self.waterfall.hide()
        self.score.hide()
        column.addWidget(self._halves, 1)
        self._listen()

    def _listen(self) -> None:
        roll = self.roll
        self.follow.clicked.connect(roll.follow)
        for view in (roll, self.score):
            self.edit.toggled.connect(view.set_edits)
        self.paper.toggled.connect(self._show_score)
        self.falling.toggled.connect(self._show_waterfall)
        roll.bars_taken.connect(self._offer)
        self.score.bar_wanted.connect(self._offer_bar)
        roll.moved.connect(self._on_looked)
        roll.melody.edited.connect(self._edit)
        roll.melody.touched.connect(self._touch)
        self.preview.changed.connect(self._refresh_music)
        self._ensemble.changed.connect(self._on_changed)
        self._session.changed.connect(self._on_scene)

    def window_actions(self) -> Iterator[Action]:
        """What the window can do with the notes of the deck in front, if it composes."""
        composes = lambda: self.fits(self._session.spec(self._session.scene.front))  # noqa: E731
        for name, text, key, button, mark in (
            ("edit", "Edit notes, in the piano roll and the score", "E", self.edit, "pencil"),
            ("score", "Score: the notes as they stand on paper", "N", self.paper, "music"),
            ("waterfall", "Waterfall: bars fall towards the keys", "V", self.falling, "arrow-down"),
        ):
            toggle = partial(self._toggle, button)
            yield Action(
                f"notes.{name}", "Notes", text, toggle, (key,), mark,
                is_on=button.isChecked, can_do=composes, buttons=(button,),
            )  # fmt: skip

    def _toggle(self, button: QPushButton) -> None:
        button.toggle()
        if button is self.edit and button.isChecked():
            (self.score if self.score.isVisible() else self.roll).setFocus()

    @staticmethod
    def fits(spec: EngineSpec) -> bool:
        """Whether a deck with this engine is shown here."""
        return spec.composes

    def close_down(self) -> None:
        """Listen to nothing any more."""
        self._ensemble.changed.disconnect(self._on_changed, missing_ok=True)
        self._session.changed.disconnect(self._on_scene, missing_ok=True)
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
        self.waterfall.turn(place, playing)

    def _show_waterfall(self, on: bool) -> None:
        """In the place of the roll."""
        self.waterfall.setVisible(on)
        self.roll.setVisible(not on)
        self.waterfall.show_bars(tuple(self.roll.bars.values()), self.roll.metre, self._key)
        self.turn()

    def _show_score(self, on: bool) -> None:
        high = self._halves.height()
        below = max(_SCORE_PX, high // 2) if on else 0
        self.score.setVisible(on)
        self._halves.setSizes([high - below, high - below, below])
        self.score.show_bars(tuple(self.roll.bars.values()), self.roll.metre, self._key)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _on_changed(self, deck: str) -> None:
        if deck == self._deck:
            self.turn()

    def _on_scene(self, scene: Scene, _: Scene) -> None:
        """What is the artist's own may differ; a deck that comes to the front is `refresh`ed."""
        if scene.front == self._deck and scene.deck(self._deck).own_bars is not self._own_bars:
            self._refresh_music()

    def _refresh_music(self) -> None:
        """Cheap as long as nothing differs: it is done with every frame."""
        music = self._ensemble.roll(self._deck)
        opening = self._opening(music)
        after = self.preview.follow(self._deck, opening)
        if opening is not None:
            self._preview_of = (self._session.scene.deck(self._deck), opening)
        elif music.bars:
            after = self._still_to_come(music)
        own = self._session.scene.deck(self._deck).own_bars
        if music is self._music and after == self._after and own is self._own_bars:
            return
        self._music, self._after, self._own_bars = music, after, own
        self._key = music.key
        bars = self._own.shown((*music.bars, *after), self._deck, music.metre)
        self.roll.show_bars(bars, music.metre, music.key)
        for view in (self.score, self.waterfall):
            if view.isVisible():
                view.show_bars(bars, music.metre, music.key)
        self.head.show_music(music)

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

    # -- notes of the artist's own -------------------------------------------------------------

    def _edit(self, number: int, notes: tuple[Note, ...], gesture: str) -> None:
        metre, deck = self.roll.metre, self._deck
        bar = Phrase(notes, metre.bar_beats, metre, self._key)
        tune_bar = self._ensemble.number_of(deck, number)
        self._session.own_bars.write(deck, {tune_bar: bar}, metre, f"{deck} {gesture}")

    def _touch(self, on: bool) -> None:
        history = self._session.history
        (history.hold if on else history.release)()

    # -- bars for the slots --------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if carried_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """A tune from elsewhere: into the first empty slot."""
        file = carried_file(event.mimeData())
        if file is not None:
            event.acceptProposedAction()
            self.tools.take_in(file, self.tools.empty_slot())

    def _offer(self, first: int, last: int, at: QPoint) -> None:
        if not self.tools.knows(first, last):
            self.roll.choose(None)
            return
        menu = self.tools.menu(first, last)
        menu.addSeparator()
        for button in (self.edit, self.paper, self.falling):
            view = menu.addAction(button.icon(), button.accessibleName())
            view.setCheckable(True)
            view.setChecked(button.isChecked())
            view.triggered.connect(button.setChecked)
        menu.popup(at)

    def _offer_bar(self, number: int, at: QPoint) -> None:
        self.roll.choose((number, number))
        self._offer(number, number, at)
