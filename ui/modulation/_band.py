"""A band on a control that is modulated: range, base and present along its lower edge."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from studio.document.scene import PAD_X, PAD_Y
from ui.deck.pad import Pad
from ui.modulation._marking import Marking
from ui.modulation._signs import colour_of, paint_sign
from ui.theme import BACKGROUND, TEXT, colour
from ui.widgets.slider import Slider

_HIGH_PX = 4
_SIGN_PX = 4.0


class _Over(QWidget):
    """Lies over all of a control and lets the mouse through."""

    def __init__(self, control: QWidget) -> None:
        super().__init__(control)
        self._control = control
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setGeometry(control.rect())
        control.installEventFilter(self)
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._control.rect())
        return False


class Band(_Over):
    """Of a slider as long as its travel, of all else as long as it is."""

    def __init__(self, control: QWidget) -> None:
        super().__init__(control)
        self._inset = 8 if isinstance(control, Slider) else 5
        self._shown: Marking | None = None

    def show_marking(self, shown: Marking) -> None:
        """Show how it is."""
        self._shown = shown
        self.update(self.rect().adjusted(0, self.height() - 12, 0, 0))

    def _x(self, place: float) -> float:
        return self._inset + place * (self.width() - 2 * self._inset)

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self._shown
        if shown is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() - 1 - _SIGN_PX
        tint = colour_of(shown.modulator)
        for low, high in shown.spans:
            left = self._x(low)
            bar = QRectF(left, middle - _HIGH_PX / 2, max(2.0, self._x(high) - left), _HIGH_PX)
            painter.setPen(QPen(colour(BACKGROUND), 1))
            painter.setBrush(colour(tint, 0.75) if shown.heard else Qt.BrushStyle.NoBrush)
            if not shown.heard:
                painter.setPen(QPen(colour(tint, 0.6), 1))
            painter.drawRoundedRect(bar, 2, 2)
        base = self._x(shown.base)
        painter.setPen(QPen(colour(TEXT), 2))
        painter.drawLine(QPointF(base, middle - 3.5), QPointF(base, middle + 3.5))
        paint_sign(painter, QPointF(self._x(shown.present), middle), _SIGN_PX, shown.modulator)


class PadMarks(_Over):
    """On the pad: the range of each way through the puck, and where the puck is moved to."""

    def __init__(self, pad: Pad) -> None:
        super().__init__(pad)
        self._pad = pad
        self._shown: tuple[Marking | None, Marking | None] = (None, None)

    def show_markings(self, x: Marking | None, y: Marking | None) -> None:
        """Show how it is; None for a way that nothing is connected to."""
        self._shown = (x, y)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        puck = self._pad.puck
        present = [PAD_X.position(puck[0]), PAD_Y.position(puck[1])]
        for way, shown in enumerate(self._shown):
            if shown is None:
                continue
            present[way] = shown.present
            for span in shown.spans:
                self._paint_span(painter, way, span, shown)
        first = next((shown for shown in self._shown if shown is not None), None)
        if first is not None:
            there = self._pad.point_at((PAD_X.at(present[0]), PAD_Y.at(present[1])))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour(TEXT), 1.5))
            painter.drawEllipse(there, 10, 10)
            paint_sign(painter, there, 6, first.modulator)

    def _paint_span(
        self, painter: QPainter, way: int, span: tuple[float, float], shown: Marking
    ) -> None:
        ends = []
        for place in span:
            at = list(self._pad.puck)
            at[way] = (PAD_X, PAD_Y)[way].at(place)
            ends.append(self._pad.point_at((at[0], at[1])))
        pen = QPen(colour(colour_of(shown.modulator), 0.8 if shown.heard else 0.35), 3)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(*ends)
