"""All of the window that modulates, as one part: the row, the tab, menus and cables, and rings.

The window makes one, puts `row` into its layout and `page` among the tabs, takes its actions in
and calls `turn` with every picture while it `moves`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from studio.document.scene import Scene
from studio.live.rig import Rig
from studio.session import Session
from ui.actions.actions import Action
from ui.modulation._cable import Dragging
from ui.modulation._control_menu import ControlMenu
from ui.modulation._page import ModulationPage, tap_address
from ui.modulation._rings import Rings
from ui.modulation._row import ModulatorRow
from ui.modulation._selection import Selection
from ui.modulation._targets import Targets
from ui.tabs.tabs import Tabs
from ui.transport.live_controls import LiveControls

_PACE_S = 0.03
"""How often curves are painted: five cards at every picture took 4.5 ms of its 16."""


class ModulationViews(QObject):
    """Lives as long as the window."""

    changed = Signal()
    """Something may move now that did not."""
    rearranged = Signal()
    """There are other controls than before: the Tab key's way is another."""

    def __init__(
        self, session: Session, rig: Rig, live: LiveControls, tabs: Tabs, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._rig, self._live, self._tabs = session, rig, live, tabs
        self._turned_s = float("-inf")
        self.selection = Selection(session, self)
        self.targets = Targets(session, rig.controls, live.learn)
        self._menu = ControlMenu(session, self.targets, self.selection, self.connect_to)
        self.row = ModulatorRow(session, self.selection, self._menu.fill_card)
        self.page = ModulationPage(session, self.selection, self.targets, rig)
        self._dragging = Dragging(window, live.learn, self.targets, self.connect_to)
        self._rings = Rings(session, self.targets, self.selection, live.learn)
        tabs.add(self.page, own=False)
        live.learn.also.append(self._menu.fill)
        self._rings.rearranged.connect(self.rearranged)
        self.row.made.connect(self._offer)
        self.row.made.connect(self.rearranged)
        self.row.said.connect(live.said)
        self.page.built.connect(self._offer_page)
        self.page.built.connect(self.rearranged)
        self.selection.opened.connect(lambda: tabs.show_widget(self.page))
        session.changed.connect(self._on_changed)
        self._offer()

    def window_actions(self) -> Iterator[Action]:
        """What the window can do about modulation."""
        page = "Modulation tab"
        buttons = (self._tabs.button_of(self.page),)
        turn = lambda: self._tabs.turn_to_page(self.page)  # noqa: E731
        yield Action("tab.modulation", "View", page, turn, ("Ctrl+6",), buttons=buttons)
        words = "Show the row of modulators or put it away"
        yield Action("modulation.row", "View", words, self.row.toggle, ("Shift+M",))

    # -- what a hand does ----------------------------------------------------------------------

    def connect_to(self, id: int, address: str) -> None:
        """Let a modulator move a control."""
        if self._session.modulation.connect(id, address) is not None:
            self.selection.choose(id)
            words = f"{self.targets.title(id)} moves {self.targets.label(address)}"
            self._live.said.emit(
                f"{words}. For the depth drag its ring, or drag it with Ctrl held."
            )

    # -- what it shows -------------------------------------------------------------------------

    def _offer(self) -> None:
        """Cards are others than before."""
        for widget, address in self.row.addresses():
            self._live.learn.offer(widget, partial(str, address))
        for id, card in self.row.cards.items():
            self._dragging.serve(card.grip, id)

    def _offer_page(self) -> None:
        """The page shows another modulator."""
        self._live.offer_rows(self.page)
        chosen = self.selection.modulator
        if self.page.tap is not None and chosen is not None:
            self._live.learn.offer(self.page.tap, partial(tap_address, chosen.id))

    def _on_changed(self, new: Scene, old: Scene) -> None:
        if _moving(new) != _moving(old):
            self.row.refresh()
            self.page.refresh()
            self.changed.emit()

    @property
    def moves(self) -> bool:
        """Whether a curve that is seen goes on."""
        if not self.row.isVisible():
            return False
        return self._rig.transport.movement.playing or self.row.moves

    def turn(self, now_s: float) -> None:
        """Show the curves as they are now; call it with every picture while they move."""
        if now_s - self._turned_s >= _PACE_S:
            self._turned_s = now_s
            self.row.turn()

    def close_down(self) -> None:
        """Listen to nothing any more."""
        self._rings.close_down()
        self.row.close_down()
        self._session.changed.disconnect(self._on_changed, missing_ok=True)


def _moving(scene: Scene) -> tuple[object, ...]:
    return scene.modulators, scene.connections, scene.master_depth
