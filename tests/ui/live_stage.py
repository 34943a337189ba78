"""A window with nothing in it but what plays in time, between a player and a sound that only
remember what they were asked, in fake time.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio.document.scene import Scene
from studio.engine.registry import Registry
from studio.live.player.protocol import PortsSeen
from studio.session import Session
from studio.settings.model import Settings
from tests.fakes import Guest, fake, filled_deck, scene_of
from tests.live_fakes import FakeDesk
from tests.ui.hands import PLAIN
from tests.ui.stage import PATIENCE_MS, forget_the_dead
from ui.actions.actions import Actions
from ui.bridge import Bridge
from ui.settings.dialog import SettingsDialog, open_settings
from ui.transport.live_controls import LiveControls

KEYS = Settings(inputs=("Keys",), outputs=("Synth",))


class LiveStage:
    """The engine is not started: nothing here waits for a picture."""

    def __init__(self, bot: QtBot, folder: Path, *guests: Guest) -> None:
        self.bot = bot
        self.said: list[str] = []
        guests = guests or (fake(),)
        decks = [filled_deck(guest, f"deck{n}") for n, guest in enumerate(guests, start=1)]
        self._bridge = Bridge()
        self.session = Session(
            Registry.of(*(g.spec for g in guests)), scene_of(*decks), wake=lambda: None
        )
        self.desk = FakeDesk(self.session, folder / "settings.json", self._bridge.wake)
        self.rig = self.desk.rig
        self._bridge.woken.connect(self.rig.collect)
        self.window = QWidget()
        self.live = LiveControls(self.session, self.rig, self.window)
        self.live.said.connect(self.said.append)
        self.actions = Actions(self.live.window_actions(), self.window)
        self.live.settings_wanted.connect(self.open_settings)
        column = QVBoxLayout(self.window)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.live.bar)
        self.column = column
        self.window.resize(1280, 300)
        bot.addWidget(self.window)
        self.rig.start()
        self.window.show()
        self.activate()

    def activate(self) -> None:
        """Give the window the keyboard."""
        self.window.activateWindow()
        self.bot.waitUntil(self.window.isActiveWindow)

    def open_settings(self, page: str = "") -> SettingsDialog:
        return open_settings(self.session, self.rig, self.actions, self.window, page)

    @property
    def settings(self) -> SettingsDialog | None:
        """The dialog, while it is open."""
        dialogs = self.window.findChildren(SettingsDialog)
        return next((dialog for dialog in dialogs if dialog.isVisible()), None)

    @property
    def scene(self) -> Scene:
        return self.session.scene

    @property
    def bar(self) -> Any:
        return self.live.bar

    def add(self, widget: QWidget) -> Any:
        """Put `widget` into the window."""
        self.column.addWidget(widget)
        widget.show()
        QApplication.processEvents()
        return widget

    def connect(self, settings: Settings = KEYS, *more: Any) -> None:
        """Connect things, all of which are there."""
        self.desk.says(PortsSeen("ALSA", settings.inputs, settings.outputs), *more)
        self.rig.use(settings)

    def until(self, condition: Callable[[], bool]) -> None:
        self.bot.waitUntil(condition, timeout=PATIENCE_MS)

    def shown(self) -> None:
        """Let the window show what has changed."""
        QApplication.processEvents()
        self.bar.refresh()
        QApplication.processEvents()

    def key(self, key: Qt.Key | str, modifiers: Any = PLAIN) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def turn_knob(self, number: int = 21, values: Any = range(0, 128, 4)) -> None:
        """Turn a knob of the connected controller over `values`."""
        for value in values:
            self.desk.hears(0xB0, number, value)
            self.desk.clock.advance(0.05)
        self.desk.turn(1)

    def close(self) -> None:
        if self.settings is not None:
            self.settings.close()
        self.live.close()
        self.window.close()
        self.rig.close()
        assert self.session.close()
        self.window.deleteLater()
        forget_the_dead()


def right_click(widget: QWidget) -> QMenu | None:
    """Ask for the menu of `widget`, as the right button or the menu key does."""
    middle = widget.rect().center()
    reason = QContextMenuEvent.Reason.Mouse
    event = QContextMenuEvent(reason, middle, widget.mapToGlobal(middle), PLAIN)
    QApplication.sendEvent(widget, event)
    menu = QApplication.activePopupWidget()
    assert menu is None or isinstance(menu, QMenu)
    return menu


def words_of(menu: QMenu | None) -> list[str]:
    """What a menu offers."""
    assert menu is not None
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def choose(menu: QMenu | None, words: str) -> None:
    """Choose an entry of a menu or of those below it, and close it."""
    assert menu is not None
    found = [action for each in _below(menu) for action in each.actions() if action.text() == words]
    assert found, f"{words!r} is not among {[words_of(each) for each in _below(menu)]}"
    assert found[0].isEnabled()
    found[0].trigger()
    menu.close()
    forget_the_dead()


def _below(menu: QMenu) -> list[QMenu]:
    below = [action.menu() for action in menu.actions() if isinstance(action.menu(), QMenu)]
    return [menu, *(each for sub in below for each in _below(sub))]


def middle_of(widget: QWidget) -> QPoint:
    return widget.rect().center()
