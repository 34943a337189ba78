"""A screen in small, with the four corners of the output to drag."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from studio.outputs.screen_picture import ScreenPicture
from studio.settings.screens import Corners, ScreenSettings
from ui.theme import ACCENT, BACKGROUND, HAIRLINE, QUIET, RAISED, TEXT, colour, font

_NAMES = ("top left", "top right", "bottom right", "bottom left")
_REACH_PX, _MARGIN_PX = 16, 36
_HEIGHT_PX = 260
_STEP = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class CornerView(QWidget):
    """Shows what it is told; `wanted(corners)` is what the hand wants. Keys 1 to 4 choose a corner,
    arrows move it by a pixel of the screen, with Shift by ten."""

    accessible_role = QAccessible.Role.Canvas

    wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(_HEIGHT_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Corners of the output on the screen")
        self.setToolTip("Drag a corner, or choose one by 1 to 4 and move it by the arrow keys")
        self._settings = ScreenSettings()
        self._picture, self._screen = (16, 9), (16, 9)
        self.chosen = 0
        self._grip: tuple[QPointF, tuple[float, float]] | None = None
        self._say()

    def show_screen(
        self, settings: ScreenSettings, picture: tuple[int, int], screen: tuple[int, int]
    ) -> None:
        """How an output of `picture` pixels lies on `screen`."""
        self._settings, self._picture, self._screen = settings, picture, screen
        self._say()
        self.update()

    def _say(self) -> None:
        x, y = self._settings.corners[self.chosen]
        across, down = round(x * self._screen[0]), round(y * self._screen[1])
        words = f"{_NAMES[self.chosen]} corner, moved by {across} px to the right, {down} px down"
        self.setAccessibleDescription(words)

    def frame(self) -> QRectF:
        """Where the screen lies in the widget."""
        margin = float(_MARGIN_PX)
        room = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        scale = min(room.width() / self._screen[0], room.height() / self._screen[1])
        frame = QRectF(0, 0, self._screen[0] * scale, self._screen[1] * scale)
        frame.moveCenter(room.center())
        return frame

    def points(self) -> list[QPointF]:
        """The four corners in the widget."""
        frame = self.frame()
        scale = frame.width() / self._screen[0]
        found = ScreenPicture(self._settings, self._picture, self._screen).corners.tolist()
        return [QPointF(frame.left() + x * scale, frame.top() + y * scale) for x, y in found]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), colour(BACKGROUND))
        painter.setPen(QPen(colour(QUIET if self.hasFocus() else HAIRLINE), 1))
        painter.drawRect(self.frame())
        points = self.points()
        painter.setPen(QPen(colour(ACCENT), 1.5))
        painter.setBrush(colour(RAISED))
        painter.drawPolygon(QPolygonF(points))
        painter.setFont(font(11))
        for n, point in enumerate(points):
            painter.setBrush(colour(ACCENT if n == self.chosen else RAISED))
            painter.setPen(QPen(colour(ACCENT), 1.5))
            painter.drawEllipse(point, 7, 7)
            painter.setPen(colour(TEXT))
            beside = QRectF(point.x() - 30, point.y() - 26 if n < 2 else point.y() + 9, 60, 16)
            painter.drawText(beside, Qt.AlignmentFlag.AlignCenter, str(n + 1))

    # -- the hand ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at, points = event.position(), self.points()
        far = [(point - at).manhattanLength() for point in points]
        nearest = far.index(min(far))
        if far[nearest] <= 2 * _REACH_PX:
            self.chosen = nearest
            self._grip = (at, self._settings.corners[nearest])
            self._say()
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is None:
            return
        begun, (x, y) = self._grip
        way, frame = event.position() - begun, self.frame()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            way *= 0.1
        self._want(x + way.x() / frame.width(), y + way.y() / frame.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._grip = None

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and _is_ours(event):
            event.accept()  # elsewhere it is a key of the window
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        number = key.value - Qt.Key.Key_1.value
        if 0 <= number < len(_NAMES):
            self.chosen = number
            self._say()
            self.update()
        elif key in _STEP:
            px = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            x, y = self._settings.corners[self.chosen]
            across, down = _STEP[key]
            self._want(x + px * across / self._screen[0], y + px * down / self._screen[1])
        else:
            super().keyPressEvent(event)

    def _want(self, x: float, y: float) -> None:
        """A corner there; not where the picture would be folded over itself."""
        place = (min(1.0, max(-1.0, x)), min(1.0, max(-1.0, y)))
        moved = list(self._settings.corners)
        moved[self.chosen] = place
        a, b, c, d = moved
        corners: Corners = (a, b, c, d)
        there = self._settings.but(corners=corners)
        if _is_convex(ScreenPicture(there, self._picture, self._screen).corners.tolist()):
            self.wanted.emit(corners)


def _is_ours(event: QEvent) -> bool:
    if not isinstance(event, QKeyEvent):
        return False
    key = Qt.Key(event.key())
    return key in _STEP or Qt.Key.Key_1 <= key <= Qt.Key.Key_4


def _is_convex(corners: list[list[float]]) -> bool:
    """Whether the corners go round clockwise, none of them pressed in."""
    for n in range(4):
        (ax, ay), (bx, by), (cx, cy) = (corners[(n + k) % 4] for k in range(3))
        if (bx - ax) * (cy - by) - (by - ay) * (cx - bx) <= 1.0:
            return False
    return True
