"""Painting with slots: what the brush is dipped in, how it paints, the pins, and the drift."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.document.parameters import Float, Value
from studio.document.scene import SLOT_NAMES
from studio.engine import EngineSpec
from studio.session import Session
from studio.session.painting import RADIUS, REACH, STRENGTH
from ui.paint._drift_box import DriftBox
from ui.paint._slots import PaintSlots
from ui.tabs.page import TabPage, segments, small_button
from ui.theme import STEP
from ui.widgets.form import quiet
from ui.widgets.scroll_column import ScrollColumn
from ui.widgets.slider_row import SliderRow

_MIDDLE = (0.5, 0.5)
_PAINT = "Paint on the picture, or drag a slot there to pin it"
_RUB = "Erase on the picture: what is under the paint comes back"


class PaintPage(TabPage):
    """Holds the brush; `PaintView` is the hand on the picture."""

    tab = ("Paint", "Slots painted and pinned on the picture, and its drift")

    turned = Signal()
    """It is in front, or not any more."""
    brush_changed = Signal()
    wrap_wanted = Signal()
    """The picture three by three, or alone again."""

    @staticmethod
    def fits(spec: EngineSpec) -> bool:
        return spec.blend_maps

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._slot, self._radius, self._strength = 0, RADIUS.initial, STRENGTH.initial
        self._reach = REACH.initial
        """Of the next pin."""
        self.slots = PaintSlots(self)
        self.slots.chosen.connect(self.choose)
        self.slots.pinned.connect(self.toggle_pin)
        self.slots.nudged.connect(self._nudge)
        self.brush, self.rub = segments(
            self,
            ("Brush", "Paint with the slot"),
            ("Erase", "Take paint away, so that what is under it comes back"),
            changed=self._change_mode,
        )
        self.pin = small_button("pin", "Pin", "Pin the slot", "Pin the slot to the picture")
        self.pin.setCheckable(True)
        self.pin.clicked.connect(lambda: self.toggle_pin(self._slot))
        self.clear = small_button(
            "eraser", "Clear", "Clear the paint", "Take all paint away; the pins stay"
        )
        self.clear.clicked.connect(lambda: session.painting.clear(self.front))
        self.wrap = small_button(
            "grid-3x3", "", "Three by three", "Show the picture three by three, to see how it tiles"
        )
        self.wrap.setCheckable(True)
        self.wrap.clicked.connect(self.wrap_wanted)
        self.radius_row = self._row(RADIUS, self._set_radius)
        self.strength_row = self._row(STRENGTH, self._set_strength)
        self.reach_row = self._row(REACH, self._set_reach)
        self.words = quiet(_PAINT)
        self.drift = DriftBox(session, self)
        session.motion.changed.connect(self._on_drift)
        self._lay_out()

    def _row(self, parameter: Float, take: Callable[[Value], None]) -> SliderRow:
        row, history = SliderRow(parameter, self), self._session.history
        row.wanted.connect(take)
        row.refused.connect(self._session.noticed.emit)
        row.pressed.connect(history.hold)
        row.released.connect(history.release)
        return row

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(0)
        tools.addWidget(self.brush)
        tools.addWidget(self.rub)
        tools.addStretch(1)
        tools.addWidget(self.wrap)
        tools.addSpacing(STEP)
        tools.addWidget(self.clear)
        tools.addSpacing(STEP)
        tools.addWidget(self.pin)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, STEP // 2, 0)
        column.setSpacing(STEP // 2)
        column.addWidget(self.slots)
        column.addLayout(tools)
        for part in (self.words, self.radius_row, self.strength_row, self.reach_row, self.drift):
            column.addWidget(part)
        column.addStretch(1)
        self._column.setContentsMargins(0, STEP, 0, 0)
        self._column.addWidget(ScrollColumn(inside, self), 1)

    # -- the brush -----------------------------------------------------------------------------

    @property
    def slot(self) -> int | None:
        """What the brush is dipped in; None while it rubs out."""
        return None if self.rub.isChecked() else self._slot

    @property
    def radius(self) -> float:
        """The brush's radius, as a share of the picture's shorter side."""
        return self._radius

    @property
    def strength(self) -> float:
        """The brush's strength."""
        return self._strength

    def choose(self, slot: int) -> None:
        """Dip the brush into a slot."""
        self._slot = slot
        self.brush.setChecked(True)
        self._change_mode()

    def grow(self, steps: float) -> None:
        """Make the brush larger by so many hundredths of its travel, or smaller."""
        self._set_radius(RADIUS.nudged(self._radius, steps))

    def _set_radius(self, value: Value) -> None:
        self._radius = float(value)
        self.radius_row.show_value(value)
        self.brush_changed.emit()

    def _set_strength(self, value: Value) -> None:
        self._strength = float(value)
        self.strength_row.show_value(value)
        self.brush_changed.emit()

    def _change_mode(self) -> None:
        self.refresh()
        self.brush_changed.emit()

    # -- pins ----------------------------------------------------------------------------------

    def toggle_pin(self, slot: int) -> None:
        """Pin a slot to the picture's middle, or take its pin away."""
        if slot in self.deck.pins:
            self._session.painting.unpin(self.front, slot)
        else:
            self.pin_at(slot, _MIDDLE)
        self.refresh()

    def pin_at(self, slot: int, place: tuple[float, float]) -> None:
        """Pin a slot to a place of the picture; one that is pinned keeps its reach."""
        known = self.deck.pins.get(slot)
        self._session.painting.pin(self.front, slot, place, known.reach if known else self._reach)

    def centre(self) -> bool:
        if self._slot in self.deck.pins:
            self.pin_at(self._slot, _MIDDLE)
        return self._slot in self.deck.pins

    def _nudge(self, way: tuple[float, float]) -> None:
        known = self.deck.pins.get(self._slot)
        if known is not None:
            x, y = known.place
            self._session.painting.pin(self.front, self._slot, (x + way[0], y + way[1]))

    def _set_reach(self, value: Value) -> None:
        self._reach = float(value)
        self._session.painting.reach(self.front, self._slot, self._reach)
        self.reach_row.show_value(value)

    # -- showing -------------------------------------------------------------------------------

    def refresh(self) -> None:
        deck, name = self.deck, SLOT_NAMES[self._slot]
        held = deck.pins.get(self._slot)
        self.slots.show_deck(deck, self._slot)
        self.words.setText(_RUB if self.rub.isChecked() else _PAINT)
        self.clear.setEnabled(bool(deck.strokes))
        self.pin.setChecked(held is not None)
        self.pin.setEnabled(held is not None or deck.slots[self._slot] is not None)
        self.pin.setText(f"Pin {name}")
        where = "Take its pin away" if held else "Pin it to the picture's middle, to be dragged"
        self.pin.setToolTip(f"Slot {name}: {where}")
        self.reach_row.show_value(self._reach if held is None else held.reach)
        self.drift.show_deck(deck)

    def _on_drift(self, deck: str) -> None:
        if deck == self.front:
            self.drift.show_deck(self.deck)

    @property
    def in_front(self) -> bool:
        """Whether its tab is turned to, be the window's side seen or not."""
        return not self.isHidden() and self.fits(self._session.spec(self.front))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.turned.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.turned.emit()
