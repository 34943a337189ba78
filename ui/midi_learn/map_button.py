"""A controller's map under one button: how much is bound, import, export, forget, lamps."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton, QWidget

from studio.live.controllers import maps
from studio.live.controllers.surfaces import Surfaces
from ui.file_dialogs import dress_dialog

_FILES = "Controller maps (*.json)"


class MapButton(QPushButton):
    """For one device."""

    said = Signal(str)

    def __init__(self, surfaces: Surfaces, device: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._surfaces, self._device = surfaces, device
        self.setToolTip(f"What the knobs of {device} play: import, export, forget, lamps")
        self.clicked.connect(self._open)
        self.refresh(False)

    def refresh(self, connected: bool) -> None:
        """Say how much is bound."""
        count = len(self._surfaces.map(self._device).bindings)
        self.setText({0: "nothing bound", 1: "1 binding"}.get(count, f"{count} bindings"))
        self.setAccessibleName(f"Map of {self._device}, {self.text()}")
        self.setEnabled(connected)

    def menu_of_map(self) -> QMenu:
        """What can be done with the map."""
        held = self._surfaces.map(self._device)
        menu = QMenu(self)
        menu.addAction("Import a map…").triggered.connect(self._ask_import)
        export = menu.addAction("Export this map…")
        export.triggered.connect(self._ask_export)
        forget = menu.addAction("Forget all bindings")
        forget.triggered.connect(self.forget)
        for action in (export, forget):
            action.setEnabled(bool(held.bindings))
        menu.addSeparator()
        lamps = menu.addAction("Lamps and motors follow")
        lamps.setCheckable(True)
        lamps.setChecked(held.feedback)
        lamps.setToolTip("Needs an output of the same name that is used")
        lamps.triggered.connect(lambda on: self._surfaces.use_feedback(self._device, on))
        return menu

    def read(self, file: Path) -> None:
        """Play by the map in `file`, somebody else's perhaps."""
        try:
            given = maps.read(file)
        except maps.MapError as error:
            self.said.emit(str(error))
            return
        self._surfaces.use_map(self._device, given)
        self.said.emit(f"{self._device} plays by {file.name} now.")

    def write(self, file: Path) -> None:
        """Put the map into `file`, to be shared."""
        try:
            maps.write(file, self._surfaces.map(self._device))
        except maps.MapError as error:
            self.said.emit(str(error))
            return
        self.said.emit(f"The map is in {file.name}.")

    def forget(self) -> None:
        """Nothing on this device plays anything any more."""
        held = self._surfaces.map(self._device)
        self._surfaces.use_map(self._device, held.but(bindings=()))

    def _open(self) -> None:
        menu = self.menu_of_map()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _ask_import(self) -> None:
        self._ask("Import a map", QFileDialog.AcceptMode.AcceptOpen)

    def _ask_export(self) -> None:
        self._ask("Export this map", QFileDialog.AcceptMode.AcceptSave)

    def _ask(self, title: str, mode: QFileDialog.AcceptMode) -> None:
        """Nothing waits for the answer: the music goes on, and so does the window."""
        saves = mode == QFileDialog.AcceptMode.AcceptSave
        dialog = QFileDialog(self, title, "", _FILES)
        dialog.setAcceptMode(mode)
        dialog.setDefaultSuffix("json")
        dress_dialog(dialog)
        if saves:
            dialog.selectFile(f"{self._device}.json".replace("/", "-"))
        else:
            dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda file: (self.write if saves else self.read)(Path(file)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
