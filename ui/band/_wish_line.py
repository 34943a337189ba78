"""A line to wish in, "a slow air in A minor, 24 bars", that says what it understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from studio.document.parameters import Parameter
from studio.music.wishes.wish import MOST_CHARACTERS, Wish, parse
from ui.icons import icon
from ui.theme import STEP
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.value_field import ENTER_KEYS, ESCAPE

_EXAMPLE = "a jig in D, sixteen bars"
_KEPT = 50
"""So many wishes can be called back with the arrow keys."""
_OURS = (*ENTER_KEYS, ESCAPE, Qt.Key.Key_Up, Qt.Key.Key_Down)


class WishLine(QWidget):
    """Enter grants the wish and leaves the line, as Escape does; the arrows bring old ones back."""

    wanted = Signal(object)
    """The `Wish` that Enter stands for."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parameters: tuple[Parameter, ...] = ()
        self._roles: Mapping[str, str] = {}
        self._before: list[str] = []
        self._back = 0
        self.edit = QLineEdit(self)
        self.edit.setObjectName("words")
        self.edit.setMaxLength(MOST_CHARACTERS)
        self.edit.setPlaceholderText(_EXAMPLE)
        self.edit.setAccessibleName("Wish")
        self.edit.setToolTip(
            "Say what is to be played: genre, key, metre, bars, tempo, mood, band.\n"
            "Enter plays it, the die another one of its kind. Up and down bring wishes back;\n"
            "Enter and Esc give the keys back to the window."
        )
        self.edit.textChanged.connect(self._understand)
        self.edit.installEventFilter(self)
        self.go = QPushButton(icon("dice-5"), "")
        self.go.setObjectName("tool")
        self.go.setAccessibleName("Grant the wish")
        self.go.setToolTip("Play a tune like this (Enter in the line)")
        self.go.clicked.connect(self.grant)
        self.answer = ElidedLabel(parent=self)
        self.answer.setObjectName("quiet")
        line = QHBoxLayout()
        line.setSpacing(STEP // 2)
        line.addWidget(self.edit, 1)
        line.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP // 2)
        column.addLayout(line)
        column.addWidget(self.answer)
        self._understand()

    def use(self, parameters: Iterable[Parameter], roles: Mapping[str, str]) -> None:
        """Wishes are about these parameters of an engine, which have these roles."""
        now = tuple(parameters)
        if (now, roles) != (self._parameters, self._roles):
            self._parameters, self._roles = now, roles
            self._understand()

    @property
    def wish(self) -> Wish:
        """What is typed, as it was understood."""
        return parse(self.edit.text() or _EXAMPLE, self._parameters, self._roles)

    def grant(self) -> None:
        """Report the wish. An empty line wishes for its example."""
        words = self.edit.text().strip()
        if words and (not self._before or self._before[-1] != words):
            self._before = [*self._before, words][-_KEPT:]
        self._back = 0
        self.wanted.emit(self.wish)

    def _understand(self) -> None:
        typed = self.edit.text().strip()
        words = self.wish.answer if typed else "Say what is to be played, and press Enter."
        self.answer.say(words)
        remarks = self.wish.remarks if typed else ()
        self.answer.setToolTip("\n".join((words, *remarks)) if typed else "")

    def _recall(self, way: int) -> None:
        back = self._back + way
        if 0 <= back <= len(self._before):
            self._back = back
            self.edit.setText(self._before[-back] if back else "")

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if watched is not self.edit or not isinstance(event, QKeyEvent):
            return False
        key = Qt.Key(event.key())
        if key not in _OURS:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # elsewhere these keys are the window's
        elif event.type() == QEvent.Type.KeyPress:
            self._press(key)
        return True

    def _press(self, key: Qt.Key) -> None:
        if key in ENTER_KEYS:
            self.grant()
        if key in (*ENTER_KEYS, ESCAPE):
            self.edit.clearFocus()
        else:
            self._recall(1 if key == Qt.Key.Key_Up else -1)
