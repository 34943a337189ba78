"""The blend pad: slots are anchors, a puck blends them, and the hand plays the puck."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
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

from studio.document.scene import PAD_X, PAD_Y, SLOT_NAMES, Place
from ui.theme import ACCENT, BACKGROUND, HAIRLINE, PANEL, QUIET, RADIUS, TEXT, TRACK, colour, font
from ui.widgets.drag_data import SLOT_MIME
from ui.widgets.pixmaps import Thumbnail, ThumbnailStyle
from ui.widgets.repaint_throttle import RepaintThrottle

_INSET_PX = 26
_TRAIL = 28
_TRAIL_STEP = 4
"""So many points of the trail fade together."""
_STEP = 0.05
_FINE_STEP = 0.01


class Pad(QWidget):
    """A square from (-1, -1) to (1, 1), y up. It shows what it is told and reports the hand.

    Mouse or finger: the puck follows; with Shift it moves slowly from where it is; a double click
    centres. Right-drag on an anchor moves the anchor. Arrow keys step (Shift: finely), Home
    centres, the wheel moves up and down (Shift: left and right).
    """

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
        self._puck: Place = (0.0, 0.0)
        self._anchors: dict[int, Place] = {}
        self._weights: tuple[float, ...] = ()
        self._thumbnails = [Thumbnail() for _ in SLOT_NAMES]
        self._words = ""
        self._aside = ""
        self._trail: deque[Place] = deque(maxlen=_TRAIL)
        self._grip: QPointF | None = None
        self._held_anchor: int | None = None
        self.translucent = False
        # Opaque, so that a repaint does not call for the style sheet's background behind it.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._repaint = RepaintThrottle(self)
        self._measure()

    # -- what it shows -------------------------------------------------------------------------

    def show_blend(
        self, puck: Place, anchors: dict[int, Place], weights: tuple[float, ...]
    ) -> None:
        """Show the puck, the anchors by slot, and every slot's weight."""
        if puck != self._puck:
            self._trail.append(self._puck)
        self._puck, self._anchors, self._weights = puck, anchors, weights
        self._repaint()

    def show_thumbnail(self, slot: int, thumbnail: QPixmap | None) -> None:
        """Show `face` on a slot's anchor; None for just its letter."""
        self._thumbnails[slot].show(thumbnail)
        self.update()

    def show_words(self, words: str) -> None:
        """What to do while there is no anchor."""
        if words != self._words:
            self._words = words
            self.update()

    def show_aside(self, words: str) -> None:
        """What is shown in place of the blend, in a word or two; empty while the blend is."""
        if words != self._aside:
            self._aside = words
            self.setAccessibleDescription(words.replace("\n", "; "))
            self._repaint()

    def forget_trail(self) -> None:
        """Another deck is shown: its puck did not come from where this one was."""
        self._trail.clear()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return width

    # -- geometry ------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()

    def _measure(self) -> None:
        """Once for each size: a paint asks for more than fifty places."""
        self._middle_x, self._middle_y = self.width() / 2, self.height() / 2
        self._reach = max(1.0, min(self.width(), self.height()) / 2 - _INSET_PX)

    def point_at(self, place: Place) -> QPointF:
        """Where a place on the pad is in the widget."""
        x, y = place
        return QPointF(self._middle_x + x * self._reach, self._middle_y - y * self._reach)

    def place_at(self, point: QPointF) -> Place:
        """The place on the pad under a point of the widget, held inside."""
        x = (point.x() - self._middle_x) / self._reach
        y = (self._middle_y - point.y()) / self._reach
        return PAD_X.at((x + 1) / 2), PAD_Y.at((y + 1) / 2)

    def anchor_under(self, point: QPointF) -> int | None:
        """The slot whose anchor lies under a point of the widget, if any."""
        radius = self._face_px() / 2 + 4
        for slot, place in reversed(self._anchors.items()):  # the one on top is painted last
            away = self.point_at(place) - point
            if away.x() ** 2 + away.y() ** 2 <= radius**2:
                return slot
        return None

    def _face_px(self) -> float:
        return max(22.0, min(46.0, self._reach / 3.25))

    # -- painting ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_ground(painter)
        self._paint_threads(painter)
        self._paint_trail(painter)
        for slot, place in self._anchors.items():
            self._paint_anchor(painter, slot, self.point_at(place))
        self._paint_words(painter)
        self._paint_aside(painter)
        self._paint_puck(painter)

    def _paint_ground(self, painter: QPainter) -> None:
        if self.testAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent):
            painter.fillRect(self.rect(), colour(PANEL))
        ground = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setBrush(colour(PANEL, 0.6 if self.translucent else 1.0))
        painter.setPen(QPen(colour(QUIET if self.hasFocus() else HAIRLINE), 1))
        painter.drawRoundedRect(ground, RADIUS, RADIUS)

    def _paint_threads(self, painter: QPainter) -> None:
        """Line width is weight."""
        puck = self.point_at(self._puck)
        for slot, place in self._anchors.items():
            weight = self._weight(slot)
            pen = QPen(colour(ACCENT, 0.12 + 0.75 * weight), 0.8 + 5 * weight)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawLine(puck, self.point_at(place))

    def _paint_trail(self, painter: QPainter) -> None:
        points = [self.point_at(place) for place in self._trail]
        for begin in range(0, len(points), _TRAIL_STEP):
            opacity = 0.5 * (begin + _TRAIL_STEP) / _TRAIL
            pen = QPen(colour(ACCENT, opacity), 3.2)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPoints(points[begin : begin + _TRAIL_STEP])

    def _paint_anchor(self, painter: QPainter, slot: int, at: QPointF) -> None:
        size = self._face_px()
        disc = QRectF(at.x() - size / 2, at.y() - size / 2, size, size)
        weight = self._weight(slot)
        live = weight >= 0.2
        ring, ring_px = (ACCENT, 2.2) if live else (BACKGROUND, 1.5)
        self._thumbnails[slot].paint(painter, disc, ThumbnailStyle(size / 2, TRACK, ring, ring_px))
        painter.setFont(font(11))
        painter.setPen(colour(TEXT if live else QUIET))
        words = SLOT_NAMES[slot] if self._aside else f"{SLOT_NAMES[slot]} {round(100 * weight)}"
        painter.drawText(self._label_frame(disc), Qt.AlignmentFlag.AlignCenter, words)

    def _label_frame(self, disc: QRectF) -> QRectF:
        """Below the anchor or, where the puck or the pad's edge is in the way, above it."""
        below = QRectF(disc.center().x() - 30, disc.bottom() + 1, 60, 14)
        puck = self.point_at(self._puck)
        away = puck - below.center()
        covered = abs(away.x()) < 32 and abs(away.y()) < 20 and puck.y() > disc.center().y()
        if covered or below.bottom() > self.height():
            below.moveBottom(disc.top() - 1)
        return below

    def _paint_aside(self, painter: QPainter) -> None:
        """In the corner, in short lines: the anchors stand on a circle."""
        painter.setFont(font(11))
        for number, words in enumerate(self._aside.splitlines()):
            painter.setPen(colour(QUIET if number else ACCENT))
            painter.drawText(QRectF(10, 8 + 15 * number, self.width() - 20, 14), words)

    def _paint_words(self, painter: QPainter) -> None:
        if self._anchors or not self._words:
            return
        painter.setFont(font())
        painter.setPen(colour(QUIET))
        frame = QRectF(self.rect()).adjusted(8, 0, -8, -24)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        painter.drawText(frame, flags, self._words)

    def _paint_puck(self, painter: QPainter) -> None:
        at = self.point_at(self._puck)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._aside:  # it is here, but what is shown is not
            painter.setBrush(colour(PANEL))
            painter.setPen(QPen(colour(ACCENT), 2))
            painter.drawEllipse(at, 10, 10)
            return
        painter.setPen(QPen(colour(ACCENT, 0.6), 1.2))
        painter.drawEllipse(at, 16, 16)
        painter.setPen(QPen(colour(BACKGROUND), 1.5))
        painter.setBrush(colour(ACCENT))
        painter.drawEllipse(at, 11, 11)

    def _weight(self, slot: int) -> float:
        return self._weights[slot] if slot < len(self._weights) else 0.0

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
                self.moved.emit(self.place_at(self.point_at(self._puck) + way * 0.2))
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
        turn = event.angleDelta()
        notches = QPointF(turn.x() / 120, turn.y() / 120)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not notches.x():
            notches = QPointF(notches.y(), 0.0)
        self._step(_STEP * notches.x(), _STEP * notches.y())
        event.accept()

    def _step(self, right: float, up: float) -> None:
        x, y = self._puck
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
