"""Full screen: the stage alone, with a pad of its own over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMainWindow

from studio.settings import declared
from studio.settings.store import Store
from ui.actions.actions import Action
from ui.scenes.recovery import Recovery
from ui.stage.stage import Stage


class FullScreen(QObject):
    """Lives as long as the window."""

    changed = Signal()
    """It is on now, or off."""

    def __init__(
        self,
        window: QMainWindow,
        stage: Stage,
        recovery: Recovery,
        show_alone: Callable[[bool], object],
        store: Store,
    ) -> None:
        """`show_alone` hides what stands beside the stage, or shows it again."""
        super().__init__(window)
        self._store = store
        self._window, self._stage, self._recovery = window, stage, recovery
        self._show_alone = show_alone

    def window_actions(self) -> Iterator[Action]:
        """In and out."""
        at, into = "View", "Full screen"
        yield Action("view.full_screen", at, into, self.toggle, ("F11", "F"), "maximize")
        picture = "Fit, fill or tile the full screen"
        yield Action("view.full_screen_picture", at, picture, self.change_picture, ("Shift+F",))
        yield Action("view.leave_full_screen", at, "Leave full screen", self.leave, ("Esc",))

    @property
    def is_on(self) -> bool:
        return self._stage.is_alone

    def toggle(self) -> None:
        """Go in, or out again."""
        self._show(not self.is_on)

    def change_picture(self) -> None:
        """The next of the ways in which the picture takes the screen, kept as a setting."""
        options = declared.FULL_SCREEN_PICTURE.options
        now = options.index(self._store.settings.window.full_screen_picture)
        setting = declared.setting("window.full_screen_picture")
        self._store.set(setting, options[(now + 1) % len(options)])
        if self.is_on:
            self._stage.stand_alone(True, self._picture)

    @property
    def _picture(self) -> str:
        return self._store.settings.window.full_screen_picture

    def leave(self) -> None:
        """Go out, if it is on."""
        if self.is_on:
            self._show(False)

    def _show(self, alone: bool) -> None:
        self._show_alone(alone)
        if not alone:
            self._recovery.refresh()
        self._stage.stand_alone(alone, self._picture)
        full, state = Qt.WindowState.WindowFullScreen, self._window.windowState()
        self._window.setWindowState(state | full if alone else state & ~full)
        self.changed.emit()
