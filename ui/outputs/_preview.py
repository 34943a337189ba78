"""The output in small: the chosen layer is dragged on it, made larger by the wheel."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.document.mix import SCALE, X, Y
from studio.outputs.mixing import outline, visible
from studio.outputs.room import OutputRoom
from studio.outputs.sink import Pixels
from studio.session import Session
from studio.settings.screens import ScreenSettings
from ui.outputs.window import ScreenSink
from ui.theme import ACCENT, BACKGROUND, HAIRLINE, QUIET, colour
from ui.widgets import wheel

_HEIGHT_PX = 132
_PAUSE_S = 0.03
"""Between two pictures: it is small, and the window has more to do."""
_STEP = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


class MixPreview(QWidget):
    """Takes frames while it is seen. Arrows move the chosen layer, with Shift by little."""

    accessible_role = QAccessible.Role.Canvas

    chosen = Signal(str)
    """A layer was pressed."""

    def __init__(
        self, session: Session, room: OutputRoom, key: Callable[[], str], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._session, self._room, self._key = session, room, key
        self.sink = ScreenSink("the preview", self, pause_s=_PAUSE_S)
        self.sink.ready.connect(self._take)
        self.sink.stale.connect(lambda: room.again(self.sink))
        self._shown: Pixels | None = None
        self._grip: tuple[QPointF, float, float] | None = None
        self.setFixedHeight(_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Preview of the output")
        self.setToolTip(
            "The output. Drag a layer or use the arrow keys; the wheel scales it, Shift slows"
        )

    # -- what it shows -------------------------------------------------------------------------

    def frame(self) -> QRectF:
        """Where the output lies in the widget."""
        output, room = QSize(*self._room.size), QRectF(self.rect()).adjusted(1, 1, -1, -1)
        scale = min(room.width() / output.width(), room.height() / output.height())
        width, height = output.width() * scale, output.height() * scale
        middle = room.center()
        return QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)

    def refresh(self) -> None:
        """Show the layers as they are now."""
        self._ask()
        self.update()

    def _ask(self) -> None:
        ratio, frame = self.devicePixelRatioF(), self.frame()
        size = max(1, round(frame.width() * ratio)), max(1, round(frame.height() * ratio))
        self.sink.use(ScreenSettings(), size)

    def _take(self) -> None:
        self._ask()  # the output may have another shape
        made = self.sink.take()
        if made is not None:
            self._shown = made[0]
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(BACKGROUND))
        frame = self.frame()
        if self._shown is not None:
            height, width, _ = self._shown.shape
            image = QImage(self._shown.data, width, height, 4 * width, QImage.Format.Format_RGB32)
            painter.drawImage(frame, image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour(QUIET if self.hasFocus() else HAIRLINE), 1))
        painter.drawRect(frame)
        corners = self._corners(self._key())
        if corners is not None:
            painter.setClipRect(frame)
            painter.setPen(QPen(colour(ACCENT), 1.5))
            painter.drawPolygon(corners)

    def _corners(self, key: str) -> QPolygonF | None:
        """Where a layer lies in the widget; None where it has no picture."""
        picture, scene = self._room.picture(key), self._session.shown
        if picture is None or key not in scene.layer_keys:
            return None
        frame, (width, height) = self.frame(), self._room.size
        sides = picture.shape[1], picture.shape[0]
        places = outline(sides, scene.layer(key), (width, height))
        across, down = frame.width() / width, frame.height() / height
        return QPolygonF(
            [QPointF(frame.left() + x * across, frame.top() + y * down) for x, y in places]
        )

    # -- the hand ------------------------------------------------------------------------------

    def _layer_at(self, at: QPointF) -> str:
        """The highest layer there that is seen, or ""."""
        for key, _ in reversed(visible(self._session.shown)):
            corners = self._corners(key)
            if corners is not None and corners.containsPoint(at, Qt.FillRule.OddEvenFill):
                return key
        return ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        own = self._corners(self._key())
        inside = own is not None and own.containsPoint(event.position(), Qt.FillRule.OddEvenFill)
        key = "" if inside else self._layer_at(event.position())
        if key:
            self.chosen.emit(key)
        layer = self._session.scene.layer(self._key())
        self._grip = (event.position(), layer.x, layer.y)
        self._session.history.hold()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is None:
            return
        begun, x, y = self._grip
        way, frame = event.position() - begun, self.frame()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            way *= 0.1
        self._move(x + way.x() / frame.width(), y - way.y() / frame.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._let_go()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._let_go()
        self._room.remove(self.sink)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()
        self._room.add(self.sink, preview=True)

    def _let_go(self) -> None:
        if self._grip is not None:
            self._grip = None
            self._session.history.release()

    def _move(self, x: float, y: float) -> None:
        fitting = {"x": min(X.high, max(X.low, x)), "y": min(Y.high, max(Y.low, y))}
        self._session.mixer.set_layer(self._key(), **fitting)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEP.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        slow = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        by, layer = 0.002 if slow else 0.02, self._session.scene.layer(self._key())
        self._move(layer.x + by * step[0], layer.y + by * step[1])

    def wheelEvent(self, event: QWheelEvent) -> None:
        if wheel.turns(self, event):
            slow = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            steps = (event.angleDelta().y() or event.angleDelta().x()) / 120 * (0.2 if slow else 2)
            scale = self._session.scene.layer(self._key()).scale
            self._session.mixer.set_layer(self._key(), scale=SCALE.nudged(scale, steps))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ask()
