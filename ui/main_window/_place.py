"""Where the window stands: kept when it closes, and taken again at the next start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMessageBox

if TYPE_CHECKING:
    from ui.main_window.window import Window

_TITLE_PX = 40
"""About what a desktop's title bar takes."""


def appear(window: Window) -> None:
    """Show it where it was, on the screen that it was on if that is there. Else as it is made, and
    where it has no room beside others, as large as the screen is."""
    kept = window.rig.settings.window
    place = QByteArray.fromHex(kept.place.encode()) if kept.at_start == "reopen last" else None
    room = window.screen().availableSize()
    fits = room.width() > window.width() and room.height() > window.height() + _TITLE_PX
    if (place and window.restoreGeometry(place)) or fits:
        window.show()
    else:
        window.showMaximized()


def keep(window: Window) -> None:
    """Remember where it stands, how large it is and on which screen."""
    store = window.rig.store
    place = bytes(window.saveGeometry().toHex().data()).decode()
    store.use(store.settings.but(window=store.settings.window.but(place=place)))


def may_close(window: Window) -> bool:
    """Ask where something would be lost: the scene is no saved one, and cannot be kept."""
    problem = window.repertoire.recovery.problem
    if not problem or not window.repertoire.presets.modified:
        return True
    words = f"{problem}\n\nClose anyway? What has changed since the scene was saved is lost."
    return QMessageBox.question(window, "Close", words) == QMessageBox.StandardButton.Yes
