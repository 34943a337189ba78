"""What stands under the pad: the controls, or one of the other pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.engine import Latent
from studio.session import Session
from ui.actions.actions import Action
from ui.tabs._map_page import MapPage
from ui.tabs._variations import Variations
from ui.tabs._walk_page import WalkPage
from ui.tabs.page import TabPage
from ui.theme import STEP
from ui.widgets.tab_button import TabButton

TABS = (
    ("controls", "Controls", "The model, the blend's path, and the engine's controls"),
    ("variations", "Variations", "Variations of what is shown, or mixtures of two slots"),
    ("map", "Map", "A map of all that the model has learnt"),
    ("walk", "Walk", "A closed walk through slots"),
)


class Tabs(QWidget):
    """The tabs that all decks have, and what one of the deck's own kind has besides. Pages hear of
    changes only while they are seen."""

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
        self._own: list[TabPage] = []
        self._tabs = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._tab_line())
        column.addWidget(self._stack, 1)

    def _tab_line(self) -> QHBoxLayout:
        self._line = QHBoxLayout()
        self._line.setSpacing(0)
        self._line.setContentsMargins(0, 0, STEP, 0)
        for place, (_, words, tooltip) in enumerate(TABS):
            self._add_tab(place, words, tooltip)
        self._tabs.button(0).setChecked(True)
        return self._line

    def _add_tab(self, place: int, words: str, tooltip: str, mark: str = "") -> None:
        button = TabButton(words, tooltip, mark)
        button.clicked.connect(lambda _=False: self.turn_to(place))
        self._tabs.addButton(button, place)
        words_px = button.fontMetrics().horizontalAdvance(words)
        self._line.addWidget(button, 0 if mark else words_px)  # "Variations" needs more than "Map"

    def add(self, page: TabPage, *, own: bool = True) -> None:
        """A page that only decks of some kind have (see `TabPage.fits`), or one that all have."""
        words, tooltip = page.tab
        self._add_tab(self._stack.addWidget(page), words, tooltip, page.mark)
        if own:
            self._own.append(page)
            self._fit()

    def button_of(self, page: TabPage) -> QWidget:
        """The tab of a page."""
        return self._tabs.button(self._stack.indexOf(page))

    def turn_to_page(self, page: TabPage) -> None:
        """Bring a page to the front; while the tabs are hidden, in full screen, nothing turns."""
        if self.isVisible():
            self.turn_to(self._stack.indexOf(page))

    def window_actions(self) -> Iterator[Action]:
        """A key for each tab, once all pages are there."""
        for place, (name, text, _) in enumerate(TABS):
            yield self._tab_action(name, f"{text} tab", place, partial(self._turn_by_key, place))
        walk = self.walk
        words, of_walk = "Play or stop the walk", (walk.play,)
        yield Action("walk.play", "Deck", words, walk.toggle, ("W",), buttons=of_walk)
        own = [self._stack.indexOf(page) for page in self._own]
        yield self._tab_action("own", "Band or Paint tab", len(TABS), self.turn_to_own, *own)

    def _tab_action(
        self, name: str, text: str, place: int, do: Callable[[], object], *places: int
    ) -> Action:
        buttons = tuple(self._tabs.button(each) for each in places or (place,))
        keys = (f"Ctrl+{place + 1}",)
        return Action(f"tab.{name}", "View", text, do, keys, buttons=buttons)

    def _turn_by_key(self, place: int) -> None:
        if self.isVisible():
            self.turn_to(place)

    def turn_to_own(self) -> None:
        """Bring the page to the front that the deck has beside the common ones, if any; while the
        tabs are hidden, in full screen, nothing turns."""
        for page in self._own if self.isVisible() else ():
            if page.fits(self._session.spec(self._session.scene.front)):
                self.turn_to(self._stack.indexOf(page))

    def _fit(self) -> None:
        """Offer the pages that the front deck has, and leave one that it has not."""
        spec = self._session.spec(self._session.scene.front)
        for page in self._own:
            place, fits = self._stack.indexOf(page), page.fits(spec)
            self._tabs.button(place).setVisible(fits)
            if place == self.place and not fits:
                self.turn_to(0)

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

    def show_widget(self, widget: QWidget) -> None:
        """Bring the tab to the front that `widget` is on, if it is on one."""
        for place in range(self._stack.count()):
            page = self._stack.widget(place)
            if page is not None and page.isAncestorOf(widget):
                self.turn_to(place)

    @property
    def page(self) -> TabPage | None:
        """The page that is seen; None for the controls."""
        page = self._stack.currentWidget()
        return page if isinstance(page, TabPage) and page.isVisible() else None

    def refresh(self) -> None:
        """Another deck is in front, or its engine has come."""
        self._fit()
        if self.page is not None:
            self.page.refresh()

    def refresh_soon(self) -> None:
        """The front deck has changed."""
        self._fit()
        if self.page is not None:
            self.page.refresh_soon()

    def sheet_points(self) -> list[Latent]:
        """The points of the sheet, seen or not."""
        return self.variations.points()
