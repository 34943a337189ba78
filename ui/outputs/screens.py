"""The screens of this computer as they come and go."""

from __future__ import annotations

from itertools import chain, count

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QScreen


class Screens(QObject):
    """Screens by their names; of two that are called alike the second one is "name 2", as long as
    it is connected.

    Signals: `added(name)` and `removed(name)`.
    """

    added = Signal(str)
    removed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        self._known: dict[str, QScreen] = {}
        self._look()
        app.screenAdded.connect(self._look)
        app.screenRemoved.connect(self._look)

    def names(self) -> list[str]:
        """Of those that are connected, the primary one first."""
        return [name for screen in QGuiApplication.screens() if (name := self.name_of(screen))]

    def get(self, name: str) -> QScreen | None:
        """The screen of this name, if it is connected."""
        return self._known.get(name)

    def name_of(self, screen: QScreen | None) -> str:
        """What a screen is called here; "" where it is not connected."""
        return next((name for name, each in self._known.items() if each is screen), "")

    def _free(self, name: str) -> str:
        names = chain([name], (f"{name} {number}" for number in count(2)))
        return next(each for each in names if each not in self._known)

    def _look(self, *_: QScreen) -> None:
        here = QGuiApplication.screens()
        gone = [name for name, each in self._known.items() if not any(each is s for s in here)]
        for name in gone:
            del self._known[name]
        come = [screen for screen in here if not self.name_of(screen)]
        for screen in come:
            self._known[self._free(screen.name() or "Screen")] = screen
        for name in gone:
            self.removed.emit(name)
        for screen in come:
            self.added.emit(self.name_of(screen))
