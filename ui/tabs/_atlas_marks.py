"""What lies on the map beside its dots."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen

from studio.document.scene import SLOT_NAMES
from ui.theme import (
    ACCENT,
    BACKGROUND,
    HAIRLINE,
    PANEL,
    QUIET,
    RADIUS,
    RAISED,
    TEXT,
    TRACK,
    colour,
    font,
)
from ui.widgets.pixmaps import Thumbnail, ThumbnailStyle

_FACE_PX = 76


def paint_slot(painter: QPainter, slot: int, at: QPointF) -> None:
    """A slot's letter."""
    badge = QRectF(at.x() - 9, at.y() - 9, 18, 18)
    painter.setPen(QPen(colour(TRACK), 1))
    painter.setBrush(colour(RAISED, 0.92))
    painter.drawRoundedRect(badge, 5, 5)
    painter.setFont(font(11, QFont.Weight.DemiBold))
    painter.setPen(colour(TEXT))
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, SLOT_NAMES[slot])


def paint_here(painter: QPainter, at: QPointF) -> None:
    """The point that is shown."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour(ACCENT, 0.6), 1.2))
    painter.drawEllipse(at, 12, 12)
    painter.setPen(QPen(colour(BACKGROUND), 1.5))
    painter.setBrush(colour(ACCENT))
    painter.drawEllipse(at, 7, 7)


def paint_under(painter: QPainter, thumbnail: Thumbnail, at: QPointF, room: QRectF) -> None:
    """The dot under the pointer with its small picture, beside it and inside `room`."""
    painter.setPen(QPen(colour(TEXT), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, 5, 5)
    if thumbnail.picture is None:
        return
    left = min(max(4.0, at.x() + 14), room.width() - _FACE_PX - 4)
    if left < at.x() < left + _FACE_PX:  # no room on the right
        left = at.x() - 14 - _FACE_PX
    top = min(max(4.0, at.y() - _FACE_PX / 2), room.height() - _FACE_PX - 4)
    thumbnail.paint(painter, QRectF(left, top, _FACE_PX, _FACE_PX), ThumbnailStyle(RADIUS, PANEL))


def paint_frame(painter: QPainter, room: QRectF, focused: bool) -> None:
    """The map's edge, brighter when it has the keyboard."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour(QUIET if focused else HAIRLINE), 1))
    frame = room.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(frame, RADIUS, RADIUS)
