"""A line to type in that lies over a control while it is wanted."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.widgets.value_field import ENTER_KEYS

_KEYS = (*ENTER_KEYS, Qt.Key.Key_Escape)


class TypedLine(QLineEdit):
    """Enter takes what was typed, Escape leaves it; both give the keyboard back to the control."""

    typed = Signal(str)
    """Something else than was there."""

    def __init__(self, name: str, over: QWidget) -> None:
        super().__init__(over)
        self._over, self._before = over, ""
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hide()
        self.editingFinished.connect(self._finish)

    def ask(self, words: str) -> None:
        """Let the artist write over `words`."""
        self._before = words
        self.setGeometry(self._over.rect())
        self.setText(words)
        self.show()
        self.setFocus()
        self.selectAll()

    def leave(self) -> None:
        """Take nothing."""
        self.setText(self._before)
        self.hide()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() in _KEYS:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # elsewhere these keys are the window's
                return True
            if event.type() == QEvent.Type.KeyPress:
                if event.key() == Qt.Key.Key_Escape:
                    self.setText(self._before)
                self._finish()
                self._over.setFocus()
                return True
        return super().event(event)

    def _finish(self) -> None:
        if self.isVisible():
            words = self.text()
            self.hide()
            if words != self._before:
                self.typed.emit(words)
