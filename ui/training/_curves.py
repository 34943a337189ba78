"""Losses over the time that was trained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from ui.theme import ACCENT, BACKGROUND, BINDING, HAIRLINE, QUIET, WELL, colour, font, px

_COLOURS = (ACCENT, WELL, BINDING, QUIET)
_MARGIN = 10
_POINTS = 300
"""More than these are thinned out."""
_OUTLIERS = 98
"""Percent of the values that fit into the picture: the first steps are far off."""

Curve = NDArray[np.float64]


class Curves(QWidget):
    """Some curves, each on a scale of its own: it is their way that is looked at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Losses")
        self.setToolTip(
            "Lower is better, and level is enough. Where what is held out rises again "
            "while what is learnt from falls, it learns by heart."
        )
        self._curves: dict[str, Curve] = {}
        self.setMinimumHeight(90)

    def show_log(self, log: Sequence[Mapping[str, float]], named: Mapping[str, str]) -> None:
        """What was logged; `named` says which figures, and what they are called."""
        found: dict[str, Curve] = {}
        for name, words in named.items():
            points = [(e["seconds"], e[name]) for e in log if name in e and "seconds" in e]
            if len(points) > 1:
                found[words] = smoothed(np.array(points, float))
        self._curves = found
        described = (f"{words} {curve[-1, 1]:.3g}" for words, curve in found.items())
        self.setAccessibleDescription(", ".join(described))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(colour(HAIRLINE)))
        painter.setBrush(colour(BACKGROUND))
        painter.drawRoundedRect(whole, 6, 6)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(font(11))
        line_px = px(16)
        if not self._curves:
            painter.setPen(colour(QUIET))
            painter.drawText(whole, Qt.AlignmentFlag.AlignCenter, "No losses yet")
            return
        end = max(curve[-1, 0] for curve in self._curves.values()) or 1.0
        room = whole.adjusted(_MARGIN, _MARGIN + line_px * len(self._curves), -_MARGIN, -_MARGIN)
        for number, (words, curve) in enumerate(self._curves.items()):
            tint = colour(_COLOURS[number % len(_COLOURS)])
            painter.setPen(QPen(tint, 1.6))
            high, low = float(np.percentile(curve[:, 1], _OUTLIERS)), float(curve[:, 1].min())
            y = room.bottom() - room.height() * (curve[:, 1] - low) / max(high - low, 1e-9)
            x = room.left() + room.width() * curve[:, 0] / end
            y = np.maximum(y, room.top())
            points = [QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
            painter.drawPolyline(QPolygonF(points))
            top = whole.top() + 6 + line_px * number
            painter.drawText(
                QPointF(whole.left() + _MARGIN, top + line_px * 0.75),
                f"{words}  {curve[-1, 1]:.3g}",
            )


def smoothed(points: Curve) -> Curve:
    """(N, 2) times and values, thinned out, each value the mean of its neighbours."""
    kept = points[:: max(1, len(points) // _POINTS)]
    reach = max(1, len(kept) // 30)
    padded = np.pad(kept[:, 1], reach, mode="edge")
    mean = np.convolve(padded, np.ones(2 * reach + 1) / (2 * reach + 1), "valid")
    return np.stack([kept[:, 0], mean], 1)
