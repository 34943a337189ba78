"""The output's windows: on which screens they are, now and when a screen comes back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QObject, QSize, QTimer, Signal, SignalInstance
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QWidget

from studio.live.rig import Rig
from studio.settings.model import Settings
from studio.settings.screens import ScreenSettings
from ui.actions.actions import Action
from ui.outputs.window import OutputWindow

MOVABLE = "a window"
"""In place of a screen's name: one that the hand moves."""

_CARD = "The outputs show the test card, even in a blackout, until you switch it off."
_NO_WINDOW = "The test card is on, but no output is open to show it: open one in the Output menu."


class AnyScreens(Protocol):
    """What is asked of `ui.outputs.screens.Screens`."""

    @property
    def added(self) -> SignalInstance: ...
    @property
    def removed(self) -> SignalInstance: ...
    def names(self) -> list[str]: ...
    def get(self, name: str) -> QScreen | None: ...
    def name_of(self, screen: QScreen | None) -> str: ...


class OutputWindows(QObject):
    """Lives as long as the window of the instrument. Signals: `changed()`, `said(sentence)`."""

    changed = Signal()
    said = Signal(str)

    def __init__(self, rig: Rig, screens: AnyScreens, window: QWidget) -> None:
        super().__init__(window)
        self._rig, self._screens, self._window = rig, screens, window
        self.open: dict[str, OutputWindow] = {}
        """By the names of their screens, or `MOVABLE`."""
        self.shows_card = False
        # Quitting closes all windows in any order, this one before the instrument's perhaps: it was
        # the hand's doing only if the instrument is still there afterwards.
        self._keeps = QTimer(self, singleShot=True, interval=0)
        self._keeps.timeout.connect(self._keep)
        screens.added.connect(self._came)
        screens.removed.connect(self._went)
        rig.store.changed.connect(self._follow_settings)
        rig.picture.room.changed.connect(self.changed.emit)

    def window_actions(self, buttons: Mapping[str, tuple[QWidget, ...]]) -> Iterator[Action]:
        """What is done with the output while it is played; `buttons` do the same, by the ids."""
        for action in self._actions():
            yield replace(action, buttons=buttons.get(action.id, ()))

    def _actions(self) -> Iterator[Action]:
        at, room, picture = "Output", self._rig.picture.room, self._rig.picture
        words = "Output window: on the other screen, or one to move"
        yield Action(
            "output.window", at, words, self.toggle_first, ("Shift+O",),
            is_on=lambda: bool(self.open),
        )  # fmt: skip
        yield Action(
            "output.blackout", at, "Blackout: fade the output to black, and back",
            lambda: picture.black_out(not room.is_dark), ("Shift+B",), is_on=lambda: room.is_dark,
        )  # fmt: skip
        yield Action(
            "output.freeze", at, "Freeze the output's picture, or go on",
            lambda: picture.freeze(not room.is_frozen), ("Z",), is_on=lambda: room.is_frozen,
        )  # fmt: skip
        yield Action(
            "output.test_card", at, "Test card on the output's screens, or off",
            lambda: self.show_card(not self.shows_card), ("Shift+T",),
            is_on=lambda: self.shows_card,
        )  # fmt: skip

    # -- opening and closing -------------------------------------------------------------------

    def names(self) -> list[str]:
        """Where an output can be shown now: the other screens first, then a movable window."""
        own = self._screens.name_of(self._window.screen())
        return [*(name for name in self._screens.names() if name != own), MOVABLE]

    def begin(self) -> None:
        """Open those that were open last, where their screens are here. Not over the instrument."""
        for name in self._rig.settings.output.shown_on:
            if name in self.names():
                self._show(name)

    def toggle(self, name: str) -> None:
        """Open the window on a screen, or close it; kept for the next time."""
        if name in self.open:
            self.close(name)
        else:
            self._show(name)
            self._keep()

    def toggle_first(self) -> None:
        """Close all of them, or open one on the first other screen."""
        for name in list(self.open):
            self.close(name)
            break
        else:
            self.toggle(self.names()[0])

    def close(self, name: str) -> None:
        """Close a window for good."""
        self._take_away(name)
        self._keep()

    def close_down(self) -> None:
        """The instrument closes; what is open now will be open the next time."""
        self._keeps.stop()
        for signal, slot in (
            (self._rig.store.changed, self._follow_settings),
            (self._rig.picture.room.changed, self.changed.emit),
        ):
            signal.disconnect(slot, missing_ok=True)
        for name in list(self.open):
            self._take_away(name)

    def show_card(self, on: bool) -> None:
        """Show the test card on every window, or the output again."""
        if on and not self.shows_card:
            self.said.emit(_CARD if self.open else _NO_WINDOW)
        self.shows_card = on
        for window in self.open.values():
            window.show_card(on)
        self.changed.emit()

    # -- settings of screens -------------------------------------------------------------------

    def settings_of(self, name: str) -> ScreenSettings:
        """How the output lies on a screen."""
        return self._rig.settings.output.screens.get(name, ScreenSettings())

    def size_of(self, name: str) -> tuple[int, int]:
        """The device pixels of a screen, or of the window that can be moved."""
        screen, window = self._screens.get(name), self.open.get(name)
        if window is not None:
            return window.device_size()
        if screen is None:
            return self._rig.settings.output.size
        size, ratio = screen.size(), screen.devicePixelRatio()
        return round(size.width() * ratio), round(size.height() * ratio)

    def set_screen(self, name: str, settings: ScreenSettings) -> None:
        """Let it lie otherwise, at once and the next time."""
        before = self._rig.settings
        screens = {**before.output.screens, name: settings}
        self._rig.use(before.but(output=before.output.but(screens=screens)))

    # -- inside --------------------------------------------------------------------------------

    def _show(self, name: str) -> None:
        room = self._rig.picture.room
        window = OutputWindow(name, self._screens.get(name), self._size)
        self.open[name] = window
        window.closed.connect(lambda: self._on_closed(name))
        window.sink.stale.connect(lambda: room.again(window.sink))
        window.appear()
        window.use(self.settings_of(name))
        window.show_card(self.shows_card)
        room.add(window.sink)

    def _on_closed(self, name: str) -> None:
        self._take_away(name)
        self._keeps.start()

    def _take_away(self, name: str) -> None:
        window = self.open.pop(name, None)
        if window is not None:
            self._rig.picture.room.remove(window.sink)
            window.closed.disconnect()
            window.close()
            window.deleteLater()
            self.changed.emit()

    def _size(self) -> QSize:
        return QSize(*self._rig.settings.output.size)

    def _keep(self) -> None:
        """Remember where it is shown; also on screens that are away now."""
        before = self._rig.settings
        here = set(self._screens.names())
        away = [name for name in before.output.shown_on if name not in here]
        shown = tuple(dict.fromkeys((*away, *(name for name in self.open if name != MOVABLE))))
        if shown != before.output.shown_on:
            self._rig.use(before.but(output=before.output.but(shown_on=shown)))

    def _came(self, name: str) -> None:
        if name in self._rig.settings.output.shown_on and name in self.names():
            if name not in self.open:
                self._show(name)
            self.said.emit(f"The screen {name} is back, and the output on it.")

    def _went(self, name: str) -> None:
        if name in self.open:
            self._take_away(name)
            self.said.emit(f"The screen {name} is gone; the output comes back with it.")
        self.changed.emit()

    def _follow_settings(self, now: Settings, before: Settings) -> None:
        if now.output.screens != before.output.screens:
            for name, window in self.open.items():
                window.use(self.settings_of(name))
        if now.output.size != before.output.size and self.shows_card:
            self.show_card(True)
