"""What the window can do: each deed declared once, for its button, its keys and the key list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QToolButton, QWidget

from studio.document.scene import SLOT_NAMES
from ui.icons import icon

_KEYS_OF_WIDGETS = (
    ("Tab", "To the next control"),
    ("Arrows", "Move the puck or the slider that has the focus; Shift slows"),
    ("Enter", "Press the button, open the list, type the value that has the focus"),
    ("← → Enter + − End", "Bars of the piano roll: choose, take, zoom, follow"),
    ("S C O L Del", "Sample, capture, open a picture, lock, clear: the slot that has the focus"),
)


@dataclass(frozen=True)
class Deed:
    """Something the window can do. Names are unique."""

    name: str
    words: str
    keys: tuple[str, ...]
    do: Callable[[], object]
    mark: str = ""
    """Its icon."""


class Deeds:
    """The window's deeds with their actions and buttons."""

    def __init__(self, deeds: Iterable[Deed], window: QWidget) -> None:
        self.by_name = {deed.name: deed for deed in deeds}
        self.buttons: dict[str, QToolButton] = {}
        self.actions = {name: _action(deed, window) for name, deed in self.by_name.items()}

    def button(self, name: str, words: str = "") -> QToolButton:
        """The button of a deed, with `words` beside its icon."""
        button = QToolButton()
        button.setDefaultAction(self.actions[name])
        button.setIconSize(QSize(18, 18))
        button.setAccessibleName(self.by_name[name].words)
        self.buttons[name] = button
        if words:
            self.actions[name].setIconText(words)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return button

    def wide_button(self, name: str, words: str) -> QToolButton:
        """The same, as wide as its column."""
        button = self.button(name, words)
        button.setSizePolicy(button.sizePolicy().Policy.Expanding, button.sizePolicy().Policy.Fixed)
        return button

    def key_lines(self) -> list[tuple[str, str]]:
        """Keys and what they do, for the list; the slots' in one line."""
        slots = [f"slot{name}" for name in SLOT_NAMES]
        lines = [
            (" or ".join(deed.keys), deed.words)
            for deed in self.by_name.values()
            if deed.name not in slots and deed.keys
        ]
        numbers = [self.by_name[name].keys[0] for name in slots if name in self.by_name]
        if numbers:
            lines.append((f"{numbers[0]} to {numbers[-1]}", "Go to that slot, or fill it"))
        return [*lines, *_KEYS_OF_WIDGETS]


def _action(deed: Deed, window: QWidget) -> QAction:
    action = QAction(deed.words, window)
    if deed.mark:
        action.setIcon(icon(deed.mark))
    action.setShortcuts([QKeySequence(keys) for keys in deed.keys])
    keys = f" ({deed.keys[0]})" if deed.keys else ""
    action.setToolTip(f"{deed.words}{keys}")
    action.triggered.connect(lambda _=False: deed.do())
    window.addAction(action)
    return action
