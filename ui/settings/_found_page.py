"""What the search finds among all settings and actions, to be chosen from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from ui.theme import STEP
from ui.widgets.form import FormPage


@dataclass(frozen=True)
class FoundEntry:
    """Something that can be found."""

    page: str
    name: str
    """Of the control, among the page's `controls`; "" for the page as a whole."""
    label: str
    words: str = ""
    """More that it is found by."""

    def fits(self, typed: str) -> bool:
        """Whether each word that was typed begins one of its own."""
        own = f"{self.page} {self.label} {self.words}".casefold()
        begins = (rf"(?<!\w){re.escape(word)}" for word in typed.casefold().split())
        return all(re.search(beginning, own) for beginning in begins)


class FoundPage(FormPage):
    """A list of entries; Enter or a click on one wants it."""

    wanted = Signal(object)

    def __init__(self, entries: Sequence[FoundEntry]) -> None:
        super().__init__("Found")
        self._entries = entries
        self.found: list[FoundEntry] = []
        self.list = QListWidget()
        self.list.setAccessibleName("Found settings and keys")
        self.list.setObjectName("found")
        self.list.setUniformItemSizes(True)
        self.list.itemActivated.connect(self._choose)
        self.list.itemClicked.connect(self._choose)
        self.column.addWidget(self.list, 1)

    def look_for(self, typed: str) -> None:
        """List what fits what was typed; those with it in their names first."""
        fitting = [entry for entry in self._entries if entry.fits(typed)]
        fitting.sort(key=lambda entry: typed.casefold() not in entry.label.casefold())
        self.found = fitting
        self.list.clear()
        for entry in fitting:
            item = QListWidgetItem(f"{entry.label}   ·   {entry.page}")
            item.setSizeHint(QSize(0, 4 * STEP))
            item.setToolTip(entry.words)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.about.setText("" if fitting else "Nothing is called so.")

    def choose_first(self) -> None:
        """Want the entry that is marked."""
        item = self.list.currentItem()
        if item is not None:
            self._choose(item)

    def _choose(self, item: QListWidgetItem) -> None:
        self.wanted.emit(self.found[self.list.row(item)])
