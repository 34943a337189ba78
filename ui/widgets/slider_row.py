"""A number's line: its slider and the value, which can be typed."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from studio.document.parameters import Parameter, Value
from ui.widgets.row import ParameterRow
from ui.widgets.slider import Slider
from ui.widgets.value_field import ValueField


class SliderRow(ParameterRow):
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

    def leave(self) -> None:
        self.field.leave()
