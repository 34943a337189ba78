"""Pages that are nothing but declared settings, each a row, and the page about files."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton

from studio.document.parameters import Value
from studio.live.rig import Rig
from studio.presets.folder import places
from studio.settings.declared import AUTOSAVE_S, PRESETS_FOLDER, SETTINGS, Setting
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


class FilesPage(DeclaredPage):
    """Where the presets are, and how soon things are kept."""

    def __init__(self, rig: Rig) -> None:
        super().__init__("Files", rig)

    def _lay_out(self) -> None:
        self.folder = LineEdit(PRESETS_FOLDER.label, PRESETS_FOLDER.help)
        by_parameter = {s.parameter: s for s in self._settings.values()}
        self._folder = by_parameter[PRESETS_FOLDER]
        self.controls[self._folder.path] = self.folder
        self.folder.setPlaceholderText(str(places.library()))
        self.folder.wanted.connect(self._use_folder)
        self.choose = QPushButton("Choose…")
        self.choose.setToolTip("Choose the folder")
        self.choose.clicked.connect(self._choose)
        label = QLabel(PRESETS_FOLDER.label)
        label.setWordWrap(True)
        theme.set_size(label, width=LABEL_PX)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(label)
        line.addWidget(self.folder, 1)
        line.addWidget(self.choose)
        self._card.addLayout(line)
        about = quiet(f"{PRESETS_FOLDER.help} {_NEXT_START} No preset is moved.")
        about.setContentsMargins(LABEL_PX + 10, 0, 0, 6)
        self._card.addWidget(about)
        self._add_rows([by_parameter[AUTOSAVE_S]])

    def refresh(self) -> None:
        super().refresh()
        self.folder.show_value(str(self._rig.settings.value(self._folder)))

    def _choose(self) -> None:
        chosen = self._rig.settings.files.presets_folder
        dialog = QFileDialog(self, PRESETS_FOLDER.label, str(places.library(chosen)))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dress_dialog(dialog)
        dialog.fileSelected.connect(self._use_folder)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _use_folder(self, folder: str) -> None:
        if folder and not places.expanded(folder).is_dir():
            self.folder.put(self._rig.settings.files.presets_folder)
            self.said.emit("That is no folder; the presets stay where they are.")
            return
        self._rig.store.set(self._folder, folder)
        self.folder.put(folder)
