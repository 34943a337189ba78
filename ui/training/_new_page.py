"""What is to be learnt: the folder, what of it, and how."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.document.errors import StudioError
from studio.engine import EngineSpec
from studio.engine.learning import Learning
from studio.training import folder as folders
from studio.training.looking import Looking
from studio.training.preparing import CROPS, Chosen
from studio.training.runs import Plan
from ui import theme
from ui.file_dialogs import LastFolders, dress_dialog
from ui.tabs.page import line, small_button
from ui.theme import STEP
from ui.training._wall import Wall
from ui.training.driver import TrainingDriver
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.form import CheckBox, LineEdit, card, quiet
from ui.widgets.parameter_rows import ComboBox

LOOK_MS = 100
MINUTES = {
    "2 minutes": 2,
    "5 minutes": 5,
    "20 minutes": 20,
    "1 hour": 60,
    "3 hours": 180,
    "A night": 480,
}
_PURPOSE = "train"
NOTHING = "Choose a folder of pictures or tunes, or drop one here."
EMPTY = "There is nothing in it to learn from: no pictures and no tunes that can be read."
AFTERWARDS = (
    "It learns while you play, and can be played while it learns. "
    "The model is then among the others behind +."
)


class NewPage(QWidget):
    """`begun` when a training has."""

    begun = Signal()

    def __init__(self, driver: TrainingDriver, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._driver, self._last = driver, LastFolders()
        self._looking: Looking | None = None
        self._folder: Path | None = None
        self._learners: list[EngineSpec] = []
        self._problems: list[str] = []
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._collect)
        self._make()
        self._lay_out()
        self.refresh()

    def _make(self) -> None:
        self.choose = small_button(
            "folder-open",
            "Choose a folder",
            "Choose a folder",
            "What is in it decides what can be learnt",
        )
        self.choose.clicked.connect(self._ask)
        self.about = quiet(NOTHING)
        self.problems = quiet()
        self.wall = Wall()
        self.wall.changed.connect(self.refresh)
        self.out = small_button(
            "eraser",
            "Leave out",
            "Leave out",
            "Leave out what is selected, or take it in again (Del)",
        )
        self.out.clicked.connect(self.wall.leave_out)
        self.turn = small_button(
            "arrow-back-up", "Turn", "Turn", "Turn what is selected by a quarter (R)"
        )
        self.turn.clicked.connect(self.wall.turn)
        self.crop = _box("Crop", "What of each picture is learnt: it is square", CROPS.values())
        self.engine = _box("Learn", "What is made of it")
        self.engine.currentIndexChanged.connect(self._engine_chosen)
        self.name = LineEdit("Name", "What the model is called")
        self.start = _box("Start from", "A model that can draw already learns faster than nothing")
        self.picture_px = _box("Size", "Width and height of its pictures: large ones learn slowly")
        self.minutes = _box("Time", "How long it learns; it can be stopped and go on", MINUTES)
        self.flips = CheckBox(
            "Learn mirror images, too",
            "Twice as many pictures, where left and right do not matter: not for letters",
        )
        self.licence = LineEdit("Licence", "What others may do with it, such as CC BY 4.0")
        self.licence.setPlaceholderText("such as CC BY 4.0; may be empty")
        self.begin = QPushButton("Train")
        self.begin.setToolTip("Learn beside the playing, with what that leaves of this computer")
        self.begin.clicked.connect(self._begin)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(STEP)
        self.path = ElidedLabel("")
        left.addLayout(line(self.choose, self.path))
        left.addWidget(self.about)
        left.addWidget(self.wall, 1)
        left.addLayout(line(self.out, self.turn, self.crop, stretch_at=2))
        left.addWidget(self.problems)
        frame, column = card()
        self.how = QWidget()
        form = QFormLayout(self.how)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(STEP)
        self._form = form
        for words, field in (
            ("Learn", self.engine),
            ("Name", self.name),
            ("Start from", self.start),
            ("Size", self.picture_px),
            ("Time", self.minutes),
            ("", self.flips),
            ("Licence", self.licence),
        ):
            form.addRow(words, field)
        offered = folders.offered(self._driver.session.registry.shipped)
        self.offered = quiet(f"{offered}\n\n{AFTERWARDS}")
        column.addWidget(self.offered)
        column.addWidget(self.how)
        column.addStretch(1)
        column.addWidget(self.begin)
        theme.set_size(frame, width=340)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * STEP)
        row.addLayout(left, 1)
        row.addWidget(frame)

    # -- the folder ----------------------------------------------------------------------------

    def look_through(self, folder: Path) -> None:
        """Show what is in a folder."""
        self.close_down()
        self._folder = folder
        self._problems = []
        self.wall.clear()
        self.path.say(str(folder))
        self.name.put(folder.resolve().name[:120])
        self._looking = Looking(folder)
        self._timer.start()
        self.refresh()

    def close_down(self) -> None:
        """Look no further."""
        self._timer.stop()
        if self._looking is not None:
            self._looking.close()
            self._looking = None

    def _ask(self) -> None:
        dialog = QFileDialog(self, "A folder to learn from", str(self._last.last(_PURPOSE)))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dress_dialog(dialog)

        def chosen(name: str) -> None:
            self._last.remember(_PURPOSE, Path(name))
            self.look_through(Path(name))

        dialog.fileSelected.connect(chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _collect(self) -> None:
        looking = self._looking
        if looking is None:
            return
        found = looking.collect()
        self._problems += [item.problem for item in found if item.problem]
        self.wall.add(found)
        if looking.is_done:
            if looking.problem:
                self._problems.append(looking.problem)
            self.close_down()
            self._choose_fitting()
            self.refresh()

    def _choose_fitting(self) -> None:
        """Offer one that the files are enough for, if there is one."""
        count = len(self._chosen())
        least = [each.learns.least if each.learns else 0 for each in self._learners]
        fitting = [place for place, needed in enumerate(least) if needed <= count]
        if fitting and self.engine.currentIndex() not in fitting:
            self.engine.setCurrentIndex(fitting[0])

    # -- what it shows -------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what there is to learn from and what can be made of it."""
        kind = folders.kind_of(self.wall.items_there())
        learners = folders.learners(self._driver.session.registry.shipped, kind)
        if learners != self._learners:
            self._learners = learners
            self.engine.clear()
            for each in learners:
                assert each.learns is not None
                self.engine.addItem(f"{each.title} · {each.learns.title}")
        count, spec = len(self._chosen()), self._spec
        looking = " Looking on…" if self._looking is not None else ""
        if self._folder is None:
            self.about.setText(NOTHING)
        elif spec is None:
            self.about.setText(looking.strip() or EMPTY)
        else:
            self.about.setText(folders.said(spec, count) + looking)
        self._show_problems()
        self.how.setVisible(spec is not None)  # its lists would be empty
        self.offered.setVisible(spec is None)
        learns = self._learns
        self.crop.setVisible(bool(learns and learns.kind == "pictures" and learns.square))
        some = bool(self.wall.selectedItems())
        self.out.setEnabled(some)
        self.turn.setEnabled(some and kind == "pictures")
        enough = spec is not None and count >= (spec.learns.least if spec.learns else 0)
        self.begin.setEnabled(enough and not self._driver.trainings.is_running)
        going_on = self._driver.trainings.is_running
        self.begin.setText("A training goes on already" if going_on else "Train")

    def _show_problems(self) -> None:
        count = len(self._problems)
        more = f" And {count - 1} more." if count > 1 else ""
        self.problems.setText(f"Left out: {self._problems[0]}{more}" if count else "")
        self.problems.setToolTip("\n".join(self._problems[:40]))
        self.problems.setVisible(bool(count))

    @property
    def _spec(self) -> EngineSpec | None:
        index = self.engine.currentIndex()
        return self._learners[index] if 0 <= index < len(self._learners) else None

    @property
    def _learns(self) -> Learning | None:
        return self._spec.learns if self._spec else None

    def _engine_chosen(self) -> None:
        spec, learns = self._spec, self._learns
        if spec is None or learns is None:
            return
        self.start.clear()
        for name in learns.starts:
            self.start.addItem(spec.model(name).title, name)
        if learns.scratch:
            self.start.addItem("Nothing: slower", "")
        self.picture_px.clear()
        for size in learns.sizes_px:
            self.picture_px.addItem(f"{size} px", size)
        self.picture_px.setCurrentIndex(min(1, self.picture_px.count() - 1))
        self._form.setRowVisible(self.picture_px, bool(learns.sizes_px))
        self._form.setRowVisible(self.flips, learns.flips)
        self.turn.setVisible(learns.kind == "pictures")
        nearest = min(MINUTES, key=lambda words: abs(MINUTES[words] - learns.minutes))
        self.minutes.setCurrentText(nearest)
        self.refresh()

    # -- what a hand does ----------------------------------------------------------------------

    def _chosen(self) -> list[Chosen]:
        learns = self._learns
        crop = list(CROPS)[max(0, self.crop.currentIndex())]
        return self.wall.chosen(learns.kind, crop) if learns else []

    def _begin(self) -> None:
        spec, learns = self._spec, self._learns
        if spec is None or learns is None or self._folder is None:
            return
        plan = Plan(
            engine=spec.name,
            title=self.name.text().strip()[:120] or spec.title,
            folder=self._folder.resolve().name,
            start=self.start.currentData() or learns.starts[0],
            scratch=learns.scratch and not self.start.currentData(),
            size_px=self.picture_px.currentData() or 0,
            flips=learns.flips and self.flips.isChecked(),
            minutes=MINUTES[self.minutes.currentText()],
            licence=self.licence.text().strip()[:200],
        )
        try:
            self._driver.trainings.begin(plan, self._chosen())
        except StudioError as error:
            self._driver.session.noticed.emit(str(error))
            return
        self.begun.emit()


def _box(name: str, about: str, choices: object = ()) -> ComboBox:
    box = ComboBox(name)
    box.setToolTip(about)
    box.addItems(list(choices))  # type: ignore[call-overload]
    return box
