"""How the engine thread wakes the window: one queued signal for any number of events."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal


class Bridge(QObject):
    """Call `wake` from any thread; `woken` is then emitted on the window's thread, later."""

    woken = Signal()
    _asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked.connect(self.woken, Qt.ConnectionType.QueuedConnection)

    def wake(self) -> None:
        try:
            self._asked.emit()
        except RuntimeError:  # the window is gone and took this object along
            return
