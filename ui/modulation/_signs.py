"""A modulator's colour and its shape, which says the same to eyes that see no colours."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from ui.theme import BACKGROUND, BINDING, WELL, colour

COLOURS = (BINDING, "#5CC8FF", WELL, "#FF9BD2", "#F0E36B", "#4FE0C6", "#FFA36B", "#C3CCD9")
_CORNERS = ((0, 0.0), (4, 0.125), (3, 0.0), (4, 0.0), (3, 0.5))
"""Of each shape, how many corners (0: a disc) and by what share of a turn it is turned. With the
colours each of 32 modulators has a pair of its own."""


def colour_of(id: int) -> str:
    """The colour of a modulator, by its number."""
    return COLOURS[(id - 1) % len(COLOURS)]


def paint_sign(painter: QPainter, at: QPointF, radius: float, id: int) -> None:
    """Paint a modulator's shape in its colour, with a dark line around it."""
    painter.setPen(QPen(colour(BACKGROUND), 1.5))
    painter.setBrush(colour(colour_of(id)))
    corners, turn = _CORNERS[(id - 1) % len(_CORNERS)]
    if not corners:
        painter.drawEllipse(at, radius, radius)
        return
    points = []
    for corner in range(corners):
        angle = math.tau * (corner / corners + turn)
        way = QPointF(math.sin(angle), -math.cos(angle))
        points.append(at + way * (1.2 * radius))
    painter.drawPolygon(QPolygonF(points))
    painter.setBrush(Qt.BrushStyle.NoBrush)
