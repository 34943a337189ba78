"""The training room while the window is open: what goes on goes on when the room is closed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from studio.scenes.repertoire import Repertoire
from studio.session import Session
from studio.storage import folders
from ui.actions.actions import Action

if TYPE_CHECKING:
    from studio.training.trainings import Trainings
    from ui.training.dialog import TrainingDialog

TURN_MS = 250


class TrainingDriver(QObject):
    """`changed` when a training begins or ends, or the models are others than before."""

    changed = Signal()

    def __init__(self, session: Session, repertoire: Repertoire, parent: QWidget) -> None:
        super().__init__(parent)
        self.session, self._window = session, parent
        self.models = repertoire.models
        self._trainings: Trainings | None = None
        self._timer = QTimer(self, interval=TURN_MS)
        self._timer.timeout.connect(self.turn)
        self.models.changed.connect(self._tell)

    @property
    def trainings(self) -> Trainings:
        """Made when they are first asked for."""
        if self._trainings is None:
            from studio.training.trainings import Trainings

            self._trainings = Trainings(self.session, self.models, folders.trainings(), _nobody)
            self._trainings.noticed.connect(self._say)
            self._trainings.changed.connect(self._tell)
            self._timer.start()
        return self._trainings

    def open_dialog(self, folder: Path | None = None) -> TrainingDialog:
        """The room, in front; with a folder, what is in that."""
        from ui.training.dialog import TrainingDialog

        self.models.refresh()  # a training on the command line may have put one there
        window = self._window.window()
        there = [d for d in window.findChildren(TrainingDialog) if d.isVisible()]
        dialog = there[0] if there else TrainingDialog(self, window)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
        if folder is not None:
            dialog.look_through(folder)
        return dialog

    def window_actions(self) -> Iterator[Action]:
        """What the window can do with own models."""
        text = "Train a model of your own"
        yield Action("training.open", "Deck", text, lambda: self.open_dialog())

    def turn(self) -> None:
        """What time brings."""
        if self._trainings is not None:
            self._trainings.collect()
            self._trainings.tick()

    def close_down(self) -> None:
        """Save what goes on, and follow nothing any more."""
        self._timer.stop()
        self.models.changed.disconnect(self._tell, missing_ok=True)
        if self._trainings is not None:
            self._trainings.close()
            self._trainings = None

    def _say(self, sentence: str) -> None:
        self.session.noticed.emit(sentence)

    def _tell(self) -> None:
        self.changed.emit()


def _nobody() -> None:
    """The driver looks by itself."""
