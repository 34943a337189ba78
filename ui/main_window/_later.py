"""Dialogs and columns that are loaded when they are first wanted: the window is there sooner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from studio.export.plans import What
from studio.live.rig import Rig
from studio.scenes.repertoire import Repertoire
from studio.session import Session
from ui.actions.actions import Actions
from ui.file_dialogs import LastFolders
from ui.tabs.tabs import Tabs

if TYPE_CHECKING:
    from ui.export.dialog import ExportDialog
    from ui.library.library import LibraryPanel
    from ui.main_window.window import Window
    from ui.settings.dialog import SettingsDialog


def open_export(
    session: Session, folders: LastFolders, tabs: Tabs, what: What, window: QWidget
) -> ExportDialog:
    """Ask what to export and where to; an older question is withdrawn."""
    from ui.export.dialog import ExportDialog

    for held in window.findChildren(ExportDialog):
        held.close()
    dialog = ExportDialog(session, folders, tabs.sheet_points, what, window)
    dialog.show()
    return dialog


def open_settings(
    session: Session, rig: Rig, actions: Actions, window: QWidget, page: str
) -> SettingsDialog:
    """The settings, on this page or where they are."""
    from ui.settings import dialog

    return dialog.open_settings(session, rig, actions, window, page)


def open_key_list(actions: Actions, window: QWidget) -> None:
    """All keys and what they do."""
    from ui.actions.key_list import KeyList

    KeyList(actions.key_lines(), window).open()


def library_panel(repertoire: Repertoire) -> LibraryPanel:
    """The column of scenes, not yet shown."""
    from ui.library.library import LibraryPanel

    panel = LibraryPanel(repertoire)
    panel.hide()
    return panel


def open_palette(window: Window) -> None:
    """The command palette."""
    from ui.actions.palette import PaletteDialog
    from ui.main_window._commands import commands

    PaletteDialog(list(commands(window)), window).open()
