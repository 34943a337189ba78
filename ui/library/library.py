"""The column of scenes beside the stage: shelf, set list, past."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.scenes.repertoire import Repertoire
from ui.library._history_page import PastPage
from ui.library._set_list_page import SetListPage
from ui.library._shelf_page import ShelfPage
from ui.theme import ACCENT, HAIRLINE, PANEL, RADIUS, RAISED, STEP
from ui.transport.bar_parts import button

_NARROWEST_PX, _USUAL_PX = 268, 392
_TABS = (
    ("Shelf", "All presets"),
    ("Set list", "The presets in the order in which they are played"),
    ("Past", "Where one has been in this session"),
)
_SHEET = f"""
#library {{ background: {PANEL}; border-right: 1px solid {HAIRLINE}; }}
QListView {{ background: transparent; border: none; }}
QPlainTextEdit {{
    background: {RAISED}; border: 1px solid {HAIRLINE}; border-radius: {RADIUS}px; padding: 2px 4px;
}}
QPlainTextEdit:focus {{ border: 1px solid {ACCENT}; }}
"""


class Library(QWidget):
    """Made when it is first opened; it hears of changes from then on."""

    closed = Signal()

    def __init__(self, repertoire: Repertoire, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("library")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(_SHEET)
        self.setMinimumWidth(_NARROWEST_PX)
        self.shelf = ShelfPage(repertoire)
        self.set_list = SetListPage(repertoire)
        self.past = PastPage(repertoire.history)
        self._pages = QStackedWidget()
        for page in (self.shelf, self.set_list, self.past):
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
            tab = QPushButton(words)
            tab.setObjectName("tab")
            tab.setCheckable(True)
            tab.setAccessibleName(f"Tab {words}")
            tab.setToolTip(tip)
            tab.clicked.connect(lambda _=False, place=place: self.turn_to(place))
            self.tabs.addButton(tab, place)
            line.addWidget(tab, 1)
        self.tabs.button(0).setChecked(True)
        close = button("x", "Close the scenes (Ctrl+L)")
        close.clicked.connect(self.closed)
        line.addWidget(close)
        return line

    def sizeHint(self) -> QSize:
        return QSize(_USUAL_PX, 400)

    def turn_to(self, place: int) -> None:
        """Bring a page to the front: 0 the shelf, 1 the set list, 2 the past."""
        self.tabs.button(place).setChecked(True)
        self._pages.setCurrentIndex(place)

    def begin(self) -> None:
        """The hand wants to search."""
        self.shelf.search.setFocus()
        self.shelf.search.selectAll()

    def close_down(self) -> None:
        """Listen to nothing any more."""
        for page in (self.shelf, self.set_list, self.past):
            page.close_down()
