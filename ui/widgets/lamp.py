"""A lamp that is lit for a moment: MIDI has come in. It is a ring while nothing is connected."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import ACCENT, PANEL, QUIET, colour, font, px

_LIT_MS = 120


class Lamp(QWidget):
    """A word and a lamp; `blink` lights it. A thousand messages a second cost ten repaints."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self._there = False
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._off = QTimer(self, singleShot=True, interval=_LIT_MS)
        self._off.timeout.connect(self.update)

    @property
    def lit(self) -> bool:
        return self._off.isActive()

    def blink(self) -> None:
        """Be lit for a moment."""
        if not self.lit:
            self.update()
        self._off.start()

    def show_there(self, there: bool) -> None:
        """Whether anything is connected that could light it."""
        if there != self._there:
            self._there = there
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(14 + px(32), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), colour(PANEL))
        painter.setFont(font(11))
        painter.setPen(colour(QUIET))
        words = self.rect().adjusted(0, 0, -14, 0)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(words, flags, self._words)
        filled = self.lit or self._there
        tint = colour(ACCENT if self.lit else QUIET)
        painter.setPen(QPen(tint, 1))
        painter.setBrush(tint if filled else Qt.BrushStyle.NoBrush)
        size = 4 if self.lit else 3
        painter.drawEllipse(QPointF(self.width() - 6, self.height() / 2), size, size)
