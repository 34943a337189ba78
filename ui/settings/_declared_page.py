"""Pages that are nothing but declared settings, each a row, and the page about files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from studio.document.parameters import Value
from studio.live.rig import Rig
from studio.presets.folder import places
from studio.settings.declared import (
    AUTOSAVE_S,
    PRESETS_FOLDER,
    RECORDINGS_FOLDER,
    SETTINGS,
    Setting,
)
from ui import theme
from ui.file_dialogs import dress_dialog
from ui.widgets.form import FormPage, LineEdit, card, quiet
from ui.widgets.parameter_rows import LABEL_PX, ParameterRow, row_for
from ui.widgets.throttle import Throttle

_APPLY_MS = 50
"""What is dragged is applied so often at most."""
_NEXT_START = "From the next start."


class DeclaredPage(FormPage):
    """The settings of a page, each in a row by its declaration."""

    def __init__(self, title: str, rig: Rig) -> None:
        super().__init__(title)
        self._rig = rig
        self._coming: dict[str, Value] = {}
        self._apply = Throttle(self._use, _APPLY_MS, self)
        self.rows: dict[str, ParameterRow] = {}
        self._settings = {s.path: s for s in SETTINGS if s.page == title}
        frame, self._card = card()
        self.column.addWidget(frame)
        self._lay_out()
        self.column.addStretch(1)

    def _lay_out(self) -> None:
        self._add_rows(self._settings.values())

    def _add_rows(self, settings: Iterable[Setting]) -> None:
        for setting in settings:
            row = row_for(setting.parameter)
            row.wanted.connect(lambda value, path=setting.path: self._want(path, value))
            row.released.connect(self._apply.finish)
            row.refused.connect(self.said)
            self.rows[setting.path] = self.controls[setting.path] = row
            self._card.addWidget(row)
            help_ = quiet(" ".join((setting.parameter.help, _NEXT_START * setting.restarts)))
            help_.setContentsMargins(LABEL_PX + 10, 0, 0, 6)
            self._card.addWidget(help_)

    def refresh(self) -> None:
        self.about.setVisible(bool(self.about.text()))
        for path, row in self.rows.items():
            value = self._rig.settings.value(self._settings[path])
            row.show_value(self._coming.get(path, value))

    def _want(self, path: str, value: Value) -> None:
        self._coming[path] = value
        self.rows[path].show_value(value)
        self._apply()

    def _use(self) -> None:
        coming, self._coming = self._coming, {}
        for path, value in coming.items():
            self._rig.store.set(self._settings[path], value)


class _FolderRow(QWidget):
    """A folder: typed, or chosen. Empty is where `place` says it is then."""

    wanted = Signal(str)

    def __init__(
        self,
        setting: Setting,
        place: Callable[[str], Path],
        more: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        about = setting.parameter
        self.setting, self._place = setting, place
        self.line = LineEdit(about.label, about.help)
        self.line.setPlaceholderText(str(place("")))
        self.line.wanted.connect(self.wanted)
        self.choose = QPushButton("Choose…")
        self.choose.setToolTip("Choose the folder")
        self.choose.setAccessibleName(f"Choose the folder: {about.label}")
        self.choose.clicked.connect(self._choose)
        label = QLabel(about.label)
        label.setWordWrap(True)
        theme.set_size(label, width=LABEL_PX)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(label)
        row.addWidget(self.line, 1)
        row.addWidget(self.choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        help_ = quiet(f"{about.help} {more}".strip())
        help_.setContentsMargins(LABEL_PX + 10, 0, 0, 6)
        column.addWidget(help_)

    def _choose(self) -> None:
        folder = self._place(self.line.text())
        dialog = QFileDialog(self, self.setting.parameter.label, str(folder))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dress_dialog(dialog)
        dialog.fileSelected.connect(self.wanted)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


class FilesPage(DeclaredPage):
    """Where the presets and recordings are, and how soon things are kept."""

    def __init__(self, rig: Rig) -> None:
        super().__init__("Files", rig)

    def _lay_out(self) -> None:
        of = {s.parameter: s for s in self._settings.values()}
        stay = f"{_NEXT_START} No preset is moved."
        presets = _FolderRow(of[PRESETS_FOLDER], places.library, stay)
        presets.wanted.connect(self._use_presets)
        recordings = _FolderRow(of[RECORDINGS_FOLDER], places.recordings, "")
        recordings.wanted.connect(lambda folder: self._keep(recordings, folder))
        self.folder, self.choose = presets.line, presets.choose
        self._folders = (presets, recordings)
        for row in self._folders:
            self.controls[row.setting.path] = row.line
            self._card.addWidget(row)
        self._add_rows([of[AUTOSAVE_S]])

    def refresh(self) -> None:
        super().refresh()
        for row in self._folders:
            row.line.show_value(str(self._rig.settings.value(row.setting)))

    def _use_presets(self, folder: str) -> None:
        row, _ = self._folders
        if folder and not places.expanded(folder).is_dir():
            row.line.put(self._rig.settings.files.presets_folder)
            self.said.emit("That is no folder; the presets stay where they are.")
            return
        self._keep(row, folder)

    def _keep(self, row: _FolderRow, folder: str) -> None:
        self._rig.store.set(row.setting, folder)
        row.line.put(folder)
