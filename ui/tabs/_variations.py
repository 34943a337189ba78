"""Neighbours of the point that is shown, or the children of two slots: nine to choose from."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from studio.document.parameters import Value
from studio.document.scene import SLOT_NAMES
from studio.document.seeds import fresh_seed
from studio.engine import EngineError, Latent, Pixels
from studio.latent.variations import BREADTH, children, variations
from studio.session import Session
from ui.tabs._sheet_view import SheetView
from ui.tabs.page import TabPage, line, segments, small_button
from ui.theme import STEP
from ui.widgets.parameter_rows import ComboBox
from ui.widgets.pixmaps import pixmap_of
from ui.widgets.slider_row import SliderRow

_REST_MS = 150
"""So long the point must rest before its neighbours are drawn."""


class Variations(TabPage):
    """A sheet around the point, or bred from two slots."""

    export_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._seed = 0
        self._breadth = BREADTH.initial
        self._letters: list[int] = []
        self._of = ("", "", "")
        """Which deck, engine and model the sheet is of."""
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._refresh_if_seen)
        self.sheet = SheetView(self)
        self.sheet.chosen.connect(self._go_to)
        self.around, self.breed = segments(
            self,
            ("Nearby", "Variations of what is shown"),
            ("Mix", "Mixtures of two slots"),
            changed=self._change_mode,
        )
        self.first, self.second = (
            self._parent("First slot to mix"),
            self._parent("Second slot to mix"),
        )
        self.again = small_button("dice-5", "", "Again", "Again: other variations")
        self.again.clicked.connect(self._draw_again)
        self.export = small_button("download", "", "Export the sheet", "Export the sheet")
        self.export.clicked.connect(self.export_wanted)
        self.breadth = SliderRow(BREADTH, self)
        self.breadth.wanted.connect(self._set_breadth)
        self.breadth.refused.connect(session.noticed.emit)
        self._lay_out()

    def _parent(self, name: str) -> ComboBox:
        picker = ComboBox(name, self)
        picker.setToolTip(f"{name}: a filled slot")
        picker.setFixedWidth(50)
        picker.activated.connect(self.refresh)
        return picker

    def _lay_out(self) -> None:
        modes = QHBoxLayout()
        modes.setSpacing(0)
        modes.addWidget(self.around)
        modes.addWidget(self.breed)
        self._parents = QWidget()
        pair = QHBoxLayout(self._parents)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setSpacing(STEP // 2)
        for part in (self.first, QLabel("×"), self.second):
            pair.addWidget(part)
        tools = line(self.again, self.export)
        top = QHBoxLayout()
        top.addLayout(modes)
        top.addWidget(self._parents)
        top.addStretch(1)
        top.addLayout(tools)
        self._column.addLayout(top)
        self._column.addWidget(self.sheet, 1)
        self._column.addWidget(self.breadth)
        self._parents.hide()

    # -- showing -------------------------------------------------------------------------------

    @property
    def breeds(self) -> bool:
        return self.breed.isChecked()

    def points(self) -> list[Latent]:
        """The nine points of the sheet as the scene is now."""
        breadth, seed = float(self._breadth), self._seed
        if not self.breeds:
            return variations(self._session.point(self.front), breadth, seed)
        parents = [self.deck.slots[index] for index in self._chosen()]
        held = [np.asarray(slot.latent, np.float32) for slot in parents if slot is not None]
        return children(held[0], held[1], breadth, seed) if len(held) == 2 else []

    def refresh(self) -> None:
        self._rest.stop()
        of = (self.front, self.deck.engine, self.deck.model)
        if of != self._of:
            self._of = of
            self.sheet.clear()
        if self._session.state(self.front).loaded is None:
            return
        self._refresh_parents()
        points = self.points()
        self.sheet.show_points(points, not self.breeds)
        for index in range(len(points)):
            self._ask(index)

    def refresh_soon(self) -> None:
        self._rest.start()

    def _refresh_if_seen(self) -> None:
        if self.isVisible():
            self.refresh()

    def _ask(self, index: int) -> None:
        point = self.sheet.points[index]
        take = partial(self._take, index, point)
        self._session.engines.thumbnail(self.front, ("variation", index), point, take)

    def _take(self, index: int, point: Latent, pixels: Pixels | EngineError) -> None:
        points = self.sheet.points
        if not isinstance(pixels, EngineError) and index < len(points) and points[index] is point:
            self.sheet.show_picture(index, pixmap_of(pixels))

    def _refresh_parents(self) -> None:
        filled = [i for i, slot in enumerate(self.deck.slots) if slot is not None]
        if filled == self._letters:
            return
        before, self._letters = self._chosen(), filled
        for picker, kept, fallback in zip((self.first, self.second), before, (0, 1), strict=True):
            picker.clear()
            picker.addItems([SLOT_NAMES[i] for i in filled])
            place = filled.index(kept) if kept in filled else min(fallback, len(filled) - 1)
            picker.setCurrentIndex(place)
        self.breed.setEnabled(len(filled) > 1)

    def _chosen(self) -> list[int]:
        places = [picker.currentIndex() for picker in (self.first, self.second)]
        return [self._letters[place] if place >= 0 else -1 for place in places]

    # -- the hand ------------------------------------------------------------------------------

    def _go_to(self, index: int) -> None:
        self._session.pads.go_to(self.front, self.sheet.points[index])

    def _draw_again(self) -> None:
        self._seed = fresh_seed()
        self.refresh()

    def _set_breadth(self, value: Value) -> None:
        self._breadth = float(value)
        self.breadth.show_value(value)
        self._rest.start()

    def _change_mode(self) -> None:
        self._parents.setVisible(self.breeds)
        self.again.setToolTip("Again: other mixtures" if self.breeds else "Again: other variations")
        self.refresh()
