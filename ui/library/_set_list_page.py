"""The set list: presets in the order in which they are played."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QInputDialog,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from studio.presets.folder.set_lists import SetList
from studio.presets.folder.trash import Deleted
from studio.presets.sharing.bundles import ENDING
from studio.scenes.repertoire import Repertoire
from ui.library._preset_grid import PresetGrid
from ui.library._undo_line import UndoLine
from ui.library.model import PresetModel
from ui.tabs.page import small_button
from ui.theme import STEP
from ui.widgets.parameter_rows import ComboBox

_EMPTY = "Drag presets here, or use “Put in the set list” on the shelf."


class SetListPage(QWidget):
    """Shows the set list that is played; dropping and dragging order it."""

    def __init__(self, repertoire: Repertoire, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._repertoire = repertoire
        self.model = PresetModel(repertoire)
        self.grid = PresetGrid(self.model, repertoire, takes_presets=True)
        self.grid.setAccessibleName("Set list")
        self.lists = ComboBox("Which set list")
        self.lists.setToolTip("The set list that is played")
        self.new = small_button("plus", "", "New set list", "A new set list")
        self.name = small_button("pencil", "", "Rename the set list", "Rename the set list")
        self.export = small_button(
            "download", "", "Export the set list", "Export the set list with its scenes"
        )
        self.delete = small_button("trash", "", "Delete the set list", "Delete the set list")
        self.line = UndoLine()
        self._lay_out()
        self._listen()
        self.refresh()

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(STEP // 2)
        tools.addWidget(self.lists, 1)
        for button in (self.new, self.name, self.export, self.delete):
            tools.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(STEP)
        column.addLayout(tools)
        column.addWidget(self.grid, 1)
        column.addWidget(self.line)

    def _listen(self) -> None:
        held = self._repertoire
        self.lists.activated.connect(lambda _: self._choose())
        self.new.clicked.connect(lambda: self._ask("New set list", "", self._make))
        self.name.clicked.connect(lambda: self._ask("Rename", self.lists.currentText(), self._call))
        self.export.clicked.connect(self._ask_how)
        self.delete.clicked.connect(self._delete)
        self.grid.recalled.connect(lambda _: self._recall())
        self.grid.arranged.connect(self._arrange)
        self.grid.deletion_wanted.connect(self.remove)
        self.grid.menu_wanted.connect(self._pop_up)
        held.changed.connect(self.refresh)
        held.recalling.changed.connect(self.refresh)

    def close_down(self) -> None:
        """Listen to nothing any more."""
        self._repertoire.changed.disconnect(self.refresh, missing_ok=True)
        self._repertoire.recalling.changed.disconnect(self.refresh, missing_ok=True)
        self.grid.close_down()
        self.model.close()

    # -- what it shows -------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the list as it is."""
        known = {entry.id: entry for entry in self._repertoire.library.entries}
        current = self._repertoire.set_lists.current
        ids = () if current is None else current.presets
        self.model.show([known[id] for id in ids if id in known])
        self._list_lists()
        missing = sum(id not in known for id in ids)
        words = f"{len(ids)} scenes" if ids else _EMPTY
        self.line.say(f"{words}, {missing} of them missing here" if missing else words)
        for button in (self.name, self.export, self.delete):
            button.setEnabled(current is not None)
        self.grid.viewport().update()

    def _list_lists(self) -> None:
        current = self._repertoire.set_lists.current
        lists = {each.id: each for each in self._repertoire.library.set_lists.all}
        if current is not None:
            lists.setdefault(current.id, current)
        wanted = [("no set list", None), *((each.name, each.id) for each in lists.values())]
        shown = [
            (self.lists.itemText(i), self.lists.itemData(i)) for i in range(self.lists.count())
        ]
        if wanted != shown:
            self.lists.clear()
            for name, id in wanted:
                self.lists.addItem(name, id)
        self.lists.setCurrentIndex(max(0, self.lists.findData(current.id if current else None)))

    # -- what a hand does ----------------------------------------------------------------------

    def remove(self) -> None:
        """Take what is selected out of the list; the presets stay on the shelf."""
        gone = set(self.grid.rows())
        kept = [e.id for row, e in enumerate(self.model.entries) if row not in gone]
        self._repertoire.set_lists.arrange(kept)

    def _recall(self) -> None:
        rows = self.grid.rows()
        if rows:
            self._repertoire.recalling.recall(rows[0])

    def _arrange(self, ids: list[str], row: int, own: bool) -> None:
        """Presets were dropped before `row`; those that were dragged within the list move."""
        present = [entry.id for entry in self.model.entries]
        moved = set(self.grid.rows()) if own else set()
        head = [id for r, id in enumerate(present) if r < row and r not in moved]
        tail = [id for r, id in enumerate(present) if r >= row and r not in moved]
        self._repertoire.set_lists.arrange([*head, *ids, *tail])

    def _choose(self) -> None:
        id = self.lists.currentData()
        lists = {each.id: each for each in self._repertoire.library.set_lists.all}
        self._repertoire.set_lists.play(lists.get(id))

    def _make(self, name: str) -> None:
        self._repertoire.set_lists.play(SetList(name=name))
        self._repertoire.set_lists.arrange((), name)

    def _call(self, name: str) -> None:
        held = self._repertoire.set_lists.current
        if held is not None:
            self._repertoire.set_lists.arrange(held.presets, name)

    def _delete(self) -> None:
        gone = self._repertoire.set_lists.current

        def deleted(what: Deleted) -> None:
            if gone is not None:
                words = f"Deleted the set list {gone.name}."
                self.line.offer(words, lambda: self._repertoire.set_lists.restore(gone, what))

        self._repertoire.set_lists.delete(deleted)

    def _ask_how(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for words, models in (("Export…", False), ("Export with the models…", True)):
            menu.addAction(words).triggered.connect(
                lambda _=False, models=models: self._export(models)
            )
        menu.popup(self.export.mapToGlobal(self.export.rect().bottomLeft()))

    def _export(self, models: bool) -> None:
        held = self._repertoire.set_lists.current
        if held is None:
            return
        name = f"{held.name}{ENDING}"
        path, _ = QFileDialog.getSaveFileName(self, "Export", name, f"Bundles (*{ENDING})")
        if path:
            self.export_to(Path(path), models=models)

    def export_to(self, file: Path, *, models: bool) -> None:
        """Write the set list with those of its scenes that are here."""
        ids = [entry.id for entry in self.model.entries]
        self._repertoire.sharing.give_away(
            file, ids, models=models, set_list=self._repertoire.set_lists.current
        )

    def _ask(self, title: str, name: str, then: Callable[[str], object]) -> None:
        dialog = QInputDialog(self)
        dialog.setWindowTitle(title)
        dialog.setLabelText("Name")
        dialog.setTextValue(name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.textValueSelected.connect(lambda text: then(text.strip()) if text.strip() else None)
        dialog.open()

    def _pop_up(self, at: QPoint) -> None:
        if self.grid.rows():
            menu = QMenu(self)
            menu.addAction("Open").triggered.connect(lambda _=False: self._recall())
            menu.addAction("Take out of the set list").triggered.connect(
                lambda _=False: self.remove()
            )
            menu.popup(at)
