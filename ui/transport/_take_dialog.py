"""A take in the window: scrubbed like a film on the stage, and any moment of it opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from studio.document.errors import StudioError
from studio.engine.decks import checked
from studio.recording.recorder import length_of
from studio.recording.take import SUFFIX, Take, read
from studio.session import Session
from ui.export.film_dialog import FilmDialog
from ui.file_dialogs import dress_dialog

_PER_S = 30
"""Steps of the slider in a second."""


class TakeDialog(QDialog):
    """The stage shows the moment that the slider stands at. Opening it is one step to undo; closing
    the dialog brings the scene back that was there."""

    def __init__(
        self,
        session: Session,
        take: Take,
        say: Callable[[str], object],
        parent: QWidget,
        file: Path,
    ) -> None:
        super().__init__(parent)
        self._session, self._take, self._before = session, take, session.scene
        self.setWindowTitle(f"Take: {take.name}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.place = QSlider(Qt.Orientation.Horizontal, self)
        self.place.setRange(0, max(1, round(take.seconds * _PER_S)))
        self.place.setAccessibleName("Place in the take")
        self.place.setToolTip("Drag along the take; the stage shows what was seen there")
        self.says = QLabel(self)
        self.buttons = QDialogButtonBox(self)
        self.buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        self.opens = self.buttons.addButton(
            "Open this moment", QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.films = self.buttons.addButton("Export film…", QDialogButtonBox.ButtonRole.ActionRole)
        self.films.setToolTip("Render the performance anew, at any size, with its sound")
        self.films.clicked.connect(lambda: FilmDialog(file, take, say, parent).show())
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (self.place, self.says, self.buttons):
            column.addWidget(widget)
        self.place.valueChanged.connect(self.scrub)
        self.resize(480, self.sizeHint().height())
        self.scrub()

    @property
    def seconds(self) -> float:
        """Where the slider stands."""
        return min(self._take.seconds, self.place.value() / _PER_S)

    def scrub(self) -> None:
        """Show what was seen there; what moved it then does not move it now."""
        self.says.setText(f"{length_of(self.seconds)} of {length_of(self._take.seconds)}")
        try:
            shown = self._take.at(self.seconds).shown.but(modulators=(), connections=())
            self._session.show(checked(self._session.registry, shown))
        except StudioError as error:
            self.says.setText(str(error))

    def done(self, result: int) -> None:
        """Go back to what was there, or open the moment."""
        self._session.show(self._before)
        if result == QDialog.DialogCode.Accepted:
            try:
                self._session.open(self._take.at(self.seconds).scene)
            except StudioError as error:
                self._session.noticed.emit(str(error))
        super().done(result)


def choose_take(
    session: Session, folder: Path, say: Callable[[str], object], parent: QWidget
) -> QFileDialog:
    """Ask for a take, and show it."""
    chooser = QFileDialog(parent, "Open a take", str(folder), f"Takes (*{SUFFIX})")
    chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
    dress_dialog(chooser)
    chooser.fileSelected.connect(lambda name: show_take(session, Path(name), say, parent))
    chooser.finished.connect(chooser.deleteLater)
    chooser.open()
    return chooser


def show_take(
    session: Session, file: Path, say: Callable[[str], object], parent: QWidget
) -> TakeDialog | None:
    """The dialog of a take; None where it cannot be read, which is said."""
    try:
        dialog = TakeDialog(session, read(file), say, parent, file)
    except StudioError as error:
        say(str(error))
        return None
    dialog.show()
    return dialog
