"""A take in the window: scrubbed like a film on the stage, and any moment of it opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
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
from studio.recording.take import SUFFIX, Take
from studio.recording.take_reader import TakeReader
from studio.session import Session
from ui.export.film_dialog import FilmDialog
from ui.file_dialogs import dress_dialog
from ui.widgets.progress_line import ProgressLine

_PER_S = 30
"""Steps of the slider in a second."""
_LOOK_MS = 50
_SEEN = "The stage and all outputs show this moment."


class TakeDialog(QDialog):
    """Reads a take; then the stage shows the moment that the slider stands at. Opening it is one
    step to undo; closing the dialog brings the scene back that was there, unless a hand has
    meanwhile done something else."""

    def __init__(
        self, session: Session, file: Path, say: Callable[[str], object], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._session, self._say, self._file, self._window = session, say, file, parent
        self._reader = TakeReader(file)
        self._take: Take | None = None
        self._before, self._step = session.scene, session.history.newest
        self.setWindowTitle(f"Take: {file.name}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.place = QSlider(Qt.Orientation.Horizontal, self)
        self.place.setAccessibleName("Place in the take")
        self.place.setToolTip("Drag along the take; the stage shows what was seen there")
        self.says, self.line = QLabel("Reading…", self), ProgressLine(self)
        self.buttons = QDialogButtonBox(self)
        self.buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        self.opens = self.buttons.addButton(
            "Open this moment", QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.films = self.buttons.addButton("Export film…", QDialogButtonBox.ButtonRole.ActionRole)
        self.films.setToolTip("Render the performance anew, at any size, with its sound")
        self.films.clicked.connect(self._export)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (self.place, self.line, self.says, self.buttons):
            column.addWidget(widget)
        self.resize(480, self.sizeHint().height())
        self._enable(False)
        self._looks = QTimer(self, interval=_LOOK_MS)
        self._looks.timeout.connect(self._look)
        self._looks.start()

    def _enable(self, on: bool) -> None:
        for widget in (self.place, self.opens, self.films):
            widget.setEnabled(on)

    def _look(self) -> None:
        """How far the reader is."""
        self.line.show_share(self._reader.share)
        if not self._reader.is_done:
            return
        self._looks.stop()
        take = self._take = self._reader.take
        if take is None:
            self._say(self._reader.problem)
            self.reject()
            return
        self.line.hide()
        self._enable(True)
        self.place.setRange(0, max(1, round(take.seconds * _PER_S)))
        self.place.valueChanged.connect(lambda: self._scrub(take))
        self._before, self._step = self._session.scene, self._session.history.newest
        self._scrub(take)

    def _seconds(self, take: Take) -> float:
        return min(take.seconds, self.place.value() / _PER_S)

    def _scrub(self, take: Take) -> None:
        """Show what was seen there; what moved it then does not move it now."""
        self._keep()
        at_s = self._seconds(take)
        self.says.setText(f"{length_of(at_s)} of {length_of(take.seconds)}. {_SEEN}")
        try:
            shown = take.at(at_s).shown.but(modulators=(), connections=())
            self._session.show(checked(self._session.registry, shown))
        except StudioError as error:
            self.says.setText(str(error))

    def _keep(self) -> None:
        """What a hand has done since the last look is what the dialog goes back to."""
        newest = self._session.history.newest
        if newest is not self._step:
            self._before, self._step = self._session.scene, newest

    def _export(self) -> None:
        if self._take is not None:
            FilmDialog(self._file, self._take, self._say, self._window).show()

    def done(self, result: int) -> None:
        """Go back to what was there, or open the moment."""
        self._looks.stop()
        self._reader.stop()
        if self._take is not None:
            self._keep()
            self._session.show(self._before)
            if result == QDialog.DialogCode.Accepted:
                try:
                    self._session.open(self._take.at(self._seconds(self._take)).scene)
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
) -> TakeDialog:
    """The dialog of a take; it closes itself where that cannot be read, which is said."""
    dialog = TakeDialog(session, file, say, parent)
    dialog.show()
    return dialog
