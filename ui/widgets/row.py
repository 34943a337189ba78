"""A parameter's line in a panel: what every kind of row has in common."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from studio.document.parameters import Float, Int, Parameter, Text, Value
from studio.document.seeds import Seed
from ui import theme

LABEL_PX = 104


class ParameterRow(QWidget):
    """A parameter's label, its control, its value."""

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
        label = QLabel(parameter.label, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        theme.set_size(label, width=LABEL_PX)
        self._line.addWidget(label)

    @abstractmethod
    def show_value(self, value: Value) -> None:
        """Show `value`; never reports it back."""

    def leave(self) -> None:
        """Stop typing: what is shown from now on belongs to another deck."""


def _tooltip(parameter: Parameter) -> str:
    lines = [f"{parameter.label}: {parameter.help}" if parameter.help else parameter.label]
    if isinstance(parameter, (Float, Int)):
        low, high = parameter.format(parameter.low), parameter.format(parameter.high)
        lines.append(f"{low} to {high}. Default {parameter.format(parameter.initial)}.")
        lines.append("Shift slows, Alt-click or Home resets, double-click or Enter types it.")
    elif isinstance(parameter, Seed):
        lines.append("Double-click or Enter types it.")
    elif isinstance(parameter, Text):
        lines.append(f"Up to {parameter.max_length} characters; Enter or Esc leaves the field.")
    elif parameter.unit:
        lines.append(f"In {parameter.unit}.")
    return "\n".join(lines)
