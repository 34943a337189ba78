"""A picture three by three, as it joins with itself, with small marks where its corners meet."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from ui.theme import BACKGROUND, TEXT, colour

_MARK_PX = 5


def paint_wrapped(painter: QPainter, frame: QRectF, picture: QPixmap) -> None:
    """Paint nine copies of `picture` into `frame`, which has the picture's proportions."""
    scale = painter.deviceTransform().m11()
    small = _reduced(picture, round(frame.width() / 3 * scale), round(frame.height() / 3 * scale))
    whole = QRectF(0, 0, 3 * small.width(), 3 * small.height())
    painter.save()
    painter.translate(frame.topLeft())
    painter.scale(frame.width() / whole.width(), frame.height() / whole.height())
    painter.drawTiledPixmap(whole, small)
    painter.restore()
    _paint_marks(painter, frame)


def paint_tiled(painter: QPainter, room: QRectF, frame: QRectF, picture: QPixmap) -> None:
    """Fill `room` with copies of `picture`, one of them in `frame`."""
    scale = painter.deviceTransform().m11()
    small = _reduced(picture, round(frame.width() * scale), round(frame.height() * scale))
    times = small.width() / frame.width()
    painter.save()
    painter.scale(1 / times, 1 / times)
    whole = QRectF(
        times * room.left(), times * room.top(), times * room.width(), times * room.height()
    )
    offset = QPointF(
        (-times * frame.left()) % small.width(), (-times * frame.top()) % small.height()
    )
    painter.drawTiledPixmap(whole, small, offset)
    painter.restore()


def _reduced(picture: QPixmap, width: int, height: int) -> QPixmap:
    """The picture for so many px; one that is not much too large stays, and Qt smooths it."""
    if picture.width() < 2 * width or min(width, height) < 1:
        return picture
    keep, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    return picture.scaled(width, height, keep, smooth)


def _paint_marks(painter: QPainter, frame: QRectF) -> None:
    """A small cross in each inner corner: lines all along would hide the seams."""
    for tint, width in ((colour(BACKGROUND, 0.7), 3.0), (colour(TEXT, 0.9), 1.0)):
        painter.setPen(QPen(tint, width))
        for column in (1, 2):
            for row in (1, 2):
                x = frame.left() + frame.width() * column / 3
                y = frame.top() + frame.height() * row / 3
                painter.drawLine(QPointF(x - _MARK_PX, y), QPointF(x + _MARK_PX, y))
                painter.drawLine(QPointF(x, y - _MARK_PX), QPointF(x, y + _MARK_PX))
