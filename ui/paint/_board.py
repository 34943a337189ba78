"""What lies over a picture that is painted on: it shows pins and brush where they are."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from studio.document.scene import SLOT_COUNT, SLOT_NAMES, Pin
from ui.paint._marks import Marks, PinMark
from ui.stage.canvas import Canvas
from ui.widgets.pixmaps import Thumbnail

Where = tuple[float, float]
"""A place in the picture: x right, y down, one picture is 1 by 1; not wrapped round."""

_REST_MS = 2500
"""So long after the hand's last movement the audience sees the picture alone."""


class PaintBoard(QWidget):
    """As large as the canvas, of which it is a child. Where the picture has the whole screen, its
    marks are there only while the hand moves."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._thumbnails = [Thumbnail() for _ in range(SLOT_COUNT)]
        self._pins: dict[int, Pin] = {}
        self._chosen: int | None = None
        self._radius, self._rubs = 0.1, False
        self._hand: QPointF | None = None
        """Where the brush hovers."""
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.update)
        canvas.resized.connect(self._follow)

    # -- what it shows -------------------------------------------------------------------------

    def show_pins(self, pins: dict[int, Pin], chosen: int | None) -> None:
        """Show the pins of the deck in front, and which of them the keys move."""
        chosen = chosen if chosen in pins else None
        if pins != self._pins or chosen != self._chosen:
            self._pins, self._chosen = pins, chosen
            names = ", ".join(SLOT_NAMES[slot] for slot in sorted(pins))
            self.setAccessibleDescription(f"pins {names}" if pins else "no pins")
            self.update()

    def show_brush(self, radius: float, rubs: bool) -> None:
        """Show a brush of `radius`, a share of the picture's shorter side, or a rubber."""
        if (radius, rubs) != (self._radius, self._rubs):
            self._radius, self._rubs = radius, rubs
            self.update()

    def show_thumbnail(self, slot: int, thumbnail: QPixmap | None) -> None:
        self._thumbnails[slot].show(thumbnail)
        self.update()

    def show_over(self, shown: bool) -> None:
        """Lie over the picture, or be gone."""
        self.setVisible(shown)
        self._follow()

    def _follow(self) -> None:
        self.setGeometry(self._canvas.rect())
        self.update()

    # -- geometry ------------------------------------------------------------------------------

    def place_at(self, point: QPointF) -> Where:
        """The place in the picture under a point of the widget."""
        tile = self._canvas.tile()
        return (
            (point.x() - tile.left()) / max(1.0, tile.width()),
            (point.y() - tile.top()) / max(1.0, tile.height()),
        )

    def point_at(self, place: Where) -> QPointF:
        """Where a place of the picture is in the widget: in the middle copy of a wrapped one."""
        tile = self._canvas.tile()
        return QPointF(tile.left() + place[0] * tile.width(), tile.top() + place[1] * tile.height())

    def length_of(self, share: float) -> float:
        """So many px is a share of the picture's shorter side."""
        tile = self._canvas.tile()
        return share * min(tile.width(), tile.height())

    def pin_under(self, point: QPointF) -> int | None:
        """The slot whose pin is under a point of the widget."""
        for mark in reversed(self._marks()):
            if mark.disc().contains(point):
                return mark.slot
        return None

    def _marks(self) -> list[PinMark]:
        return [
            PinMark(slot, self.point_at(pin.place), self.length_of(pin.reach), slot == self._chosen)
            for slot, pin in sorted(self._pins.items())
        ]

    def _inside(self, point: QPointF) -> bool:
        return self._canvas.frame().contains(point)

    # -- painting ------------------------------------------------------------------------------

    @property
    def shows_marks(self) -> bool:
        """Whether pins and brush are to be seen."""
        alone = self._canvas.margin == 0
        return self._canvas.has_picture and (self._rest.isActive() or not alone)

    def wake(self) -> None:
        """The hand has moved."""
        if not self.shows_marks:
            self.update()
        self._rest.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.shows_marks:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        marks = Marks(painter, self._canvas.frame(), self._canvas.tile())
        for mark in self._marks():
            marks.pin(mark, self._thumbnails[mark.slot], self.hasFocus())
        if self._hand is not None:
            marks.brush(self._hand, self.length_of(self._radius), self._rubs)

    def _hover(self, at: QPointF | None) -> None:
        """Paint only what the brush's ring leaves and where it comes to."""
        before, self._hand = self._hand, at
        for point in (before, at):
            if point is not None:
                if self._canvas.wrapped:
                    self.update()
                    return
                reach = self.length_of(self._radius) + 4
                ring = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
                self.update(ring.toAlignedRect())
