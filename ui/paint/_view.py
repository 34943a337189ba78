"""The hand on the picture: it paints, rubs, and drags pins. It lies over the canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QMenu

from studio.document.scene import SLOT_COUNT, SLOT_NAMES
from ui.icons import icon
from ui.paint._board import PaintBoard
from ui.stage.canvas import Canvas
from ui.widgets.drag_data import SLOT_MIME

_STEP, _FINE_STEP = 0.05, 0.01


class PaintView(PaintBoard):
    """Shows what it is told and reports what the hand wants.

    Left-drag paints, on a pin it moves the pin. The wheel makes the brush larger or, over a pin,
    its reach. Keys: arrows move the chosen pin, Del takes it away, [ and ] size the brush.
    """

    accessible_role = QAccessible.Role.Canvas

    begun = Signal(object)
    """The brush is put down at a place."""
    drawn = Signal(object)
    """It has come to a place."""
    ended = Signal()
    pin_moved = Signal(int, object)
    pin_dropped = Signal(int, object)
    """A slot was carried to a place."""
    pin_reached = Signal(int, float)
    """A pin is to reach further by so many hundredths of its travel."""
    unpinned = Signal(int)
    pressed = Signal()
    released = Signal()
    resized = Signal(float)
    """The brush is to grow by so many hundredths of its travel."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._paints = False
        self._grip: tuple[int, QPointF] | None = None
        """The pin that is held, and how far from its middle."""
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName("Picture to paint on")
        self.hide()

    # -- the hand ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.wake()
        at = event.position()
        if event.button() != Qt.MouseButton.LeftButton or not self._inside(at):
            event.ignore()  # beside the picture it is the canvas's
            return
        slot = self.pin_under(at)
        if slot is None:
            self._paints = True
            self.begun.emit(self.place_at(at))
        else:
            self._grip = (slot, self.point_at(self._pins[slot].place) - at)
            self._chosen = slot
            self.pressed.emit()
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.wake()
        at = event.position()
        inside = self._inside(at)
        over = inside and self._grip is None and not self._paints and self.pin_under(at) is not None
        self._hover(at if self._paints or (inside and not over) else None)
        self._show_cursor(inside, over)
        if self._paints:
            self.drawn.emit(self.place_at(at))
        elif self._grip is not None:
            slot, way = self._grip
            self.pin_moved.emit(slot, self.place_at(at + way))
        elif not inside:
            event.ignore()

    def _show_cursor(self, inside: bool, over: bool) -> None:
        shapes = Qt.CursorShape
        holds = self._grip is not None
        shape = shapes.ClosedHandCursor if holds else shapes.OpenHandCursor
        self.setCursor(shape if holds or over or not inside else shapes.CrossCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and (self._paints or self._grip):
            self._let_go()
        else:
            event.ignore()

    def hideEvent(self, event: QHideEvent) -> None:
        self._let_go()  # a hidden widget never hears of the release
        self._hand = None

    def _let_go(self) -> None:
        paints, self._paints = self._paints, False
        grip, self._grip = self._grip, None
        if paints:
            self.ended.emit()
        if grip is not None:
            self.released.emit()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = (event.angleDelta().y() or event.angleDelta().x()) / 120
        slot = self.pin_under(event.position())
        if slot is None:
            self.resized.emit(3 * notches)
        else:
            self.pin_reached.emit(slot, 3 * notches)
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        slot = self.pin_under(QPointF(event.pos()))
        if slot is not None:
            self.menu(slot).popup(event.globalPos())

    def menu(self, slot: int) -> QMenu:
        """What can be done with a pin."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        action = menu.addAction(icon("trash"), f"Take the pin of {SLOT_NAMES[slot]} away\tDel")
        action.triggered.connect(lambda: self.unpinned.emit(slot))
        return menu

    # -- the keys ------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _FINE_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP
        ways = {
            Qt.Key.Key_Left: (-step, 0.0),
            Qt.Key.Key_Right: (step, 0.0),
            Qt.Key.Key_Up: (0.0, -step),
            Qt.Key.Key_Down: (0.0, step),
        }
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight):
            self.resized.emit(3.0 if key == Qt.Key.Key_BracketRight else -3.0)
        elif self._chosen is None or self._chosen not in self._pins:
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.unpinned.emit(self._chosen)
        elif key in ways:
            x, y = self._pins[self._chosen].place
            self.pin_moved.emit(self._chosen, (x + ways[key][0], y + ways[key][1]))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QEvent) -> None:
        self.update()

    # -- slots carried here --------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(SLOT_MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.setAccepted(self._inside(event.position()))

    def dropEvent(self, event: QDropEvent) -> None:
        carried = bytes(event.mimeData().data(SLOT_MIME).data())
        if carried.isdigit() and int(carried) < SLOT_COUNT and self._inside(event.position()):
            self.pin_dropped.emit(int(carried), self.place_at(event.position()))
            event.acceptProposedAction()
