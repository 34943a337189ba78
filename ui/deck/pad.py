"""The blend pad: slots are anchors, a puck blends them, and the hand plays the puck."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.document.scene import SLOT_NAMES, Place
from ui import theme
from ui.deck._pad_painting import PadGeometry, PadState, paint_pad
from ui.theme import HAIRLINE, PANEL, QUIET, RADIUS, colour
from ui.widgets import wheel
from ui.widgets.drag_data import SLOT_MIME
from ui.widgets.repaint_throttle import RepaintThrottle

_STEP = 0.05
_FINE_STEP = 0.01


class Pad(QWidget):
    """A square from (-1, -1) to (1, 1), y up. It shows what it is told and reports the hand.

    Mouse or finger: the puck follows; with Shift it moves slowly from where it is; a double click
    centres. Right-drag on an anchor moves the anchor. Arrow keys step (Shift: finely), Home
    centres, the wheel moves up and down (Shift: left and right).
    """

    accessible_role = QAccessible.Role.Canvas

    pressed = Signal()
    moved = Signal(object)
    """The place that the hand wants for the puck."""
    released = Signal()
    doubled = Signal()
    """A double click is under way: the click that began it was not meant to move the puck."""
    anchor_moved = Signal(int, object)
    """A slot's index and the place wanted for its anchor."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.setMouseTracking(False)
        self.setAccessibleName("Blend pad")
        self.setToolTip(
            "Blend pad: drag the puck towards the slots to blend them.\n"
            "Arrow keys step, Shift slows, double-click centres, right-drag moves an anchor."
        )
        self.setMinimumSize(180, 180)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._shown = PadState()
        self._geometry = PadGeometry(self.width(), self.height())
        self._grip: QPointF | None = None
        self._held_anchor: int | None = None
        self.translucent = False
        self._unseen = False
        # Opaque, so that a repaint does not call for the style sheet's background behind it.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._repaint = RepaintThrottle(self)

    # -- what it shows -------------------------------------------------------------------------

    def show_blend(
        self, puck: Place, anchors: dict[int, Place], weights: tuple[float, ...]
    ) -> None:
        """Show the puck, the anchors by slot, and every slot's weight."""
        shown = self._shown
        if puck != shown.puck and not theme.keeps_still():
            shown.trail.append(shown.puck)
        shown.puck, shown.anchors, shown.weights = puck, anchors, weights
        self._repaint()

    def show_thumbnail(self, slot: int, thumbnail: QPixmap | None) -> None:
        """Show `thumbnail` on a slot's anchor; None for just its letter."""
        self._shown.thumbnails[slot].show(thumbnail)
        self.update()

    def show_words(self, words: str) -> None:
        """What to do while there is no anchor."""
        if words != self._shown.words:
            self._shown.words = words
            self.update()

    def show_aside(self, words: str) -> None:
        """What is shown in place of the blend, in a word or two; empty while the blend is."""
        if words != self._shown.aside:
            self._shown.aside = words
            self.setAccessibleDescription(words.replace("\n", "; "))
            self._repaint()

    def forget_trail(self) -> None:
        """Another deck is shown: its puck did not come from where this one was."""
        self._shown.trail.clear()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return width

    # -- geometry ------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._geometry = PadGeometry(self.width(), self.height())

    def point_at(self, place: Place) -> QPointF:
        """Where a place on the pad is in the widget."""
        return self._geometry.point_at(place)

    def place_at(self, point: QPointF) -> Place:
        """The place on the pad under a point of the widget, held inside."""
        return self._geometry.place_at(point)

    def anchor_under(self, point: QPointF) -> int | None:
        """The slot whose anchor lies under a point of the widget, if any."""
        radius = self._geometry.anchor_px / 2 + 4
        anchors = self._shown.anchors.items()
        for slot, place in reversed(anchors):  # the one on top is painted last
            away = self.point_at(place) - point
            if away.x() ** 2 + away.y() ** 2 <= radius**2:
                return slot
        return None

    def be_unseen(self, unseen: bool) -> None:
        """Paint nothing, before an audience; keys still play."""
        self._unseen = unseen
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._unseen:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_ground(painter)
        paint_pad(painter, self._shown, self._geometry)

    def _paint_ground(self, painter: QPainter) -> None:
        if self.testAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent):
            painter.fillRect(self.rect(), colour(PANEL))
        ground = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setBrush(colour(PANEL, 0.6 if self.translucent else 1.0))
        painter.setPen(QPen(colour(QUIET if self.hasFocus() else HAIRLINE), 1))
        painter.drawRoundedRect(ground, RADIUS, RADIUS)

    # -- the hand ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self._held_anchor = self.anchor_under(event.position())
            if self._held_anchor is not None:
                self.pressed.emit()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._grip = event.position()
            self.pressed.emit()
            if not _slow(event):
                self.moved.emit(self.place_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held_anchor is not None:
            self.anchor_moved.emit(self._held_anchor, self.place_at(event.position()))
        elif self._grip is not None:
            if _slow(event):
                way = event.position() - self._grip
                self.moved.emit(self.place_at(self.point_at(self._shown.puck) + way * 0.2))
            else:
                self.moved.emit(self.place_at(event.position()))
            self._grip = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._let_go()

    def hideEvent(self, event: QHideEvent) -> None:
        self._let_go()  # a hidden widget never hears of the release

    def _let_go(self) -> None:
        if self._grip is not None or self._held_anchor is not None:
            self._grip = self._held_anchor = None
            self.released.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.doubled.emit()
            self.moved.emit((0.0, 0.0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _FINE_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP
        ways = {
            Qt.Key.Key_Left: (-step, 0.0),
            Qt.Key.Key_Right: (step, 0.0),
            Qt.Key.Key_Up: (0.0, step),
            Qt.Key.Key_Down: (0.0, -step),
        }
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Home:
            self.moved.emit((0.0, 0.0))
        elif key in ways:
            self._step(*ways[key])
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not wheel.turns(self, event):
            return
        turn = event.angleDelta()
        notches = QPointF(turn.x() / 120, turn.y() / 120)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not notches.x():
            notches = QPointF(notches.y(), 0.0)
        self._step(_STEP * notches.x(), _STEP * notches.y())

    def _step(self, right: float, up: float) -> None:
        x, y = self._shown.puck
        self.moved.emit((x + right, y + up))

    def focusInEvent(self, event: QEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QEvent) -> None:
        self.update()

    # -- slots dragged here --------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(SLOT_MIME):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        carried = bytes(event.mimeData().data(SLOT_MIME).data())
        if carried.isdigit() and int(carried) < len(SLOT_NAMES):
            self.anchor_moved.emit(int(carried), self.place_at(event.position()))
            event.acceptProposedAction()


def _slow(event: QMouseEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
