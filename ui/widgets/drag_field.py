"""A value in little room: drag it up and down, turn the wheel, type it.

All it knows comes from the parameter's declaration. It shows what it is told and reports what the
hand wants, as a slider does.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QFocusEvent,
    QFontMetrics,
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

from studio.document.parameters import Choice, Float, Int, Parameter, ParameterError, Toggle, Value
from ui import theme
from ui.theme import HAIRLINE, PANEL, QUIET, RAISED, TEXT, TRACK, colour, font
from ui.widgets import wheel
from ui.widgets._typed_line import TypedLine
from ui.widgets.value_field import ENTER_KEYS

_HEIGHT_PX = 28
_PX_PER_STEP = 6
"""So far the hand goes for one step of a whole number or a word; a figure takes a tenth of it."""
_SLOP_PX = 3


class DragField(QWidget):
    """A parameter's value as words in a small frame, with what it is before it, if `caption`."""

    accessible_role = QAccessible.Role.SpinBox

    pressed = Signal()
    released = Signal()
    wanted = Signal(object)
    refused = Signal(str)

    def __init__(
        self,
        parameter: Parameter,
        caption: str = "",
        *,
        unit: bool = True,
        step: float | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`step` is one turn of the wheel in the parameter's unit, for a Float; with Shift a
        tenth of it. Without `unit` only the figure is shown."""
        super().__init__(parent)
        self.parameter = parameter
        self._caption, self._unit, self._step = caption, unit, step
        self._value = parameter.initial
        self._locked = ""
        self._grip: tuple[QPointF, Value, bool] | None = None
        self._turn = 0.0
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.set_size(self, height=_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(parameter.label)
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self._line = TypedLine(f"{parameter.label}, value", self)
        self._line.typed.connect(self._take)
        self._say_tip()
        self.setAccessibleDescription(self.text())

    # -- what it shows -------------------------------------------------------------------------

    def show_value(self, value: Value) -> None:
        if value != self._value:
            self._value = value
            self.setAccessibleDescription(self.text())
            self.update()

    def show_locked(self, reason: str) -> None:
        """Be read only, for `reason`; with no reason, be played again."""
        if reason != self._locked:
            self._locked = reason
            shape = Qt.CursorShape.ArrowCursor if reason else Qt.CursorShape.SizeVerCursor
            self.setCursor(shape)
            self._say_tip()
            self.update()

    @property
    def locked(self) -> bool:
        return bool(self._locked)

    def text(self) -> str:
        """The value in words."""
        words = self.parameter.format(self._value)
        if not self._unit and self.parameter.unit:
            words = words.removesuffix(self.parameter.unit).rstrip()
        return words

    def _say_tip(self) -> None:
        about = self.parameter
        words = f"{about.label}: {about.help}" if about.help else about.label
        if isinstance(about, (Float, Int)):
            words += f"\n{about.format(about.low)} to {about.format(about.high)}. "
            words += f"Default {about.format(about.initial)}."
        hand = "Drag up or down, or turn the wheel; Shift slows, Alt-click resets, "
        self.setToolTip(f"{words}\n{self._locked or f'{hand}double-click or Enter types it.'}")

    def sizeHint(self) -> QSize:
        widest = max(self._measured(self._words_of(v)) for v in _extremes(self.parameter))
        caption = self._measured(self._caption, 11) + 5 if self._caption else 0
        return QSize(round(widest + caption + 14), theme.px(_HEIGHT_PX))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _words_of(self, value: Value) -> str:
        words = self.parameter.format(value)
        return words if self._unit else words.removesuffix(self.parameter.unit).rstrip()

    def _measured(self, words: str, px: int = 13) -> float:
        return QFontMetrics(font(px)).horizontalAdvance(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), colour(PANEL))
        body = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(colour(QUIET if self.hasFocus() else HAIRLINE), 1))
        ground = PANEL if self._locked else TRACK if self.underMouse() else RAISED
        painter.setBrush(colour(ground))
        painter.drawRoundedRect(body, 5, 5)
        inside = body.adjusted(6, 0, -6, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        if self._caption:
            painter.setFont(font(11))
            painter.setPen(colour(QUIET))
            painter.drawText(inside, Qt.AlignmentFlag.AlignLeft | middle, self._caption)
        painter.setFont(font())
        painter.setPen(colour(QUIET if self._locked else TEXT))
        side = Qt.AlignmentFlag.AlignRight if self._caption else Qt.AlignmentFlag.AlignHCenter
        painter.drawText(inside, side | middle, self.text())

    # -- the hand ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._locked:
            return
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.wanted.emit(self.parameter.initial)
            return
        self._grip = (event.position(), self._value, False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is None:
            return
        at, value, moved = self._grip
        way = at.y() - event.position().y()
        if not moved and abs(way) < _SLOP_PX:
            return
        if not moved:
            self.pressed.emit()
        steps = way / _PX_PER_STEP
        if not isinstance(self.parameter, Float):
            steps = float(int(steps))
            rest = way - steps * _PX_PER_STEP
        else:
            rest = 0.0
        # Positions add up here rather than being read back: a step may be smaller than is shown.
        value = self._moved(value, steps, event) if steps else value
        self._grip = (QPointF(event.position().x(), event.position().y() + rest), value, True)
        if steps:
            self.wanted.emit(value)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._let_go()

    def hideEvent(self, event: QHideEvent) -> None:
        self._let_go()  # a hidden widget never hears of the release

    def _let_go(self) -> None:
        if self._grip is not None:
            moved, self._grip = self._grip[2], None
            if moved:
                self.released.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.edit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not wheel.turns(self, event) or self._locked:
            return
        self._turn += (event.angleDelta().y() or event.angleDelta().x()) / 120
        # A touch pad turns in small parts: whole steps have to add up first.
        turn = self._turn if isinstance(self.parameter, Float) else float(int(self._turn))
        if turn:
            self._turn -= turn
            self.wanted.emit(self._moved(self._value, turn, event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        ways = {
            Qt.Key.Key_Up: 1.0,
            Qt.Key.Key_Right: 1.0,
            Qt.Key.Key_Down: -1.0,
            Qt.Key.Key_Left: -1.0,
            Qt.Key.Key_PageUp: 10.0,
            Qt.Key.Key_PageDown: -10.0,
        }
        if key in ways and not self._locked:
            self.wanted.emit(self._moved(self._value, ways[key], event))
        elif key == Qt.Key.Key_Home and not self._locked:
            self.wanted.emit(self.parameter.initial)
        elif key in ENTER_KEYS:
            self.edit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and _is_home(event):
            event.accept()  # elsewhere it is the window's key for the puck
            return True
        if event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self.update()
        return super().event(event)

    def _moved(self, value: Value, steps: float, event: QInputEvent) -> Value:
        """`value` after so many steps, held inside the range."""
        about = self.parameter
        if not isinstance(about, Float) or self._step is None:
            return about.nudged(value, steps)
        slow = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        moved = float(value) + steps * self._step * (0.1 if slow else 1.0)
        return min(about.high, max(about.low, moved))

    # -- typing --------------------------------------------------------------------------------

    def edit(self) -> None:
        """Let the artist type."""
        if self._locked:
            return
        self._line.ask(self.text())

    def leave(self) -> None:
        """Stop typing; the value stays as it was."""
        self._line.leave()

    def _take(self, typed: str) -> None:
        try:
            self.wanted.emit(self.parameter.parse(typed))
        except ParameterError as error:
            self.refused.emit(str(error))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()


def _extremes(parameter: Parameter) -> tuple[Value, ...]:
    """Values whose words may be the longest."""
    match parameter:
        case Choice(options=options):
            return options
        case Toggle():
            return (True, False)
        case _:
            return (parameter.at(0.0), parameter.at(1.0))


def _is_home(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Home
