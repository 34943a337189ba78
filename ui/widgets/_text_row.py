"""A few characters, typed live: the picture follows every key."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from studio.document.parameters import ParameterError, Text, Value
from ui.widgets.row import ParameterRow
from ui.widgets.value_field import LeaveKeys


class TextRow(ParameterRow):
    """Every key sets. What the parameter refuses is told and leaves the words as they were."""

    def __init__(self, parameter: Text, parent: QWidget | None = None) -> None:
        super().__init__(parameter, parent)
        self._shown = parameter.initial
        self.edit = QLineEdit(parameter.initial, self)
        self.edit.setObjectName("words")
        self.edit.setAccessibleName(parameter.label)
        self.edit.textEdited.connect(self._take)
        LeaveKeys(self.edit)
        self._line.addWidget(self.edit, 1)

    def show_value(self, value: Value) -> None:
        self._shown = str(value)
        if self.edit.text() != self._shown:  # or the cursor would jump to the end with every key
            self.edit.setText(self._shown)

    def leave(self) -> None:
        self.edit.clearFocus()

    def _take(self, typed: str) -> None:
        try:
            self.wanted.emit(self.parameter.parse(typed))
        except ParameterError as error:
            at = self.edit.cursorPosition() - (len(typed) - len(self._shown))
            self.edit.setText(self._shown)
            self.edit.setCursorPosition(max(0, at))
            self.refused.emit(str(error))
