"""What a folder holds, as a wall of small pictures: left out, turned, or to be learnt from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPixmap, QTransform
from PySide6.QtWidgets import QListView, QListWidget, QListWidgetItem, QWidget

from studio.training.folder import Item
from studio.training.preparing import Chosen, Crop
from ui.icons import pixmap
from ui.theme import ALARM, BACKGROUND, QUIET, colour
from ui.widgets.pixmaps import pixmap_of

TILE_PX = 72
_ITEM, _TURNS, _OUT = (Qt.ItemDataRole.UserRole + n for n in range(3))


class Wall(QListWidget):
    """`changed` when other files than before are to be learnt from."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("found")
        self.setAccessibleName("Files of the folder")
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        self.setUniformItemSizes(True)
        self.setIconSize(QSize(TILE_PX, TILE_PX))
        self.setGridSize(QSize(TILE_PX + 10, TILE_PX + 10))
        self.itemSelectionChanged.connect(self.changed)

    def add(self, found: Iterable[Item]) -> None:
        """More of what the folder holds; what cannot be learnt from is told elsewhere."""
        for item in found:
            if item.kind is None:
                continue
            tile = QListWidgetItem()
            tile.setData(_ITEM, item)
            tile.setData(_TURNS, 0)
            tile.setData(_OUT, False)
            tile.setToolTip(item.path.name)
            tile.setData(Qt.ItemDataRole.AccessibleTextRole, item.path.name)
            self._draw(tile)
            self.addItem(tile)
        self.changed.emit()

    def items_there(self) -> list[Item]:
        """All of them."""
        return [self.item(row).data(_ITEM) for row in range(self.count())]

    def chosen(self, kind: str, crop: Crop) -> list[Chosen]:
        """What is to be learnt from."""
        tiles = (self.item(row) for row in range(self.count()))
        return [
            Chosen(tile.data(_ITEM).path, tile.data(_TURNS), crop)
            for tile in tiles
            if not tile.data(_OUT) and tile.data(_ITEM).kind == kind
        ]

    def leave_out(self) -> None:
        """Leave out what is selected, or take it in again."""
        selected = self.selectedItems()
        out = not all(tile.data(_OUT) for tile in selected)
        for tile in selected:
            tile.setData(_OUT, out)
            self._draw(tile)
        self.changed.emit()

    def turn(self) -> None:
        """Turn what is selected by a quarter to the left."""
        for tile in self.selectedItems():
            tile.setData(_TURNS, (tile.data(_TURNS) + 1) % 4)
            self._draw(tile)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.leave_out()
        elif event.key() == Qt.Key.Key_R:
            self.turn()
        else:
            super().keyPressEvent(event)

    def _draw(self, tile: QListWidgetItem) -> None:
        item: Item = tile.data(_ITEM)
        if item.picture is None:
            shown = pixmap("music", TILE_PX, QUIET, self.devicePixelRatioF())
        else:
            shown = pixmap_of(item.picture).transformed(
                QTransform().rotate(-90 * tile.data(_TURNS))
            )
        if tile.data(_OUT):
            shown = _crossed(shown)
        tile.setIcon(QIcon(shown))
        name = Path(item.path).name
        tile.setToolTip(f"{name}: left out" if tile.data(_OUT) else name)


def _crossed(picture: QPixmap) -> QPixmap:
    made = QPixmap(picture)
    painter = QPainter(made)
    painter.fillRect(made.rect(), colour(BACKGROUND, 0.75))
    painter.setPen(colour(ALARM))
    painter.drawLine(made.rect().topLeft(), made.rect().bottomRight())
    painter.drawLine(made.rect().topRight(), made.rect().bottomLeft())
    painter.end()
    return made
