"""A pulsing outline around the control that is being learnt."""

from __future__ import annotations

import math
from time import monotonic

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui import theme
from ui.theme import BINDING, RADIUS, colour

_MARGIN_PX = 4
_FRAME_MS = 40
_PULSE_S = 1.2


class LearnOutline(QWidget):
    """Lies over the window and lets the mouse through; nothing while nothing is surrounded."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        self._window = window
        self._around: QWidget | None = None
        self._pulse = QTimer(self, interval=_FRAME_MS)
        self._pulse.timeout.connect(self._beat)

    def surround(self, widget: QWidget | None) -> None:
        """Lie around `widget`, and follow it; None for nothing."""
        self._around = widget
        self.setVisible(widget is not None)
        if widget is None:
            self._pulse.stop()
            return
        self._place()
        self.raise_()
        self._pulse.start()

    def _beat(self) -> None:
        self._place()
        self.update()

    def _place(self) -> None:
        """Controls move: a panel scrolls, a window grows."""
        around = self._around
        if around is None or not around.isVisible():
            self.hide()
            return
        corner = around.mapTo(self._window, around.rect().topLeft())
        frame = around.rect().translated(corner)
        self.setGeometry(frame.adjusted(-_MARGIN_PX, -_MARGIN_PX, _MARGIN_PX, _MARGIN_PX))
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pulse = 0.5 + 0.5 * math.sin(2 * math.pi * monotonic() / _PULSE_S)
        light = 1.0 if theme.keeps_still() else pulse
        painter.setPen(QPen(colour(BINDING, round(0.35 + 0.65 * light, 2)), 2.5))
        painter.setBrush(colour(BINDING, 0.08))
        body = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.drawRoundedRect(body, RADIUS, RADIUS)
