"""Moves every walk at the display's pace, and rests while there is none."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer

from studio.session import Session

_FRAME_MS = 16


class Walker(QObject):
    """Lives as long as the window."""

    def __init__(
        self, session: Session, parent: QObject, clock: Callable[[], float] = perf_counter
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._clock = clock
        self._frames = QTimer(self, interval=_FRAME_MS)
        self._frames.setTimerType(Qt.TimerType.PreciseTimer)
        self._frames.timeout.connect(self.step)
        session.walking_changed.connect(self._on_walking)

    @property
    def at_rest(self) -> bool:
        return not self._frames.isActive()

    def step(self) -> None:
        """Move all walks to where they are now."""
        self._session.step_walks(self._clock())

    def _on_walking(self, deck: str) -> None:
        decks = self._session.scene.decks
        if any(self._session.walking(d.key) is not None for d in decks):
            self._frames.start()
        else:
            self._frames.stop()
