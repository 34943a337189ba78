"""A cable from a modulator's grip to a control: drawn while the hand drags."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QWidget

from ui.midi_learn.learn import Learn, Learnable
from ui.modulation._card import Grip
from ui.modulation._signs import colour_of, paint_sign
from ui.modulation._targets import Targets
from ui.theme import BACKGROUND, RADIUS, TEXT, colour, font
from ui.widgets.tab_button import TabButton


class Cable(QWidget):
    """Lies over the window while something is dragged, and lets the mouse through."""

    def __init__(self, window: QWidget, learn: Learn, targets: Targets) -> None:
        super().__init__(window)
        self._window, self._learn, self._targets = window, learn, targets
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        self._id, self._from, self._to = 1, QPointF(), QPointF()
        self.over: Learnable | None = None

    def reach(self, id: int, start: QPointF, to: QPointF) -> None:
        """From `start` to `to`, points of the window, in a modulator's colour."""
        self._id, self._from, self._to = id, start, to
        self.over = self._learn.offer_at(to.toPoint(), self._targets.of)
        if not self.isVisible():
            self.setGeometry(self._window.rect())
            self.show()
            self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tint = colour_of(self._id)
        for offer in self._learn.offers:
            if self._targets.of(offer):
                over = offer is self.over
                painter.setPen(QPen(colour(tint, 1.0 if over else 0.4), 2.5 if over else 1))
                painter.setBrush(colour(tint, 0.2 if over else 0.04))
                painter.drawRoundedRect(self._learn.frame_of(offer), RADIUS, RADIUS)
        path, sag = QPainterPath(self._from), QPointF(0, 60)
        path.cubicTo(self._from + sag, self._to + sag, self._to)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(colour(BACKGROUND, 0.8), 6), QPen(colour(tint), 3)):
            painter.setPen(pen)
            painter.drawPath(path)
        paint_sign(painter, self._to, 7, self._id)
        if self.over is not None:
            self._paint_words(painter, self.over)

    def _paint_words(self, painter: QPainter, over: Learnable) -> None:
        words = " · ".join(map(self._targets.short, self._targets.of(over)))
        painter.setFont(font(12))
        wide = QFontMetricsF(painter.font()).horizontalAdvance(words) + 16
        pill = QRectF(self._to.x() + 14, self._to.y() - 30, wide, 24)
        pill.moveLeft(min(pill.left(), self.width() - wide - 4))
        painter.setPen(QPen(colour(colour_of(self._id)), 1))
        painter.setBrush(colour(BACKGROUND, 0.9))
        painter.drawRoundedRect(pill, 12, 12)
        painter.setPen(colour(TEXT))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)


class Dragging(QObject):
    """What grips do."""

    def __init__(
        self,
        window: QWidget,
        learn: Learn,
        targets: Targets,
        connect: Callable[[int, str], object],
    ) -> None:
        super().__init__(window)
        self._window, self._targets, self._connect = window, targets, connect
        self.cable = Cable(window, learn, targets)
        self._tab: TabButton | None = None
        self._served: set[Grip] = set()

    def serve(self, grip: Grip, id: int) -> None:
        """Let the grip of a modulator be dragged."""
        if grip in self._served:
            return
        self._served.add(grip)
        grip.destroyed.connect(lambda: self._served.discard(grip))
        grip.dragged.connect(lambda at: self._drag(grip, id, at))
        grip.let_go.connect(lambda at: self._drop(id, at))

    def _drag(self, grip: Grip, id: int, at: QPointF) -> None:
        start = grip.mapTo(self._window, grip.rect().center()).toPointF()
        to = self._window.mapFromGlobal(at)
        self.cable.reach(id, start, to)
        under = self._window.childAt(to.toPoint())
        self._rest_on(under if isinstance(under, TabButton) else None)

    def _rest_on(self, tab: TabButton | None) -> None:
        """A tab that the hand rests on opens."""
        if tab is not self._tab:
            if self._tab is not None:
                self._tab.rest(False)
            if tab is not None:
                tab.rest(True)
            self._tab = tab

    def _drop(self, id: int, at: QPointF) -> None:
        over = self.cable.over
        self.cable.over = None
        self.cable.hide()
        self._rest_on(None)
        if over is None:
            return
        addresses = self._targets.of(over)
        if len(addresses) == 1:
            self._connect(id, addresses[0])
        elif addresses:
            self._ask(id, addresses, at.toPoint())

    def _ask(self, id: int, addresses: tuple[str, ...], at: QPoint) -> None:
        """Which of the two ways of a pad."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for address in addresses:
            action = menu.addAction(self._targets.short(address))
            action.triggered.connect(lambda _=False, a=address: self._connect(id, a))
        both = menu.addAction("Both")
        both.triggered.connect(lambda: [self._connect(id, address) for address in addresses])
        menu.popup(at)
