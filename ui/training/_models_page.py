"""The models that are not the engines' own: what they are, and what can be done with them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.document.errors import StudioError
from studio.models.cards import OwnModel
from studio.presets.folder import names
from studio.presets.sharing.bundles import MODEL_ENDING
from ui import theme
from ui.file_dialogs import LastFolders, dress_dialog
from ui.tabs.page import line, small_button
from ui.theme import STEP
from ui.training.driver import TrainingDriver
from ui.widgets.form import LineEdit, card, quiet

_ICON_PX = 44
_PURPOSE = "share model"
NONE = "There are no models here yet: train one, or drop one on the window."


class ModelsPage(QWidget):
    """A list, and the card of what is chosen in it."""

    def __init__(self, driver: TrainingDriver, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._driver, self._last = driver, LastFolders()
        self._shown: tuple[OwnModel, ...] = ()
        self.list = QListWidget()
        self.list.setObjectName("found")
        self.list.setAccessibleName("Own models")
        self.list.setIconSize(QSize(_ICON_PX, _ICON_PX))
        self.list.currentRowChanged.connect(self._show_card)
        self.name = LineEdit("Name", "What it is called")
        self.licence = LineEdit("Licence", "What others may do with it, such as CC BY 4.0")
        self.name.wanted.connect(self._change)
        self.licence.wanted.connect(self._change)
        self.facts = quiet()
        self.play = small_button("player-play", "Play", "Play it", "A new deck with it")
        self.play.clicked.connect(self._play)
        self.share = small_button(
            "download",
            "Share",
            "Share it",
            "Write it to one file, which others drop on their window",
        )
        self.share.clicked.connect(self._ask_where)
        self.delete = small_button("trash", "Delete", "Delete it", "It can be brought back")
        self.delete.clicked.connect(self._delete)
        self.undo = small_button(
            "arrow-back-up", "Bring back", "Bring back", "Bring back what was deleted last"
        )
        self.undo.clicked.connect(lambda: self._do(driver.models.undo_delete))
        self._lay_out()

    def _lay_out(self) -> None:
        frame, column = card()
        form = QFormLayout()
        form.setSpacing(STEP)
        form.addRow("Name", self.name)
        form.addRow("Licence", self.licence)
        column.addLayout(form)
        column.addWidget(self.facts)
        column.addStretch(1)
        for buttons in ((self.play, self.share), (self.delete, self.undo)):
            row = line(*buttons)
            row.addStretch(1)
            column.addLayout(row)
        theme.set_size(frame, width=340)
        left = QVBoxLayout()
        left.addWidget(self.list, 1)
        endings = " or ".join((MODEL_ENDING, *sorted(self._driver.session.registry.model_files)))
        left.addWidget(
            quiet(f"To have a model of somebody else's, drop it on the window: {endings}.")
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * STEP)
        row.addLayout(left, 1)
        row.addWidget(frame)

    # -- what it shows -------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the models that there are."""
        held = self._chosen
        newest = self._driver.models.all[::-1]
        self._shown = newest
        self.list.blockSignals(True)
        self.list.clear()
        for model in newest:
            spec = self._driver.session.registry.spec(model.part.engine)
            item = QListWidgetItem(QIcon(str(model.picture)), f"{model.part.title}\n{spec.title}")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, model.part.title)
            self.list.addItem(item)
        same = [n for n, model in enumerate(newest) if held and model.name == held.name]
        self.list.setCurrentRow(same[0] if same else 0 if newest else -1)
        self.list.blockSignals(False)
        self._show_card()

    def _show_card(self) -> None:
        model = self._chosen
        for widget in (self.name, self.licence, self.play, self.share, self.delete):
            widget.setEnabled(model is not None)
        self.undo.setEnabled(self._driver.models.can_undo)
        self.name.put(model.part.title if model else "")
        self.licence.put(model.part.licence if model else "")
        self.facts.setText(self._facts(model) if model else NONE)

    def _facts(self, model: OwnModel) -> str:
        learns = self._driver.session.registry.spec(model.part.engine).learns
        return facts(model, learns.curves if learns else {})

    @property
    def _chosen(self) -> OwnModel | None:
        row = self.list.currentRow()
        return self._shown[row] if 0 <= row < len(self._shown) else None

    # -- what a hand does ----------------------------------------------------------------------

    def _do(self, operation: object, *arguments: object, **named: object) -> None:
        try:
            operation(*arguments, **named)  # type: ignore[operator]
        except StudioError as error:
            self._driver.session.noticed.emit(str(error))
        self.refresh()

    def _change(self) -> None:
        model = self._chosen
        if model is not None:
            title, licence = self.name.text(), self.licence.text()
            self._do(self._driver.models.change, model, title=title, licence=licence)

    def _play(self) -> None:
        model = self._chosen
        if model is not None:
            self._do(self._driver.session.decks.add, model.part.engine, model.name)

    def _delete(self) -> None:
        model = self._chosen
        if model is not None:
            self._do(self._driver.models.delete, model)
            self._driver.session.noticed.emit(
                f"{model.part.title} is deleted; it can be brought back."
            )

    def _ask_where(self) -> None:
        model = self._chosen
        if model is None:
            return
        dialog = QFileDialog(
            self, "Share a model", str(self._last.last(_PURPOSE)), f"Models (*{MODEL_ENDING})"
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(f"{names.safe(model.part.title)}{MODEL_ENDING}")
        dress_dialog(dialog)
        dialog.fileSelected.connect(lambda name: self._give_away(model, name))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _give_away(self, model: OwnModel, name: str) -> None:
        self._last.remember(_PURPOSE, Path(name).parent)
        self._do(self._driver.models.give_away, model, Path(name))
        self._driver.session.noticed.emit(f"Written: {Path(name).name}.")


def facts(model: OwnModel, named: Mapping[str, str]) -> str:
    """What its card says; `named` says what its figures are called."""
    part, made = model.part, model.part.made
    size = model.weights.stat().st_size / 1e6 if model.weights.exists() else 0.0
    lines = [part.credit] if part.credit else []
    if made is not None:
        wide = f", {made.size_px} px" if made.size_px else ""
        start = f"from {made.start}" if made.start else "from nothing"
        lines += [
            f"Learnt from “{made.folder}”: {made.count} files{wide}, {start}.",
            f"{made.minutes:g} minutes, {made.at.astimezone():%d %b %Y}.",
            *(f"{named[n]}: {value:.3g}" for n, value in made.figures.items() if n in named),
        ]
    lines += [f"{size:.1f} MB", f"Weights {str(part.sha256)[:8]}"]
    return "\n".join(lines)
