"""One widget for each kind of parameter; all they know comes from its declaration.

A control shows what it is told and reports what the hand wants, so showing never sets anything.
Drag or click sets, Shift slows, the wheel nudges, Alt-click resets, a double click on the value
types it; arrow keys and Home do the same from the keyboard.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from studio.document.parameters import Choice, Parameter, Text, Toggle, Value
from studio.document.seeds import Seed, fresh_seed
from ui import theme
from ui.icons import icon, pixmap
from ui.theme import QUIET, font
from ui.widgets import wheel
from ui.widgets._text_row import TextRow
from ui.widgets.elided_label import elided
from ui.widgets.row import LABEL_PX, ParameterRow
from ui.widgets.slider_row import SliderRow
from ui.widgets.value_field import ValueField

__all__ = [
    "LABEL_PX",
    "ChoiceRow",
    "ComboBox",
    "ListRow",
    "ParameterRow",
    "SeedRow",
    "SliderRow",
    "TextRow",
    "ToggleRow",
    "row_for",
    "section",
]

CHOICE_PX = 224
"""Where the words of a choice are wider than this together, they go into a list."""


class ChoiceRow(ParameterRow):
    """A few words side by side, one of them chosen."""

    def __init__(self, parameter: Choice, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self.buttons = QButtonGroup(self)
        segments = QHBoxLayout()
        segments.setSpacing(0)
        for index, option in enumerate(parameter.options):
            words = parameter.worded(option)
            button = QPushButton(words, self)
            button.setObjectName("segment")
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.setAccessibleName(f"{parameter.label}: {words}")
            button.clicked.connect(lambda _=False, option=option: self.wanted.emit(option))
            self.buttons.addButton(button, index)
            segments.addWidget(button, 1)
        self._line.addLayout(segments, 1)
        self.show_value(parameter.initial)

    def show_value(self, value: Value) -> None:
        assert isinstance(self.parameter, Choice)
        self.buttons.button(self.parameter.options.index(str(value))).setChecked(True)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if wheel.turns(self, event):
            way = -1 if event.angleDelta().y() > 0 else 1
            button = self.buttons.button(self.buttons.checkedId() + way)
            if button is not None:
                button.click()


class ComboBox(QComboBox):
    """A list to choose from. The wheel scrolls past it, so that nothing is chosen by accident."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.view().setAccessibleName(name)
        self.setMinimumContentsLength(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        option, painter = QStyleOptionComboBox(), QStylePainter(self)
        self.initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        kind = QStyle.ComplexControl.CC_ComboBox
        painter.drawComplexControl(kind, option)
        room = self.style().subControlRect(kind, option, field, self).width() - 4
        option.currentText = elided(painter, option.currentText, room)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        mark = pixmap("chevron-down", 14, QUIET, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - 24, (self.height() - 14) // 2, mark)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class ListRow(ParameterRow):
    """One of more words than fit side by side."""

    def __init__(self, parameter: Choice, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self._options = parameter.options
        self.picker = ComboBox(parameter.label, self)
        self.picker.addItems([parameter.worded(option) for option in parameter.options])
        self.picker.activated.connect(lambda place: self.wanted.emit(self._options[place]))
        self._line.addWidget(self.picker, 1)
        self.show_value(parameter.initial)

    def show_value(self, value: Value) -> None:
        self.picker.setCurrentIndex(self._options.index(str(value)))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if wheel.turns(self, event):
            way = -1 if event.angleDelta().y() > 0 else 1
            self.wanted.emit(self.parameter.nudged(self._options[self.picker.currentIndex()], way))


class ToggleRow(ParameterRow):
    """On or off, in a word as well as in colour."""

    def __init__(self, parameter: Toggle, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self.button = QPushButton(self)
        self.button.setCheckable(True)
        self.button.setAccessibleName(parameter.label)
        theme.set_size(self.button, min_width=64)
        self.button.clicked.connect(lambda on: self.wanted.emit(on))
        self._line.addStretch(1)
        self._line.addWidget(self.button)
        self.show_value(parameter.initial)

    def show_value(self, value: Value) -> None:
        self.button.setChecked(bool(value))
        self.button.setText(self.parameter.format(value))


class SeedRow(ParameterRow):
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

    def leave(self) -> None:
        self.field.leave()


def row_for(parameter: Parameter, parent: QWidget | None = None) -> ParameterRow:
    """The row that fits `parameter`'s kind."""
    match parameter:
        case Choice():
            fits = _segments_px(parameter) <= CHOICE_PX
            return ChoiceRow(parameter, parent) if fits else ListRow(parameter, parent)
        case Toggle():
            return ToggleRow(parameter, parent)
        case Seed():
            return SeedRow(parameter, parent)
        case Text():
            return TextRow(parameter, parent)
        case _:
            return SliderRow(parameter, parent)


def section(title: str, parent: QWidget | None = None) -> QLabel:
    """A quiet heading."""
    label = QLabel(title.upper(), parent)
    label.setObjectName("section")
    label.setContentsMargins(0, 10, 0, 2)
    return label


def _segments_px(parameter: Choice) -> int:
    metrics = QFontMetrics(font(weight=QFont.Weight.Medium))
    return sum(
        metrics.horizontalAdvance(parameter.worded(option)) + 22 for option in parameter.options
    )
