"""What to export, how large, and where to: a sheet that stops nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from studio.document.errors import StudioError
from studio.document.parameters import Value
from studio.document.scene import Deck
from studio.engine import Latent
from studio.export.exports import Export
from studio.export.plans import SUFFIXES, ExportPlan, What, can_walk, free_file, sizes, times
from studio.export.plotting import SIDE_MM
from studio.motion.drifting import LOOP_SECONDS
from studio.painting.tile_maps import DERIVED, RELIEF
from studio.session import Session
from ui.export._choices import DRIFTS, MAPS, WALKS, NumberField, offered
from ui.file_dialogs import LastFolders, dress_dialog
from ui.theme import STEP
from ui.widgets.elided_label import ElidedLabel
from ui.widgets.parameter_rows import ComboBox

_USUAL = 2
"""Of the sizes from small to large, the one that is offered first."""
_NO_WALK = "A walk needs at least two filled slots."
_STILL = "Nothing drifts yet: give a parameter some turns per minute on the page Paint."
_STRANGE = frozenset('/\\:*?"<>|')


class ExportDialog(QDialog):
    """For the deck that was in front when it was opened. Closes by Escape and once it has begun."""

    def __init__(
        self,
        session: Session,
        folders: LastFolders,
        sheet: Callable[[], list[Latent]],
        what: What = "picture",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._folders, self._sheet = session, folders, sheet
        self._deck = session.scene.front
        self._folder = folders.last("export")
        self.begun: Export | None = None
        self.setWindowTitle("Export")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        spec = session.spec(self._deck)
        self._whats = offered(spec, session.model(self._deck).name)
        self._sizes = sizes(spec)
        self.what = ComboBox("What to export", self)
        self.what.addItems([words for _, words in self._whats])
        self.what.setCurrentIndex([w for w, _ in self._whats].index(what))
        self.what.setToolTip("What to export")
        self.what.currentIndexChanged.connect(self._change)
        self.size_picker = ComboBox("Size", self)
        self.size_picker.setToolTip("How large each picture is; drawn anew where the model can")
        self.size_picker.addItems([f"{times(o, self._sizes)}   {o} px" for o in self._sizes])
        self.size_picker.setCurrentIndex(min(_USUAL, len(self._sizes) - 1))
        self._figures = [NumberField(each, self) for each in (LOOP_SECONDS, RELIEF, SIDE_MM)]
        self.seconds, self.relief, self.side_mm = self._figures
        for figure in self._figures:
            figure.changed.connect(self._say)
            figure.refused.connect(self._refuse)
        self.name = QLineEdit(self)
        self.name.setObjectName("words")
        self.name.setAccessibleName("Name of the file")
        self.name.setToolTip("Name of the file")
        self.name.textEdited.connect(self._say)
        self._where = ElidedLabel(parent=self)
        self._where.setObjectName("path")
        self.choose = _button("Folder…", "Choose the folder", self._choose_folder)
        self._words = QLabel(self)
        self._words.setObjectName("quiet")
        self._words.setWordWrap(True)
        self._words.setMinimumHeight(36)
        self.go = _button("Export", "Write the file (Enter)", self._begin)
        self.go.setDefault(True)
        self.leave = _button("Cancel", "Close (Esc)", self.close)
        self._lay_out()
        self._change()

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(3 * STEP, 3 * STEP, 3 * STEP, 2 * STEP)
        grid.setHorizontalSpacing(2 * STEP)
        grid.setVerticalSpacing(STEP + STEP // 2)
        lines: list[tuple[str, QWidget]] = [("What", self.what)]
        if self._sizes:
            lines.append(("Size", self.size_picker))
        else:
            self.size_picker.hide()
        lines.append(("File", self.name))
        for row, (words, widget) in enumerate(lines):
            grid.addWidget(QLabel(words), row, 0)
            grid.addWidget(widget, row, 1)
        folder = QHBoxLayout()
        folder.setSpacing(STEP)
        folder.addWidget(self._where, 1)
        folder.addWidget(self.choose)
        grid.addWidget(QLabel("Folder"), len(lines), 0)
        grid.addLayout(folder, len(lines), 1)
        for figure in self._figures:  # of which one at most is there
            grid.addWidget(figure.label, len(lines) + 1, 0)
            grid.addWidget(figure, len(lines) + 1, 1)
        grid.addWidget(self._words, len(lines) + 2, 1)
        end = QHBoxLayout()
        end.setSpacing(STEP)
        end.addStretch(1)
        end.addWidget(self.leave)
        end.addWidget(self.go)
        grid.addLayout(end, len(lines) + 3, 0, 1, 2)
        grid.setColumnMinimumWidth(1, 340)

    # -- what is chosen ------------------------------------------------------------------------

    @property
    def _chosen(self) -> What:
        return self._whats[self.what.currentIndex()][0]

    @property
    def file(self) -> Path:
        """The file as it is named now, with the ending that fits."""
        suffix, name = SUFFIXES[self._chosen], self.name.text().strip()
        fits = name.lower().endswith(suffix)
        return self._folder / (name if fits else f"{name}{suffix}")

    def _held(self) -> Deck:
        return self._session.shown.deck(self._deck)

    def _change(self) -> None:
        """Another thing is to be exported: a name that fits, and sizes where they count."""
        title = self._session.model(self._deck).title
        self.name.setText(free_file(self._folder, title, SUFFIXES[self._chosen]).name)
        self.size_picker.setEnabled(self._chosen != "outline")
        self.seconds.show_with_label(self._chosen in DRIFTS)
        self.relief.show_with_label(self._chosen == "normal")
        self.side_mm.show_with_label(self._chosen == "outline")
        self._say()
        self.adjustSize()

    def _say(self) -> None:
        self._where.say(str(self._folder))
        self._where.setToolTip(str(self._folder))
        words, possible = self._remark()
        self._words.setText(words)
        self.go.setEnabled(possible)

    def _remark(self) -> tuple[str, bool]:
        """What there is to know about the choice, and whether it can be exported."""
        name = self.name.text().strip()
        if not name or name.startswith(".") or _STRANGE & set(name):
            return 'A file needs a name, without / \\ : * ? " < > |.', False
        if self._session.state(self._deck).loaded is None:
            return "The model is not loaded yet.", False
        about, possible = self._about()
        if possible and self.file.exists():
            return f"{self.file.name} is there already and will be replaced.", True
        return about, possible

    def _about(self) -> tuple[str, bool]:
        """The same, for what is chosen alone."""
        what, deck = self._chosen, self._held()
        if what in WALKS:
            words = f"{deck.walk.seconds:.1f} s; the last picture equals the first."
            return (words, True) if can_walk(deck) else (_NO_WALK, False)
        if what in DRIFTS:
            turns = self._plan().turns
            labels = {p.name: p.label for p in self._session.controls(self._deck)}
            words = ", ".join(f"{labels[name]} {_times(count)}" for name, count in turns.items())
            return (
                (f"{words}; the last picture equals the first.", True) if turns else (_STILL, False)
            )
        return DERIVED if what in MAPS else "", True

    def _refuse(self, sentence: str) -> None:
        self._words.setText(sentence)

    def _choose_folder(self) -> None:
        dialog = QFileDialog(self, "Folder for the file", str(self._folder))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dress_dialog(dialog)
        dialog.fileSelected.connect(lambda folder: self.use_folder(Path(folder)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def use_folder(self, folder: Path) -> None:
        """Write there, this time and the next."""
        self._folder = folder
        self._folders.remember("export", folder)
        self._change()

    # -- writing -------------------------------------------------------------------------------

    def _begin(self) -> None:
        try:
            self.begun = self._export(self._chosen, self._plan())
        except StudioError as error:
            self._words.setText(str(error))
            return
        self._folders.remember("export", self._folder)
        self.close()

    def _plan(self) -> ExportPlan:
        spec, directions = self._session.spec(self._deck), self._session.directions(self._deck)
        values: dict[str, Value] = {}
        if self._sizes:
            values[spec.size] = self._sizes[self.size_picker.currentIndex()]
        return ExportPlan(self._held(), spec, directions, values, self.seconds.value)

    def _export(self, what: What, plan: ExportPlan) -> Export:
        exports, deck, file = self._session.exports, self._deck, self.file
        jobs = plan.jobs(what, self._sheet() if what == "sheet" else ())
        match what:
            case "sheet":
                return exports.sheet(deck, file, jobs)
            case "film" | "gif" | "drift film" | "drift gif":
                return exports.film(deck, file, jobs)
            case "tile" | "height" | "normal":
                return exports.tile(deck, file, jobs[0], what, self.relief.value)
            case _:
                return exports.picture(deck, file, jobs[0], self.side_mm.value)


def _times(turns: int) -> str:
    """So many turns in words: "once", "3 times back"."""
    count = "once" if abs(turns) == 1 else f"{abs(turns)} times"
    return f"{count} round" if turns > 0 else f"{count} back"


def _button(words: str, tooltip: str, do: Callable[[], object]) -> QPushButton:
    button = QPushButton(words)
    button.setToolTip(tooltip)
    button.setAccessibleName(words)
    button.clicked.connect(lambda: do())
    return button
