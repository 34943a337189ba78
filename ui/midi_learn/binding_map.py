"""All controls with their names and what plays them, laid over the window.

A click on a control arms it; a right-click shows its menu; Esc, or a click beside, puts it away.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QFont,
    QFontMetricsF,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from studio.live.controllers.surfaces import Bound
from ui.midi_learn._learn_menu import in_short
from ui.midi_learn.learn import Learn, Learnable
from ui.theme import BACKGROUND, BINDING, QUIET, RADIUS, TEXT, colour, font

_PILL_PX = 17
_HINT = "Click a control, then move a knob or press a key. Esc leaves."


class BindingMap(QWidget):
    """Shown and hidden by `toggle`."""

    def __init__(self, learn: Learn, window: QWidget) -> None:
        super().__init__(window)
        self._learn, self._window = learn, window
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("MIDI map")
        self.setAccessibleDescription(_HINT)
        self.hide()
        self._under: Learnable | None = None
        learn.changed.connect(self.update)

    def toggle(self) -> None:
        """Show it, or put it away."""
        if self.isVisible():
            self.hide()
            return
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self._window.installEventFilter(self)

    def hideEvent(self, event: QHideEvent) -> None:
        self._window.removeEventFilter(self)
        self._under = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._window.rect())
        if event.type() == QEvent.Type.ShortcutOverride and _is_escape(event):
            self.hide()
            event.accept()
            return True
        return False

    # -- painting ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(event.rect(), colour(BACKGROUND, 0.55))
        first = (self._under, self._learn.armed)
        for offer in sorted(self._learn.offers, key=lambda offer: offer in first):
            frame = self._frame(offer)
            if self._learn.known(offer) and frame.intersects(QRectF(event.rect())):
                self._paint(painter, offer, frame)
        self._paint_hint(painter)

    def _paint_hint(self, painter: QPainter) -> None:
        painter.setFont(font(13))
        wide = QFontMetricsF(painter.font()).horizontalAdvance(_HINT) + 4 * _PILL_PX
        pill = QRectF((self.width() - wide) / 2, self.height() - 5 * _PILL_PX, wide, 2 * _PILL_PX)
        painter.setPen(QPen(colour(BINDING), 1))
        painter.setBrush(colour(BACKGROUND, 0.95))
        painter.drawRoundedRect(pill, RADIUS, RADIUS)
        painter.setPen(colour(TEXT))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, _HINT)

    def _frame(self, offer: Learnable) -> QRectF:
        """Where a control lies, as far as it can be seen (a panel scrolls)."""
        widget = offer.widget
        seen = widget.visibleRegion().boundingRect()
        corner = widget.mapTo(self._window, seen.topLeft())
        return QRectF(QPoint(corner), seen.size())

    def _paint(self, painter: QPainter, offer: Learnable, frame: QRectF) -> None:
        bound = self._learn.bound(offer)
        over = offer is self._under or offer is self._learn.armed
        painter.setPen(QPen(colour(BINDING, 1.0 if bound or over else 0.35), 2 if over else 1))
        painter.setBrush(colour(BINDING, 0.22 if bound else 0.06))
        painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        self._paint_pill(painter, self._words(offer, bound), frame, bound=bool(bound), over=over)

    def _words(self, offer: Learnable, bound: tuple[Bound, ...]) -> str:
        if bound:
            return " · ".join(dict.fromkeys(_in_short(each) for each in bound))
        return " · ".join(map(in_short, self._learn.known(offer)))

    def _paint_pill(
        self, painter: QPainter, words: str, frame: QRectF, *, bound: bool, over: bool
    ) -> None:
        painter.setFont(font(11, QFont.Weight.DemiBold if bound else QFont.Weight.Normal))
        wide = QFontMetricsF(painter.font()).horizontalAdvance(words) + 10
        if wide > frame.width() - 4 and not (bound or over):
            words, wide = "", 9.0  # a dot: all of the name is shown under the mouse
        pill = QRectF(0, 0, wide, _PILL_PX if words else 9)
        pill.moveTopRight(frame.topRight() + QPointF(-2, 2))
        pill.moveLeft(max(2.0, min(pill.left(), self.width() - wide - 2)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(BINDING) if bound else colour(BACKGROUND, 0.85))
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        if words:
            painter.setPen(colour(BACKGROUND if bound else TEXT if over else QUIET))
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)

    # -- the hand ------------------------------------------------------------------------------

    def offer_at(self, at: QPoint) -> Learnable | None:
        """The control under a point; the smallest where they overlap."""
        under = [o for o in self._learn.offers if self._frame(o).contains(at.toPointF())]
        under = [o for o in under if self._learn.known(o)]
        return min(under, key=lambda o: o.widget.width() * o.widget.height(), default=None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        under = self.offer_at(event.position().toPoint())
        if under is not self._under:
            self._under = under
            words = "" if under is None else self._about(under)
            self.setToolTip(words)
            self.update()

    def _about(self, offer: Learnable) -> str:
        lines = [c.label for c in self._learn.known(offer)]
        return "\n".join([*lines, *(str(bound) for bound in self._learn.bound(offer))])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        offer = self.offer_at(event.position().toPoint())
        if offer is None:
            self.hide()
            return
        known = self._learn.known(offer)
        if len(known) == 1 and known[0].learnable:
            self._learn.learn(offer, known[0].address)
        else:
            self._learn.pop_up(offer, event.globalPosition().toPoint())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        offer = self.offer_at(event.pos())
        if offer is not None:
            self._learn.pop_up(offer, event.globalPos())


def _in_short(bound: Bound) -> str:
    """Without the channel, which the tooltip has."""
    return str(bound.binding.source).partition(",")[0]


def _is_escape(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
