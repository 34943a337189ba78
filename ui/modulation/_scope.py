"""A modulator's curve: the last bar on the left, the next one on the right, now in the middle."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from studio.document.modulation import Modulator
from studio.session import Session
from studio.session.shown import Now
from ui import theme
from ui.modulation._curve import Curve, Point, Seen
from ui.modulation._signs import colour_of, paint_sign
from ui.theme import BACKGROUND, QUIET, TRACK, colour

_HEIGHT_PX = 34
_INSET_PX = 5


class Scope(QWidget):
    """Painted while it is seen and moves."""

    def __init__(self, session: Session, modulator: Modulator) -> None:
        super().__init__()
        self._session, self._modulator = session, modulator
        self._curve, self._now = Curve(), session.modulation.present()
        theme.set_size(self, height=_HEIGHT_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setToolTip("The last bar and the next one; the line in the middle is now")

    def show_modulator(self, modulator: Modulator) -> None:
        """Show another one, or this one as it is set now."""
        self._modulator = modulator
        self.turn(self._session.modulation.present())

    def turn(self, now: Now) -> None:
        """It is `now`."""
        self._now = now
        self.update()

    def seen(self) -> Seen:
        """What is painted: reckoned when it is, since most cards may be out of sight."""
        modulator, values = self._modulator, self._session.modulation.values
        try:
            settings = values.settings(modulator.id)
        except KeyError:  # it has just come, and nothing has been stepped since
            settings = modulator.settings
        return self._curve.around(modulator, settings, self._now)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(BACKGROUND))
        seen, middle = self.seen(), self.width() / 2
        painter.setPen(QPen(colour(TRACK), 1))
        for line in seen.bar_lines:
            at = middle * (1 + line)
            painter.drawLine(QPointF(at, 0), QPointF(at, self.height()))
        painter.setPen(QPen(colour(QUIET), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(middle, 0), QPointF(middle, self.height()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tint = colour_of(self._modulator.id)
        painter.setOpacity(1.0 if self._modulator.on else 0.4)
        painter.setPen(QPen(colour(tint, 0.65), 1.5))
        painter.drawPolyline(self._line(seen.past))
        painter.setPen(QPen(colour(tint), 1.5))
        painter.drawPolyline(self._line(seen.future))
        paint_sign(painter, self._line(((0.0, seen.value),))[0], 4, self._modulator.id)

    def _line(self, points: Sequence[Point]) -> QPolygonF:
        half, low = self.width() / 2, self.height() - _INSET_PX
        high = self.height() - 2 * _INSET_PX
        return QPolygonF([QPointF(half * (1 + x), low - high * y) for x, y in points])
