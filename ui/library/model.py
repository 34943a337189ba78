"""Presets as Qt's views want them: rows that are read where they are seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QUrl,
)
from PySide6.QtGui import QPixmap

from studio.presets.folder.entries import PresetEntry
from studio.scenes.repertoire import Repertoire
from ui.widgets.pixmaps import pixmap_of

IDS = "application/x-latentloom-presets"
"""What is dragged within the instrument: the ids of presets, a line each."""
ENTRY = Qt.ItemDataRole.UserRole
PICTURE = Qt.ItemDataRole.UserRole + 1

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_PIXMAPS = 600


class PresetModel(QAbstractListModel):
    """Entries in some order. `show` replaces them; a row that is not seen costs nothing."""

    def __init__(self, repertoire: Repertoire) -> None:
        super().__init__()
        self._repertoire = repertoire
        self._entries: list[PresetEntry] = []
        self._pixmaps: dict[str, QPixmap] = {}
        repertoire.thumbnails.arrived.connect(self._on_thumbnailed)

    def close(self) -> None:
        """Listen to nothing any more."""
        self._repertoire.thumbnails.arrived.disconnect(self._on_thumbnailed, missing_ok=True)

    @property
    def entries(self) -> list[PresetEntry]:
        return self._entries

    def show(self, entries: Sequence[PresetEntry]) -> None:
        """Have these rows."""
        if list(entries) == self._entries:
            return
        self.beginResetModel()
        looks = {entry.id: entry.look for entry in self._entries}
        self._entries = list(entries)
        for entry in self._entries:  # the picture of a scene that was saved over is another one
            if looks.get(entry.id, entry.look) != entry.look:
                self._pixmaps.pop(entry.id, None)
        self.endResetModel()

    def rows_of(self, ids: Sequence[str]) -> list[int]:
        """Where the presets with these ids stand."""
        wanted = set(ids)
        return [row for row, entry in enumerate(self._entries) if entry.id in wanted]

    # -- what Qt asks --------------------------------------------------------------------------

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        entry = self._entries[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return entry.name
            case Qt.ItemDataRole.ToolTipRole:
                return tip_of(entry)
            case _ if role == ENTRY:
                return entry
            case _ if role == PICTURE:
                return self._picture(entry.id)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not str(value).strip():
            return False
        entry = self._entries[index.row()]
        if str(value).strip() != entry.name:
            self._repertoire.presets.rename(entry.id, str(value).strip())
        return False  # it is called so once the shelf says so

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        movable = usual | Qt.ItemFlag.ItemIsDragEnabled
        own = not self._entries[index.row()].factory
        return movable | Qt.ItemFlag.ItemIsEditable if own else movable

    def mimeTypes(self) -> list[str]:
        return [IDS, "text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        entries = [self._entries[index.row()] for index in sorted(indexes)]
        data = QMimeData()
        data.setData(IDS, QByteArray("\n".join(e.id for e in entries).encode()))
        data.setUrls([QUrl.fromLocalFile(str(entry.file)) for entry in entries])
        return data

    # -- pictures ------------------------------------------------------------------------------

    def _picture(self, id: str) -> QPixmap | None:
        if id not in self._pixmaps:
            pixels = self._repertoire.thumbnails.get(id)
            if pixels is None:
                return None
            while len(self._pixmaps) >= _PIXMAPS:
                self._pixmaps.pop(next(iter(self._pixmaps)))
            self._pixmaps[id] = pixmap_of(pixels)
        return self._pixmaps[id]

    def _on_thumbnailed(self, id: str) -> None:
        self._pixmaps.pop(id, None)
        for row in self.rows_of([id]):
            index = self.index(row)
            self.dataChanged.emit(index, index, [PICTURE])


def dragged(data: QMimeData) -> list[str]:
    """The ids of presets that are being dragged; none for anything else."""
    if not data.hasFormat(IDS):
        return []
    return bytes(data.data(IDS).data()).decode("ascii", "replace").split("\n")


def tip_of(entry: PresetEntry) -> str:
    """What is known of a preset, in lines."""
    if entry.problem:
        return f"{entry.name}\n{entry.problem}"
    lines = [entry.name]
    if entry.tags:
        lines.append(", ".join(entry.tags))
    if entry.author:
        lines.append(f"by {entry.author}")
    if entry.notes:
        lines.append(entry.notes[:300])
    lines.append("It came with the instrument." if entry.factory else str(entry.file))
    return "\n".join(lines)
