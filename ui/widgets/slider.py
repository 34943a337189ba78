"""A parameter's travel under the hand."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QHideEvent,
    QInputEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.document.parameters import Float, Int, Parameter, Value
from ui.theme import ACCENT, HAIRLINE, TEXT, TRACK, colour
from ui.widgets import wheel
from ui.widgets.value_field import ENTER_KEYS


class Slider(QWidget):
    """A parameter's travel from 0 to 1: a track, a fill from where zero is, a handle."""

    accessible_role = QAccessible.Role.Slider

    pressed = Signal()
    released = Signal()
    wanted = Signal(object)
    """The value that the hand wants."""
    typing = Signal()
    """The value is to be typed."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parameter = parameter
        self._value = parameter.initial
        self._grip: tuple[float, float] | None = None
        self._turn = 0.0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(24)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(parameter.label)

    def show_value(self, value: Value) -> None:
        if value != self._value or not self.accessibleDescription():
            self._value = value
            self.setAccessibleDescription(self._parameter.format(value))
            self.update()

    def _origin(self) -> float:
        """Where the fill begins: at zero where that is within the range, else at the low end."""
        p = self._parameter
        if isinstance(p, (Float, Int)) and p.low < 0 < p.high:
            return p.position(type(p.default)(0))
        return 0.0

    def _x(self, position: float) -> float:
        return 8 + position * (self.width() - 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        at, origin = self._parameter.position(self._value), self._origin()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(TRACK))
        painter.drawRoundedRect(QRectF(self._x(0), middle - 2, self._x(1) - self._x(0), 4), 2, 2)
        low, high = sorted((self._x(origin), self._x(at)))
        painter.setBrush(colour(ACCENT))
        painter.drawRoundedRect(QRectF(low, middle - 2, high - low, 4), 2, 2)
        painter.setBrush(colour(TEXT))
        painter.setPen(QPen(colour(ACCENT if self.hasFocus() else HAIRLINE), 2))
        painter.drawEllipse(QRectF(self._x(at) - 7, middle - 7, 14, 14))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.wanted.emit(self._parameter.initial)
            return
        x = event.position().x()
        position = self._parameter.position(self._value)
        self.pressed.emit()
        if abs(x - self._x(position)) > 9 and not _slow(event):  # beside the handle: go there
            position = (x - 8) / max(1, self.width() - 16)
            self.wanted.emit(self._parameter.at(position))
        self._grip = (x, position)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is None:
            return
        # Positions add up here rather than being read back, or small steps of an Int would be lost.
        x, position = self._grip
        way = (event.position().x() - x) / max(1, self.width() - 16)
        position += 0.1 * way if _slow(event) else way
        self._grip = (event.position().x(), position)
        self.wanted.emit(self._parameter.at(position))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._let_go()

    def hideEvent(self, event: QHideEvent) -> None:
        self._let_go()  # a hidden widget never hears of the release

    def _let_go(self) -> None:
        if self._grip is not None:
            self._grip = None
            self.released.emit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and _is_home(event):
            event.accept()  # elsewhere it is the window's key for the puck
            return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not wheel.turns(self, event):
            return
        self._turn += (event.angleDelta().y() or event.angleDelta().x()) / 120
        # A touch pad turns in small parts: whole steps of an Int have to add up first.
        turn = int(self._turn) if isinstance(self._parameter, Int) else self._turn
        if turn:
            self._turn -= turn
            self.wanted.emit(self._parameter.nudged(self._value, self._step(event) * turn))

    def _step(self, event: QInputEvent) -> float:
        """How far one notch of the wheel or one arrow key goes, in `nudged`'s steps."""
        if isinstance(self._parameter, Int):
            return 1.0
        return 0.2 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 2.0

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = self._step(event)
        steps = {
            Qt.Key.Key_Right: step,
            Qt.Key.Key_Up: step,
            Qt.Key.Key_Left: -step,
            Qt.Key.Key_Down: -step,
            Qt.Key.Key_PageUp: 10.0,
            Qt.Key.Key_PageDown: -10.0,
        }
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Home:
            self.wanted.emit(self._parameter.initial)
        elif key in steps:
            self.wanted.emit(self._parameter.nudged(self._value, steps[key]))
        elif key in ENTER_KEYS:
            self.typing.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QEvent) -> None:
        self.update()


def _slow(event: QMouseEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)


def _is_home(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Home
