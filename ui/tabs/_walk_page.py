"""A closed walk through slots: its way, its length, its pace, and play."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.document.parameters import Value
from studio.document.scene import EASING, WALK_SECONDS
from studio.export.plans import can_walk
from studio.session import Session
from ui.icons import icon
from ui.tabs._walk_stops import WalkStops, stops_of
from ui.tabs.page import TabPage, line, small_button
from ui.theme import STEP
from ui.widgets.form import quiet
from ui.widgets.parameter_rows import row_for
from ui.widgets.progress_line import ProgressLine
from ui.widgets.row import ParameterRow
from ui.widgets.scroll_column import ScrollColumn

_FEW = "Fill two slots to walk between them: Randomise fills all of them."


class WalkPage(TabPage):
    """Shows the front deck's walk and plays it."""

    export_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._shows_playing = False
        self.stops = WalkStops(self)
        self.stops.wanted.connect(lambda slots: self._set(slots=slots))
        self.progress = ProgressLine(self)
        self.play = small_button("player-play", "Play", "Play the walk", "Play or stop the walk")
        self.play.setMinimumWidth(92)
        self.play.clicked.connect(self.toggle)
        self.export = small_button(
            "download", "Export…", "Export the walk", "Export the walk as a film"
        )
        self.export.clicked.connect(self.export_wanted)
        self.length = self._row(row_for(WALK_SECONDS), "seconds")
        self.pace = self._row(row_for(EASING), "easing")
        self.words = quiet()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, STEP // 2, 0)
        for part in (self.stops, self.progress, self.words):
            column.addWidget(part)
        column.addLayout(line(self.play, self.export, stretch_at=1))
        column.addWidget(self.length)
        column.addWidget(self.pace)
        column.addStretch(1)
        self._column.setContentsMargins(0, STEP, 0, 0)
        self._column.addWidget(ScrollColumn(inside, self), 1)

    def _row(self, row: ParameterRow, name: str) -> ParameterRow:
        history = self._session.history
        row.wanted.connect(lambda value: self._set(**{name: value}))
        row.refused.connect(self._session.noticed.emit)
        row.pressed.connect(history.hold)
        row.released.connect(history.release)
        return row

    def _set(self, **changes: Value | tuple[int, ...]) -> None:
        self._session.motion.set_walk(self.front, self.deck.walk.but(**changes))

    def toggle(self) -> None:
        """Play the walk, or stop it where it is."""
        if self._session.motion.walking(self.front) is None:
            self._session.motion.start_walk(self.front, perf_counter())
        else:
            self._session.motion.stop_walk(self.front)

    def refresh(self) -> None:
        deck = self.deck
        self.stops.show_deck(deck)
        self.length.show_value(deck.walk.seconds)
        self.pace.show_value(deck.walk.easing)
        possible, stops = can_walk(deck), stops_of(deck)
        self.words.setText(f"{len(stops)} slots, and back to the first" if possible else _FEW)
        self.export.setEnabled(possible)
        self.refresh_walking()

    def refresh_walking(self) -> None:
        """Show whether it plays, and how far round it is."""
        phase = self._session.motion.walking(self.front)
        self.progress.show_share(phase)
        plays = phase is not None
        if plays != self._shows_playing:
            self._shows_playing = plays
            self.play.setText("Stop" if plays else "Play")
            self.play.setIcon(icon("player-stop" if plays else "player-play"))
            self.play.setAccessibleName("Stop the walk" if plays else "Play the walk")
        self.play.setEnabled(plays or can_walk(self.deck))
