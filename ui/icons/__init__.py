"""Icons from Tabler's set (MIT, see icons/LICENSE-Tabler.txt), drawn in the text's colour."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui.theme import BACKGROUND, TEXT, TRACK

_FOLDER = Path(__file__).parent
_SCALES = (1, 2, 3)


def icon(name: str, size: int = 18) -> QIcon:
    """The icon `name` for a `size` px square, in the text's colour and, when checked, dark."""
    made = QIcon()
    for scale in _SCALES:
        for state, tint in ((QIcon.State.Off, TEXT), (QIcon.State.On, BACKGROUND)):
            made.addPixmap(_drawn(name, size, scale, tint), QIcon.Mode.Normal, state)
        made.addPixmap(_drawn(name, size, scale, TRACK), QIcon.Mode.Disabled)
    return made


def pixmap(name: str, size: int, tint: str, scale: float = 1.0) -> QPixmap:
    """The icon `name` as a picture of `size` logical px for a screen of `scale`."""
    return _drawn(name, size, max(1, round(scale + 0.49)), tint)


@cache
def _drawn(name: str, size: int, scale: int, tint: str) -> QPixmap:
    svg = (_FOLDER / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", tint)
    drawn = QPixmap(size * scale, size * scale)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(drawn.rect()))
    painter.end()
    drawn.setDevicePixelRatio(scale)
    return drawn
