"""One slot: what it holds, its letter, its weight, its lock."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from studio.document.scene import SLOT_NAMES
from ui.icons import pixmap
from ui.theme import (
    ACCENT,
    BACKGROUND,
    PANEL,
    QUIET,
    RADIUS,
    RAISED,
    TEXT,
    TRACK,
    WELL,
    colour,
    font,
)
from ui.widgets.drag_data import SLOT_MIME, carried_file, carried_point
from ui.widgets.pixmaps import Thumbnail, ThumbnailStyle
from ui.widgets.repaint_throttle import RepaintThrottle

_CUT = ThumbnailStyle(RADIUS, RAISED)
_KEYS = {
    Qt.Key.Key_S: "sample",
    Qt.Key.Key_C: "capture",
    Qt.Key.Key_L: "lock",
    Qt.Key.Key_O: "open",
    Qt.Key.Key_D: "draw",
    Qt.Key.Key_I: "played",
    Qt.Key.Key_Delete: "clear",
    Qt.Key.Key_Backspace: "clear",
}


class SlotView(QWidget):
    """One slot. A click brings the puck to it, a drag carries it to the pad."""

    accessible_role = QAccessible.Role.Button

    gone_to = Signal()
    menu_wanted = Signal(object)
    picture_dropped = Signal(object)
    """The path of a file that was dropped here."""
    point_dropped = Signal(object)
    """A point that was carried here from a sheet."""
    keyed = Signal(str)
    """What a key asked for, such as "sample" or "lock"."""

    def __init__(self, index: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.index = index
        self._thumbnail = Thumbnail()
        self._filled = False
        self._locked = False
        self._own = False
        self._repaint = RepaintThrottle(self)
        self._weight = 0.0
        self._refinement: float | None = None
        self._pressed_at: QPointF | None = None
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # as the pad is
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(56, 44)
        self.setMaximumHeight(86)
        self.setAccessibleName(f"Slot {SLOT_NAMES[index]}")
        self.setAccessibleDescription("empty")
        self.explain(melodies=False, go_to_key="", paste_key="")

    def explain(self, *, melodies: bool, go_to_key: str, paste_key: str) -> None:
        """Say what the slot takes in, pictures or melodies, and with which keys."""
        what, more = ("melody", "I what you just played") if melodies else ("picture", "D draw one")
        file = "a MIDI file" if melodies else "a picture"
        self.setToolTip(
            f"Slot {SLOT_NAMES[self.index]}{go_to_key and f' (key {go_to_key})'}: click to go "
            f"there, drag it on to the pad,\n"
            f"or drop {file} here, or paste one{paste_key and f' with {paste_key}'}.\n"
            f"Right-click or the keys S sample, C capture, O open {what}, {more}, L lock, "
            "Del clear."
        )

    def show_slot(self, filled: bool, locked: bool, weight: float, *, own: bool = False) -> None:
        """Show what the slot holds, an `own` picture or not, and its share of the blend in
        [0, 1]."""
        state = (filled, locked, round(weight, 2), own)  # what can be seen of it
        if state != (self._filled, self._locked, self._weight, self._own):
            self._filled, self._locked, self._weight, self._own = state
            self._describe()

    def show_refinement(self, share: float | None) -> None:
        """Show how far the slot has come towards its picture, in [0, 1]; None when at rest."""
        if share != self._refinement:
            self._refinement = share
            self._describe()

    def _describe(self) -> None:
        words = [f"{round(100 * self._weight)} %" if self._filled else "empty"]
        if self._locked:
            words.append("locked")
        if self._own:
            words.append("your own picture")
        if self._refinement is not None:
            words.append("getting closer to its picture")
        self.setAccessibleDescription(", ".join(words))
        self._repaint()

    def show_thumbnail(self, thumbnail: QPixmap | None) -> None:
        self._thumbnail.show(thumbnail)
        self.update()

    @property
    def thumbnail(self) -> QPixmap | None:
        return self._thumbnail.picture

    def _frame(self) -> QRectF:
        side = min(self.width() - 6, self.height() - 6)
        middle = QRectF(self.rect()).center()
        return QRectF(middle.x() - side / 2, middle.y() - side / 2, side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), colour(PANEL))
        frame = self._frame()
        path = QPainterPath()
        path.addRoundedRect(frame, RADIUS, RADIUS)
        if self._filled:
            self._thumbnail.paint(painter, frame, _CUT)
            self._paint_bars(painter, frame, path)
        else:
            painter.fillPath(path, colour(RAISED))
            plus = pixmap("plus", 18, QUIET, self.devicePixelRatioF())
            painter.drawPixmap(frame.center() - QPointF(9, 9), plus)
        self._paint_border(painter, path)
        _paint_letter(painter, frame, self.index, filled=self._filled)
        if self._locked:
            _paint_sign(painter, "lock", frame.topRight() + QPointF(-20, 4), self)
        if self._own:
            _paint_sign(painter, "photo-up", frame.bottomRight() + QPointF(-20, -24), self)

    def _paint_bars(self, painter: QPainter, frame: QRectF, path: QPainterPath) -> None:
        """The weight along the lower edge; along the upper one how near its picture has come."""
        painter.setClipPath(path)
        weight = QRectF(frame.left(), frame.bottom() - 5, frame.width(), 5)
        _paint_bar(painter, weight, self._weight, ACCENT, 0.45)
        if self._refinement is not None:
            nearness = QRectF(frame.left(), frame.top(), frame.width(), 4)
            _paint_bar(painter, nearness, max(0.04, self._refinement), WELL, 0.6)
        painter.setClipping(False)

    def _paint_border(self, painter: QPainter, path: QPainterPath) -> None:
        live = self._filled and self._weight >= 0.2
        pen = QPen(colour(ACCENT if live else TRACK), 2 if live else 1)
        if self.hasFocus():
            pen = QPen(colour(TEXT), 2)
        elif not self._filled:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None or not self._filled:
            return
        way = (event.position() - self._pressed_at).manhattanLength()
        if way >= QApplication.startDragDistance():
            self._pressed_at = None
            self._carry()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is not None and event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = None
            self.gone_to.emit()

    def _carry(self) -> None:
        drag = QDrag(self)
        carried = QMimeData()
        carried.setData(SLOT_MIME, str(self.index).encode())
        drag.setMimeData(carried)
        if self.thumbnail is not None:
            drag.setPixmap(self.thumbnail.scaledToWidth(48))
        drag.exec(Qt.DropAction.CopyAction)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        carried = event.mimeData()
        if carried_file(carried) is not None or carried_point(carried) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        file, point = carried_file(event.mimeData()), carried_point(event.mimeData())
        if point is not None:
            event.acceptProposedAction()
            self.point_dropped.emit(point)
        elif file is not None:
            event.acceptProposedAction()
            self.picture_dropped.emit(file)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(event.globalPos())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if plain and Qt.Key(event.key()) in _KEYS:
                event.accept()  # elsewhere such a key may be the window's
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _KEYS:
            self.keyed.emit(_KEYS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.gone_to.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: object) -> None:
        self.update()

    def focusOutEvent(self, event: object) -> None:
        self.update()


def _paint_bar(
    painter: QPainter, bar: QRectF, share: float, tint: str, ground_opacity: float
) -> None:
    painter.fillRect(bar, colour(BACKGROUND, ground_opacity))
    painter.fillRect(QRectF(bar.topLeft(), QSizeF(bar.width() * share, bar.height())), colour(tint))


def _paint_letter(painter: QPainter, frame: QRectF, index: int, *, filled: bool) -> None:
    badge = QRectF(frame.left() + 4, frame.top() + 4, 16, 16)
    if filled:
        _paint_badge(painter, badge)
    painter.setFont(font(11, font().Weight.DemiBold))
    painter.setPen(colour(TEXT if filled else QUIET))
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, SLOT_NAMES[index])


def _paint_sign(painter: QPainter, sign: str, corner: QPointF, view: QWidget) -> None:
    _paint_badge(painter, QRectF(corner, QSizeF(16, 16)))
    drawn = pixmap(sign, 12, ACCENT, view.devicePixelRatioF())
    painter.drawPixmap(corner + QPointF(2, 2), drawn)


def _paint_badge(painter: QPainter, badge: QRectF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(BACKGROUND, 0.62))
    painter.drawRoundedRect(badge, 4, 4)
