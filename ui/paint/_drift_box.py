"""The drift of the front deck: a pace for each of its cyclic parameters, play, and export."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.document.parameters import Value
from studio.document.scene import Deck
from studio.motion.drifting import cyclic
from studio.session import Session
from ui.icons import icon
from ui.paint._drift_row import DriftRow
from ui.tabs.page import line, small_button
from ui.widgets.parameter_rows import section


class DriftBox(QWidget):
    """Rows are made from what the deck's engine declares; hidden where nothing of it goes round."""

    built = Signal()
    """Its rows are others than before."""
    export_wanted = Signal()
    play_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.rows: list[DriftRow] = []
        self._made_for: tuple[str, str] | None = None
        self._plays = False
        self.play = small_button("player-play", "Play", "Play the drift", "Play or stop the drift")
        self.play.setMinimumWidth(92)
        self.play.clicked.connect(self.play_wanted)
        self.export = small_button(
            "download", "Export…", "Export the drift", "Export the drift as a film that closes"
        )
        self.export.clicked.connect(self.export_wanted)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(line(section("Drift speed"), self.play, self.export, stretch_at=1))

    def show_deck(self, deck: Deck) -> None:
        """Show the deck's paces and whether it drifts."""
        if (deck.engine, deck.model) != self._made_for:
            self._build(deck)
        for row in self.rows:
            row.show_value(deck.drift.get(row.name, 0.0))
        self._show_playing(self._session.motion.drifting(deck.key), any(deck.drift.values()))

    def _build(self, deck: Deck) -> None:
        self._made_for = (deck.engine, deck.model)
        for row in self.rows:
            row.hide()
            row.deleteLater()  # later: the signal that led here may be one of its own
        self.rows = [DriftRow(p, self) for p in cyclic(self._session.controls(deck.key))]
        self.setVisible(bool(self.rows))
        history = self._session.history
        for row in self.rows:
            row.wanted.connect(lambda value, name=row.name: self._set(name, value))
            row.refused.connect(self._session.noticed.emit)
            row.pressed.connect(history.hold)
            row.released.connect(history.release)
            self._column.addWidget(row)
        self.built.emit()

    def _set(self, name: str, value: Value) -> None:
        self._session.motion.set_drift(self._session.scene.front, name, float(value))

    def _show_playing(self, plays: bool, possible: bool) -> None:
        self.play.setEnabled(plays or possible)
        self.export.setEnabled(possible)
        if plays != self._plays:
            self._plays = plays
            self.play.setText("Stop" if plays else "Play")
            self.play.setIcon(icon("player-stop" if plays else "player-play"))
            self.play.setAccessibleName("Stop the drift" if plays else "Play the drift")
