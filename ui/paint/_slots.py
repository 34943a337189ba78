"""What the brush is dipped in: a chip for each slot, to paint with or to carry to the picture."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QDrag,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from studio.document.scene import SLOT_COUNT, SLOT_NAMES, Deck
from ui.icons import pixmap
from ui.theme import ACCENT, BACKGROUND, QUIET, RAISED, TEXT, TRACK, colour, font
from ui.widgets.drag_data import SLOT_MIME
from ui.widgets.pixmaps import Thumbnail, ThumbnailStyle
from ui.widgets.repaint_throttle import RepaintThrottle
from ui.widgets.value_field import ENTER_KEYS

_GAP_PX = 5
_LABEL_PX = 16
_CARRIED_PX = 48
_NUDGE = 0.02
_WAYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class PaintSlots(QWidget):
    """Click or arrow keys choose a slot, a drag carries it, Enter pins it or takes its pin away;
    Shift with an arrow moves the pin."""

    accessible_role = QAccessible.Role.List

    chosen = Signal(int)
    pinned = Signal(int)
    """A slot's pin is wanted, or wanted no more."""
    nudged = Signal(object)
    """The chosen slot's pin is to go so far right and down, in shares of the picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = [Thumbnail() for _ in range(SLOT_COUNT)]
        self._shown: tuple[int, tuple[bool, ...], frozenset[int]] = (0, (), frozenset())
        self._pressed: tuple[int, QPointF] | None = None
        self._repaint = RepaintThrottle(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(62)
        self.setAccessibleName("Paint with")
        self.setToolTip(
            "The slot to paint with. Drag one on to the picture to pin it there.\n"
            "Keys: arrows choose, Enter pins it or takes its pin away, Shift and an arrow moves it."
        )

    def sizeHint(self) -> QSize:
        return QSize(320, 62)

    def show_deck(self, deck: Deck, slot: int) -> None:
        """Show the deck's slots, the pins among them, and which one the brush is dipped in."""
        filled = tuple(held is not None for held in deck.slots)
        state = (slot, filled, frozenset(deck.pins))
        if state != self._shown:
            self._shown = state
            words = [SLOT_NAMES[slot] if filled[slot] else f"{SLOT_NAMES[slot]}, empty"]
            words += ["pinned"] if slot in deck.pins else []
            self.setAccessibleDescription(", ".join(words))
            self._repaint()

    def show_thumbnail(self, slot: int, thumbnail: QPixmap | None) -> None:
        self._thumbnails[slot].show(thumbnail)
        self._repaint()

    def thumbnail(self, slot: int) -> QPixmap | None:
        return self._thumbnails[slot].picture

    def chip(self, slot: int) -> QRectF:
        """Where a slot's chip stands."""
        side = min(42.0, (self.width() - (SLOT_COUNT - 1) * _GAP_PX - 2) / SLOT_COUNT)
        return QRectF(1 + slot * (side + _GAP_PX), 2, side, side)

    def _slot_at(self, point: QPointF) -> int | None:
        return next((i for i in range(SLOT_COUNT) if self.chip(i).contains(point)), None)

    # -- painting ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for slot, filled in enumerate(self._shown[1]):
            self._paint_chip(painter, slot, filled)

    def _paint_chip(self, painter: QPainter, slot: int, filled: bool) -> None:
        frame, chosen = self.chip(slot), slot == self._shown[0]
        painter.setOpacity(1.0 if filled else 0.35)
        self._thumbnails[slot].paint(painter, frame, ThumbnailStyle(6, RAISED))
        painter.setOpacity(1.0)
        tint = TEXT if chosen and self.hasFocus() else ACCENT if chosen else TRACK
        painter.setPen(QPen(colour(tint), 2.2 if chosen else 1.2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, 6, 6)
        if slot in self._shown[2]:
            self._paint_pin(painter, frame)
        painter.setFont(font(11))
        painter.setPen(colour(TEXT if chosen else QUIET))
        label = QRectF(frame.left(), frame.bottom() + 1, frame.width(), _LABEL_PX)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, SLOT_NAMES[slot])

    def _paint_pin(self, painter: QPainter, frame: QRectF) -> None:
        badge = QRectF(frame.right() - 16, frame.top() + 2, 14, 14)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(BACKGROUND, 0.7))
        painter.drawRoundedRect(badge, 4, 4)
        mark = pixmap("pin", 12, ACCENT, self.devicePixelRatioF())
        painter.drawPixmap(badge.topLeft() + QPointF(1, 1), mark)

    # -- the hand ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        slot = self._slot_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and slot is not None:
            self._pressed = (slot, event.position())
            self.chosen.emit(slot)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or not self._shown[1][self._pressed[0]]:
            return
        slot, begun = self._pressed
        if (event.position() - begun).manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            self._carry(slot)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = None

    def _carry(self, slot: int) -> None:
        drag = QDrag(self)
        carried = QMimeData()
        carried.setData(SLOT_MIME, str(slot).encode())
        drag.setMimeData(carried)
        thumbnail = self.thumbnail(slot)
        if thumbnail is not None:
            smooth = Qt.TransformationMode.SmoothTransformation
            drag.setPixmap(thumbnail.scaledToWidth(_CARRIED_PX, smooth))
        drag.exec(Qt.DropAction.CopyAction)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _WAYS and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            right, down = _WAYS[key]
            self.nudged.emit((right * _NUDGE, down * _NUDGE))
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.chosen.emit(min(SLOT_COUNT - 1, max(0, self._shown[0] + _WAYS[key][0])))
        elif key in ENTER_KEYS:
            self.pinned.emit(self._shown[0])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
