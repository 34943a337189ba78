"""What the command palette of the window finds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QScrollArea, QWidget

from ui.actions.palette import Command

if TYPE_CHECKING:
    from ui.main_window.window import Window

_ROWS_MS = 100
"""Until the rows of another deck are there."""

_TWICE = "/front/"
"""What is also under the name of its deck."""


def commands(window: Window) -> Iterator[Command]:
    """Every action, every control that stands somewhere in the window, every saved scene."""
    actions = window.all_actions
    for action in actions:
        done = actions.qactions[action.id]
        about = actions.key(action.id) or action.group
        about = about if done.isEnabled() else "not now"
        yield Command(action.text, about, done.trigger, done.isEnabled())
    for control in window.rig.controls.all():
        if control.kind == "value" and not control.address.startswith(_TWICE):
            focus = partial(_go_to, window, control.address)
            yield Command(control.label, "control", focus)
    for entry in window.repertoire.library.entries:
        yield Command(entry.name, "scene", partial(window.repertoire.presets.open, entry.id))


def _go_to(window: Window, address: str) -> None:
    """Bring the control's deck and page to the front, and give it the keyboard. Of a layer, its
    page alone: which deck is in front may be what an audience sees."""
    scene, (_, place, *rest) = window.session.scene, address.split("/")
    if "layer" in rest:
        window.outputs.show_layer(address)
    elif place == "deck" and rest and rest[0].isdigit():
        key = scene.decks[int(rest[0]) - 1].key
        if key != scene.front:
            window.session.decks.bring_to_front(key)
            QTimer.singleShot(_ROWS_MS, window, partial(_focus, window, address))
            return
    _focus(window, address)


def _focus(window: Window, address: str) -> None:
    widget = window.live.learn.widget_of(address)
    if widget is None:
        window.status.say("This control is not in the window now.")
        return
    window.tabs.show_widget(widget)
    _taker(widget).setFocus(Qt.FocusReason.ShortcutFocusReason)
    around = widget.parentWidget()
    while around is not None and not isinstance(around, QScrollArea):
        around = around.parentWidget()
    if around is not None:
        around.ensureWidgetVisible(widget)


def _taker(widget: QWidget) -> QWidget:
    """What of a row takes the keyboard."""
    takers = (widget, *widget.findChildren(QWidget))
    tab = Qt.FocusPolicy.TabFocus
    return next((each for each in takers if each.focusPolicy() & tab), widget)
