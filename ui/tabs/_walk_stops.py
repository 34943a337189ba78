"""The way of a walk: chips for the slots, those it goes through first and in its order."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
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
from ui.theme import ACCENT, QUIET, RAISED, TEXT, TRACK, colour, font
from ui.widgets.pixmaps import Thumbnail, ThumbnailStyle
from ui.widgets.repaint_throttle import RepaintThrottle
from ui.widgets.value_field import ENTER_KEYS

_GAP_PX = 5
_LABEL_PX = 16


def stops_of(deck: Deck) -> list[int]:
    """The filled slots that the deck's walk goes through, in its order."""
    wanted = deck.walk.slots or range(SLOT_COUNT)
    return [index for index in wanted if deck.slots[index] is not None]


class WalkStops(QWidget):
    """Click or Enter takes a slot in or out; a drag, or Shift with an arrow key, moves it."""

    accessible_role = QAccessible.Role.List

    wanted = Signal(object)
    """The stops that the hand wants, a tuple of slots."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = [Thumbnail() for _ in range(SLOT_COUNT)]
        self._stops: list[int] = []
        self._rest: list[int] = []
        self._at = 0
        self._pressed: tuple[int, QPointF] | None = None
        self._dragged_to: QPointF | None = None
        self._repaint = RepaintThrottle(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(62)
        self.setAccessibleName("Slots of the walk")
        self.setToolTip(
            "The slots that the walk goes through, and back to the first.\n"
            "Click one to take it in or out, drag it to another place.\n"
            "Keys: arrows choose, Enter takes in or out, Shift and an arrow moves it."
        )

    def sizeHint(self) -> QSize:
        return QSize(320, 62)

    def show_deck(self, deck: Deck) -> None:
        """Show the deck's filled slots: those of its walk, and then the others."""
        stops = stops_of(deck)
        rest = [i for i, s in enumerate(deck.slots) if s is not None and i not in stops]
        if (stops, rest) != (self._stops, self._rest):
            self._stops, self._rest = stops, rest
            self._at = min(self._at, max(0, len(self.order) - 1))
            self._describe()

    def show_thumbnail(self, slot: int, thumbnail: QPixmap | None) -> None:
        self._thumbnails[slot].show(thumbnail)
        self._repaint()

    @property
    def order(self) -> list[int]:
        """The slots as their chips stand."""
        return [*self._stops, *self._rest]

    def chip(self, place: int) -> QRectF:
        """Where the chip at a place stands."""
        side = min(42.0, (self.width() - (SLOT_COUNT - 1) * _GAP_PX - 2) / SLOT_COUNT)
        return QRectF(1 + place * (side + _GAP_PX), 2, side, side)

    def _place_at(self, x: float) -> int:
        step = self.chip(1).left() - self.chip(0).left()
        return min(len(self.order) - 1, max(0, int((x - 1) // step)))

    def _describe(self) -> None:
        way = ", ".join(SLOT_NAMES[i] for i in self._stops)
        words = [f"through {way}" if way else "empty"]
        if self.order:
            slot = self.order[self._at]
            words.append(f"on {SLOT_NAMES[slot]}, {'in' if slot in self._stops else 'out'}")
        self.setAccessibleDescription("; ".join(words))
        self._repaint()

    # -- painting ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for place, slot in enumerate(self.order):
            self._paint_chip(painter, place, slot)
        if self._dragged_to is not None:
            at = self.chip(self._place_at(self._dragged_to.x())).left() - _GAP_PX / 2
            painter.fillRect(QRectF(at - 1, 0, 2, self.chip(0).bottom() + 2), colour(ACCENT))

    def _paint_chip(self, painter: QPainter, place: int, slot: int) -> None:
        frame, chosen = self.chip(place), slot in self._stops
        painter.setOpacity(1.0 if chosen else 0.35)
        self._thumbnails[slot].paint(painter, frame, ThumbnailStyle(6, RAISED))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour(ACCENT if chosen else TRACK), 1.5))
        painter.drawRoundedRect(frame, 6, 6)
        painter.setOpacity(1.0)
        if self.hasFocus() and place == self._at:
            painter.setPen(QPen(colour(TEXT), 2))
            painter.drawRoundedRect(frame.adjusted(-1, -1, 1, 1), 7, 7)
        painter.setFont(font(11))
        painter.setPen(colour(TEXT if chosen else QUIET))
        label = QRectF(frame.left(), frame.bottom() + 1, frame.width(), _LABEL_PX)
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, SLOT_NAMES[slot])

    # -- the hand ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._place_at(event.position().x())
        left = event.button() == Qt.MouseButton.LeftButton
        if left and self.order and self.chip(place).right() >= event.position().x():
            self._pressed = (place, event.position())
            self._at = place
            self._describe()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or self.order[self._pressed[0]] not in self._stops:
            return
        way = (event.position() - self._pressed[1]).manhattanLength()
        if self._dragged_to is not None or way >= QApplication.startDragDistance():
            self._dragged_to = event.position()
            self._repaint()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        dragged, self._dragged_to = self._dragged_to, None
        self._repaint()
        if pressed is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if dragged is None:
            self._toggle(pressed[0])
        else:
            self._move(pressed[0], self._place_at(dragged.x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if key in ENTER_KEYS and self.order:
            self._toggle(self._at)
        elif key in ways and self.order:
            there = min(len(self.order) - 1, max(0, self._at + ways[key]))
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._move(self._at, there)
            self._at = there
            self._describe()
        else:
            super().keyPressEvent(event)

    def _toggle(self, place: int) -> None:
        slot = self.order[place]
        if slot not in self._stops:
            self.wanted.emit((*self._stops, slot))
        elif len(self._stops) > 1:  # none at all would mean every slot
            self.wanted.emit(tuple(s for s in self._stops if s != slot))

    def _move(self, place: int, there: int) -> None:
        slot, there = self.order[place], min(there, len(self._stops) - 1)
        if slot in self._stops and there != place:
            rest = [s for s in self._stops if s != slot]
            self.wanted.emit((*rest[:there], slot, *rest[there:]))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
