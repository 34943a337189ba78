"""What turns the rig while something in it wants turning, and rests while nothing does."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer

from studio.live.rig import Rig

FRAME_MS = 16
"""While something moves: as often as a display shows pictures."""
IDLE_MS = 40
"""While controllers or an OSC target only wait for what may come."""
REST_MS = 1500
"""Once, when the settings have rested: they are then written."""


class RigTimer(QObject):
    """Calls `rig.tick` and then `frame`, which shows where the beat is.

    Call `look` when anything has changed; it does so by itself for the rig's changes.
    """

    def __init__(
        self,
        rig: Rig,
        frame: Callable[[], object],
        parent: QObject,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        super().__init__(parent)
        self._rig, self._frame, self._clock = rig, frame, clock
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.turn)
        self._settings = rig.settings
        self._rested = QTimer(self, singleShot=True, interval=REST_MS)
        self._rested.timeout.connect(self.turn)
        rig.changed.connect(self.look)

    @property
    def every_ms(self) -> int | None:
        """How often it turns; None while it rests."""
        return self._timer.interval() if self._timer.isActive() else None

    def look(self) -> None:
        """Turn as often as is wanted now."""
        if self._settings is not self._rig.settings:
            self._settings = self._rig.settings
            self._rested.start()
        wanted = self._wanted()
        if wanted is None:
            if self._timer.isActive():
                self._timer.stop()
                self.turn()  # what waited for a beat that will not come, and the display's last
        elif wanted != self.every_ms:
            self._timer.start(wanted)

    def _wanted(self) -> int | None:
        rig = self._rig
        moves = rig.transport.movement.playing or bool(rig.later.waiting)
        if moves or rig.surfaces.learning is not None:
            return FRAME_MS
        told = rig.settings.osc.target is not None
        slow = told or rig.surfaces.devices or rig.ensemble.waiting
        return IDLE_MS if slow else None

    def turn(self) -> None:
        """What one tick does."""
        self._rig.tick(self._clock())
        self._frame()
        if self._timer.isActive() and self._wanted() != self.every_ms:
            self.look()

    def close(self) -> None:
        """Rest for good."""
        self._rig.changed.disconnect(self.look, missing_ok=True)
        self._rested.stop()
        self._timer.stop()
