"""The screens of this computer as they come and go."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QScreen


class Screens(QObject):
    """Screens by their names; of two that are called alike the second one is "name 2".

    Signals: `added(name)` and `removed(name)`.
    """

    added = Signal(str)
    removed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        self._known = self._named()
        app.screenAdded.connect(self._look)
        app.screenRemoved.connect(self._look)

    def names(self) -> list[str]:
        """Of those that are connected, the primary one first."""
        return list(self._named())

    def get(self, name: str) -> QScreen | None:
        """The screen of this name, if it is connected."""
        return self._named().get(name)

    def name_of(self, screen: QScreen | None) -> str:
        """What a screen is called here; "" where it is not connected."""
        return next((name for name, each in self._named().items() if each is screen), "")

    def _named(self) -> dict[str, QScreen]:
        found: dict[str, QScreen] = {}
        for screen in QGuiApplication.screens():
            alike = sum(each.name() == screen.name() for each in found.values())
            found[f"{screen.name()} {alike + 1}" if alike else screen.name()] = screen
        return found

    def _look(self, _: QScreen) -> None:
        before, self._known = self._known, self._named()
        for name in before.keys() - self._known.keys():
            self.removed.emit(name)
        for name in self._known.keys() - before.keys():
            self.added.emit(name)
