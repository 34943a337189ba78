"""Which modulator is being edited: the row marks it, the page shows it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from studio.document.modulation import Modulator
from studio.session import Session


class Selection(QObject):
    """The first modulator, until one is chosen; none where there is none."""

    changed = Signal()
    """Another one is chosen."""
    opened = Signal()
    """It is to be edited."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._id = 0

    @property
    def modulator(self) -> Modulator | None:
        """The one that is being edited."""
        found = self._session.scene.modulators
        return next((m for m in found if m.id == self._id), found[0] if found else None)

    def choose(self, id: int) -> None:
        """Edit another one."""
        if id != self._id:
            self._id = id
            self.changed.emit()

    def open(self, id: int) -> None:
        """Edit one, and see it."""
        self.choose(id)
        self.opened.emit()

    def add(self, what: Modulator | str) -> int | None:
        """Add a modulator (see `session.modulation.add`) and edit it; its number."""
        id = self._session.modulation.add(what)
        if id is not None:
            self.choose(id)
        return id
