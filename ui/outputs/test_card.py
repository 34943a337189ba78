"""The test card: a grid, circles, the names of the corners and the size, to pin corners by."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from studio.outputs.sink import Pixels
from ui.theme import ACCENT, font

_CELLS = 16
_GREYS = 11
_CORNERS = (("top left", 0, 0), ("top right", 1, 0), ("bottom right", 1, 1), ("bottom left", 0, 1))


def test_card(width: int, height: int, name: str) -> Pixels:
    """(height, width, 3), for a screen called `name`. Its outermost pixels are white."""
    image = QImage(width, height, QImage.Format.Format_RGB888)
    image.fill(QColor("#101418"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _grid(painter, width, height)
    _circles(painter, width, height)
    _greys(painter, width, height)
    _words(painter, width, height, name)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(QPen(Qt.GlobalColor.white, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(0, 0, width - 1, height - 1)
    painter.end()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    return rows[:, : 3 * width].copy().reshape(height, width, 3)  # the image is gone in a moment


def _grid(painter: QPainter, width: int, height: int) -> None:
    """Squares, so that what is drawn out shows."""
    side = max(width, height) / _CELLS
    painter.setPen(QPen(QColor("#50585f"), max(1.0, side / 40)))
    for way in (-1, 1):
        for n in range(_CELLS):
            x, y = width / 2 + way * n * side, height / 2 + way * n * side
            painter.drawLine(QPointF(x, 0), QPointF(x, height))
            painter.drawLine(QPointF(0, y), QPointF(width, y))
    painter.setPen(QPen(QColor("#c8ccd0"), max(1.0, side / 30)))
    painter.drawLine(QPointF(width / 2, 0), QPointF(width / 2, height))
    painter.drawLine(QPointF(0, height / 2), QPointF(width, height / 2))
    painter.drawLine(QPointF(0, 0), QPointF(width, height))
    painter.drawLine(QPointF(width, 0), QPointF(0, height))


def _circles(painter: QPainter, width: int, height: int) -> None:
    short = min(width, height)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(ACCENT), max(1.5, short / 250)))
    painter.drawEllipse(QPointF(width / 2, height / 2), 0.47 * short, 0.47 * short)
    small = 0.1 * short
    for _, right, down in _CORNERS:
        x = width - 1.2 * small if right else 1.2 * small
        y = height - 1.2 * small if down else 1.2 * small
        painter.drawEllipse(QPointF(x, y), small, small)


def _greys(painter: QPainter, width: int, height: int) -> None:
    """From black to white, for gamma and brightness."""
    side, top = 0.5 * min(width, height) / _GREYS, 0.68 * height
    left = width / 2 - side * _GREYS / 2
    painter.setPen(Qt.PenStyle.NoPen)
    for n in range(_GREYS):
        level = round(255 * n / (_GREYS - 1))
        painter.fillRect(QRectF(left + n * side, top, side + 1, side), QColor(level, level, level))


def _words(painter: QPainter, width: int, height: int, name: str) -> None:
    short = min(width, height)
    painter.setPen(Qt.GlobalColor.white)
    middle = QRectF(0, 0.36 * height, width, 0.28 * height)
    for px, part, at in ((0.09, f"{width} x {height}", 0.3), (0.05, name, 0.75)):
        _write(painter, round(px * short), _part(middle, at), part)
    for words, right, down in _CORNERS:
        x = width - 0.25 * short if right else 0.01 * short
        y = height - 0.24 * short if down else 0.0
        _write(painter, round(0.026 * short), QRectF(x, y, 0.24 * short, 0.24 * short), words)


def _part(box: QRectF, at: float) -> QRectF:
    high = box.height() / 2
    return QRectF(box.left(), box.top() + at * box.height() - high / 2, box.width(), high)


def _write(painter: QPainter, px: int, box: QRectF, words: str) -> None:
    made = QFont(font())
    made.setPixelSize(max(8, px))
    painter.setFont(made)
    painter.fillRect(_behind(painter, box, words), QColor(16, 20, 24, 200))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def _behind(painter: QPainter, box: QRectF, words: str) -> QRectF:
    found = painter.boundingRect(box, Qt.AlignmentFlag.AlignCenter, words)
    return found.adjusted(-0.3 * found.height(), 0, 0.3 * found.height(), 0)
