"""The stage: the front deck's newest picture and nothing else."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from ui.paint.wrap_preview import paint_tiled, paint_wrapped
from ui.theme import BACKGROUND, QUIET, colour, font


class Canvas(QWidget):
    """Shows a pixmap as large as fits. A drag on it is a drag of the puck.

    `painted` tells that the newest picture has reached the screen. Dragging the whole height of
    the picture moves the puck the whole height of the pad.
    """

    painted = Signal()
    resized = Signal()
    pressed = Signal()
    dragged = Signal(QPointF)
    """How far the hand went since the last event, in pad units."""
    released = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(320, 320)
        self.setAccessibleName("Stage")
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self._picture: QPixmap | None = None
        self._words = ""
        self._last: QPointF | None = None
        self._wrapped = False
        self._as = "fit"
        self.margin = 28

    def show_picture(self, picture: QPixmap | None) -> None:
        """Show `picture` from the next paint on; earlier ones not yet painted are skipped."""
        self._picture = picture
        self.update()

    def show_words(self, words: str) -> None:
        """One quiet sentence, shown where there is no picture."""
        if words != self._words:
            self._words = words
            self.update()

    def show_wrapped(self, wrapped: bool) -> None:
        """Show the picture three by three, as it joins with itself, in the place of one."""
        if wrapped != self._wrapped:
            self._wrapped = wrapped
            self.setAccessibleDescription("three by three" if wrapped else "")
            self.update()
            self.resized.emit()  # whoever lies over the picture has to follow

    def show_as(self, how: str) -> None:
        """ "fit": all of the picture; "fill": no border, though edges are cut off; "tile": side by
        side at half of the height."""
        if how != self._as:
            self._as = how
            self.update()
            self.resized.emit()

    @property
    def has_picture(self) -> bool:
        return self._picture is not None

    @property
    def wrapped(self) -> bool:
        """Whether the picture is shown three by three."""
        return self._wrapped

    def tile(self) -> QRectF:
        """Where the one picture is painted that those around it are copies of."""
        frame = self.frame()
        if not self._wrapped:
            return frame
        width, height = frame.width() / 3, frame.height() / 3
        return QRectF(frame.left() + width, frame.top() + height, width, height)

    def frame(self) -> QRectF:
        """Where the picture is painted, in widget coordinates."""
        inside = QRectF(self.rect()).adjusted(self.margin, self.margin, -self.margin, -self.margin)
        if self._picture is None:
            side = min(inside.width(), inside.height())
            width = height = side
        else:
            picture = self._picture.size().toSizeF()
            across, down = inside.width() / picture.width(), inside.height() / picture.height()
            scale = {"fill": max(across, down), "tile": down / 2}.get(self._as, min(across, down))
            width, height = picture.width() * scale, picture.height() * scale
        centre = inside.center()
        return QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), colour(BACKGROUND))
        if self._picture is None:
            painter.setPen(colour(QUIET))
            painter.setFont(font(15))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(48, 0, -48, 0), flags, self._words)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._wrapped:
            paint_wrapped(painter, self.frame(), self._picture)
        elif self._as == "tile":
            paint_tiled(painter, QRectF(self.rect()), self.frame(), self._picture)
        else:
            painter.drawPixmap(self.frame(), self._picture, QRectF(self._picture.rect()))
        painter.end()
        self.painted.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._last = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.pressed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._last is None:
            return
        moved = event.position() - self._last
        self._last = event.position()
        slow = 0.2 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
        per_px = slow * 2 / max(1.0, self.frame().height())
        self.dragged.emit(QPointF(moved.x() * per_px, -moved.y() * per_px))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._last is not None and event.button() == Qt.MouseButton.LeftButton:
            self._last = None
            self.setCursor(Qt.CursorShape.OpenHandCursor)
            self.released.emit()
