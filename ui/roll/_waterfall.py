"""The waterfall: coming bars fall towards a piano's keys, for whoever plays along at sight.

A note reaches its key when it sounds. Bars are pictures, drawn once; a frame copies those that are
seen, the two bars to come, and lights the keys that sound. Hidden, it does nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QFont, QHideEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from studio.live.ensemble.played import RollBar
from studio.live.layers.roll_bars import (
    BASS,
    CHORDS,
    DRUMS,
    LEAD,
    PART_COLOURS,
    PitchSpan,
    bar_at,
    pitch_range,
    seen_between,
    span_of,
)
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key
from ui.roll._painting import BLACK_KEY, WHITE_KEY
from ui.roll.bars import is_white, note_name, pitch_name
from ui.theme import ACCENT, BACKGROUND, HAIRLINE, PANEL, QUIET, TEXT, TRACK, colour, font

_BARS_AHEAD = 2
_KEYS_PX = 76.0
_GUTTER_PX = 92.0
"""Beside the notes: bar numbers and chords, which fall with them."""
_KEPT = 8
"""Pictures of bars."""
_NAME_FROM_PX = (15.0, 15.0)
_SHARE = {LEAD: 0.86, BASS: 0.86, CHORDS: 0.5}
"""How much of its key's width a note has."""
_GAP_PX = 2.0


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Where the keys from one white key to another stand, from x 0 on."""

    lowest: int
    highest: int
    width: float

    @classmethod
    def over(cls, span: PitchSpan, width: float) -> Keyboard:
        """With a white key at each end, so that all of `span` is there."""
        low, high = span
        return cls(low - (not is_white(low)), high + (not is_white(high)), width)

    @property
    def white_px(self) -> float:
        """The width of a white key."""
        return self.width / (_whites_below(self.highest) + 1 - _whites_below(self.lowest))

    def room(self, pitch: int) -> tuple[float, float]:
        """The left edge and the width of a key."""
        left = (_whites_below(pitch) - _whites_below(self.lowest)) * self.white_px
        if is_white(pitch):
            return left, self.white_px
        return left - 0.3 * self.white_px, 0.6 * self.white_px


@dataclass(frozen=True, slots=True)
class _Look:
    """All that a picture depends on besides the bar."""

    keys: Keyboard
    px_per_beat: float
    pulse_beats: float
    key: Key | None
    ratio: float


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
        self._tiles: OrderedDict[float, tuple[RollBar, _Look, QPixmap]] = OrderedDict()
        self._board: tuple[_Look, QPixmap] | None = None

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 200)

    # -- what it shows -------------------------------------------------------------------------

    def show_bars(self, bars: Sequence[RollBar], metre: Metre, key: Key | None) -> None:
        """Show these bars, in any order."""
        ordered = tuple(sorted(bars, key=lambda bar: bar.start_beats))
        if (ordered, metre, key) == (self._bars, self._metre, self._key):
            return
        self._bars, self._metre, self._key = ordered, metre, key
        self._span = pitch_range(map(span_of, ordered[-4 * _BARS_AHEAD :]), self._span)
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
        return Keyboard.over(self._span, max(1.0, self.width() - _GUTTER_PX))

    def y(self, beat: float) -> float:
        """Where a beat is now, from the top."""
        return self._floor() - (beat - self._place) * self._px_per_beat()

    # -- inside --------------------------------------------------------------------------------

    def _look_again(self) -> None:
        """Paint, if anything has moved by a pixel."""
        if not self.isVisible():
            return
        self._sounding = tuple(self._heard()) if self._playing else ()
        ratio = self.devicePixelRatioF()
        seen = (round(self.y(0.0) * ratio), self._sounding, self._bars, self._metre, self._key)
        if seen != self._seen:
            self._seen = seen
            self.update()

    def _heard(self) -> Iterator[Note]:
        number = bar_at(self._bars, self._metre, self._place)
        for bar in self._bars[-4 * _BARS_AHEAD :]:
            if bar.number == number:
                for note in bar.notes:
                    since = self._place - bar.start_beats - note.start_beats
                    if note.track != DRUMS and 0 <= since < note.length_beats:
                        yield note

    def _floor(self) -> float:
        return max(1.0, self.height() - _KEYS_PX)

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
        look = _Look(self.keys, self._px_per_beat(), self._metre.pulse_beats, self._key, ratio)
        painter.setClipRect(QRectF(0, 0, self.width(), floor))
        end = self._place + _BARS_AHEAD * self._metre.bar_beats
        for bar in seen_between(self._bars, self._metre, self._place, end):
            top = round(self.y(bar.end_beats) * ratio) / ratio
            painter.drawPixmap(QPointF(0, top), self._tile(bar, look))
        painter.setClipping(False)
        painter.translate(_GUTTER_PX, floor)
        painter.fillRect(QRectF(-_GUTTER_PX, 0, self.width(), _KEYS_PX), colour(PANEL))
        painter.drawPixmap(QPointF(0, 0), self._keys_picture(look))
        for note in self._sounding:
            _paint_pressed(painter, note, look)
        painter.fillRect(
            QRectF(-_GUTTER_PX, -1, self.width(), 2), colour(ACCENT if self._playing else QUIET)
        )
        painter.end()

    def _tile(self, bar: RollBar, look: _Look) -> QPixmap:
        had = self._tiles.get(bar.start_beats)
        if had is not None and had[1] == look and (had[0] is bar or had[0] == bar):
            return had[2]
        width, height = _GUTTER_PX + look.keys.width, bar.length_beats * look.px_per_beat
        tile = _blank(width, height, look.ratio)
        painter = QPainter(tile)
        _paint_bar(painter, bar, look, height)
        painter.end()
        self._tiles[bar.start_beats] = (bar, look, tile)
        self._tiles.move_to_end(bar.start_beats)
        while len(self._tiles) > _KEPT:
            self._tiles.popitem(last=False)
        return tile

    def _keys_picture(self, look: _Look) -> QPixmap:
        if self._board is None or self._board[0] != look:
            board = _blank(look.keys.width, _KEYS_PX, look.ratio)
            painter = QPainter(board)
            _paint_keys(painter, look)
            painter.end()
            self._board = (look, board)
        return self._board[1]


def _blank(width: float, height: float, ratio: float) -> QPixmap:
    made = QPixmap(max(1, ceil(width * ratio)), max(1, ceil(height * ratio)))
    made.setDevicePixelRatio(ratio)
    made.fill(colour(BACKGROUND))
    return made


def _whites_below(pitch: int) -> int:
    """How many white keys a piano that begins with MIDI's 0 has below `pitch`."""
    return 7 * (pitch // 12) + sum(is_white(each) for each in range(pitch % 12))


def _paint_bar(painter: QPainter, bar: RollBar, look: _Look, height: float) -> None:
    """Its end lies at the top, its beginning at `height`."""
    keys, width = look.keys, _GUTTER_PX + look.keys.width
    for pitch in range(keys.lowest, keys.highest + 1):
        left, wide = keys.room(pitch)
        if not is_white(pitch):
            painter.fillRect(QRectF(_GUTTER_PX + left, 0, wide, height), colour(PANEL))
        elif pitch % 12 in (0, 5):  # where no black key parts two white ones
            tint = TRACK if pitch % 12 == 0 else HAIRLINE
            painter.fillRect(QRectF(_GUTTER_PX + left, 0, 1, height), colour(tint))
    for pulse in range(round(bar.length_beats / look.pulse_beats)):
        y = round(height - pulse * look.pulse_beats * look.px_per_beat) - 1
        painter.fillRect(QRectF(0, y, width, 1), colour(HAIRLINE if pulse else TRACK))
    _paint_gutter(painter, bar, look, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for part in (CHORDS, BASS, LEAD):  # the tune lies on top
        for note in bar.notes:
            if note.track == part:
                _paint_note(painter, note, look, height, settled=bar.settled)


def _paint_gutter(painter: QPainter, bar: RollBar, look: _Look, height: float) -> None:
    flags = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
    if bar.number >= 0:
        painter.setFont(font(13))
        painter.setPen(colour(QUIET))
        painter.drawText(QRectF(8, 0, 40, height - 4), flags, str(bar.number + 1))
    painter.setFont(font(18, QFont.Weight.Medium))
    painter.setPen(colour(TEXT))
    for beat, chord in bar.chords:
        room = QRectF(34, 0, _GUTTER_PX - 36, height - beat * look.px_per_beat - 2)
        painter.drawText(room, flags, chord)


def _note_rect(note: Note, look: _Look, height: float) -> QRectF:
    left, wide = look.keys.room(note.pitch)
    long = note.length_beats * look.px_per_beat
    share = wide * _SHARE.get(note.track, 1.0)
    bottom = height - note.start_beats * look.px_per_beat
    x = _GUTTER_PX + left + (wide - share) / 2
    return QRectF(x, bottom - long, share, max(3.0, long - min(_GAP_PX, 0.3 * long)))


def _paint_note(
    painter: QPainter, note: Note, look: _Look, height: float, *, settled: bool
) -> None:
    tint, rect = PART_COLOURS.get(note.track, ACCENT), _note_rect(note, look, height)
    radius = 0.0 if note.track == BASS else min(4.0, rect.width() / 3, rect.height() / 2)
    if settled:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(tint, 0.9))
    else:
        painter.setPen(QPen(colour(tint, 0.9), 1.4))
        painter.setBrush(colour(tint, 0.22))
    painter.drawRoundedRect(rect, radius, radius)
    wide, high = _NAME_FROM_PX
    if note.track == LEAD and not note.tied and rect.width() >= wide and rect.height() >= high:
        painter.setFont(font(13, QFont.Weight.DemiBold))
        painter.setPen(colour(BACKGROUND if settled else tint))
        flags = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter
        name = pitch_name(note.pitch, look.key)
        painter.drawText(rect.adjusted(-6, 0, 6, -1), flags, name)


def _key_rect(pitch: int, keys: Keyboard) -> QRectF:
    left, wide = keys.room(pitch)
    return QRectF(left + 0.5, 1, wide - 1, _KEYS_PX - 3 if is_white(pitch) else 0.6 * _KEYS_PX)


def _paint_keys(painter: QPainter, look: _Look) -> None:
    pitches = range(look.keys.lowest, look.keys.highest + 1)
    painter.fillRect(QRectF(0, 0, look.keys.width + 1, _KEYS_PX), colour(BACKGROUND))
    for pitch in sorted(pitches, key=is_white, reverse=True):  # black ones lie on top
        rect = _key_rect(pitch, look.keys)
        painter.fillRect(rect, colour(WHITE_KEY if is_white(pitch) else BLACK_KEY))
        if pitch % 12 == 0:
            _name_key(painter, pitch, look, rect)


def _name_key(painter: QPainter, pitch: int, look: _Look, rect: QRectF) -> None:
    painter.setFont(font(12, QFont.Weight.DemiBold))
    painter.setPen(colour(BACKGROUND))
    flags = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter
    painter.drawText(rect.adjusted(-8, 0, 8, -3), flags, note_name(pitch, look.key))


def _paint_pressed(painter: QPainter, note: Note, look: _Look) -> None:
    """A key while it sounds, in the colour of its part; black ones beside it stay on top."""
    rect = _key_rect(note.pitch, look.keys)
    if is_white(note.pitch):
        rect.setTop(0.6 * _KEYS_PX + 2)
    painter.fillRect(rect, colour(PART_COLOURS.get(note.track, ACCENT)))
    if is_white(note.pitch) and (note.track == LEAD or note.pitch % 12 == 0):
        _name_key(painter, note.pitch, look, rect)
