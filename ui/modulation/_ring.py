"""The ring beside a control that is modulated: base, range and present value, and the hand on the
depth."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from studio.session import Session
from ui.modulation._control_menu import percent
from ui.modulation._depth_drag import DepthDrag, change_depth
from ui.modulation._marking import Marking
from ui.modulation._signs import colour_of, paint_sign
from ui.theme import BACKGROUND, QUIET, RAISED, TEXT, TRACK, colour
from ui.widgets import wheel
from ui.widgets.value_field import ENTER_KEYS

RING_PX = 24
_EDGE_PX = 6
_FROM, _ROUND = 225.0, 270.0
"""Degrees: an open ring from the lower left over the top to the lower right."""


class Ring(QWidget):
    """Drag it up and down, turn the wheel or press the arrow keys for the depth; a click edits the
    modulator."""

    accessible_role = QAccessible.Role.Slider
    opened = Signal()

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: Marking | None = None
        self.setFixedSize(RING_PX, RING_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self._drag = DepthDrag(session, self)
        self._stands = (parent, 0, False)

    def stand_on(self, control: QWidget, place: int, *, low: bool) -> None:
        """Lie on a control, as the `place`-th from the lower left, or in the middle of its right
        edge."""
        self._stands = (control, place, low)
        control.installEventFilter(self)
        self._stand()
        self.show()
        self.raise_()

    def _stand(self) -> None:
        control, place, low = self._stands
        room = control.size()
        if low:
            left = _EDGE_PX + place * (RING_PX + _EDGE_PX // 2)
            self.move(left, room.height() - RING_PX - _EDGE_PX)
        else:
            self.move(room.width() - RING_PX, (room.height() - RING_PX) // 2)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._stand()
        return False

    def show_marking(self, shown: Marking, name: str) -> None:
        """Show how it is; `name` is what the depth is called."""
        self._shown, self._drag.connection = shown, shown.connection
        self.setAccessibleName(name)
        self.setAccessibleDescription(percent(shown.connection.depth))
        more = f"\n{shown.others} more: see its menu." if shown.others else ""
        self.setToolTip(
            f"{name}: {percent(shown.connection.depth)}\nDrag up or down, or arrow keys; Shift "
            f"slows. A click edits the modulator.{more}"
        )
        self.update()

    def turn(self, shown: Marking) -> None:
        """Only where the control is now is different."""
        self._shown = shown
        self.update()

    # -- painting ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = self._shown
        if shown is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(3.5, 3.5, RING_PX - 7, RING_PX - 7)
        painter.setPen(QPen(colour(QUIET if self.hasFocus() else BACKGROUND, 0.9), 1))
        painter.setBrush(colour(RAISED))
        painter.drawEllipse(QRectF(0.5, 0.5, RING_PX - 1, RING_PX - 1))
        self._arc(painter, body, (0.0, 1.0), QPen(colour(TRACK), 3))
        pen = QPen(colour(colour_of(shown.modulator), 1.0 if shown.heard else 0.4), 3)
        for span in shown.spans:
            self._arc(painter, body, span, pen)
        painter.setPen(QPen(colour(TEXT), 2))
        painter.drawLine(self._at(shown.base, 6.5), self._at(shown.base, 11))
        painter.setPen(QPen(colour(BACKGROUND), 1))
        painter.setBrush(colour(TEXT))
        painter.drawEllipse(self._at(shown.present, 8.5), 3.2, 3.2)
        painter.setOpacity(1.0 if shown.heard else 0.5)
        paint_sign(painter, QPointF(RING_PX / 2, RING_PX / 2), 4, shown.modulator)

    def _arc(self, painter: QPainter, body: QRectF, span: tuple[float, float], pen: QPen) -> None:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        first, last = (_FROM - _ROUND * place for place in span)
        painter.drawArc(body, round(16 * last), round(16 * (first - last)))

    def _at(self, place: float, radius: float) -> QPointF:
        angle = math.radians(_FROM - _ROUND * place)
        middle = RING_PX / 2
        return QPointF(middle + radius * math.cos(angle), middle - radius * math.sin(angle))

    # -- the hand ------------------------------------------------------------------------------

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit()  # a drag's end has been taken before

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.ignore()  # that of the control

    def wheelEvent(self, event: QWheelEvent) -> None:
        if wheel.turns(self, event):
            self._step((event.angleDelta().y() or event.angleDelta().x()) / 120)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {
            Qt.Key.Key_Up: 1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Down: -1,
            Qt.Key.Key_Left: -1,
        }
        if event.key() in ways:
            slow = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._step(ways[Qt.Key(event.key())] * (0.2 if slow else 1.0))
        elif event.key() in ENTER_KEYS:
            self.opened.emit()
        else:
            super().keyPressEvent(event)

    def _step(self, steps: float) -> None:
        if self._shown is not None:
            connection = self._shown.connection
            change_depth(self._session, connection, connection.depth + 0.05 * steps)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
