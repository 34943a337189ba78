"""The map of a latent space as a cloud of dots, with the slots and the present point on it.

Left: go there, along the way as well. Wheel: nearer and farther. Right or middle drag: move the
map. Double click: all of it. This is the one view that pyqtgraph draws, so it is imported only
when the map is first seen.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from studio.document.scene import Place
from studio.engine import Atlas
from studio.latent.atlas import nearest
from ui.tabs._atlas_marks import paint_frame, paint_here, paint_slot, paint_under
from ui.theme import BACKGROUND, QUIET, colour
from ui.widgets.pixmaps import Thumbnail
from ui.widgets.repaint_throttle import RepaintThrottle

_NEAR_PX = 9
"""So near to a dot the pointer means that dot."""
_DOT_PX = 5
_STEP = 0.03
_ZOOM = 0.8
_EDGE = 1.08
"""What is seen of the map at first, from its middle."""
_PAN = Qt.MouseButton.RightButton | Qt.MouseButton.MiddleButton


class AtlasView(pg.GraphicsView):  # type: ignore[misc]
    """Shows what it is told and reports the hand."""

    accessible_role = QAccessible.Role.Canvas

    pressed = Signal()
    wanted = Signal(object, object)
    """A place that the hand is on, and the number of the dot that it means or None."""
    released = Signal()
    hovered = Signal(object)
    """The number of the dot under the pointer, or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=colour(BACKGROUND))
        self.atlas: Atlas | None = None
        self._here: Place | None = None
        self._slots: dict[int, Place] = {}
        self._under: int | None = None
        self._thumbnail = Thumbnail()
        self._hand: Place | None = None
        self._panned: QPointF | None = None
        self._sees_all = True
        self.cloud = pg.ScatterPlotItem(
            size=_DOT_PX, pen=None, brush=colour(QUIET, 0.5), pxMode=True
        )
        self._repaint = RepaintThrottle(self.viewport())
        self._set_up()

    def _set_up(self) -> None:
        # Not a PlotWidget: its menus, which nobody sees here, have no owner and are never deleted.
        self.box = pg.ViewBox(enableMenu=False, enableMouse=False, border=None)
        self.setCentralItem(self.box)
        self.box.addItem(self.cloud)
        self.box.setAspectLocked(True)
        self.box.setLimits(minXRange=0.05, maxXRange=6, minYRange=0.05, maxYRange=6)
        self.show_all()
        self.setMinimumSize(180, 160)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Map of all that the model has learnt")
        self.setToolTip(
            "Click a dot to go there, drag between dots to blend them.\n"
            "Wheel or + and − zoom, right-drag moves the map, double-click shows all of it;\n"
            "arrow keys step, Shift slows."
        )

    # -- what it shows -------------------------------------------------------------------------

    def show_atlas(self, atlas: Atlas | None) -> None:
        """Show another map, all of it."""
        if atlas is self.atlas:
            return
        self.atlas, self._hand, self._under = atlas, None, None
        places = np.zeros((0, 2)) if atlas is None else atlas.places
        self.cloud.setData(x=places[:, 0], y=places[:, 1])
        self.show_all()

    def show_all(self) -> None:
        """See the whole map, also when the view grows or shrinks, until the hand zooms."""
        self._sees_all = True
        self.box.setRange(xRange=(-_EDGE, _EDGE), yRange=(-_EDGE, _EDGE), padding=0)

    def show_places(self, here: Place | None, slots: dict[int, Place]) -> None:
        """Where the present point and the slots stand."""
        if (here, slots) != (self._here, self._slots):
            self._here, self._slots = here, slots
            self._repaint()

    def show_thumbnail(self, picture: QPixmap | None) -> None:
        """The small picture of the dot under the pointer."""
        self._thumbnail.show(picture)
        self._repaint()

    @property
    def under(self) -> int | None:
        """The number of the dot under the pointer."""
        return self._under

    # -- geometry ------------------------------------------------------------------------------

    def point_at(self, place: Place) -> QPointF:
        """Where a place of the map is in the view."""
        return QPointF(self.mapFromScene(self.box.mapViewToScene(QPointF(*place))))

    def place_at(self, point: QPointF) -> Place:
        """The place of the map under a point of the view."""
        place = self.box.mapSceneToView(self.mapToScene(point.toPoint()))
        return float(place.x()), float(place.y())

    def _units(self, px: float) -> float:
        """So many px as a length on the map."""
        return float(px * self.box.viewPixelSize()[0])

    def dot_at(self, point: QPointF) -> int | None:
        """The number of the dot near a point of the view."""
        if self.atlas is None or not len(self.atlas.places):
            return None
        index, away = nearest(self.place_at(point), self.atlas)
        return index if away <= self._units(_NEAR_PX) else None

    # -- painting ------------------------------------------------------------------------------

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        painter.save()
        painter.resetTransform()  # from here on in px of the view
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        room = QRectF(self.viewport().rect())
        for slot, place in self._slots.items():
            paint_slot(painter, slot, self.point_at(place))
        if self._here is not None:
            paint_here(painter, self.point_at(self._here))
        if self._under is not None and self.atlas is not None:
            x, y = self.atlas.places[self._under].tolist()
            paint_under(painter, self._thumbnail, self.point_at((x, y)), room)
        paint_frame(painter, room, self.hasFocus())
        painter.restore()

    # -- the hand ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if event.button() & _PAN:
            self._panned = event.position()
        elif event.button() == Qt.MouseButton.LeftButton and self.atlas is not None:
            self.pressed.emit()
            self._go(event.position(), self.dot_at(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if self._panned is not None:
            here, there = self.place_at(event.position()), self.place_at(self._panned)
            self._look(self.box.viewRect().translated(there[0] - here[0], there[1] - here[1]))
            self._panned = event.position()
        elif event.buttons() & Qt.MouseButton.LeftButton and self.atlas is not None:
            self._go(event.position(), None)
        else:
            self._hover(self.dot_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if self._panned is not None:
            self._panned = None
        else:
            self.released.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self.show_all()

    def leaveEvent(self, event: object) -> None:
        self._hover(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event is not None and self._sees_all:  # pyqtgraph calls it without one
            self.show_all()

    def hideEvent(self, event: QHideEvent) -> None:
        self._panned = None
        self._hover(None)
        self.released.emit()  # a hidden widget never hears of it

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._zoom(_ZOOM ** (event.angleDelta().y() / 120), self.place_at(event.position()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        fine = 0.2 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1.0
        step = fine * _STEP * self.box.viewRect().width()
        ways = {
            Qt.Key.Key_Left: (-step, 0.0),
            Qt.Key.Key_Right: (step, 0.0),
            Qt.Key.Key_Up: (0.0, step),
            Qt.Key.Key_Down: (0.0, -step),
        }
        zooms = {Qt.Key.Key_Plus: _ZOOM, Qt.Key.Key_Equal: _ZOOM, Qt.Key.Key_Minus: 1 / _ZOOM}
        key = Qt.Key(event.key())
        if key in ways and self.atlas is not None:
            x, y = self._hand or self._here or (0.0, 0.0)
            right, up = ways[key]
            self._want((_inside(x + right), _inside(y + up)), None)
        elif key in zooms:
            self._zoom(zooms[key], self._here or (0.0, 0.0))
        else:
            QWidget.keyPressEvent(self, event)  # pyqtgraph would keep it from the window

    def _zoom(self, scale: float, about: Place) -> None:
        """See `scale` times as much of the map; `about` stays where it is."""
        seen, (x, y) = self.box.viewRect(), about
        left, top = x + scale * (seen.left() - x), y + scale * (seen.top() - y)
        self._look(QRectF(left, top, scale * seen.width(), scale * seen.height()))

    def _look(self, seen: QRectF) -> None:
        # Not the box's own scaleBy: its arithmetic on points ends the process under PySide 6.11.
        self._sees_all = False
        across, up = (seen.left(), seen.right()), (seen.top(), seen.bottom())
        self.box.setRange(xRange=across, yRange=up, padding=0)

    def forget_hand(self) -> None:
        """Something else moved the point: arrow keys begin where it is now."""
        self._hand = None

    def _go(self, point: QPointF, dot: int | None) -> None:
        self._hover(None)
        x, y = self.place_at(point)
        self._want((_inside(x), _inside(y)), dot)

    def _want(self, place: Place, dot: int | None) -> None:
        self.wanted.emit(place, dot)
        self._hand = place

    def _hover(self, dot: int | None) -> None:
        if dot != self._under:
            self._under = dot
            self._thumbnail.show(None)
            self.hovered.emit(dot)
            self._repaint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.viewport().update()


def _inside(v: float) -> float:
    return min(1.0, max(-1.0, v))
