"""What lies over a picture that is painted on: pins with their reach, and the brush's ring."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from studio.document.scene import SLOT_NAMES
from ui.theme import ACCENT, BACKGROUND, TEXT, TRACK, colour, font
from ui.widgets.pixmaps import Thumbnail, ThumbnailStyle

_DISC_PX = 30
_BADGE_PX = 15


@dataclass(frozen=True)
class PinMark:
    """A slot's pin: where it stands, how far it reaches, in px."""

    slot: int
    at: QPointF
    reach: float
    chosen: bool

    def disc(self) -> QRectF:
        """Where its face is, and where a hand takes hold of it."""
        half = _DISC_PX / 2
        return QRectF(self.at.x() - half, self.at.y() - half, _DISC_PX, _DISC_PX)


class Marks:
    """Paints over a picture in `frame` that repeats after every `tile`."""

    def __init__(self, painter: QPainter, frame: QRectF, tile: QRectF) -> None:
        self._painter, self._frame, self._tile = painter, frame, tile

    def pin(self, mark: PinMark, thumbnail: Thumbnail, has_focus: bool) -> None:
        """A slot's face on a disc, its letter, and a ring where it holds half: of the copies of a
        picture three by three the middle one's alone."""
        painter = self._painter
        painter.save()
        painter.setClipRect(self._frame)
        alone = self._tile.width() > self._frame.width() / 2
        for at in self._copies(mark.at, mark.reach) if alone else (mark.at,):
            self._ring(at, mark.reach, ACCENT if mark.chosen else TEXT, 0.75)
        painter.restore()
        tint = TEXT if mark.chosen and has_focus else ACCENT if mark.chosen else TEXT
        thumbnail.paint(painter, mark.disc(), ThumbnailStyle(_DISC_PX / 2, TRACK, tint, 2.4))
        badge = QRectF(0, 0, _BADGE_PX, _BADGE_PX)
        badge.moveCenter(mark.disc().bottomRight() - QPointF(3, 3))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(BACKGROUND, 0.8))
        painter.drawEllipse(badge)
        painter.setFont(font(10, font().Weight.DemiBold))
        painter.setPen(colour(TEXT))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, SLOT_NAMES[mark.slot])

    def brush(self, at: QPointF, radius: float, rubs: bool) -> None:
        """A ring as large as the brush, broken for the rubber."""
        painter = self._painter
        painter.save()
        painter.setClipRect(self._frame)
        for there in self._copies(at, radius):
            self._ring(there, radius, TEXT, 0.9, broken=rubs)
        painter.restore()

    def _ring(
        self, at: QPointF, radius: float, tint: str, opacity: float, *, broken: bool = False
    ) -> None:
        """Light on dark, so that it is seen on any picture."""
        painter = self._painter
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for name, alpha, width in ((BACKGROUND, 0.55, 3.0), (tint, opacity, 1.3)):
            pen = QPen(colour(name, alpha), width)
            if broken and name is tint:
                pen.setDashPattern([4, 3])
            painter.setPen(pen)
            painter.drawEllipse(at, radius, radius)

    def _copies(self, at: QPointF, reach: float) -> Iterator[QPointF]:
        """Where the same place of the torus is in the frame, or reaches into it."""
        room = self._frame.adjusted(-reach, -reach, reach, reach)
        for right in range(-3, 4):
            for down in range(-3, 4):
                there = at + QPointF(right * self._tile.width(), down * self._tile.height())
                if room.contains(there):
                    yield there
