"""Keeps rings and bands on the controls of the window that are modulated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QAbstractButton, QWidget

from studio.document.scene import Scene
from studio.modulation.graph import is_inside
from studio.session import Session
from ui.deck.pad import Pad
from ui.midi_learn.learn import Learn, Learnable
from ui.modulation._band import Band, PadMarks
from ui.modulation._depth_drag import DepthDrag
from ui.modulation._marking import Marking, marking, setting_position
from ui.modulation._ring import Ring
from ui.modulation._selection import Selection
from ui.modulation._targets import Targets
from ui.transport.score_fields import SegmentedChoice
from ui.widgets.drag_field import DragField
from ui.widgets.row import ParameterRow
from ui.widgets.slider import Slider
from ui.widgets.slider_row import SliderRow
from ui.widgets.throttle import Throttle

_TURN_MS = 50
"""Twenty times a second they turn: at each picture of the display the rings of 128 connections took
half of a drag's pictures."""
_FLAT = Slider | DragField | QAbstractButton | SegmentedChoice
"""Too small for a ring of their own: Ctrl and a drag change the depth."""


class _Marks:
    """All that is shown on one control, by its addresses."""

    def __init__(self, rings: Rings, widget: QWidget, addresses: tuple[str, ...]) -> None:
        self._rings, self._widget, self.addresses = rings, widget, addresses
        self.shown: dict[str, Marking] = {}
        self._rings_of: dict[str, Ring] = {}
        self._over: Band | PadMarks | None = None
        self._drag: DepthDrag | None = None
        if isinstance(widget, Pad):
            self._over = PadMarks(widget)
        elif isinstance(widget, SliderRow | _FLAT):
            played = widget.slider if isinstance(widget, SliderRow) else widget
            self._over = Band(played)
            control = Qt.KeyboardModifier.ControlModifier
            self._drag = DepthDrag(rings.session, played, control)
        if not isinstance(widget, _FLAT):
            self._make_rings()

    def _make_rings(self) -> None:
        for place, address in enumerate(self.addresses):
            ring = Ring(self._rings.session, self._widget)
            ring.opened.connect(partial(self._open, address))
            self._rings_of[address] = ring
            if isinstance(self._widget, ParameterRow):
                self._widget.show_beside(ring)
            else:
                ring.stand_on(self._widget, place, low=isinstance(self._widget, Pad))

    def _open(self, address: str) -> None:
        self._rings.selection.open(self.shown[address].modulator)

    def show(self, address: str, shown: Marking) -> None:
        """Show how a control is."""
        self.shown[address] = shown
        targets = self._rings.targets
        if address in self._rings_of:
            name = targets.depth_label(shown.connection.id)
            self._rings_of[address].show_marking(shown, name)
        if self._drag is not None:
            self._drag.connection = shown.connection
        self._show_over(shown)

    def turn(self, address: str, at: float | None) -> None:
        """Only where it is now is different; None for where the hand has it."""
        shown = self.shown.get(address)
        if shown is not None and self._widget.isVisible():
            at = shown.base if at is None else at
            self.shown[address] = shown = replace(shown, present=at)
            if address in self._rings_of:
                self._rings_of[address].turn(shown)
            self._show_over(shown)

    def _show_over(self, shown: Marking) -> None:
        if isinstance(self._over, PadMarks):
            ways = {address[-1]: marking for address, marking in self.shown.items()}
            self._over.show_markings(ways.get("x"), ways.get("y"))
        elif self._over is not None:
            self._over.show_marking(shown)

    def remove(self) -> None:
        """Nothing is connected any more."""
        for part in (self._over, self._drag, *self._rings_of.values()):
            if part is not None:
                if isinstance(part, QWidget):
                    part.hide()
                part.deleteLater()


class Rings(QObject):
    """Lives as long as the window."""

    rearranged = Signal()
    """There are other rings than before."""

    def __init__(
        self, session: Session, targets: Targets, selection: Selection, learn: Learn
    ) -> None:
        super().__init__(learn)
        self.session, self.targets, self.selection = session, targets, selection
        self._learn = learn
        self._marks: dict[QObject, _Marks] = {}
        self._marked: dict[str, list[tuple[_Marks, str]]] = {}
        """Each control's marks, and their own address for it, by all of its addresses."""
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.rebuild)
        self._news: dict[str, float | None] = {}
        """Where what has moved is now; it is shown with the next turn."""
        self._follow_soon = Throttle(self._follow_hands, _TURN_MS, self)
        self._turn_soon = Throttle(self._turn, _TURN_MS, self)
        learn.offered.connect(self._soon.start)
        session.changed.connect(self._on_changed)
        session.modulation.moved.connect(self._on_moved)
        self._soon.start()

    def close_down(self) -> None:
        """Listen to nothing any more."""
        self._soon.stop()
        self.session.changed.disconnect(self._on_changed, missing_ok=True)
        self.session.modulation.moved.disconnect(self._on_moved, missing_ok=True)

    def _on_changed(self, new: Scene, old: Scene) -> None:
        if _layout(new) != _layout(old):
            self.rebuild()
        elif _modulation(new) != _modulation(old):
            self._refresh()
        else:
            self._follow_soon()

    def rebuild(self) -> None:
        """See which controls are modulated."""
        had = set(self._marks)
        led = {c.target for c in self.session.scene.connections}
        wanted = {o.widget: found for o in self._learn.every_offer if (found := self._led(o, led))}
        for widget, marks in list(self._marks.items()):
            if isinstance(widget, QWidget) and wanted.get(widget) != marks.addresses:
                marks.remove()
                del self._marks[widget]
        for widget, addresses in wanted.items():
            if widget not in self._marks:
                self._marks[widget] = _Marks(self, widget, addresses)
                widget.destroyed.connect(lambda _=None, w=widget: self._forget(w))
        self._index()
        self._refresh()
        if wanted.keys() != had:
            self.rearranged.emit()

    def _forget(self, widget: QObject) -> None:
        self._marks.pop(widget, None)
        self._index()

    def _index(self) -> None:
        self._marked = defaultdict(list)
        for marks in self._marks.values():
            for address in marks.addresses:
                for alias in self.targets.aliases(address):
                    self._marked[alias].append((marks, address))

    def _led(self, offer: Learnable, led: set[str]) -> tuple[str, ...]:
        if not led:
            return ()
        return tuple(a for a in self.targets.of(offer) if led.intersection(self.targets.aliases(a)))

    def _refresh(self) -> None:
        for marks in self._marks.values():
            for address in marks.addresses:
                self._show(marks, address)

    def _follow_hands(self) -> None:
        """A hand moved something: only what has another base is shown anew, for to show all of
        them cost a drag half of its pictures."""
        for marks in self._marks.values():
            for address, shown in list(marks.shown.items()):
                if self.session.modulation.base(address) != shown.base:
                    self._show(marks, address)

    def _show(self, marks: _Marks, address: str) -> None:
        shown = marking(self.session, self.targets, address)
        if shown is not None:
            marks.show(address, shown)

    def _on_moved(self, news: Mapping[str, float | None]) -> None:
        self._news.update(news)
        self._turn_soon()

    def _turn(self) -> None:
        news, self._news = self._news, {}
        for each, at in news.items():
            for marks, address in self._marked.get(each, ()):
                marks.turn(address, at)
        for marks in self._marks.values():  # what moves settings of modulators is no news
            for address in filter(is_inside, marks.addresses):
                marks.turn(address, setting_position(self.session, address))


def _modulation(scene: Scene) -> tuple[object, ...]:
    return scene.modulators, scene.connections, scene.master_depth


def _layout(scene: Scene) -> tuple[object, ...]:
    """What says on which controls there are rings."""
    decks = tuple((deck.key, deck.engine, deck.model) for deck in scene.decks)
    return (scene.front, decks, tuple((c.id, c.target) for c in scene.connections))
