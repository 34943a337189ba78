"""A grid of presets: thousands of them scroll smoothly, since only what is seen is painted."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from studio.presets.folder.entries import PresetEntry
from studio.scenes.repertoire import Repertoire
from ui.library._film_player import FilmPlayer
from ui.library._preset_delegate import PresetDelegate
from ui.library.model import ENTRY, PresetModel, dragged

_SETTLE = QSize(112, 132)


class PresetGrid(QListView):
    """Reports what the hand wants of the presets in `model`."""

    recalled = Signal(str)
    """An id: a double click, or Enter."""
    chosen = Signal()
    """Others are selected."""
    deletion_wanted = Signal()
    menu_wanted = Signal(QPoint)
    """In global coordinates."""
    files_dropped = Signal(list)
    """Paths."""
    arranged = Signal(list, int, bool)
    """Ids that were dropped here, the row before which, and whether they were dragged from here:
    only where `takes_presets`."""

    def __init__(
        self,
        model: PresetModel,
        repertoire: Repertoire,
        *,
        takes_presets: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._takes_presets = takes_presets
        self.film = FilmPlayer(repertoire, self)
        self._tiles = PresetDelegate(repertoire, self.film.picture)  # Qt keeps no hold on it
        self.setModel(model)
        self.setItemDelegate(self._tiles)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setGridSize(_SETTLE)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(28)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDropIndicatorShown(takes_presets)
        self.setDefaultDropAction(Qt.DropAction.CopyAction)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(
            lambda at: self.menu_wanted.emit(self.viewport().mapToGlobal(at))
        )
        self.doubleClicked.connect(lambda index: self._recall(index.data(ENTRY)))
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())

    def close_down(self) -> None:
        """Listen to nothing any more."""
        self.film.close()

    def leaveEvent(self, event: QEvent) -> None:
        self.film.stop()
        super().leaveEvent(event)

    def selected(self) -> list[PresetEntry]:
        """What is selected, in the order of the rows."""
        rows = sorted(self.selectedIndexes(), key=lambda index: index.row())
        return [index.data(ENTRY) for index in rows]

    def rows(self) -> list[int]:
        """Which rows are selected."""
        return sorted(index.row() for index in self.selectedIndexes())

    def _recall(self, entry: PresetEntry | None) -> None:
        if entry is not None:
            self.recalled.emit(entry.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._recall(self.currentIndex().data(ENTRY))
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.deletion_wanted.emit()
        else:
            super().keyPressEvent(event)

    # -- dropping ------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._accepts(event):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)  # it shows where, and scrolls at the edges
        if self._accepts(event):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        ids = dragged(event.mimeData())
        if self._takes_presets and ids:
            row = self._row_at(event.position().toPoint())
            self.arranged.emit(ids, row, event.source() is self)
        elif not ids:
            paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
            self.files_dropped.emit(paths)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def _accepts(self, event: QDragMoveEvent) -> bool:
        data = event.mimeData()
        return self._takes_presets if dragged(data) else data.hasUrls()

    def _row_at(self, at: QPoint) -> int:
        """The row before which something dropped at `at` comes."""
        index = self.indexAt(at)
        if not index.isValid():
            return self.model().rowCount()
        return index.row() + (at.x() > self.visualRect(index).center().x())
