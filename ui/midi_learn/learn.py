"""MIDI learn on every control: one line makes a control learnable.

    learn.offer(slider, lambda: "/transport/tempo")

A right-click then offers what can be done with the control's address; where a control has a menu
of its own, both are one. While a control is armed it has a pulsing outline, and the next distinct
movement of a connected controller plays it from then on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from studio.control.controls import Control, ControlError, Controls
from studio.live.controllers.surfaces import Bound, Surfaces
from ui.midi_learn._learn_menu import Choices, LearnMenu, in_short
from ui.midi_learn._outline import LearnOutline
from ui.midi_learn.learn_inputs import LearnInputs

Address = Callable[[], str]
OwnMenu = Callable[[], QMenu]
"""Makes the menu that a control has besides."""


@dataclass(frozen=True)
class Learnable:
    """A control that can be learnt: its widget, and its addresses as they are at the moment."""

    widget: QWidget
    addresses: tuple[Address, ...]
    own: OwnMenu | None = None
    moved: tuple[Address, ...] = ()
    """What modulation moves by it, where that is called otherwise than what MIDI plays."""

    @property
    def movable(self) -> tuple[str, ...]:
        """The addresses that modulation may move, as they are at the moment."""
        return tuple(address() for address in self.moved or self.addresses)

    def known(self, controls: Controls) -> tuple[Control, ...]:
        """The controls that there are now."""
        found = (controls.find(address()) for address in self.addresses)
        return tuple(control for control in found if control is not None)


class Learn(QObject):
    """Lives as long as the window whose controls it knows."""

    said = Signal(str)
    """A sentence for the status bar."""
    changed = Signal()
    """Another control is armed, or what is bound has changed."""
    settings_wanted = Signal()
    """There is no controller to learn from."""
    offered = Signal()
    """There are other controls than before."""

    def __init__(
        self,
        controls: Controls,
        surfaces: Surfaces,
        window: QWidget,
        front: Callable[[], str] = lambda: "",
        *,
        inputs: LearnInputs,
    ) -> None:
        """`front` gives the address of the deck in front, "/deck/1"."""
        super().__init__(window)
        self._controls, self._surfaces, self._window = controls, surfaces, window
        self._front, self._inputs = front, inputs
        self._close_soon = QTimer(self, singleShot=True, interval=0)
        self._close_soon.timeout.connect(inputs.close)  # what is learnt is told of just after
        self._offers: dict[QObject, Learnable] = {}
        self.also: list[Callable[[QMenu, Learnable], object]] = []
        """Whoever else has something for the menu of a control; called with the menu."""
        self._armed: Learnable | None = None
        self._heeds_keys = False
        self._halo = LearnOutline(window)
        surfaces.changed.connect(self._look)
        surfaces.learnt.connect(self._tell)

    # -- offering ------------------------------------------------------------------------------

    def offer(
        self,
        widget: QWidget,
        *addresses: Address,
        own: OwnMenu | None = None,
        moved: tuple[Address, ...] = (),
    ) -> Learnable:
        """Let `widget` be learnt. With several addresses (the pad's two axes) each has a menu.

        `own` makes the menu that the widget shows besides; it gets ours at its end. `moved` are the
        addresses for modulation, where they are others.
        """
        if widget not in self._offers:
            widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            widget.customContextMenuRequested.connect(
                lambda at: self.pop_up(self._offers[widget], widget.mapToGlobal(at))
            )
            widget.destroyed.connect(lambda: self._offers.pop(widget, None))
        self._offers[widget] = Learnable(widget, addresses, own, moved)
        self.offered.emit()
        return self._offers[widget]

    @property
    def offers(self) -> tuple[Learnable, ...]:
        """All that is on the screen now and has an address."""
        return tuple(o for o in self._offers.values() if o.widget.isVisible())

    @property
    def every_offer(self) -> tuple[Learnable, ...]:
        """All that has an address, seen or not."""
        return tuple(self._offers.values())

    def frame_of(self, offer: Learnable) -> QRectF:
        """Where a control lies in the window, as far as it can be seen (a panel scrolls)."""
        widget = offer.widget
        seen = widget.visibleRegion().boundingRect()
        return QRectF(widget.mapTo(self._window, seen.topLeft()), seen.size())

    def offer_at(
        self, at: QPoint, fits: Callable[[Learnable], object] | None = None
    ) -> Learnable | None:
        """The control under a point of the window that fits; the smallest where they overlap. By
        itself, what has an address fits."""
        fits = fits or self.known
        under = [o for o in self.offers if self.frame_of(o).contains(at.toPointF()) and fits(o)]
        return min(under, key=lambda o: o.widget.width() * o.widget.height(), default=None)

    def widget_of(self, address: str) -> QWidget | None:
        """The widget that shows the control at `address`, seen or not."""
        shown = (o.widget for o in self._offers.values() if address in [a() for a in o.addresses])
        return next(shown, None)

    def bound(self, offer: Learnable) -> tuple[Bound, ...]:
        """What plays it."""
        found = (self._surfaces.bound(a) for c in offer.known(self._controls) for a in self.of(c))
        return tuple(bound for each in found for bound in each)

    def known(self, offer: Learnable) -> tuple[Control, ...]:
        """The controls behind an offer."""
        return offer.known(self._controls)

    def of(self, control: Control) -> tuple[str, ...]:
        """Its address, and where its deck is in front, the one of whichever deck that is."""
        here = f"{self._front()}/"
        if here != "/" and control.address.startswith(here):
            return (control.address, f"/front/{control.address.removeprefix(here)}")
        return (control.address,)

    # -- learning ------------------------------------------------------------------------------

    @property
    def armed(self) -> Learnable | None:
        """The control that waits for a movement."""
        return self._armed

    def learn(self, offer: Learnable, address: str) -> None:
        """Wait for the movement that is to play `address`."""
        if not self._inputs.there:
            self.said.emit("Connect a MIDI input first, and then learn from it.")
            self.settings_wanted.emit()
            return
        try:
            self._surfaces.learn(address)
        except ControlError as error:
            self.said.emit(str(error))
            return
        self._close_soon.stop()
        self._inputs.open()
        self._armed = offer
        self._look()
        control = self._controls.find(address)
        name = address if control is None else control.label
        self.said.emit(f"Move a knob or press a key for {name}. Esc cancels.")

    def cancel(self) -> None:
        """Learn nothing."""
        if self._surfaces.learning is not None:
            self._surfaces.cancel()
            self.said.emit("Nothing was learnt.")

    def _tell(self, bound: Bound) -> None:
        self._inputs.close(bound.device)
        control = self._controls.find(bound.binding.address)
        name = bound.binding.address if control is None else control.label
        others = self._surfaces.also_plays(bound)
        more = f"; it plays {len(others)} more" if others else ""
        begin = self._how_to_begin(bound, control)
        self.said.emit(f"{bound.binding.source} of {bound.device} plays {name}{more}.{begin}")

    def _how_to_begin(self, bound: Bound, control: Control | None) -> str:
        """What the hand does first where a knob stands elsewhere than its value."""
        picks_up = bound.binding.takeover == "pick up" and bound.binding.mode == "absolute"
        if control is None or control.kind == "trigger" or not picks_up:
            return ""
        value = control.parameter.format(self._controls.get(control.address))
        return f" Turn through {value} to pick it up."

    def _look(self) -> None:
        """The surfaces have changed."""
        if self._surfaces.learning is None:
            if self._armed is not None:
                self._close_soon.start()
            self._armed = None
        self._halo.surround(None if self._armed is None else self._armed.widget)
        self._heed_keys(self._armed is not None)
        self.changed.emit()

    def _heed_keys(self, wanted: bool) -> None:
        """Esc is everybody's key: while something is armed, it is ours, wherever the focus is."""
        app = QApplication.instance()
        if app is not None and wanted != self._heeds_keys:
            self._heeds_keys = wanted
            (app.installEventFilter if wanted else app.removeEventFilter)(self)

    def close(self) -> None:
        """Listen to nothing any more."""
        self._surfaces.changed.disconnect(self._look, missing_ok=True)
        self._surfaces.learnt.disconnect(self._tell, missing_ok=True)
        self._heed_keys(False)

    # -- the menu ------------------------------------------------------------------------------

    def menu(self, offer: Learnable) -> QMenu | None:
        """What can be done with a control; None where it has no address and no menu now."""
        known = offer.known(self._controls)
        if offer.own is None and not known:
            return None
        if offer.own is None:
            menu = QMenu(offer.widget)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        else:
            menu = offer.own()
        choices = Choices(
            partial(self.learn, offer),
            self.cancel,
            self.settings_wanted.emit,
            can_learn=self._inputs.there,
        )
        ours = LearnMenu(self._controls, self._surfaces, choices)
        if menu.actions() and known:
            menu.addSeparator()
        for control in known:
            into = menu
            if len(known) > 1 or offer.own is not None:
                into = menu.addMenu(f"MIDI: {in_short(control)}" if len(known) > 1 else "MIDI")
            ours.fill(into, control, self.of(control))
        for add in self.also:
            add(menu, offer)
        return menu

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        return isinstance(event, QKeyEvent) and self._take_key(event)

    def pop_up(self, offer: Learnable, at: QPoint) -> bool:
        """Show a control's menu at a point of the screen; whether there was one."""
        menu = self.menu(offer)
        if menu is None:
            return False
        menu.popup(at)
        return True

    def _take_key(self, event: QKeyEvent) -> bool:
        if event.key() != Qt.Key.Key_Escape:
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress:
            self.cancel()
        return True
