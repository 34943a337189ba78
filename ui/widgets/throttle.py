"""What is asked for often is done now and then, and surely at the end."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Throttle(QObject):
    """Call it as often as you like: `do` runs at once, and then at most every `every_ms`."""

    def __init__(self, do: Callable[[], object], every_ms: int, parent: QObject) -> None:
        super().__init__(parent)
        self._run = do
        self._waiting = False
        self._pause = QTimer(self, singleShot=True, interval=every_ms)
        self._pause.timeout.connect(self._next)

    def __call__(self, *_: object) -> None:
        if self._pause.isActive():
            self._waiting = True
        else:
            self._do()

    def finish(self) -> None:
        """Do at once what still waits."""
        if self._waiting:
            self._do()

    def _next(self) -> None:
        if self._waiting:
            self._do()

    def _do(self) -> None:
        self._waiting = False
        self._pause.start()
        self._run()
