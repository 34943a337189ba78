"""One widget for each kind of parameter; all they know comes from its declaration.

A control shows what it is told and reports what the hand wants, so showing never sets anything.
Drag or click sets, Shift slows, the wheel nudges, Alt-click resets, a double click on the value
types it; arrow keys and Home do the same from the keyboard.
"""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFont,
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
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QStackedLayout,
    QWidget,
)

from studio.parameters import (
    Choice,
    Float,
    Int,
    Parameter,
    ParameterError,
    Seed,
    Toggle,
    Value,
    fresh_seed,
)
from ui.icons import icon, pixmap
from ui.theme import ACCENT, HAIRLINE, QUIET, TEXT, TRACK, colour, font
from ui.words import Words

LABEL_PX = 104
VALUE_PX = 76
CHOICE_PX = 224
"""Where the words of a choice are wider than this together, they go into a list."""

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Slider(QWidget):
    """A parameter's travel from 0 to 1: a track, a fill from where zero is, a handle."""

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
        event.accept()
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
        elif key in _ENTER:
            self.typing.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QEvent) -> None:
        self.update()


class ValueField(QWidget):
    """A value in words; a double click turns it into a field to type in.

    Enter takes what was typed, Escape leaves the value as it was; both give the keyboard back.
    """

    wanted = Signal(object)
    refused = Signal(str)
    left = Signal()
    """The keyboard is done here."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parameter = parameter
        self._typing = False
        self._label = QLabel(self)
        self._label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._label.setFont(font())
        self._edit = QLineEdit(self)
        self._edit.setAccessibleName(f"{parameter.label}, value")
        self._edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._label)
        self._stack.addWidget(self._edit)
        self.setFixedSize(_value_px(parameter), 24)
        self._edit.editingFinished.connect(self._finish)
        self._edit.installEventFilter(self)

    def show_value(self, value: Value) -> None:
        self._label.setText(self._parameter.format(value))

    def text(self) -> str:
        return self._label.text()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.edit()

    def edit(self) -> None:
        """Let the artist type."""
        self._typing = True
        self._edit.setText(self._label.text())
        self._stack.setCurrentWidget(self._edit)
        self._edit.setFocus()
        self._edit.selectAll()

    def leave(self) -> None:
        """Stop typing; the value stays as it was."""
        self._typing = False  # first: hiding the field takes its focus, and that finishes it again
        self._stack.setCurrentWidget(self._label)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            self.edit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            painter = QPainter(self)
            painter.setPen(QPen(colour(QUIET), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is not self._edit or not isinstance(event, QKeyEvent):
            return False
        if event.key() not in (*_ENTER, Qt.Key.Key_Escape):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.leave()
            self._finish()
            self.left.emit()
        return True

    def _finish(self) -> None:
        if not self._typing:
            return
        typed = self._edit.text()
        self.leave()
        if typed == self._label.text():
            return
        try:
            self.wanted.emit(self._parameter.parse(typed))
        except ParameterError as error:
            self.refused.emit(str(error))


class Row(QWidget):
    """A parameter's line in a panel: its label, its control, its value."""

    pressed = Signal()
    released = Signal()
    wanted = Signal(object)
    refused = Signal(str)

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.parameter = parameter
        self.setToolTip(_tooltip(parameter))
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 2, 0, 2)
        self._line.setSpacing(10)
        label = Words(parameter.label, self)
        label.setFixedWidth(LABEL_PX)
        self._line.addWidget(label)

    @abstractmethod
    def show_value(self, value: Value) -> None:
        """Show `value`; never reports it back."""


class SliderRow(Row):
    """Float and Int."""

    def __init__(self, parameter: Parameter, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self.slider = Slider(parameter, self)
        self.field = ValueField(parameter, self)
        self._line.addWidget(self.slider, 1)
        self._line.addWidget(self.field)
        self.slider.pressed.connect(self.pressed)
        self.slider.released.connect(self.released)
        self.slider.wanted.connect(self.wanted)
        self.slider.typing.connect(self.field.edit)
        self.field.left.connect(self.slider.setFocus)
        self.field.wanted.connect(self.wanted)
        self.field.refused.connect(self.refused)
        self.show_value(parameter.initial)

    def show_value(self, value: Value) -> None:
        self.slider.show_value(value)
        self.field.show_value(value)


class ChoiceRow(Row):
    """A few words side by side, one of them chosen."""

    def __init__(self, parameter: Choice, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self.buttons = QButtonGroup(self)
        segments = QHBoxLayout()
        segments.setSpacing(0)
        for index, option in enumerate(parameter.options):
            button = QPushButton(option, self)
            button.setObjectName("segment")
            button.setCheckable(True)
            button.setAccessibleName(f"{parameter.label}: {option}")
            button.clicked.connect(lambda _=False, option=option: self.wanted.emit(option))
            self.buttons.addButton(button, index)
            segments.addWidget(button, 1)
        self._line.addLayout(segments, 1)
        self.show_value(parameter.initial)

    def show_value(self, value: Value) -> None:
        assert isinstance(self.parameter, Choice)
        self.buttons.button(self.parameter.options.index(str(value))).setChecked(True)

    def wheelEvent(self, event: QWheelEvent) -> None:
        index = self.buttons.checkedId() + (-1 if event.angleDelta().y() > 0 else 1)
        button = self.buttons.button(index)
        if button is not None:
            button.click()
        event.accept()


class Picker(QComboBox):
    """A list to choose from. The wheel scrolls past it, so that nothing is chosen by accident."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.view().setAccessibleName(name)
        self.setMinimumContentsLength(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        mark = pixmap("chevron-down", 14, QUIET, self.devicePixelRatioF())
        QPainter(self).drawPixmap(self.width() - 24, (self.height() - 14) // 2, mark)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ListRow(Row):
    """One of more words than fit side by side."""

    def __init__(self, parameter: Choice, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self.picker = Picker(parameter.label, self)
        self.picker.addItems(parameter.options)
        self.picker.textActivated.connect(self.wanted.emit)
        self._line.addWidget(self.picker, 1)
        self.show_value(parameter.initial)

    def show_value(self, value: Value) -> None:
        self.picker.setCurrentText(str(value))

    def wheelEvent(self, event: QWheelEvent) -> None:
        way = -1 if event.angleDelta().y() > 0 else 1
        self.wanted.emit(self.parameter.nudged(self.picker.currentText(), way))
        event.accept()


class ToggleRow(Row):
    """On or off, in a word as well as in colour."""

    def __init__(self, parameter: Toggle, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self.button = QPushButton(self)
        self.button.setCheckable(True)
        self.button.setAccessibleName(parameter.label)
        self.button.setMinimumWidth(64)
        self.button.clicked.connect(lambda on: self.wanted.emit(on))
        self._line.addStretch(1)
        self._line.addWidget(self.button)
        self.show_value(parameter.initial)

    def show_value(self, value: Value) -> None:
        self.button.setChecked(bool(value))
        self.button.setText(self.parameter.format(value))


class SeedRow(Row):
    """A seed: its number, to be typed, and a die that throws another."""

    def __init__(self, parameter: Seed, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self.field = ValueField(parameter, self)
        self.field.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.field.setContentsMargins(0, 0, 6, 0)
        self.field.setAccessibleName(parameter.label)
        self.die = QPushButton(icon("dice-5"), "", self)
        self.die.setObjectName("flat")
        self.die.setToolTip("Another seed")
        self.die.setAccessibleName("Another seed")
        self.die.clicked.connect(lambda: self.wanted.emit(fresh_seed()))
        self._line.addStretch(1)
        self._line.addWidget(self.field)
        self._line.addWidget(self.die)
        self.field.left.connect(self.field.setFocus)
        self.field.wanted.connect(self.wanted)
        self.field.refused.connect(self.refused)
        self.show_value(parameter.initial)

    def show_value(self, value: Value) -> None:
        self.field.show_value(value)


def row_for(parameter: Parameter, parent: QWidget | None = None) -> Row:
    """The row that fits `parameter`'s kind."""
    match parameter:
        case Choice():
            fits = _segments_px(parameter) <= CHOICE_PX
            return ChoiceRow(parameter, parent) if fits else ListRow(parameter, parent)
        case Toggle():
            return ToggleRow(parameter, parent)
        case Seed():
            return SeedRow(parameter, parent)
        case _:
            return SliderRow(parameter, parent)


def section(title: str, parent: QWidget | None = None) -> QLabel:
    """A quiet heading."""
    label = QLabel(title.upper(), parent)
    label.setObjectName("section")
    label.setContentsMargins(0, 10, 0, 2)
    return label


def _tooltip(parameter: Parameter) -> str:
    lines = [f"{parameter.label}: {parameter.help}" if parameter.help else parameter.label]
    if isinstance(parameter, (Float, Int)):
        low, high = parameter.format(parameter.low), parameter.format(parameter.high)
        lines.append(f"{low} to {high}. Default {parameter.format(parameter.initial)}.")
        lines.append("Shift slows, Alt-click or Home resets, double-click or Enter types it.")
    elif isinstance(parameter, Seed):
        lines.append("Double-click or Enter types it.")
    elif parameter.unit:
        lines.append(f"In {parameter.unit}.")
    return "\n".join(lines)


def _value_px(parameter: Parameter) -> int:
    """Room for the longest value of a number, with what a field to type in needs around it."""
    if not isinstance(parameter, (Float, Int)):
        return VALUE_PX
    ends = (parameter.low, parameter.high)
    widths = [QFontMetrics(font()).horizontalAdvance(parameter.format(end)) for end in ends]
    return max(VALUE_PX, *widths)


def _segments_px(parameter: Choice) -> int:
    metrics = QFontMetrics(font(weight=QFont.Weight.Medium))
    return sum(metrics.horizontalAdvance(option) + 22 for option in parameter.options)


def _is_home(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Home


def _slow(event: QMouseEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
