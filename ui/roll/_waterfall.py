"""The waterfall: coming bars fall towards a piano's keys, for whoever plays along at sight.

A note reaches its key when it sounds. Bars are pictures, drawn once; a frame copies those that are
seen, the two bars to come, and lights the keys that sound. Hidden, it does nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QHideEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from studio.live.ensemble.played import RollBar
from studio.live.layers.roll_bars import DRUMS, pitch_range, seen_between, span_of
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key
from ui.roll._waterfall_painting import (
    GUTTER_PX,
    KEYS_PX,
    FallingLook,
    Keyboard,
    paint_bar,
    paint_keys,
    paint_legend,
    paint_pressed,
)
from ui.theme import ACCENT, BACKGROUND, QUIET, colour

_BARS_AHEAD = 2
_NEAR_BEATS = 16.0
"""What is so near says which keys are shown."""
_EDGE = 1e-6
_KEPT = 8
"""Pictures of bars."""


class Waterfall(QWidget):
    """Shows what it is told; `turn` moves it."""

    accessible_role = QAccessible.Role.Canvas

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Waterfall")
        self._bars: tuple[RollBar, ...] = ()
        self._metre = Metre()
        self._key: Key | None = None
        self._span = pitch_range((), None)
        self._place, self._playing = 0.0, False
        self._sounding: tuple[Note, ...] = ()
        self._seen: tuple[object, ...] = ()
        self._tiles: OrderedDict[float, tuple[RollBar, FallingLook, QPixmap]] = OrderedDict()
        self._board: tuple[FallingLook, QPixmap] | None = None

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 200)

    # -- what it shows -------------------------------------------------------------------------

    def show_bars(self, bars: Sequence[RollBar], metre: Metre, key: Key | None) -> None:
        """Show these bars, in any order."""
        ordered = tuple(sorted(bars, key=lambda bar: bar.start_beats))
        if (ordered, metre, key) == (self._bars, self._metre, self._key):
            return
        self._bars, self._metre, self._key = ordered, metre, key
        near = (self._place - _NEAR_BEATS, self._place + _NEAR_BEATS)
        self._span = pitch_range(map(span_of, seen_between(ordered, metre, *near)), self._span)
        self._look_again()

    def turn(self, place: float | None, playing: bool) -> None:
        """The playhead is at `place`, in beats. Call it with every frame."""
        if not self.isVisible():
            return
        self._place, self._playing = place or 0.0, playing
        self._look_again()

    @property
    def sounding(self) -> tuple[Note, ...]:
        """The notes whose keys are down."""
        return self._sounding

    @property
    def keys(self) -> Keyboard:
        """Where the keys are, beside the gutter."""
        return Keyboard.over(self._span, max(1.0, self.width() - GUTTER_PX))

    def px_of(self, beat: float) -> float:
        """Where a beat is now, from the top."""
        return self._floor() - (beat - self._place) * self._px_per_beat()

    # -- inside --------------------------------------------------------------------------------

    def _look_again(self) -> None:
        """Paint, if anything has moved by a pixel."""
        if not self.isVisible():
            return
        self._sounding = tuple(self._heard()) if self._playing else ()
        ratio = self.devicePixelRatioF()
        seen = (round(self.px_of(0.0) * ratio), self._sounding, self._bars, self._metre, self._key)
        if seen != self._seen:
            self._seen = seen
            self.update()

    def _heard(self) -> Iterator[Note]:
        for bar in seen_between(self._bars, self._metre, self._place, self._place + _EDGE):
            for note in bar.notes:
                since = self._place - bar.start_beats - note.start_beats
                if note.track != DRUMS and 0 <= since < note.length_beats:
                    yield note

    def _floor(self) -> float:
        return max(1.0, self.height() - KEYS_PX)

    def _px_per_beat(self) -> float:
        return self._floor() / (_BARS_AHEAD * self._metre.bar_beats)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tiles.clear()
        self._board, self._seen, self._sounding = None, (), ()

    # -- painting ------------------------------------------------------------------------------

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(BACKGROUND))
        ratio, floor = self.devicePixelRatioF(), self._floor()
        look = FallingLook(
            self.keys, self._px_per_beat(), self._metre.pulse_beats, self._key, ratio
        )
        painter.setClipRect(QRectF(0, 0, self.width(), floor))
        end = self._place + _BARS_AHEAD * self._metre.bar_beats
        for bar in seen_between(self._bars, self._metre, self._place, end):
            top = round(self.px_of(bar.end_beats) * ratio) / ratio
            painter.drawPixmap(QPointF(0, top), self._tile(bar, look))
        painter.setClipping(False)
        painter.translate(0, floor)
        painter.drawPixmap(QPointF(0, 0), self._keys_picture(look))
        painter.translate(GUTTER_PX, 0)
        for note in self._sounding:
            paint_pressed(painter, note, look)
        painter.fillRect(
            QRectF(-GUTTER_PX, -1, self.width(), 2), colour(ACCENT if self._playing else QUIET)
        )
        painter.end()

    def _tile(self, bar: RollBar, look: FallingLook) -> QPixmap:
        had = self._tiles.get(bar.start_beats)
        if had is not None and had[1] == look and (had[0] is bar or had[0] == bar):
            return had[2]
        width, height = GUTTER_PX + look.keys.width, bar.length_beats * look.px_per_beat
        tile = _blank(width, height, look.ratio)
        painter = QPainter(tile)
        paint_bar(painter, bar, look, height)
        painter.end()
        self._tiles[bar.start_beats] = (bar, look, tile)
        self._tiles.move_to_end(bar.start_beats)
        while len(self._tiles) > _KEPT:
            self._tiles.popitem(last=False)
        return tile

    def _keys_picture(self, look: FallingLook) -> QPixmap:
        if self._board is None or self._board[0] != look:
            board = _blank(GUTTER_PX + look.keys.width, KEYS_PX, look.ratio)
            painter = QPainter(board)
            paint_legend(painter)
            painter.translate(GUTTER_PX, 0)
            paint_keys(painter, look)
            painter.end()
            self._board = (look, board)
        return self._board[1]


def _blank(width: float, height: float, ratio: float) -> QPixmap:
    made = QPixmap(max(1, ceil(width * ratio)), max(1, ceil(height * ratio)))
    made.setDevicePixelRatio(ratio)
    made.fill(colour(BACKGROUND))
    return made
