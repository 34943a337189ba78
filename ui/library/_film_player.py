"""Plays a preset's two seconds of film on its tile while the pointer rests there."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QListView

from studio.engine import Pixels
from studio.presets.folder.entries import PresetEntry
from studio.scenes.repertoire import Repertoire
from ui import theme
from ui.library.model import ENTRY
from ui.widgets.pixmaps import pixmap_of

_REST_MS = 180
"""Passing over a tile does not read its film."""
_FRAME_MS = 33


class FilmPlayer(QObject):
    """One film at a time, round and round; a preset without one shows its picture as ever."""

    def __init__(self, repertoire: Repertoire, view: QListView) -> None:
        super().__init__(view)
        self._previews = repertoire.previews
        self._view = view
        self._index = QPersistentModelIndex()
        self._id = ""
        self._film: list[Pixels] = []
        self._place = 0
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._begin)
        self._frames = QTimer(self, interval=_FRAME_MS)
        self._frames.timeout.connect(self._turn)
        view.entered.connect(self.rest_on)
        view.viewportEntered.connect(self.stop)
        self._previews.arrived.connect(self._arrived)

    def close(self) -> None:
        """Listen to nothing any more."""
        self.stop()
        self._previews.arrived.disconnect(self._arrived, missing_ok=True)

    def rest_on(self, index: QModelIndex) -> None:
        """The pointer has come to a tile."""
        self.stop()
        self._index = QPersistentModelIndex(index)
        self._rest.start()

    def stop(self) -> None:
        """The pointer has gone."""
        self._rest.stop()
        self._frames.stop()
        self._film, self._id = [], ""
        self._repaint()

    def picture(self, entry: PresetEntry) -> QPixmap | None:
        """The picture of the film that is to be shown of a preset now; None where none plays."""
        if not self._film or entry.id != self._id:
            return None
        return pixmap_of(self._film[self._place % len(self._film)])

    # -- inside --------------------------------------------------------------------------------

    def _begin(self) -> None:
        entry: PresetEntry | None = self._index.data(ENTRY) if self._index.isValid() else None
        if entry is None or not self._view.isVisible():
            return
        self._id = entry.id
        self._film = self._previews.film(entry) or []  # if it is read first, `_arrived` comes
        self._place = 0
        if self._film and not theme.keeps_still():
            self._frames.start()

    def _arrived(self, id: str) -> None:
        if id == self._id and not self._film:
            self._begin()

    def _turn(self) -> None:
        if not self._index.isValid() or not self._view.isVisible():
            self.stop()
            return
        self._place += 1
        self._repaint()

    def _repaint(self) -> None:
        if self._index.isValid():
            here = self._view.model().index(self._index.row(), 0)
            self._view.viewport().update(self._view.visualRect(here))
