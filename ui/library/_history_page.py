"""History: the scenes at which the hand came to rest; a click goes back there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractItemView, QListView, QVBoxLayout, QWidget

from studio.scenes.history import HistoryEntry, SceneHistory
from ui.library.model import Index
from ui.theme import STEP
from ui.widgets.form import quiet
from ui.widgets.pixmaps import pixmap_of

_NOWHERE = QModelIndex()


class HistoryModel(QAbstractListModel):
    """The newest first."""

    def __init__(self) -> None:
        super().__init__()
        self.stops: list[HistoryEntry] = []
        self._icons: dict[int, QIcon] = {}

    def show(self, stops: Sequence[HistoryEntry]) -> None:
        """Have these rows; `stops` come oldest first."""
        self.beginResetModel()
        self.stops = list(reversed(stops))
        kept = {id(stop) for stop in self.stops}
        self._icons = {key: icon for key, icon in self._icons.items() if key in kept}
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.stops)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.stops):
            return None
        stop = self.stops[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return stop.words or "The scene at the beginning"
        if role == Qt.ItemDataRole.DecorationRole and stop.picture is not None:
            if id(stop) not in self._icons:
                self._icons[id(stop)] = QIcon(pixmap_of(stop.picture))
            return self._icons[id(stop)]
        return None


class HistoryPage(QWidget):
    """Shows a `SceneHistory`."""

    def __init__(self, past: SceneHistory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._past = past
        self.model = HistoryModel()
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setIconSize(QSize(40, 40))
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setAccessibleName("History")
        self.list.activated.connect(lambda index: self._go(index.row()))
        self.list.clicked.connect(lambda index: self._go(index.row()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP)
        column.addWidget(self.list, 1)
        column.addWidget(quiet("Click a moment to go back to it. Undo takes you here again."))
        past.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the history until now."""
        self.model.show(self._past.entries)

    def _go(self, row: int) -> None:
        self._past.go_to(self.model.stops[row])

    def close_down(self) -> None:
        """Listen to nothing any more."""
        self._past.changed.disconnect(self.refresh, missing_ok=True)
