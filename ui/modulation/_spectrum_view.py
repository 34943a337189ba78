"""The live spectrum of a sound, and the bands of it that sound modulators hear."""

from __future__ import annotations

import math
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from studio.audio.listening.analysis import SPECTRUM_HZ
from ui import theme
from ui.modulation._signs import colour_of, paint_sign
from ui.theme import BACKGROUND, HAIRLINE, QUIET, TEXT, TRACK, colour, font

LOW_HZ, HIGH_HZ = 20.0, 20_000.0
_OCTAVES = math.log2(HIGH_HZ / LOW_HZ)
_LOUD_DB, _SOFT_DB = 0.0, -84.0
_LINES = ((100.0, "100"), (1000.0, "1k"), (10_000.0, "10k"))
_HEIGHT_PX, _FOOT_PX, _EDGE_PX = 104, 14, 5
_STEP_OCTAVES = 1 / 6
NARROWEST_OCTAVES = 1 / 12
_MOVES = {
    Qt.Key.Key_Left: ("all", -1),
    Qt.Key.Key_Right: ("all", 1),
    Qt.Key.Key_Down: ("high", -1),
    Qt.Key.Key_Up: ("high", 1),
}


class Region(NamedTuple):
    """A band as it is drawn."""

    number: int
    """Of its modulator."""
    title: str
    low_hz: float
    high_hz: float
    level: float
    """What its modulator is now, 0 to 1."""


class Spectrum(QWidget):
    """Shows what it is told and reports the hand.

    Drag an edge, or a band by its middle; a click chooses one. Arrow keys move the chosen band,
    up and down make it wider and narrower, with Ctrl they choose, Delete removes.
    """

    accessible_role = QAccessible.Role.List

    pressed = Signal()
    released = Signal()
    wanted = Signal(int, float, float)
    """A band's number, and the edges in Hz that the hand wants of it."""
    chosen = Signal(int)
    removed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._levels_db: tuple[float, ...] = ()
        self._regions: tuple[Region, ...] = ()
        self._chosen = 0
        self._sentence = ""
        self._held: tuple[Region, float, str] | None = None
        self._has_moved = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Bands of the sound")
        self.setToolTip(
            "Drag an edge of a band, or all of it; a click chooses one. Arrow keys move it, up and "
            "down make it wider and narrower, with Ctrl they choose another, Delete removes it."
        )
        theme.set_size(self, height=_HEIGHT_PX)

    # -- what it shows -------------------------------------------------------------------------

    def show_bands(self, regions: tuple[Region, ...], chosen: int) -> None:
        """Show the bands; `chosen` is the number of the one that is edited."""
        self._regions, self._chosen = regions, chosen
        self.setAccessibleDescription(self._words())
        self.update()

    def show_spectrum(self, levels_db: tuple[float, ...], sentence: str) -> None:
        """Show what is heard, in dB at `SPECTRUM_HZ`; the sentence says why there is nothing."""
        self._levels_db, self._sentence = levels_db, sentence
        self.update()

    def _words(self) -> str:
        """The chosen band: "Bass: 60 Hz to 200 Hz"."""
        found = self._region(self._chosen)
        if found is None:
            return ""
        return f"{found.title}: {worded(found.low_hz)} to {worded(found.high_hz)}"

    def _region(self, number: int) -> Region | None:
        return next((r for r in self._regions if r.number == number), None)

    # -- painting ------------------------------------------------------------------------------

    def x_of(self, hz: float) -> float:
        """Where a frequency is."""
        return math.log2(max(hz, LOW_HZ) / LOW_HZ) / _OCTAVES * self.width()

    def _hz_at(self, x: float) -> float:
        return within(LOW_HZ * 2 ** (x / max(1, self.width()) * _OCTAVES))

    @property
    def _body(self) -> QRectF:
        return QRectF(0, 0, self.width(), self.height() - _FOOT_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(BACKGROUND))
        self._paint_lines(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for region in sorted(self._regions, key=lambda r: r.number == self._chosen):
            self._paint_region(painter, region)
        self._paint_spectrum(painter)
        painter.setPen(colour(TEXT))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
        painter.drawText(self._body.adjusted(4, 2, -6, 0), right, self._words())
        if self._sentence:
            painter.setFont(font())
            painter.setPen(colour(TEXT))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self._body.adjusted(8, 4, -8, -4), flags, self._sentence)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour(QUIET), 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_lines(self, painter: QPainter) -> None:
        painter.setFont(font(11))
        for hz, words in _LINES:
            x = self.x_of(hz)
            painter.setPen(QPen(colour(TRACK), 1))
            painter.drawLine(QPointF(x, 0), QPointF(x, self._body.bottom()))
            painter.setPen(colour(QUIET))
            painter.drawText(QPointF(x + 3, self.height() - 3), words)
        painter.setPen(QPen(colour(HAIRLINE), 1))
        painter.drawLine(self._body.bottomLeft(), self._body.bottomRight())

    def _paint_region(self, painter: QPainter, region: Region) -> None:
        chosen, tint = region.number == self._chosen, colour_of(region.number)
        left, right = self.x_of(region.low_hz), self.x_of(region.high_hz)
        frame = QRectF(left, 0, max(2.0, right - left), self._body.height())
        painter.fillRect(frame, colour(tint, 0.22 if chosen else 0.1))
        top = frame.bottom() - region.level * frame.height()
        painter.fillRect(QRectF(left, top, frame.width(), frame.bottom() - top), colour(tint, 0.25))
        painter.setPen(QPen(colour(tint, 1.0 if chosen else 0.5), 2 if chosen else 1))
        painter.drawLine(frame.topLeft(), frame.bottomLeft())
        painter.drawLine(frame.topRight(), frame.bottomRight())
        sign = QPointF(frame.center().x(), frame.bottom() - 9)
        paint_sign(painter, sign, 5 if chosen else 4, region.number)

    def _paint_spectrum(self, painter: QPainter) -> None:
        if not self._levels_db:
            return
        body = self._body
        line: list[QPointF] = []
        for hz, level_db in zip(SPECTRUM_HZ, self._levels_db, strict=False):
            share = (min(_LOUD_DB, max(_SOFT_DB, level_db)) - _SOFT_DB) / (_LOUD_DB - _SOFT_DB)
            line.append(QPointF(self.x_of(hz), body.bottom() - share * body.height()))
        below = [QPointF(line[end].x(), body.bottom()) for end in (-1, 0)]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(TEXT, 0.12))
        painter.drawPolygon(QPolygonF([*line, *below]))
        painter.setPen(QPen(colour(TEXT, 0.85), 1.5))
        painter.drawPolyline(QPolygonF(line))

    # -- the hand ------------------------------------------------------------------------------

    def _under(self, x: float) -> tuple[Region, str] | None:
        """The band that a hand takes at x, and which part of it; the chosen one before others."""
        ordered = sorted(self._regions, key=lambda r: r.number != self._chosen)
        for region in ordered:
            for part, hz in (("low", region.low_hz), ("high", region.high_hz)):
                if abs(self.x_of(hz) - x) <= _EDGE_PX:
                    return region, part
        for region in ordered:
            if self.x_of(region.low_hz) <= x <= self.x_of(region.high_hz):
                return region, "all"
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._under(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and found is not None:
            self._held = (found[0], event.position().x(), found[1])
            self._has_moved = False
            self.pressed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._held is None:
            found = self._under(x)
            shapes = {"all": Qt.CursorShape.OpenHandCursor, "": Qt.CursorShape.ArrowCursor}
            part = "" if found is None else found[1]
            self.setCursor(shapes.get(part, Qt.CursorShape.SizeHorCursor))
            return
        region, begun, part = self._held
        self._has_moved = self._has_moved or abs(x - begun) > 2
        if not self._has_moved:
            return
        octaves = (x - begun) / max(1, self.width()) * _OCTAVES
        self.wanted.emit(region.number, *moved(region, part, octaves))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        held, still = self._held, not self._has_moved
        self._let_go()
        if held is not None and still:
            self.chosen.emit(held[0].number)

    def hideEvent(self, event: QHideEvent) -> None:
        self._let_go()  # a hidden widget never hears of the release

    def _let_go(self) -> None:
        if self._held is not None:
            self._held = None
            self.released.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, region = Qt.Key(event.key()), self._region(self._chosen)
        if region is None or key not in (*_MOVES, Qt.Key.Key_Delete):
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Delete:
            self.removed.emit(region.number)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            ordered = sorted(self._regions, key=lambda r: (r.low_hz, r.number))
            place = (ordered.index(region) + _MOVES[key][1]) % len(ordered)
            self.chosen.emit(ordered[place].number)
        else:
            part, way = _MOVES[key]
            self.wanted.emit(region.number, *moved(region, part, way * _STEP_OCTAVES))

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()


def within(hz: float) -> float:
    """The nearest frequency that there is, in whole Hz."""
    return float(round(min(HIGH_HZ, max(LOW_HZ, hz))))


def moved(region: Region, part: str, octaves: float) -> tuple[float, float]:
    """The edges of a band that is led so far by an edge, or by its middle: then it keeps its width
    and stops at the end."""
    low, high = region.low_hz, region.high_hz
    times = 2.0**octaves
    least = 2.0**NARROWEST_OCTAVES
    if part == "low":
        return within(min(low * times, high / least)), high
    if part == "high":
        return low, within(max(high * times, low * least))
    times = min(HIGH_HZ / high, max(LOW_HZ / low, times))
    return within(low * times), within(high * times)


def worded(hz: float) -> str:
    """A frequency in words: "60 Hz", "2.5 kHz"."""
    return f"{hz:.0f} Hz" if hz < 1000 else f"{hz / 1000:.3g} kHz"
