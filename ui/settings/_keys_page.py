"""The page about keys: what each action is called by, to be changed by pressing another."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtCore import QEvent, QKeyCombination, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from studio.settings.store import Store
from ui import theme
from ui.actions.actions import Action, Actions, portable, shown
from ui.icons import icon
from ui.settings.keys import KEYS_OF_0_1, Keys, kept_keys, use_keys
from ui.theme import STEP
from ui.widgets.form import FormPage, card, quiet
from ui.widgets.parameter_rows import section

_KEYS_WIDTH = 190
_ASK = "Press a key…"
_ABOUT = (
    "Click a key and press another. While it waits, Esc leaves it as it was and Backspace takes "
    "it away. Tab, Enter and the arrows always move through the window."
)
_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta)
_MOVES = (
    *(Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Return, Qt.Key.Key_Enter),
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down),
)


class KeyButton(QPushButton):
    """An action's keys; after a click, the next key that is pressed is `wanted`, "" for none."""

    wanted = Signal(str)
    asking = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self.waits = False
        theme.set_size(self, width=_KEYS_WIDTH)
        self.setAccessibleName(f"Keys of: {name}")
        self.setToolTip("Click, and press the key that shall do it")
        self.clicked.connect(self._ask)

    def show_keys(self, keys: tuple[str, ...]) -> None:
        self._words = " or ".join(map(shown, keys)) or "no key"
        if not self.waits:
            self.setText(self._words)

    def _ask(self) -> None:
        self.waits = True
        self.setText(_ASK)
        self.setFocus()
        self.asking.emit()

    def leave(self) -> None:
        """Wait for no key any more."""
        self.waits = False
        self.setText(self._words)

    def event(self, event: QEvent) -> bool:
        """Any key, also those that move the focus or close the dialog."""
        if self.waits and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self._take(event)
                return True
        return super().event(event)

    def _take(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in _MODIFIERS or key in _MOVES or key == Qt.Key.Key_unknown:
            return
        self.leave()
        if plain and key == Qt.Key.Key_Backspace:
            self.wanted.emit("")
        elif not plain or key != Qt.Key.Key_Escape:
            self.wanted.emit(_pressed(event))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.waits:
            self.leave()


def _pressed(event: QKeyEvent) -> str:
    """The key in Qt's portable text. Of a sign such as "?" Shift is a part and no more: where it
    stands is another matter on every keyboard."""
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    text = event.text()
    if len(text) == 1 and text.isprintable() and not text.isalnum() and not text.isspace():
        held &= ~Qt.KeyboardModifier.ShiftModifier
    pressed = QKeySequence(QKeyCombination(held, Qt.Key(event.key())))
    return pressed.toString(QKeySequence.SequenceFormat.PortableText)


class KeyRow(QWidget):
    """An action with its keys, and a way back to the default ones."""

    def __init__(self, action: Action, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.action = action
        self.keys = KeyButton(action.text, self)
        self.reset = QToolButton(self)
        self.reset.setObjectName("flat")
        self.reset.setIcon(icon("arrow-back-up", 16))
        defaults = " or ".join(map(shown, action.keys)) or "no key"
        self.reset.setToolTip(f"Back to the default: {defaults}")
        self.reset.setAccessibleName(f"Default keys of: {action.text}")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 1, 0, 1)
        words = QLabel(action.text)
        words.setWordWrap(True)
        line.addWidget(words, 1)
        line.addWidget(self.keys)
        line.addWidget(self.reset)

    def refresh(self, actions: Actions) -> None:
        self.keys.show_keys(actions.keys(self.action.id))
        self.reset.setEnabled(not actions.has_default_keys(self.action.id))


class KeysPage(FormPage):
    """All actions by their groups. A key that another action has is taken only when asked twice."""

    def __init__(self, store: Store, actions: Actions) -> None:
        super().__init__("Keys")
        self._store, self._actions = store, actions
        self._asked: tuple[str, tuple[str, ...]] | None = None
        self.rows: dict[str, KeyRow] = {}
        self.about.setText(_ABOUT)
        self.conflict = QLabel()
        self.conflict.setObjectName("warning")
        self.conflict.setWordWrap(True)
        self.take = QPushButton("Take it anyway")
        self.take.setToolTip("The key does this from now on, and no longer what it did")
        self.take.clicked.connect(self._take_anyway)
        self.keep = QPushButton("Leave it")
        self.keep.setToolTip("The key stays with what it does now")
        self.keep.clicked.connect(self._forget)
        self._question = self._asking()
        self.reset_all = QPushButton("All default keys")
        self.reset_all.setToolTip("Give every action the keys that it had at first")
        self.reset_all.clicked.connect(lambda: self._use_set({}))
        self.old_set = QPushButton("Keys of version 0.1")
        self.old_set.setToolTip(
            "As in version 0.1: Space captures, Shift+Space plays and stops, Ctrl+Shift+Space "
            "continues; all other keys as they were at first"
        )
        self.old_set.clicked.connect(lambda: self._use_set(KEYS_OF_0_1))
        self._lay_out()
        self._forget()

    def _asking(self) -> QWidget:
        asking = QWidget(self)
        line = QHBoxLayout(asking)
        for widget, stretch in ((self.conflict, 1), (self.take, 0), (self.keep, 0)):
            line.addWidget(widget, stretch)
        return asking

    def _lay_out(self) -> None:
        in_order = sorted(self._actions, key=self._place)
        for group, some in groupby(in_order, key=lambda action: action.group):
            self.column.addWidget(section(group))
            frame, column = card()
            for action in some:
                column.addWidget(self._row(action))
            self.column.addWidget(frame)
        below = QHBoxLayout()
        below.addStretch(1)
        below.addWidget(self.old_set)
        below.addWidget(self.reset_all)
        self.column.addSpacing(STEP)
        self.column.addLayout(below)
        self.column.addWidget(quiet("Which knob of a controller does what is in the MIDI map."))
        self.column.addStretch(1)

    def _place(self, action: Action) -> int:
        """Groups as they come first, since their actions need not stand together."""
        return list(dict.fromkeys(each.group for each in self._actions)).index(action.group)

    def _row(self, action: Action) -> KeyRow:
        row = KeyRow(action)
        row.keys.asking.connect(self._forget)
        row.keys.wanted.connect(lambda key: self._want(action.id, (key,) if key else ()))
        row.reset.clicked.connect(lambda: self._want(action.id, action.keys))
        self.rows[action.id] = row
        self.controls[action.id] = row.keys
        return row

    def refresh(self) -> None:
        for row in self.rows.values():
            row.refresh(self._actions)

    def _want(self, id: str, keys: tuple[str, ...]) -> None:
        wanted = tuple(map(portable, keys))
        others = [(key, self._actions.who_has(key)) for key in wanted]
        taken = [(key, other) for key, other in others if other is not None and other.id != id]
        if not taken:
            self._give(id, wanted)
            return
        self._asked = (id, wanted)
        words = " and ".join(f"{shown(key)} is the key of “{other.text}”" for key, other in taken)
        self.conflict.setText(f"{words}, which would lose it.")
        around = self.rows[id].parentWidget()
        below = around.layout() if around else None
        assert isinstance(below, QVBoxLayout)
        below.insertWidget(below.indexOf(self.rows[id]) + 1, self._question)
        self._question.show()
        self.take.setFocus()

    def _take_anyway(self) -> None:
        asked = self._asked
        self._forget()
        if asked is not None:
            self._give(*asked)

    def _give(self, id: str, keys: tuple[str, ...]) -> None:
        self._actions.set_keys(id, keys)
        self._keep_keys()
        self.rows[id].keys.setFocus()

    def _use_set(self, keys: Keys) -> None:
        """Give every action its default keys, but those in `keys`."""
        self._forget()
        self._actions.reset_keys()
        use_keys(self._actions, keys)
        self._keep_keys()

    def _forget(self) -> None:
        self._asked = None
        self._question.hide()

    def _keep_keys(self) -> None:
        settings = self._store.settings
        self._store.use(settings.but(action_keys=kept_keys(self._actions, settings.action_keys)))
        self.refresh()
