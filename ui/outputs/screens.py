"""The screens of this computer as they come and go."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QScreen


class Screens(QObject):
    """Screens by their names. Signals: `added(name)` and `removed(name)`."""

    added = Signal(str)
    removed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.screenAdded.connect(lambda screen: self.added.emit(screen.name()))
        app.screenRemoved.connect(lambda screen: self.removed.emit(screen.name()))

    def names(self) -> list[str]:
        """Of those that are connected, the primary one first."""
        return [screen.name() for screen in QGuiApplication.screens()]

    def get(self, name: str) -> QScreen | None:
        """The screen of this name, if it is connected."""
        found = (screen for screen in QGuiApplication.screens() if screen.name() == name)
        return next(found, None)
