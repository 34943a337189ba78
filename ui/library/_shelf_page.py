"""All presets: search, tags, favourites, order; what is selected can be renamed and described."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from studio.presets.folder.entries import PresetEntry
from studio.presets.folder.finding import ORDERS, Order, tags_of
from studio.presets.folder.trash import Deleted
from studio.presets.folder.versions import Version
from studio.presets.sharing.bundles import ENDING
from studio.scenes.repertoire import Repertoire
from ui.library._details import PresetDetails
from ui.library._preset_grid import PresetGrid
from ui.library._shelf_menu import ShelfMenu, when
from ui.library._undo_line import UndoLine
from ui.library.model import PresetModel
from ui.tabs.page import small_button
from ui.theme import STEP
from ui.widgets.parameter_rows import ComboBox
from ui.widgets.value_field import LeaveKeys

_TYPING_MS = 60
_MANY_TAGS = 40
_ORDER_WORDS: dict[Order, str] = {
    "name": "by name",
    "newest": "newest first",
    "changed": "last changed first",
    "model": "by model",
}
_EMPTY = "Nothing here yet. A scene that you save is shown here."
_NOT_FOUND = "Nothing has all of that."


class ShelfPage(QWidget):
    """Shows the library as the search has it."""

    def __init__(self, repertoire: Repertoire, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._repertoire = repertoire
        self._make()
        self._lay_out()
        self._soon = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._soon.timeout.connect(self.refresh)
        self._listen()
        self._arrived()

    def _make(self) -> None:
        self.model = PresetModel(self._repertoire)
        self.grid = PresetGrid(self.model, self._repertoire)
        self.grid.setAccessibleName("Presets")
        self.search = QLineEdit()
        self.search.setObjectName("words")
        self.search.setPlaceholderText("Search names, #tags, models, notes")
        self.search.setAccessibleName("Search")
        self.search.setToolTip("Parts of names, models and notes; #slow finds tags that begin so")
        self.search.setClearButtonEnabled(True)
        LeaveKeys(self.search)
        self.search.setAcceptDrops(False)  # a file that is dropped is no word to search for
        self.tags = ComboBox("Tag")
        self.tags.setToolTip("Show only presets with this tag")
        self.order = ComboBox("Order")
        self.order.setToolTip("The order of the presets")
        for order in ORDERS:
            self.order.addItem(_ORDER_WORDS[order], order)
        self.marked = small_button("star", "", "Favourites only", "Show favourites only")
        self.marked.setCheckable(True)
        self.folder = small_button(
            "folder-open", "", "Show the folder", "Show the folder of the presets"
        )
        self.details = PresetDetails(self._repertoire)
        self.line = UndoLine()

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(STEP // 2)
        tools.addWidget(self.tags, 1)
        tools.addWidget(self.order, 1)
        tools.addWidget(self.marked)
        tools.addWidget(self.folder)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP)
        column.addWidget(self.search)
        column.addLayout(tools)
        column.addWidget(self.grid, 1)
        column.addWidget(self.line)
        column.addWidget(self.details)

    def _listen(self) -> None:
        self.search.textChanged.connect(lambda _: self._soon.start())
        self.tags.activated.connect(lambda _: self.refresh())
        self.order.activated.connect(lambda _: self.refresh())
        self.marked.toggled.connect(lambda _: self.refresh())
        self.folder.clicked.connect(self._show_folder)
        self.grid.recalled.connect(self._repertoire.presets.open)
        self.grid.chosen.connect(self._show_details)
        self.grid.deletion_wanted.connect(self.delete)
        self.grid.menu_wanted.connect(self._pop_up)
        self.grid.files_dropped.connect(self._take_in)
        self._repertoire.changed.connect(self._arrived)
        self._repertoire.recalling.changed.connect(self._repaint)

    def close_down(self) -> None:
        """Listen to nothing any more."""
        self._soon.stop()
        self._repertoire.changed.disconnect(self._arrived, missing_ok=True)
        self._repertoire.recalling.changed.disconnect(self._repaint, missing_ok=True)
        self.grid.close_down()
        self.model.close()

    # -- what it shows -------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show what the search finds."""
        tag = self.tags.currentData()
        found = self._repertoire.library.find(
            self.search.text(),
            tags=(tag,) if tag else (),
            marked=self.marked.isChecked(),
            order=self.order.currentData() or "name",
        )
        held = [entry.id for entry in self.grid.selected()]
        self.model.show(found)
        self._select(held)
        self._count(len(found))
        self._show_details()
        self.grid.viewport().update()

    def _repaint(self) -> None:
        self.grid.viewport().update()

    def _arrived(self) -> None:
        self._list_tags()
        self.refresh()

    def _list_tags(self) -> None:
        held = self.tags.currentData()
        self.tags.clear()
        self.tags.addItem("all tags", None)
        for tag, count in list(tags_of(self._repertoire.library.entries).items())[:_MANY_TAGS]:
            self.tags.addItem(f"{tag}  {count}", tag)
        self.tags.setCurrentIndex(max(0, self.tags.findData(held)))

    def _count(self, found: int) -> None:
        total = len(self._repertoire.library.entries)
        if not total:
            self.line.say(_EMPTY)
        else:
            self.line.say(_NOT_FOUND if not found else f"{found} of {total}")

    def _select(self, ids: list[str]) -> None:
        selection = self.grid.selectionModel()
        for row in self.model.rows_of(ids):
            selection.select(self.model.index(row), selection.SelectionFlag.Select)

    def _show_details(self) -> None:
        chosen = self.grid.selected()
        self.details.show_entry(chosen[0] if len(chosen) == 1 else None)

    # -- what a hand does ----------------------------------------------------------------------

    def delete(self) -> None:
        """Take what is selected off the shelf; the line below offers to undo it."""
        ids = [entry.id for entry in self.grid.selected() if not entry.factory]
        if ids:
            self._repertoire.presets.delete(ids, lambda deleted: self._told(deleted, len(ids)))

    def _told(self, deleted: Deleted, count: int) -> None:
        words = f"Deleted {count} preset{'s' if count > 1 else ''}."
        self.line.offer(words, lambda: self._repertoire.presets.restore(deleted))

    def rename(self) -> None:
        """Let the hand type another name."""
        self.grid.edit(self.grid.currentIndex())

    def revert(self, entry: PresetEntry, version: Version) -> None:
        """Let a preset be what it was; the line below offers to undo it."""
        words = f"{entry.name} is as it was until {when(version.replaced_at)}."

        def reverted(before: Version) -> None:
            self.line.offer(
                words, lambda: self._repertoire.presets.revert(entry.id, before, lambda _: None)
            )

        self._repertoire.presets.revert(entry.id, version, reverted)

    def _take_in(self, paths: list[str]) -> None:
        for path in paths:
            self._repertoire.sharing.take_in(Path(path))

    def _show_folder(self) -> None:
        folder = self._repertoire.library.folder
        if not folder.exists():
            self._repertoire.noticed.emit(f"The folder {folder} is made with the first preset.")
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def menu(self) -> ShelfMenu:
        """What can be done with what is selected."""
        return ShelfMenu(self._repertoire, self.grid.selected(), self, self)

    def _pop_up(self, at: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if menu.actions():
            menu.popup(at)

    def give_away(self, ids: list[str], *, models: bool) -> None:
        wanted = f"presets{ENDING}"
        path, _ = QFileDialog.getSaveFileName(self, "Export", wanted, f"Bundles (*{ENDING})")
        if path:
            self._repertoire.sharing.give_away(Path(path), ids, models=models)
