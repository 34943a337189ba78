"""How bars look in the waterfall: a piano's keys from left to right, what comes from the top."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPen

from studio.live.ensemble.played import RollBar
from studio.live.layers.roll_bars import BASS, CHORDS, LEAD, PART_COLOURS, PitchSpan
from studio.music.notes import Note
from studio.music.phrases import Key
from ui.roll._painting import BLACK_KEY, WHITE_KEY
from ui.roll.bars import is_white, note_name, part_shape, pitch_name
from ui.theme import ACCENT, BACKGROUND, HAIRLINE, PANEL, QUIET, TEXT, TRACK, colour, font

KEYS_PX = 76.0
GUTTER_PX = 92.0
"""Beside the notes: bar numbers and chords, which fall with them."""
_NAME_FROM_PX = (12.0, 15.0)
"""A note so wide and so high says its name."""
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
class FallingLook:
    """All that a picture depends on besides the bar."""

    keys: Keyboard
    px_per_beat: float
    pulse_beats: float
    key: Key | None
    ratio: float


def _whites_below(pitch: int) -> int:
    """How many white keys a piano that begins with MIDI's 0 has below `pitch`."""
    return 7 * (pitch // 12) + sum(is_white(each) for each in range(pitch % 12))


def paint_bar(painter: QPainter, bar: RollBar, look: FallingLook, height: float) -> None:
    """Its end lies at the top, its beginning at `height`."""
    keys, width = look.keys, GUTTER_PX + look.keys.width
    for pitch in range(keys.lowest, keys.highest + 1):
        left, wide = keys.room(pitch)
        if not is_white(pitch):
            painter.fillRect(QRectF(GUTTER_PX + left, 0, wide, height), colour(PANEL))
        elif pitch % 12 in (0, 5):  # where no black key parts two white ones
            tint = TRACK if pitch % 12 == 0 else HAIRLINE
            painter.fillRect(QRectF(GUTTER_PX + left, 0, 1, height), colour(tint))
    for pulse in range(round(bar.length_beats / look.pulse_beats)):
        y = round(height - pulse * look.pulse_beats * look.px_per_beat) - 1
        painter.fillRect(QRectF(0, y, width, 1), colour(HAIRLINE if pulse else TRACK))
    _paint_gutter(painter, bar, look, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for part in (CHORDS, BASS, LEAD):  # the tune lies on top
        for note in bar.notes:
            if note.track == part:
                _paint_note(painter, note, look, height, settled=bar.settled)


def _paint_gutter(painter: QPainter, bar: RollBar, look: FallingLook, height: float) -> None:
    flags = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
    if bar.number >= 0:
        painter.setFont(font(13))
        painter.setPen(colour(QUIET))
        painter.drawText(QRectF(8, 0, 40, height - 4), flags, str(bar.number + 1))
    painter.setFont(font(18, QFont.Weight.Medium))
    painter.setPen(colour(TEXT))
    for beat, chord in bar.chords:
        room = QRectF(34, 0, GUTTER_PX - 36, height - beat * look.px_per_beat - 2)
        painter.drawText(room, flags, chord)


def _note_rect(note: Note, look: FallingLook, height: float) -> QRectF:
    left, wide = look.keys.room(note.pitch)
    long = note.length_beats * look.px_per_beat
    share = wide * _SHARE.get(note.track, 1.0)
    bottom = height - note.start_beats * look.px_per_beat
    x = GUTTER_PX + left + (wide - share) / 2
    return QRectF(x, bottom - long, share, max(3.0, long - min(_GAP_PX, 0.3 * long)))


def _paint_note(
    painter: QPainter, note: Note, look: FallingLook, height: float, *, settled: bool
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


def paint_legend(painter: QPainter) -> None:
    """Which colour is whose, in the corner that the gutter and the keys leave."""
    painter.fillRect(QRectF(0, 0, GUTTER_PX, KEYS_PX), colour(PANEL))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font(13))
    high = (KEYS_PX - 8) / len(_SHARE)
    for row, part in enumerate(_SHARE):
        y = 4 + row * high
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(PART_COLOURS[part]))
        painter.drawPath(part_shape(part, QRectF(10, y + (high - 9) / 2, 9, 9)))
        painter.setPen(colour(QUIET))
        painter.drawText(QRectF(26, y, 64, high), Qt.AlignmentFlag.AlignVCenter, part)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _key_rect(pitch: int, keys: Keyboard) -> QRectF:
    left, wide = keys.room(pitch)
    return QRectF(left + 0.5, 1, wide - 1, KEYS_PX - 3 if is_white(pitch) else 0.6 * KEYS_PX)


def paint_keys(painter: QPainter, look: FallingLook) -> None:
    pitches = range(look.keys.lowest, look.keys.highest + 1)
    painter.fillRect(QRectF(0, 0, look.keys.width + 1, KEYS_PX), colour(BACKGROUND))
    for pitch in sorted(pitches, key=is_white, reverse=True):  # black ones lie on top
        rect = _key_rect(pitch, look.keys)
        painter.fillRect(rect, colour(WHITE_KEY if is_white(pitch) else BLACK_KEY))
        if pitch % 12 == 0:
            _name_key(painter, pitch, look, rect)


def _name_key(painter: QPainter, pitch: int, look: FallingLook, rect: QRectF) -> None:
    painter.setFont(font(12, QFont.Weight.DemiBold))
    painter.setPen(colour(BACKGROUND))
    flags = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter
    painter.drawText(rect.adjusted(-8, 0, 8, -3), flags, note_name(pitch, look.key))


def paint_pressed(painter: QPainter, note: Note, look: FallingLook) -> None:
    """A key while it sounds, in the colour of its part; black ones beside it stay on top."""
    rect = _key_rect(note.pitch, look.keys)
    if is_white(note.pitch):
        rect.setTop(0.6 * KEYS_PX + 2)
    painter.fillRect(rect, colour(PART_COLOURS.get(note.track, ACCENT)))
    if is_white(note.pitch) and (note.track == LEAD or note.pitch % 12 == 0):
        _name_key(painter, note.pitch, look, rect)
