"""The column of scenes beside the stage: presets, set list, history."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.scenes.repertoire import Repertoire
from ui import theme
from ui.library._history_page import HistoryPage
from ui.library._set_list_page import SetListPage
from ui.library._shelf_page import ShelfPage
from ui.theme import ACCENT, HAIRLINE, PANEL, RADIUS, RAISED, STEP
from ui.transport.bar_parts import button
from ui.widgets.tab_button import TabButton

_NARROWEST_PX, _USUAL_PX = 268, 392
_TABS = (
    ("Presets", "All saved scenes, and those that came with the program"),
    ("Set list", "The presets in the order in which they are played"),
    ("History", "Earlier moments of this session, to go back to"),
)
_SHEET = f"""
#library {{ background: {PANEL}; border-right: 1px solid {HAIRLINE}; }}
QListView {{ background: transparent; border: none; }}
QPlainTextEdit {{
    background: {RAISED}; border: 1px solid {HAIRLINE}; border-radius: {RADIUS}px; padding: 2px 4px;
}}
QPlainTextEdit:focus {{ border: 1px solid {ACCENT}; }}
"""


class LibraryPanel(QWidget):
    """Made when it is first opened; it hears of changes from then on."""

    closed = Signal()

    def __init__(self, repertoire: Repertoire, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("library")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme.dress(self, _SHEET)
        self.setMinimumWidth(_NARROWEST_PX)
        self.shelf = ShelfPage(repertoire)
        self.set_list = SetListPage(repertoire)
        self.history = HistoryPage(repertoire.history)
        self._pages = QStackedWidget()
        for page in (self.shelf, self.set_list, self.history):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(STEP, STEP, STEP, STEP)
        column.setSpacing(STEP)
        column.addLayout(self._tab_line())
        column.addWidget(self._pages, 1)

    def _tab_line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(0)
        self.tabs = QButtonGroup(self)
        for place, (words, tip) in enumerate(_TABS):
            tab = TabButton(words, tip)
            tab.clicked.connect(lambda _=False, place=place: self.turn_to(place))
            self.tabs.addButton(tab, place)
            line.addWidget(tab, 1)
        self.tabs.button(0).setChecked(True)
        self.close_button = button("x", "Close the scenes")
        self.close_button.clicked.connect(self.closed)
        line.addWidget(self.close_button)
        return line

    def sizeHint(self) -> QSize:
        return QSize(_USUAL_PX, 400)

    def turn_to(self, place: int) -> None:
        """Bring a page to the front: 0 the presets, 1 the set list, 2 the history."""
        self.tabs.button(place).setChecked(True)
        self._pages.setCurrentIndex(place)

    def begin(self) -> None:
        """The hand wants to search."""
        self.shelf.search.setFocus()
        self.shelf.search.selectAll()

    def close_down(self) -> None:
        """Listen to nothing any more."""
        for page in (self.shelf, self.set_list, self.history):
            page.close_down()
