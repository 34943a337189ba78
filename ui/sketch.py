"""What stands under the pad: the controls, or one of the pages to sketch with."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.engine import Latent
from studio.session import Session
from ui.map_page import MapPage
from ui.page import SketchPage
from ui.theme import STEP
from ui.variations import Variations
from ui.walk_page import WalkPage

TABS = (
    ("controls", "Controls", "The model, the blend's path, and the engine's controls"),
    ("variations", "Variations", "Neighbours of the point, or children of two slots"),
    ("map", "Map", "A map of all that the model has learnt"),
    ("walk", "Walk", "A closed walk through slots"),
)


class Sketch(QWidget):
    """Four tabs. Pages hear of changes only while they are seen."""

    turned = Signal()
    """Another tab is in front."""
    export_wanted = Signal(str)
    """What is to be exported: "sheet" or "film"."""

    def __init__(self, session: Session, controls: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.variations = Variations(session)
        self.map = MapPage(session)
        self.walk = WalkPage(session)
        self.variations.export_wanted.connect(lambda: self.export_wanted.emit("sheet"))
        self.walk.export_wanted.connect(lambda: self.export_wanted.emit("film"))
        self._stack = QStackedWidget()
        for page in (controls, self.variations, self.map, self.walk):
            self._stack.addWidget(page)
        self._tabs = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._tab_line())
        column.addWidget(self._stack, 1)

    def _tab_line(self) -> QHBoxLayout:
        tabs = QHBoxLayout()
        tabs.setSpacing(0)
        tabs.setContentsMargins(0, 0, STEP + STEP // 2, 0)
        for place, (_, words, tooltip) in enumerate(TABS):
            button = QPushButton(words)
            button.setObjectName("tab")
            button.setCheckable(True)
            button.setToolTip(f"{tooltip} (Ctrl+{place + 1})")
            button.setAccessibleName(f"Tab {words}")
            button.clicked.connect(lambda _=False, place=place: self.turn_to(place))
            self._tabs.addButton(button, place)
            tabs.addWidget(button, 1)
        self._tabs.button(0).setChecked(True)
        return tabs

    @property
    def place(self) -> int:
        """Which of the tabs is in front."""
        return self._stack.currentIndex()

    def turn_to(self, place: int) -> None:
        """Bring a tab to the front."""
        self._tabs.button(place).setChecked(True)
        if place != self.place:
            self._stack.setCurrentIndex(place)
            self.turned.emit()

    @property
    def page(self) -> SketchPage | None:
        """The page that is seen; None for the controls."""
        page = self._stack.currentWidget()
        return page if isinstance(page, SketchPage) and page.isVisible() else None

    def refresh(self) -> None:
        """Another deck is in front, or its engine has come."""
        if self.page is not None:
            self.page.refresh()

    def refresh_soon(self) -> None:
        """The scene has changed."""
        if self.page is not None:
            self.page.refresh_soon()

    def on_thumbnailed(self, view: object) -> None:
        if self.page is not None:
            self.page.on_thumbnailed(view)

    def sheet_points(self) -> list[Latent]:
        """The points of the sheet, seen or not."""
        return self.variations.points()
