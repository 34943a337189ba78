"""Nine small pictures to choose from, by mouse or keys, or to carry away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
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

from studio.engine import Latent
from studio.latent.variations import MIDDLE, SHEET_SIDE
from ui.theme import ACCENT, RADIUS, RAISED, TEXT, TRACK, colour
from ui.widgets.drag_data import carry_point
from ui.widgets.pixmaps import Thumbnail, ThumbnailStyle
from ui.widgets.repaint_throttle import RepaintThrottle
from ui.widgets.value_field import ENTER_KEYS

_GAP_PX = 6
_CUT = ThumbnailStyle(RADIUS, RAISED)
_WAYS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class SheetView(QWidget):
    """Shows what it is told; a click or Enter chooses a picture, a drag carries its point."""

    accessible_role = QAccessible.Role.List

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.points: Sequence[Latent] = ()
        self.marks_middle = True
        self._thumbnails = [Thumbnail() for _ in range(SHEET_SIDE**2)]
        self._at = MIDDLE
        self._under: int | None = None
        self._pressed: tuple[int, QPointF] | None = None
        self._repaint = RepaintThrottle(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(140, 140)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Variations")
        self.setToolTip(
            "Click one to go there; drag one on to a slot to keep it.\n"
            "Arrow keys choose, Enter goes there."
        )
        self._stand(MIDDLE)

    def show_points(self, points: Sequence[Latent], marks_middle: bool) -> None:
        """What the pictures stand for. The old ones stay until the new ones come."""
        self.points, self.marks_middle = points, marks_middle
        self._repaint()

    def clear(self) -> None:
        """Show nothing: what was there is of another model."""
        self.points = ()
        for thumbnail in self._thumbnails:
            thumbnail.show(None)
        self._repaint()

    def show_picture(self, index: int, picture: QPixmap | None) -> None:
        self._thumbnails[index].show(picture)
        self._repaint()

    def picture(self, index: int) -> QPixmap | None:
        return self._thumbnails[index].picture

    def frame(self, index: int) -> QRectF:
        """Where a picture stands in the widget."""
        room = min(self.width(), self.height())
        side = (room - (SHEET_SIDE - 1) * _GAP_PX - 4) / SHEET_SIDE
        left = (self.width() - SHEET_SIDE * side - (SHEET_SIDE - 1) * _GAP_PX) / 2
        row, column = divmod(index, SHEET_SIDE)
        return QRectF(left + column * (side + _GAP_PX), 2 + row * (side + _GAP_PX), side, side)

    def _index_at(self, point: QPointF) -> int | None:
        inside = (i for i in range(len(self._thumbnails)) if self.frame(i).contains(point))
        return next(inside, None)

    # -- painting ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for index, thumbnail in enumerate(self._thumbnails):
            frame = self.frame(index)
            thumbnail.paint(painter, frame, _CUT)
            painter.setPen(self._border(index))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame, RADIUS, RADIUS)

    def _border(self, index: int) -> QPen:
        if self.hasFocus() and index == self._at:
            return QPen(colour(TEXT), 2)
        if self.marks_middle and index == MIDDLE:
            return QPen(colour(ACCENT), 2)
        return QPen(colour(TEXT if index == self._under else TRACK), 1)

    # -- the hand ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index is not None:
            self._pressed = (index, event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self._index_at(event.position()))
        if self._pressed is None:
            return
        index, begun = self._pressed
        if (event.position() - begun).manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            self._carry(index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if pressed is not None and event.button() == Qt.MouseButton.LeftButton:
            self._stand(pressed[0])
            self._choose(pressed[0])

    def leaveEvent(self, event: object) -> None:
        self._hover(None)

    def _hover(self, index: int | None) -> None:
        if index != self._under:
            self._under = index
            self._repaint()

    def _choose(self, index: int) -> None:
        if index < len(self.points):
            self.chosen.emit(index)

    def _carry(self, index: int) -> None:
        if index >= len(self.points):
            return
        drag = QDrag(self)
        drag.setMimeData(carry_point(self.points[index]))
        picture = self.picture(index)
        if picture is not None:
            drag.setPixmap(picture.scaledToWidth(64, Qt.TransformationMode.SmoothTransformation))
        drag.exec(Qt.DropAction.CopyAction)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in ENTER_KEYS:
            self._choose(self._at)
        elif key in _WAYS:
            right, down = _WAYS[key]
            row, column = divmod(self._at, SHEET_SIDE)
            row, column = (min(SHEET_SIDE - 1, max(0, v)) for v in (row + down, column + right))
            self._stand(row * SHEET_SIDE + column)
        else:
            super().keyPressEvent(event)

    def _stand(self, index: int) -> None:
        self._at = index
        row, column = divmod(index, SHEET_SIDE)
        self.setAccessibleDescription(f"row {row + 1}, column {column + 1}")
        self._repaint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()
