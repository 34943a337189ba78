"""How a preset looks on the shelf: its picture, its name, and what is special about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from studio.presets.folder.entries import PresetEntry
from studio.scenes.repertoire import Repertoire
from ui.icons import pixmap
from ui.library.model import ENTRY, PICTURE
from ui.theme import ACCENT, ALARM, HAIRLINE, QUIET, RAISED, TEXT, TRACK, colour, font

_FACE_PX = 88
_TILE = QSize(104, 124)
_RADIUS = 7
_STAR_PX = 14


class PresetDelegate(QStyledItemDelegate):
    """Paints a tile, with what `playing` gives of a film; the current preset has a bright edge, one
    that waits for its beat a dashed one."""

    def __init__(
        self,
        repertoire: Repertoire,
        playing: Callable[[PresetEntry], QPixmap | None] = lambda _: None,
    ) -> None:
        super().__init__()
        self._repertoire = repertoire
        self._playing = playing

    def sizeHint(
        self,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QSize:
        return _TILE

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        entry: PresetEntry | None = index.data(ENTRY)
        if entry is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        tile = QRectF(option.rect)
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(TRACK))
            painter.drawRoundedRect(tile.adjusted(2, 2, -2, -2), _RADIUS, _RADIUS)
        left = tile.center().x() - _FACE_PX / 2
        thumbnail = QRectF(left, tile.top() + 8, _FACE_PX, _FACE_PX)
        self._paint_face(painter, thumbnail, self._playing(entry) or index.data(PICTURE), entry)
        self._paint_edge(painter, thumbnail, entry, hovered=bool(state & _HOVER))
        room = QRectF(tile.left() + 6, thumbnail.bottom() + 3, tile.width() - 12, 20)
        self._paint_name(painter, room, entry)
        painter.restore()

    def _paint_face(
        self, painter: QPainter, thumbnail: QRectF, picture: QPixmap | None, entry: PresetEntry
    ) -> None:
        shape = QPainterPath()
        shape.addRoundedRect(thumbnail, _RADIUS, _RADIUS)
        painter.fillPath(shape, colour(RAISED))
        if picture is not None:
            painter.save()
            painter.setClipPath(shape)
            painter.drawPixmap(thumbnail, picture, _square_of(picture))
            painter.restore()
        elif entry.problem:
            painter.setPen(colour(ALARM))
            painter.setFont(font(22))
            painter.drawText(thumbnail, Qt.AlignmentFlag.AlignCenter, "!")
        if entry.favourite:
            star = pixmap("star-filled", _STAR_PX, ACCENT, painter.device().devicePixelRatio())
            painter.drawPixmap(
                QRectF(thumbnail.right() - _STAR_PX - 5, thumbnail.top() + 5, _STAR_PX, _STAR_PX),
                star,
                QRectF(star.rect()),
            )

    def _paint_edge(
        self, painter: QPainter, thumbnail: QRectF, entry: PresetEntry, *, hovered: bool
    ) -> None:
        current, waiting = self._repertoire.presets.current, self._repertoire.recalling.waiting
        pen = QPen(colour(QUIET if hovered else HAIRLINE), 1)
        if current is not None and current.id == entry.id:
            pen = QPen(colour(ACCENT), 2)
        elif waiting is not None and waiting.key == entry.id:
            pen = QPen(colour(ACCENT), 2, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(thumbnail, _RADIUS, _RADIUS)

    def _paint_name(self, painter: QPainter, room: QRectF, entry: PresetEntry) -> None:
        current = self._repertoire.presets.current
        is_current = current is not None and current.id == entry.id
        painter.setFont(font(12, QFont.Weight.Bold if is_current else QFont.Weight.Normal))
        painter.setPen(colour(QUIET if entry.problem else TEXT))
        words = painter.fontMetrics().elidedText(
            entry.name, Qt.TextElideMode.ElideRight, round(room.width())
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)


_HOVER = QStyle.StateFlag.State_MouseOver


def _square_of(picture: QPixmap) -> QRectF:
    """The middle of a picture, as large a square as it has."""
    side = min(picture.width(), picture.height())
    return QRectF((picture.width() - side) / 2, (picture.height() - side) / 2, side, side)
