"""How the blend pad is painted: threads from the puck to the slots' anchors, as wide as weights."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from studio.document.scene import PAD_X, PAD_Y, SLOT_NAMES, Place
from ui.theme import ACCENT, BACKGROUND, PANEL, QUIET, TEXT, TRACK, colour, font
from ui.widgets.pixmaps import Thumbnail, ThumbnailStyle

_INSET_PX = 26
_TRAIL = 28
_TRAIL_STEP = 4
"""So many points of the trail fade together."""


@dataclass
class PadState:
    """What is shown on a pad."""

    puck: Place = (0.0, 0.0)
    anchors: dict[int, Place] = field(default_factory=dict)
    """By slot."""
    weights: tuple[float, ...] = ()
    thumbnails: list[Thumbnail] = field(default_factory=lambda: [Thumbnail() for _ in SLOT_NAMES])
    words: str = ""
    """What to do while there is no anchor."""
    aside: str = ""
    """What is shown in place of the blend."""
    trail: deque[Place] = field(default_factory=lambda: deque(maxlen=_TRAIL))

    def weight(self, slot: int) -> float:
        """Its part of the blend, in [0, 1]."""
        return self.weights[slot] if slot < len(self.weights) else 0.0


class PadGeometry:
    """Where the places of a pad are in a widget of this size, in px. Made once for each size: a
    paint asks for more than fifty places."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._middle_x, self._middle_y = width / 2, height / 2
        self._half = max(1.0, min(width, height) / 2 - _INSET_PX)
        self.anchor_px = max(22.0, min(46.0, self._half / 3.25))
        """An anchor's diameter."""

    def point_at(self, place: Place) -> QPointF:
        """Where a place on the pad is in the widget."""
        x, y = place
        return QPointF(self._middle_x + x * self._half, self._middle_y - y * self._half)

    def place_at(self, point: QPointF) -> Place:
        """The place on the pad under a point of the widget, held inside."""
        x = (point.x() - self._middle_x) / self._half
        y = (self._middle_y - point.y()) / self._half
        return PAD_X.at((x + 1) / 2), PAD_Y.at((y + 1) / 2)

    def label_frame(self, disc: QRectF, puck: QPointF) -> QRectF:
        """Below an anchor or, where the puck or the pad's edge is in the way, above it."""
        below = QRectF(disc.center().x() - 30, disc.bottom() + 1, 60, 14)
        away = puck - below.center()
        covered = abs(away.x()) < 32 and abs(away.y()) < 20 and puck.y() > disc.center().y()
        if covered or below.bottom() > self.height:
            below.moveBottom(disc.top() - 1)
        return below


def paint_pad(painter: QPainter, shown: PadState, geometry: PadGeometry) -> None:
    """Paint all but the ground."""
    _paint_threads(painter, shown, geometry)
    _paint_trail(painter, shown, geometry)
    for slot in shown.anchors:
        _paint_anchor(painter, shown, geometry, slot)
    _paint_words(painter, shown, geometry)
    _paint_aside(painter, shown, geometry)
    _paint_puck(painter, geometry.point_at(shown.puck), shows_blend=not shown.aside)


def _paint_threads(painter: QPainter, shown: PadState, geometry: PadGeometry) -> None:
    puck = geometry.point_at(shown.puck)
    for slot, place in shown.anchors.items():
        weight = shown.weight(slot)
        pen = QPen(colour(ACCENT, 0.12 + 0.75 * weight), 0.8 + 5 * weight)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(puck, geometry.point_at(place))


def _paint_trail(painter: QPainter, shown: PadState, geometry: PadGeometry) -> None:
    points = [geometry.point_at(place) for place in shown.trail]
    for begin in range(0, len(points), _TRAIL_STEP):
        opacity = 0.5 * (begin + _TRAIL_STEP) / _TRAIL
        pen = QPen(colour(ACCENT, opacity), 3.2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawPoints(points[begin : begin + _TRAIL_STEP])


def _paint_anchor(painter: QPainter, shown: PadState, geometry: PadGeometry, slot: int) -> None:
    at, size = geometry.point_at(shown.anchors[slot]), geometry.anchor_px
    disc = QRectF(at.x() - size / 2, at.y() - size / 2, size, size)
    weight = shown.weight(slot)
    live = weight >= 0.2
    ring, ring_px = (ACCENT, 2.2) if live else (BACKGROUND, 1.5)
    shown.thumbnails[slot].paint(painter, disc, ThumbnailStyle(size / 2, TRACK, ring, ring_px))
    painter.setFont(font(11))
    painter.setPen(colour(TEXT if live else QUIET))
    words = SLOT_NAMES[slot] if shown.aside else f"{SLOT_NAMES[slot]} {round(100 * weight)}"
    frame = geometry.label_frame(disc, geometry.point_at(shown.puck))
    painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, words)


def _paint_aside(painter: QPainter, shown: PadState, geometry: PadGeometry) -> None:
    """In the corner, in short lines: the anchors stand on a circle."""
    painter.setFont(font(11))
    for number, words in enumerate(shown.aside.splitlines()):
        painter.setPen(colour(QUIET if number else ACCENT))
        painter.drawText(QRectF(10, 8 + 15 * number, geometry.width - 20, 14), words)


def _paint_words(painter: QPainter, shown: PadState, geometry: PadGeometry) -> None:
    if shown.anchors or not shown.words:
        return
    painter.setFont(font())
    painter.setPen(colour(QUIET))
    frame = QRectF(8, 0, geometry.width - 16, geometry.height - 24)
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
    painter.drawText(frame, flags, shown.words)


def _paint_puck(painter: QPainter, at: QPointF, *, shows_blend: bool) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if not shows_blend:  # it is here, but what is shown is not
        painter.setBrush(colour(PANEL))
        painter.setPen(QPen(colour(ACCENT), 2))
        painter.drawEllipse(at, 10, 10)
        return
    painter.setPen(QPen(colour(ACCENT, 0.6), 1.2))
    painter.drawEllipse(at, 16, 16)
    painter.setPen(QPen(colour(BACKGROUND), 1.5))
    painter.setBrush(colour(ACCENT))
    painter.drawEllipse(at, 11, 11)
