"""A value that can be typed."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QLabel, QLineEdit, QStackedLayout, QWidget

from studio.document.parameters import Float, Int, Parameter, ParameterError, Value
from ui import theme
from ui.theme import QUIET, colour, font

VALUE_PX = 76

ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
ESCAPE = Qt.Key.Key_Escape


class ValueField(QWidget):
    """A value in words; a double click turns it into a field to type in.

    Enter takes what was typed, Escape leaves the value as it was; both give the keyboard back.
    """

    accessible_role = QAccessible.Role.SpinBox

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
        theme.set_size(self, width=_value_px(parameter) / theme.factor(), height=24)
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
        if event.key() in ENTER_KEYS:
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
        if event.key() not in (*ENTER_KEYS, ESCAPE):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress:
            if event.key() == ESCAPE:
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


class LeaveKeys(QObject):
    """Enter and Escape give the keyboard back to the window from where words are typed.

    Lives as long as the `field` whose keys it is about; a field of many lines keeps Enter.
    """

    def __init__(self, field: QWidget, keys: Collection[Qt.Key] = (*ENTER_KEYS, ESCAPE)) -> None:
        super().__init__(field)
        self._field, self._keys = field, keys
        field.installEventFilter(self)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.key() not in self._keys:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # elsewhere these keys are the window's
        elif event.type() == QEvent.Type.KeyPress:
            self._field.clearFocus()
        return True


def _value_px(parameter: Parameter) -> int:
    """Room for the longest value of a number, with what a field to type in needs around it."""
    if not isinstance(parameter, (Float, Int)):
        return VALUE_PX
    ends = (parameter.low, parameter.high)
    widths = [QFontMetrics(font()).horizontalAdvance(parameter.format(end)) for end in ends]
    return max(VALUE_PX, *widths)
