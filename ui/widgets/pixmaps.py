"""From an engine's pixels to what Qt paints."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPixmap

from studio.engine import Pixels

_MARGIN_PX = 2
"""Around a cut face, for the half of its ring that lies outside."""


def pixmap_of(pixels: Pixels) -> QPixmap:
    """A pixmap of (H, W, 3) uint8 pixels. Copies, so the array may go."""
    height, width, _ = pixels.shape
    image = QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB888)
    # A pixmap paints twice as fast as an image of 24 bits, and three times as fast when enlarged.
    return QPixmap.fromImage(image)


@dataclass(frozen=True)
class ThumbnailStyle:
    """How a `Thumbnail` is cut: `radius` of its corners, a ground under it, a ring around it."""

    radius: float
    ground: str
    ring: str = ""
    """The ring's colour; empty for none."""
    ring_px: float = 0.0


class Thumbnail:
    """A picture cut to a rounded square, cut again only when what it looks like changes.

    Cutting costs a fifth of a millisecond; a drag paints some ten faces for each movement.
    """

    def __init__(self) -> None:
        self._picture: QPixmap | None = None
        self._made: QPixmap | None = None
        self._made_for: tuple[ThumbnailStyle, float, float] | None = None

    @property
    def picture(self) -> QPixmap | None:
        return self._picture

    def show(self, picture: QPixmap | None) -> None:
        """Use `picture` from now on; None for nothing but the ground."""
        self._picture, self._made_for = picture, None

    def paint(self, painter: QPainter, frame: QRectF, cut: ThumbnailStyle) -> None:
        """Paint it into the square `frame`; half of the ring lies outside."""
        made_for = (cut, frame.width(), painter.deviceTransform().m11())
        if made_for != self._made_for or self._made is None:
            self._made, self._made_for = _cut(self._picture, *made_for), made_for
        room = frame.adjusted(-_MARGIN_PX, -_MARGIN_PX, _MARGIN_PX, _MARGIN_PX)
        painter.drawPixmap(room, self._made, QRectF(self._made.rect()))


def _cut(picture: QPixmap | None, cut: ThumbnailStyle, side: float, scale: float) -> QPixmap:
    """`picture` as a square of `side` logical px, with a margin, for a screen of `scale`."""
    whole = side + 2 * _MARGIN_PX
    made = QPixmap(round(whole * scale), round(whole * scale))
    made.fill(Qt.GlobalColor.transparent)
    frame = QRectF(_MARGIN_PX, _MARGIN_PX, side, side)
    path = QPainterPath()
    path.addRoundedRect(frame, cut.radius, cut.radius)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.scale(made.width() / whole, made.height() / whole)
    painter.fillPath(path, QColor(cut.ground))
    if picture is not None:
        painter.setClipPath(path)
        painter.drawPixmap(frame, picture, _middle_square(picture))
        painter.setClipping(False)
    if cut.ring:
        painter.setPen(QPen(QColor(cut.ring), cut.ring_px))
        painter.drawPath(path)
    painter.end()
    return made


def _middle_square(picture: QPixmap) -> QRectF:
    side = min(picture.width(), picture.height())
    return QRectF((picture.width() - side) / 2, (picture.height() - side) / 2, side, side)
