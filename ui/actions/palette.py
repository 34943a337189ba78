"""The command palette: whatever the window can do, control or open, found by its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.presets.folder.finding import folded
from ui.theme import STEP
from ui.widgets.form import quiet

_SHOWN = 60
_ALIKE = 0.7
"""How alike, in [0, 1], two words are that are taken for one with a slip of the finger."""
_SIZE = QSize(640, 420)
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True)
class Command:
    """Something that can be found."""

    words: str
    about: str
    """What it is, or its key."""
    do: Callable[[], object]
    enabled: bool = True
    """Whether it can be done now."""


def found(typed: str, commands: Sequence[Command]) -> list[Command]:
    """Those that fit what was `typed`, best first; where none does, those that fit it but for slips
    of the finger, such as "contarst"."""
    ranks: list[float | None] = [rank(typed, command.words) for command in commands]
    if all(place is None for place in ranks):
        ranks = [_slips(typed, command.words) for command in commands]
    fits = [(place, command) for place, command in zip(ranks, commands, strict=True)]
    fitting = [(place, command) for place, command in fits if place is not None]
    best = sorted(fitting, key=lambda fit: (fit[0], not fit[1].enabled, len(fit[1].words)))
    return [command for _, command in best]


def rank(typed: str, words: str) -> int | None:
    """How well `words` are what was `typed`, 0 best: their beginning, the beginning of a word, a
    part of them, or its letters in their order; None where not even those."""
    wanted, held = folded(typed).strip(), folded(words)
    if held.startswith(wanted):
        return 0
    if f" {wanted}" in held:
        return 1
    if all(word in held for word in wanted.split()):
        return 2
    letters = iter(held)
    return 3 if all(letter in letters for letter in wanted.replace(" ", "")) else None


def _slips(typed: str, words: str) -> float | None:
    """How far each word that was `typed` is from the most alike of `words`; None where one of them
    is like none."""
    held = folded(words).split()
    far = [
        1 - max(SequenceMatcher(None, word, each).ratio() for each in held)
        for word in folded(typed).split()
    ]
    return sum(far) if held and far and max(far) <= 1 - _ALIKE else None


class PaletteDialog(QDialog):
    """A line to type in over what it finds. Enter or a click does it; Escape closes."""

    def __init__(self, commands: list[Command], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Find anything")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._all = commands
        self._found: list[Command] = []
        self.line = QLineEdit(self)
        self.line.setPlaceholderText("An action, a control or a scene")
        self.line.setAccessibleName("Find anything")
        self.line.setToolTip("Type some letters of its name; Enter does it")
        self.line.textChanged.connect(self._find)
        self.line.installEventFilter(self)
        self.list = QTreeWidget(self)
        self.list.setColumnCount(2)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setAccessibleName("What was found")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(self._run)
        self.nothing = quiet("Nothing is called so.")
        column = QVBoxLayout(self)
        column.setContentsMargins(STEP, STEP, STEP, STEP)
        column.addWidget(self.line)
        column.addWidget(self.list)
        column.addWidget(self.nothing)
        self.resize(_SIZE.boundedTo(parent.size()))
        self.list.setColumnWidth(0, round(0.7 * self.width()))
        self._find("")

    def _find(self, typed: str) -> None:
        self._found = found(typed, self._all)[:_SHOWN]
        self.list.clear()
        self.nothing.setVisible(not self._found)
        for command in self._found:
            item = QTreeWidgetItem([command.words, command.about])
            if not command.enabled:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addTopLevelItem(item)
        if first := self.list.topLevelItem(0):
            self.list.setCurrentItem(first)

    def _run(self) -> None:
        if chosen := self.list.currentItem():
            command = self._found[self.list.indexOfTopLevelItem(chosen)]
            if command.enabled:
                self.accept()
                command.do()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run()
                return True
            if event.key() in _MOVES:
                self.list.keyPressEvent(event)
                return True
        return super().eventFilter(watched, event)
