"""How far something has come, in a thin line."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.theme import ACCENT, HAIRLINE, TRACK, colour
from ui.widgets.repaint_throttle import RepaintThrottle


class ProgressLine(QWidget):
    """A thin line that is filled from 0 to 1."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share: float | None = None
        self._repaint = RepaintThrottle(self)
        self.setFixedHeight(4)

    def show_share(self, share: float | None) -> None:
        """How far it has come; None for nothing under way."""
        if share != self._share:
            self._share = share
            self._repaint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(TRACK if self._share is not None else HAIRLINE))
        whole = QRectF(0, 0, self.width(), 4)
        painter.drawRoundedRect(whole, 2, 2)
        if self._share:
            painter.setBrush(colour(ACCENT))
            painter.drawRoundedRect(QRectF(0, 0, max(4.0, self.width() * self._share), 4), 2, 2)
