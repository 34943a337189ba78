"""What the window can do: each action declared once, for its button, its keys and the key list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QToolButton, QWidget

from ui.icons import icon

_KEYS_OF_WIDGETS = (
    ("Right-click", "On a control: learn a knob or key by MIDI; on a slot or deck: what it can do"),
    ("Tab", "To the next control"),
    ("Arrows", "Move the puck or the slider that has the focus; Shift slows"),
    ("Enter", "Press the button, open the list, type the value that has the focus"),
    ("← → Enter + − End", "Bars of the piano roll: choose, take, zoom, follow"),
    ("Ctrl+← →", "While notes are edited: to the next note; arrows move it, Shift: length, octave"),
    ("S C O L Del", "Sample, capture, open a picture, lock, clear: the slot that has the focus"),
)


@dataclass(frozen=True)
class Action:
    """Something the window can do.

    Changed keys are saved under `id`, so an id never changes: plain words with dots between them,
    such as "undo", "transport.play" or "slot.a". `keys` are the default ones, in Qt's portable
    text ("Ctrl+Shift+Z").
    """

    id: str
    group: str
    """Under which heading it is listed, such as "Deck" or "Transport"."""
    text: str
    do: Callable[[], object]
    keys: tuple[str, ...] = ()
    icon: str = ""
    is_on: Callable[[], bool] | None = None
    """For what can be switched on and off."""
    can_do: Callable[[], bool] | None = None
    """Whether it can be done now; else it always can."""
    buttons: tuple[QWidget, ...] = ()
    """The widgets that do the same: their tooltips end with its key."""
    series: str = ""
    """What a row of actions with such keys as 1 to 8 does: they are one line in the list."""


class Actions(QObject):
    """All actions of a window by their ids, with their QActions, buttons and keys."""

    changed = Signal()
    """Some action has other keys than before."""

    def __init__(self, actions: Iterable[Action], window: QWidget) -> None:
        """Raises ValueError where two have the same id or the same default key."""
        super().__init__(window)
        self._actions: dict[str, Action] = {}
        self._keys: dict[str, tuple[str, ...]] = {}
        self._shown_on: dict[str, list[tuple[QWidget, str]]] = {}
        self.buttons: dict[str, QToolButton] = {}
        """Those that `button` has made."""
        self.qactions: dict[str, QAction] = {}
        for action in actions:
            self._add(action, window)
        self.refresh()

    def _add(self, action: Action, window: QWidget) -> None:
        keys = tuple(portable(key) for key in action.keys)
        taken = [key for key in keys if self.who_has(key) is not None]
        if action.id in self._actions or taken:
            raise ValueError(f"{action.id!r} or its key {taken} is there already.")
        made = QAction(action.text, window)
        if action.icon:
            made.setIcon(icon(action.icon))
        made.setCheckable(action.is_on is not None)
        made.triggered.connect(lambda _=False: self._do(action))
        window.addAction(made)
        self._actions[action.id] = action
        self.qactions[action.id] = made
        self._shown_on[action.id] = []
        self._keys[action.id] = keys
        for button in action.buttons:
            self.show_key_on(action.id, button)
        self._show_keys(action.id)

    def _do(self, action: Action) -> None:
        action.do()
        self._refresh(action)

    def __getitem__(self, id: str) -> Action:
        return self._actions[id]

    def __iter__(self) -> Iterator[Action]:
        return iter(self._actions.values())

    def refresh(self) -> None:
        """Show which can be done now, and which are on."""
        for action in self:
            self._refresh(action)

    def _refresh(self, action: Action) -> None:
        if action.can_do is not None:
            self.qactions[action.id].setEnabled(action.can_do())
        if action.is_on is not None:
            self.qactions[action.id].setChecked(action.is_on())

    # -- buttons -------------------------------------------------------------------------------

    def button(self, id: str, text: str = "") -> QToolButton:
        """The button of an action, with `text` beside its icon."""
        button = QToolButton()
        button.setDefaultAction(self.qactions[id])
        button.setIconSize(QSize(18, 18))
        button.setAccessibleName(self[id].text)
        self.buttons[id] = button
        if text:
            self.qactions[id].setIconText(text)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return button

    def wide_button(self, id: str, text: str) -> QToolButton:
        """The same, as wide as its column."""
        button = self.button(id, text)
        button.setSizePolicy(button.sizePolicy().Policy.Expanding, button.sizePolicy().Policy.Fixed)
        return button

    def show_key_on(self, id: str, widget: QWidget) -> None:
        """Let the tooltip of a widget, which lives as long as this, end with the action's key."""
        self._shown_on[id].append((widget, widget.toolTip()))
        widget.setToolTip(self._with_key(widget.toolTip(), id))

    # -- keys ----------------------------------------------------------------------------------

    def keys(self, id: str) -> tuple[str, ...]:
        """The keys that an action has now, in Qt's portable text."""
        return self._keys[id]

    def key(self, id: str) -> str:
        """The first of them as it is written on this system, or ""."""
        return shown(self._keys[id][0]) if self._keys[id] else ""

    def who_has(self, key: str) -> Action | None:
        """The action that a key belongs to now."""
        key = portable(key)
        return next((action for action in self if key in self._keys[action.id]), None)

    def set_keys(self, id: str, keys: Iterable[str]) -> None:
        """Give an action these keys and no others; whoever had one of them loses it.

        Raises KeyError for no action and ValueError for no key; then nothing has changed.
        """
        changed = self[id]
        wanted = tuple(dict.fromkeys(portable(key) for key in keys))
        for action in self:
            left = tuple(key for key in self._keys[action.id] if key not in wanted)
            self._give(action.id, wanted if action is changed else left)
        self.changed.emit()

    def reset_keys(self) -> None:
        """Give every action its default keys."""
        for action in self:
            self._give(action.id, tuple(map(portable, action.keys)))
        self.changed.emit()

    def has_default_keys(self, id: str) -> bool:
        """Whether nobody has changed them."""
        return self._keys[id] == tuple(map(portable, self[id].keys))

    def _give(self, id: str, keys: tuple[str, ...]) -> None:
        if keys != self._keys[id]:
            self._keys[id] = keys
            self._show_keys(id)

    def _show_keys(self, id: str) -> None:
        action = self.qactions[id]
        action.setShortcuts([QKeySequence(key) for key in self._keys[id]])
        action.setToolTip(self._with_key(self[id].text, id))
        for widget, text in self._shown_on[id]:
            widget.setToolTip(self._with_key(text, id))

    def _with_key(self, text: str, id: str) -> str:
        return f"{text} ({self.key(id)})" if self.key(id) else text

    def key_lines(self) -> dict[str, list[tuple[str, str]]]:
        """Keys and what they do by their groups, for the list; a series with its own keys is one
        line."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for series, some in groupby(self, lambda action: self._series(action)):
            told = [action for action in some if self._keys[action.id]]
            if series and told:
                groups.setdefault(told[0].group, []).append((self._runs(told), series))
            else:
                for action in told:
                    line = (self._all_keys(action.id), action.text)
                    groups.setdefault(action.group, []).append(line)
        return {**groups, "Mouse, and what has the focus": list(_KEYS_OF_WIDGETS)}

    def _runs(self, series: list[Action]) -> str:
        """The keys of a series: "Alt+1 to 8", and as much for each further modifier."""
        keys = [self.key(action.id) for action in series]
        runs = [list(run) for _, run in groupby(keys, lambda key: key[:-1])]
        return " or ".join(f"{run[0]} to {run[-1][-1]}" for run in runs)

    def _series(self, action: Action) -> str:
        alike = (each for each in self if each.series == action.series)
        whole = action.series and all(self.has_default_keys(each.id) for each in alike)
        return action.series if whole else ""

    def _all_keys(self, id: str) -> str:
        return " or ".join(map(shown, self._keys[id]))


def portable(key: str) -> str:
    """A key in the one way of writing it that is the same on all systems.

    Raises ValueError for what is no key.
    """
    text = QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
    if not text:
        raise ValueError(f"{key!r} is not a key.")
    return text


@cache
def shown(key: str) -> str:
    """A key as it is written on this system. Asked for with every move of a hand."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
