"""Icons from Tabler's set (MIT, see icons/LICENSE-Tabler.txt), drawn in the text's colour."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui.theme import BACKGROUND, DISABLED, TEXT

_FOLDER = Path(__file__).parent
_SCALES = (1, 2, 3)


def icon(name: str, size: int = 18) -> QIcon:
    """The icon `name` for a `size` px square, in the text's colour and, when checked, dark."""
    made = QIcon()
    for state, tint in ((QIcon.State.Off, TEXT), (QIcon.State.On, BACKGROUND)):
        for drawn in _in_scales(name, size, tint):
            made.addPixmap(drawn, QIcon.Mode.Normal, state)
    for drawn in _in_scales(name, size, DISABLED):
        made.addPixmap(drawn, QIcon.Mode.Disabled)
    return made


def pixmap(name: str, size: int, tint: str, scale: float = 1.0) -> QPixmap:
    """The icon `name` as a picture of `size` logical px for a screen of `scale`."""
    return _in_scale(name, size, max(1, round(scale + 0.49)), tint)


@cache
def _in_scale(name: str, size: int, scale: int, tint: str) -> QPixmap:
    return _drawn(_renderer(name, tint), size, scale)


@cache
def _in_scales(name: str, size: int, tint: str) -> tuple[QPixmap, ...]:
    """All that an icon holds, of one reading: a window has 270 of these pictures."""
    renderer = _renderer(name, tint)
    return tuple(_drawn(renderer, size, scale) for scale in _SCALES)


def _renderer(name: str, tint: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_svg(name).replace("currentColor", tint).encode()))


@cache
def _svg(name: str) -> str:
    return (_FOLDER / f"{name}.svg").read_text(encoding="utf-8")


def _drawn(renderer: QSvgRenderer, size: int, scale: int) -> QPixmap:
    drawn = QPixmap(size * scale, size * scale)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    renderer.render(painter, QRectF(drawn.rect()))
    painter.end()
    drawn.setDevicePixelRatio(scale)
    return drawn
