"""Which colour and shape is whose, on the stage of a deck that composes."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.document.score import PARTS
from studio.live.layers.roll_bars import PART_COLOURS
from ui.roll.bars import part_shape
from ui.theme import QUIET, colour, font

_PX = 14
_DOT_PX, _GAP_PX, _APART_PX = 9, 6, 16


class Legend(QWidget):
    """A mark and a name for each part; gone where there is no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Parts: " + ", ".join(PARTS))

    def sizeHint(self) -> QSize:
        return QSize(sum(self._width(part) for part in PARTS) - _APART_PX, 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 24)

    def _width(self, part: str) -> int:
        words = QFontMetrics(font(_PX)).horizontalAdvance(part)
        return _DOT_PX + _GAP_PX + words + _APART_PX

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.width() < self.sizeHint().width():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font(_PX))
        x = 0
        for part in PARTS:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(PART_COLOURS[part]))
            mark = QRectF(x, (self.height() - _DOT_PX) / 2, _DOT_PX, _DOT_PX)
            painter.drawPath(part_shape(part, mark))
            painter.setPen(colour(QUIET))
            words = QRectF(x + _DOT_PX + _GAP_PX, 0, 200, self.height())
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, part)
            x += self._width(part)
