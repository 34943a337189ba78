"""Full screen: the stage alone, with a pad of its own over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMainWindow

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
    ) -> None:
        """`show_alone` hides what stands beside the stage, or shows it again."""
        super().__init__(window)
        self._window, self._stage, self._recovery = window, stage, recovery
        self._show_alone = show_alone

    def window_actions(self) -> Iterator[Action]:
        """In and out."""
        at, into = "View", "Full screen"
        yield Action("view.full_screen", at, into, self.toggle, ("F11", "F"), "maximize")
        yield Action("view.leave_full_screen", at, "Leave full screen", self.leave, ("Esc",))

    @property
    def is_on(self) -> bool:
        return self._stage.is_alone

    def toggle(self) -> None:
        """Go in, or out again."""
        self._show(not self.is_on)

    def leave(self) -> None:
        """Go out, if it is on."""
        if self.is_on:
            self._show(False)

    def _show(self, alone: bool) -> None:
        self._show_alone(alone)
        if not alone:
            self._recovery.refresh()
        self._stage.stand_alone(alone)
        full, state = Qt.WindowState.WindowFullScreen, self._window.windowState()
        self._window.setWindowState(state | full if alone else state & ~full)
        self.changed.emit()
