"""The button that records: a red light and the length while it does."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QIcon

from studio.recording.recorder import PerformanceRecorder, length_of
from ui import theme
from ui.actions.actions import Action
from ui.icons import icon, pixmap
from ui.theme import ALARM, PANEL
from ui.transport.bar_parts import button

_TURN_MS = 250
_SHEET = (
    f"QToolButton:checked {{ color: {ALARM}; background: {PANEL}; border: 1px solid {ALARM}; }}"
)
_WORDS = "Record: film with sound, notes, and the take that can be played again"


class RecordButton(QObject):
    """Shows a recorder, and tells it now and then to collect. Close it before the rig."""

    def __init__(self, recorder: PerformanceRecorder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._recorder = recorder
        self.button = button("player-record", _WORDS)
        self._about = ""
        """The button's tooltip while nothing is recorded."""
        self.button.setCheckable(True)
        self.button.clicked.connect(recorder.toggle)
        theme.dress(self.button, _SHEET)
        self._turns = QTimer(self, interval=_TURN_MS)
        self._turns.timeout.connect(self.turn)
        self._turns.start()
        recorder.changed.connect(self.refresh)
        self.refresh()

    def window_actions(self) -> Iterator[Action]:
        """The one that records."""
        yield Action(
            "record",
            "Transport",
            "Record, or end the recording",
            self._recorder.toggle,
            ("Ctrl+R",),
            buttons=(self.button,),
        )

    def turn(self) -> None:
        """Show how long it has recorded, and tell what has happened."""
        self._recorder.collect()
        if self._recorder.is_on:
            self._show_length()

    def refresh(self) -> None:
        """Show whether it records."""
        on = self._recorder.is_on
        self.button.setChecked(on)
        lit = QIcon(pixmap("player-record", 18, ALARM, 2))
        self.button.setIcon(lit if on else icon("player-record"))
        beside = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        self.button.setToolButtonStyle(beside if on else Qt.ToolButtonStyle.ToolButtonIconOnly)
        if on:
            self._about = self._about or self.button.toolTip()
            self._show_length()
        else:
            self.button.setText("")
            self.button.setToolTip(self._about or self.button.toolTip())
            self._about = ""

    def _show_length(self) -> None:
        dropped, recorder = self._recorder.dropped, self._recorder
        self.button.setText(length_of(recorder.seconds))
        lost = f"{dropped} pictures dropped" if dropped else "no picture dropped"
        about = f"Records to {recorder.folder}; {lost}"
        self.button.setAccessibleDescription(about)
        self.button.setToolTip(about)

    def close_down(self) -> None:
        """End the recording, and wait until its files are whole."""
        self._turns.stop()
        self._recorder.changed.disconnect(self.refresh, missing_ok=True)
        self._recorder.close()
