"""The training that goes on, or went on last: how far it is, its losses, its samples."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.document.errors import StudioError
from studio.training.runs import Log, Plan, Run, Status
from ui.icons import icon
from ui.tabs.page import line, small_button
from ui.theme import STEP
from ui.training._curves import Curves
from ui.training._film_strip import FilmStrip
from ui.training.driver import TrainingDriver
from ui.widgets.form import CheckBox, quiet
from ui.widgets.parameter_rows import ComboBox
from ui.widgets.progress_line import ProgressLine

SHOW_MS = 500
SURE = "Delete for good"
GOES_ON = "It goes on when you close this. When you quit, it stops and is saved."
_STATES = {
    "waiting": "gets ready",
    "running": "learns",
    "paused": "is paused",
    "stopped": "is stopped: it can go on",
    "done": "is done",
    "failed": "could not go on",
}


class TrainingPage(QWidget):
    """Follows the current training while it is seen."""

    def __init__(self, driver: TrainingDriver, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._driver = driver
        self._runs: list[Run] = []
        self._log: Log | None = None
        self._timer = QTimer(self, interval=SHOW_MS)
        self._timer.timeout.connect(self.show_state)
        self.which = ComboBox("Trainings")
        self.which.setToolTip("This and earlier trainings")
        self.which.activated.connect(self._choose)
        self.about = quiet()
        self.progress = ProgressLine()
        self.film = FilmStrip()
        self.film.scrubbed.connect(self._say_sample)
        self.sample = quiet()
        self.curves = Curves()
        self.play = small_button(
            "player-play",
            "Play it now",
            "Play it now",
            "A deck with what it has learnt so far; it goes on learning",
        )
        self.play.clicked.connect(lambda: driver.trainings.play_now())
        self.follows = CheckBox(
            "The deck follows", "Once a minute the deck that plays it has what was learnt since"
        )
        self.follows.wanted.connect(self._follow)
        self.pause = small_button("player-pause", "Pause", "Pause", "Wait, or go on")
        self.pause.clicked.connect(self._pause_or_go_on)
        self.stop = small_button(
            "player-stop", "Stop", "Stop", "Save it and end; it can go on later, even tomorrow"
        )
        self.stop.clicked.connect(lambda: driver.trainings.stop())
        self.delete = small_button(
            "trash", "", "Delete this training", "Delete this training; models that came of it stay"
        )
        self.delete.clicked.connect(self._delete)
        self.film_button = small_button(
            "player-track-next",
            "",
            "Play the samples",
            "Play the samples from the first to the last",
        )
        self.film_button.clicked.connect(self.film.play)
        self._lay_out()

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(STEP)
        right.addWidget(self.curves, 1)
        right.addLayout(line(self.play, self.follows, stretch_at=2))
        right.addLayout(line(self.pause, self.stop, self.delete, stretch_at=2))
        right.addWidget(quiet(GOES_ON))
        left = QVBoxLayout()
        left.setSpacing(STEP)
        left.addWidget(self.film, 1)
        left.addLayout(line(self.film_button, self.sample))
        row = QHBoxLayout()
        row.setSpacing(2 * STEP)
        row.addLayout(left, 3)
        row.addLayout(right, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP)
        column.addWidget(self.which)
        column.addWidget(self.about)
        column.addWidget(self.progress)
        column.addLayout(row, 1)

    # -- what it shows -------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show which trainings there are, and the current one."""
        trainings = self._driver.trainings
        self._runs = trainings.all
        self.delete.setText("")
        if trainings.current is None and self._runs:
            trainings.current = self._runs[0]
        self.which.clear()
        for run in self._runs:
            plan = run.plan
            self.which.addItem(f"{plan.title} · {plan.begun_at.astimezone():%d %b %H:%M}")
        current = trainings.current
        for place, run in enumerate(self._runs):
            if current is not None and run.folder == current.folder:
                self.which.setCurrentIndex(place)
        self.which.setEnabled(not trainings.is_running and bool(self._runs))
        self.show_state()

    def show_state(self) -> None:
        """Show how far it is."""
        trainings = self._driver.trainings
        run, status = trainings.current, trainings.status
        runs = trainings.is_running
        self.play.setEnabled(run is not None)
        not_now = "waiting" if runs else "done"
        self.pause.setEnabled(run is not None and status.state != not_now)
        self.stop.setEnabled(runs)
        self.delete.setEnabled(run is not None and not runs)
        going = status.state == "running" and runs
        self.pause.setText("Pause" if going else "Go on")
        self.pause.setIcon(icon("player-pause" if going else "player-play"))
        self.follows.show_value(trainings.follows)
        if run is None:
            self.about.setText("Nothing has been trained yet: choose a folder first.")
            self.progress.show_share(None)
            self.film.show_files([])
            self.curves.show_log([], {})
            return
        try:
            plan = run.plan
        except StudioError as error:
            self.about.setText(str(error))
            return
        self.about.setText(said(plan, status, runs=runs))
        self.progress.show_share(status.progress)
        self.film.show_files(run.samples())
        self._say_sample()
        learns = self._driver.session.registry.spec(plan.engine).learns
        if self._log is None or self._log.run.folder != run.folder:
            self._log = Log(run)
        self.curves.show_log(self._log.read_on(), learns.curves if learns else {})

    def _say_sample(self) -> None:
        self.sample.setText(self.film.words)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    # -- what a hand does ----------------------------------------------------------------------

    def _choose(self, place: int) -> None:
        self._driver.trainings.current = self._runs[place]
        self.delete.setText("")
        self.show_state()

    def _pause_or_go_on(self) -> None:
        trainings = self._driver.trainings
        if trainings.status.state == "running" and trainings.is_running:
            trainings.pause()
            return
        try:
            trainings.go_on()
        except StudioError as error:
            self._driver.session.noticed.emit(str(error))

    def _follow(self, on: bool) -> None:
        self._driver.trainings.follows = on
        if on and self._driver.trainings.is_running:
            self._driver.trainings.play_now()

    def _delete(self) -> None:
        trainings = self._driver.trainings
        if not self.delete.text():  # hours may be in it: the second press deletes
            self.delete.setText(SURE)
            return
        if trainings.current is not None:
            try:
                trainings.forget(trainings.current)
            except StudioError as error:
                self._driver.session.noticed.emit(str(error))
            self.refresh()


def said(plan: Plan, status: Status, *, runs: bool) -> str:
    """How a training stands, in one line."""
    state = status.state if runs or status.state in ("done", "failed") else "stopped"
    if state == "running" and not status.step:
        state = "waiting"
    parts = [f"{plan.title} {_STATES[state]}"]
    if status.seconds:
        parts.append(f"{_time(status.seconds)} of {_time(60 * plan.minutes)}")
    left = status.seconds_left
    if state == "running" and left is not None and status.seconds > 5:
        parts.append(f"{_time(left)} left")
        parts.append(f"{status.step / status.seconds:.1f} steps a second")
    if status.sentence and state in ("waiting", "failed"):
        parts.append(status.sentence)
    return " · ".join(parts)


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"
