"""Presets, bundles, models and SoundFonts that are dropped anywhere on the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent

from studio.live.rig import Rig
from studio.presets.sharing.importing import Imported
from studio.scenes.repertoire import Repertoire
from studio.session import Session
from ui.library.model import dragged
from ui.transport.sound_controls import use_sound
from ui.widgets.drag_data import carried_folder, carried_font, carried_presets, take_anywhere


class FileDrops(QObject):
    """One preset is called up, one model is given to the front deck; of several, the shelf shows
    what has come. A SoundFont is tried and then played, from now on."""

    several = Signal()
    """More than one has been taken in."""
    folder = Signal(Path)
    """A folder was dropped: there may be something to learn in it."""

    def __init__(
        self, session: Session, repertoire: Repertoire, rig: Rig, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._repertoire, self._rig = session, repertoire, rig
        take_anywhere(session.registry.model_files)

    def enter(self, event: QDragMoveEvent) -> None:
        """Something is carried over the window."""
        data = event.mimeData()
        kinds = (dragged, carried_presets, carried_font, carried_folder)
        if any(kind(data) for kind in kinds):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
        else:
            event.ignore()

    def drop(self, event: QDropEvent) -> None:
        """It is let go here."""
        ids, files = dragged(event.mimeData()), carried_presets(event.mimeData())
        if font := carried_font(event.mimeData()):
            self._rig.noticed.emit(f"The SoundFont {font.name} is being tried.")
            use_sound(self._rig, font=str(font))
        if folder := carried_folder(event.mimeData()):
            self.folder.emit(folder)
        elif ids:
            self._repertoire.presets.open(ids[0])
        else:
            self.open(files)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def open(self, files: list[Path]) -> None:
        """Take files into the library; a preset that comes alone is called up."""
        for file in files:
            self._repertoire.sharing.take_in(
                file, self._taken if len(files) == 1 else self._one_of_many
            )

    def _taken(self, what: Imported) -> None:
        if len(what.entries) == 1 and what.set_list is None:
            self._repertoire.presets.open(what.entries[0].id)
        elif what.models and not what.entries:
            self._play(what.models[0])
        elif what.entries or what.set_list is not None:
            self.several.emit()

    def _play(self, weights: Path) -> None:
        """Give the front deck the model of these weights, if it can be chosen by now."""
        for spec in self._session.registry.specs:
            for model in spec.models:
                if model.weights == weights:
                    decks = self._session.decks
                    decks.choose_model(self._session.scene.front, spec.name, model.name)

    def _one_of_many(self, what: Imported) -> None:
        if what.entries or what.set_list is not None:
            self.several.emit()
