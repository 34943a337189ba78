"""What stands around a roll's bars: the ruler over them, the playhead, the keys beside them."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPixmap, QPolygonF

from studio.live.ensemble.played import RollBar
from studio.live.layers.roll_bars import DRUMS
from studio.music.notes import Note
from ui.roll._painting import BarStyle, paint_keys, paint_pressed_key
from ui.theme import ACCENT, HAIRLINE, PANEL, QUIET, TEXT, TRACK, colour, font

KEYS_PX, RULER_PX = 46.0, 38.0
HEAD_PX = 7
"""Half the width of the playhead with its handle."""
_HANDLE_PX = 6
_TIGHT_PX = 24
"""Bars narrower than this have a number only where a line of music would begin."""
_CHORD_PX, _OWN_PX = 60, 110
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


def paint_ruler(
    painter: QPainter, bar: RollBar, column: QRectF, px_per_beat: float, *, is_now: bool
) -> None:
    """The number of a bar, and its chords over their beats. `column` is the bar's place."""
    ruler = QRectF(column.left(), 0, column.width(), RULER_PX)
    painter.fillRect(ruler, colour(PANEL))
    painter.fillRect(QRectF(ruler.left(), RULER_PX - 1, ruler.width(), 1), colour(HAIRLINE))
    painter.fillRect(QRectF(ruler.left(), 8, 1, RULER_PX - 8), colour(TRACK))
    if bar.number < 0:
        return
    words = str(bar.number + 1)
    if ruler.width() > _TIGHT_PX or bar.number % 4 == 0:
        painter.setFont(font(16, QFont.Weight.DemiBold))
        painter.setPen(colour(ACCENT if is_now else QUIET))
        painter.drawText(ruler.adjusted(7, 0, 60, 0), _MIDDLE, words)
    if bar.own:
        paint_own(painter, ruler)
    painter.setFont(font(18, QFont.Weight.Medium))
    painter.setPen(colour(TEXT if is_now else QUIET))
    for beat, chord in bar.chords:
        along = beat * px_per_beat
        beside = 10.0 * len(words) + 8.0 if along < _TIGHT_PX else 0.0
        if column.width() - along > _CHORD_PX:
            room = QRectF(ruler.left() + along + 8 + beside, 0, 90, RULER_PX)
            painter.drawText(room, _MIDDLE, chord)


def paint_own(painter: QPainter, ruler: QRectF) -> None:
    """The mark of a bar that is the artist's own: a line along the ruler's top, and a word."""
    painter.fillRect(QRectF(ruler.left() + 1, 0, ruler.width() - 1, 3), colour(TEXT))
    if ruler.width() > _OWN_PX:
        painter.setFont(font(12))
        painter.setPen(colour(TEXT))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom
        painter.drawText(ruler.adjusted(0, 0, -6, -3), flags, "yours")


def paint_head(painter: QPainter, x: float, height: float, *, playing: bool) -> None:
    """The playhead, with a handle in the ruler."""
    tint = colour(ACCENT if playing else QUIET)
    top = RULER_PX - 12
    painter.fillRect(QRectF(x - 1, top + 2, 2, height), tint)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    corners = (x - _HANDLE_PX, top), (x + _HANDLE_PX, top), (x, top + 11)
    painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))


class PianoKeys:
    """The keys of a piano beside the rows, drawn once for as long as the rows stay."""

    def __init__(self) -> None:
        self._made_for: object = None
        self._made = QPixmap()

    def paint(
        self,
        painter: QPainter,
        look: BarStyle,
        height: int,
        ratio: float,
        sounding: Iterable[Note],
    ) -> None:
        """The keys, those of `sounding` pressed; on a widget of `height` px."""
        scale, room = look.scale, QRectF(0, 0, KEYS_PX, height)
        rows = (scale.top, scale.height, scale.lowest, scale.highest)
        made_for = (rows, look.key, look.drums, height, ratio)
        if self._made_for != made_for:
            self._made_for, self._made = made_for, _drawn(look, room, ratio)
        painter.drawPixmap(room.topLeft(), self._made)
        for note in sounding:
            if note.track != DRUMS:
                paint_pressed_key(painter, note.pitch, note.track, look, room)


def _drawn(look: BarStyle, room: QRectF, ratio: float) -> QPixmap:
    keys = QPixmap((room.size() * ratio).toSize())
    keys.setDevicePixelRatio(ratio)
    painter = QPainter(keys)
    paint_keys(painter, look, room)
    painter.fillRect(QRectF(0, 0, KEYS_PX, RULER_PX), colour(PANEL))
    painter.fillRect(QRectF(0, RULER_PX - 1, KEYS_PX, 1), colour(HAIRLINE))
    painter.end()
    return keys
