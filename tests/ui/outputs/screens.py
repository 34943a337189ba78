"""Screens for tests that come and go as the test says."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QScreen


class FakeScreens(QObject):
    """All of them are the one screen that Qt has; the instrument stands on the "Laptop"."""

    added = Signal(str)
    removed = Signal(str)

    def __init__(self, *names: str) -> None:
        super().__init__()
        self._names = ["Laptop", *names]

    def names(self) -> list[str]:
        return list(self._names)

    def get(self, name: str) -> QScreen | None:
        return QGuiApplication.primaryScreen() if name in self._names else None

    def name_of(self, screen: QScreen | None) -> str:
        return "Laptop"

    def plug(self, name: str) -> None:
        self._names.append(name)
        self.added.emit(name)

    def pull(self, name: str) -> None:
        self._names.remove(name)
        self.removed.emit(name)
