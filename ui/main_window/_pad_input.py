"""What hands do on the pads and on the stage moves the front deck's puck and anchors."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF

from studio.document.scene import Place
from studio.session import Session
from ui.deck.pad import Pad
from ui.stage.canvas import Canvas
from ui.tabs.tabs import Tabs


class PadInput(QObject):
    """A drag is one step of the history, and so is a double click."""

    def __init__(
        self,
        session: Session,
        pads: tuple[Pad, ...],
        canvas: Canvas,
        tabs: Tabs,
        parent: QObject,
    ) -> None:
        """On the `canvas` a drag moves the puck from where it is; `tabs` stand under the pad."""
        super().__init__(parent)
        self._session, self._pads, self._tabs = session, pads, tabs
        self._before_press = session.scene
        played: list[Pad | Canvas] = [*pads, canvas]
        for widget in played:
            widget.pressed.connect(self._hold)
            widget.released.connect(session.history.release)
        canvas.dragged.connect(self._drag)
        for pad in pads:
            pad.doubled.connect(self._take_click_back)
            pad.moved.connect(self._move)
            pad.anchor_moved.connect(self._place)

    def centre(self) -> None:
        """Centre what is played: the pad's puck, or that of the page in front under the pad while
        the pad has not the focus."""
        page = None if any(pad.hasFocus() for pad in self._pads) else self._tabs.page
        if page is None or not page.centre():
            self._move((0.0, 0.0))

    def _hold(self) -> None:
        self._before_press = self._session.scene
        self._session.history.hold()

    def _move(self, place: Place) -> None:
        self._session.pads.move(self._session.scene.front, place)

    def _place(self, slot: int, place: Place) -> None:
        self._session.slots.place(self._session.scene.front, slot, place)

    def _drag(self, way: QPointF) -> None:
        x, y = self._session.scene.front_deck.pad
        self._move((x + way.x(), y + way.y()))

    def _take_click_back(self) -> None:
        """The first click of a double click moved the puck: centring is to be one step."""
        if self._session.scene is not self._before_press:
            self._session.undo()
