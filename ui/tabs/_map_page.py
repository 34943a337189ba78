"""The map of the front deck's latent space."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QStackedLayout, QWidget

from studio.document.scene import Deck, Place
from studio.engine import Atlas, EngineError, Pixels
from studio.latent.atlas import places_of, point_at
from studio.session import Session
from ui.tabs.page import TabPage
from ui.widgets.form import quiet
from ui.widgets.pixmaps import pixmap_of

if TYPE_CHECKING:
    from ui.tabs._atlas_view import AtlasView

_HOVERED = "hovered"
_NONE = "This model has no map.\nVariations and the pad explore it as well."
_LOADING = "Loading the model…"
_HINT = "Click a dot, or drag between dots to blend them"


class MapPage(TabPage):
    """Shows where the present point and the slots stand, and goes where the hand points."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.view: AtlasView | None = None
        self._goes = False
        self._slots: tuple[object, dict[int, Place]] = ((), {})
        self._empty = QLabel(_NONE)
        self._empty.setObjectName("quiet")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._empty)
        self._column.addLayout(self._stack, 1)
        self._words = quiet(_HINT)
        self._column.addWidget(self._words)

    @property
    def atlas(self) -> Atlas | None:
        loaded = self._session.state(self.front).loaded
        return None if loaded is None else loaded.atlas

    def showEvent(self, event: QShowEvent) -> None:
        if self.view is None:
            self._open()
        super().showEvent(event)

    def _open(self) -> None:
        from ui.tabs._atlas_view import AtlasView

        self.view = view = AtlasView(self)
        self._stack.addWidget(view)
        view.wanted.connect(self._go_to)
        view.hovered.connect(self._show_hovered)
        view.pressed.connect(self._session.history.hold)
        view.released.connect(self._session.history.release)

    def centre(self) -> bool:
        if self.atlas is None:
            return False
        self._go_to((0.0, 0.0), None)
        return True

    def refresh(self) -> None:
        if self.view is None:
            return
        atlas = self.atlas
        self.view.show_atlas(atlas)
        self._words.setVisible(atlas is not None)
        if atlas is None:
            loading = self._session.state(self.front).loaded is None
            self._empty.setText(_LOADING if loading else _NONE)
            self._stack.setCurrentWidget(self._empty)
            return
        self._stack.setCurrentWidget(self.view)
        (here,) = places_of(self._session.point(self.front), atlas)
        self.view.show_places(here, self._slot_places(self.deck, atlas))
        if not self._goes:
            self.view.forget_hand()

    def _slot_places(self, deck: Deck, atlas: Atlas) -> dict[int, Place]:
        """Kept while no slot changes: a drag asks for them with every movement."""
        held = {i: slot.latent for i, slot in enumerate(deck.slots) if slot is not None}
        known_for = (id(atlas), held)
        if known_for != self._slots[0]:
            points = np.asarray(list(held.values()), np.float32)
            places = places_of(points, atlas) if held else []
            self._slots = (known_for, dict(zip(held, places, strict=True)))
        return self._slots[1]

    def _show_hovered(self, dot: int | None) -> None:
        assert self.view is not None
        if dot is None or self.atlas is None:
            return
        point, take = self.atlas.points[dot], partial(self._show_thumbnail, dot)
        self._session.engines.thumbnail(self.front, _HOVERED, point, take)

    def _show_thumbnail(self, dot: int, pixels: Pixels | EngineError) -> None:
        if not isinstance(pixels, EngineError) and self.view is not None and self.view.under == dot:
            self.view.show_thumbnail(pixmap_of(pixels))

    def _go_to(self, place: Place, dot: int | None) -> None:
        atlas = self.atlas
        if atlas is None:
            return
        point = point_at(place, atlas) if dot is None else atlas.points[dot]
        self._goes = True
        self._session.pads.go_to(self.front, point, f"{self.front}.map")
        self._goes = False
