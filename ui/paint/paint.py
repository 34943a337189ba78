"""Painting, drift and wrap preview put together: the page under the pad, the hand on the stage."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPixmap

from studio.document.scene import Scene
from studio.painting.tile_maps import seam
from studio.session import Session
from studio.session.painting import REACH
from ui.paint._board import Where
from ui.paint._page import PaintPage
from ui.paint._view import PaintView
from ui.stage.canvas import Canvas

PaintDeed = tuple[str, str, tuple[str, ...], Callable[[], object], str]
"""Name, words, keys, what is done, icon."""


class PaintDesk(QObject):
    """Give it the window's canvas; add `page` to the sketch pages and `deeds` to the
    window's own, and tell `show_face` of every slot's new face.
    """

    export_wanted = Signal()
    """The drift is to be exported as a film."""

    def __init__(
        self,
        session: Session,
        canvas: Canvas,
        parent: QObject,
        clock: Callable[[], float] = perf_counter,
    ) -> None:
        super().__init__(parent)
        self._session, self._canvas, self._clock = session, canvas, clock
        self.page = PaintPage(session)
        self.view = PaintView(canvas)
        self.page.turned.connect(self.refresh)
        self.page.brush_changed.connect(self.refresh)
        self.page.wrap_wanted.connect(self.wrap)
        self.page.drift.play_wanted.connect(self.toggle_drift)
        self.page.drift.export_wanted.connect(self.export_wanted)
        session.changed.connect(self._on_changed)
        self._listen()

    def _listen(self) -> None:
        session, view, painting = self._session, self.view, self._session.painting
        view.begun.connect(self._begin)
        view.drawn.connect(painting.extend)
        view.ended.connect(painting.end)
        view.pin_moved.connect(lambda slot, place: painting.pin(self._front, slot, place))
        view.pin_dropped.connect(self._pin)
        view.pin_reached.connect(self._reach)
        view.unpinned.connect(lambda slot: painting.unpin(self._front, slot))
        view.resized.connect(self.page.grow)
        view.pressed.connect(session.history.hold)
        view.released.connect(session.history.release)

    def deeds(self) -> tuple[PaintDeed, ...]:
        """What the keyboard can do."""
        return (
            ("wrap", "The picture three by three, as it tiles", ("G",), self.wrap, "grid-3x3"),
            ("drift", "Play or stop the drift", ("D",), self.toggle_drift, "wind"),
        )

    def show_face(self, slot: int, face: QPixmap | None) -> None:
        """Show a slot's small picture wherever it stands for the slot."""
        self.page.slots.show_face(slot, face)
        self.view.show_face(slot, face)

    # -- deeds ---------------------------------------------------------------------------------

    def wrap(self) -> None:
        """Show the picture three by three, or alone again; only where pictures tile."""
        spec = self._session.spec(self._front)
        if self._canvas.wrapped or spec.tiles:
            self._canvas.show_wrapped(not self._canvas.wrapped)
            self._say_seam()
        else:
            self._session.noticed.emit(f"{spec.title} makes pictures that do not tile.")
        self.page.wrap.setChecked(self._canvas.wrapped)

    def _say_seam(self) -> None:
        shown = self._session.state(self._front).shown
        if self._canvas.wrapped and shown is not None:
            across, down = seam(shown.pixels)
            words = f"Its edges step {across:.2f} times as much as its inside across"
            self._session.noticed.emit(f"{words}, {down:.2f} times down; about 1 is no seam.")

    def toggle_drift(self) -> None:
        """Let the front deck drift, or stop where it is."""
        motion = self._session.motion
        if motion.drifting(self._front):
            motion.stop_drift(self._front)
        else:
            motion.start_drift(self._front, self._clock())

    # -- inside --------------------------------------------------------------------------------

    @property
    def _front(self) -> str:
        return self._session.scene.front

    def refresh(self) -> None:
        """Show the front deck's pins and the brush, while the page is in front."""
        page = self.page
        deck = self._session.scene.front_deck
        self.view.show_pins(deck.pins, page.slot)
        self.view.show_brush(page.radius, page.slot is None)
        if page.in_front == self.view.isHidden():
            self.view.show_over(page.in_front)

    def _on_changed(self, new: Scene, old: Scene) -> None:
        if new.front != old.front and not self._session.spec(new.front).tiles:
            self._canvas.show_wrapped(False)
            self.page.wrap.setChecked(False)
        if not self.page.isHidden() or not self.view.isHidden():
            self.refresh()

    def _begin(self, place: Where) -> None:
        page = self.page
        self._session.painting.begin(self._front, page.slot, place, page.radius, page.strength)

    def _pin(self, slot: int, place: Where) -> None:
        self.page.pin_at(slot, place)
        self.page.choose(slot)
        self.view.setFocus()

    def _reach(self, slot: int, steps: float) -> None:
        held = self._session.scene.front_deck.pins.get(slot)
        if held is not None:
            reach = float(REACH.nudged(held.reach, steps))
            self._session.painting.reach(self._front, slot, reach)
