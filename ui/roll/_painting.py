"""How a bar of a piano roll is drawn: its rows, its beats, its notes; and the keys beside it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen

from studio.live.ensemble.played import RollBar
from studio.live.layers.roll_bars import BASS, CHORDS, DRUMS, LEAD, PART_COLOURS, in_scale
from studio.live.layers.roll_scale import RollScale
from studio.music.notes import Note
from studio.music.phrases import Key
from ui.roll.bars import is_white, note_name, part_shape, pitch_name
from ui.theme import ACCENT, BACKGROUND, HAIRLINE, PANEL, QUIET, TEXT, TRACK, colour, font

DRUM_ROWS = ("crash", "hat", "tom", "snare", "kick")
DRUM_ROW_PX = 14.0
LANE_GAP_PX = 10.0
"""Between the lowest pitch and the drums."""
LANE_PX = LANE_GAP_PX + DRUM_ROW_PX * len(DRUM_ROWS)
_GAP_PX = 2.0
"""Between a note and the next one of its pitch."""
_NAME_HIGH_PX = 14.0
_NAME_FROM_PX = (21.0, 13.0)
"""A note so wide and so high says its name."""
WHITE_KEY, BLACK_KEY = "#868D98", "#2A2F37"
"""Keys: white ones are no lamp beside a dark stage."""
_KITS = {
    "kick": (35, 36),
    "snare": (37, 38, 39, 40),
    "tom": (41, 43, 45, 47, 48, 50, 60, 61, 62, 63, 64, 65, 66),
    "hat": (42, 44, 46, 54, 69, 70, 75, 82),
}
_ROW_OF = {pitch: DRUM_ROWS.index(row) for row, kit in _KITS.items() for pitch in kit}


@dataclass(frozen=True, slots=True)
class BarStyle:
    """All that a bar's drawing depends on besides its notes."""

    scale: RollScale
    pulse_beats: float
    key: Key | None
    drums: bool
    """Whether there is a lane for them."""


def paint_bar(
    painter: QPainter, bar: RollBar, look: BarStyle, goes_on: Collection[int] = ()
) -> None:
    """Draw `bar` from (0, 0) on, over whatever was there. Pitches in `goes_on` are tied over."""
    width = bar.length_beats * look.scale.px_per_beat
    _paint_rows(painter, look, width)
    _paint_beats(painter, bar, look)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for part in (DRUMS, CHORDS, BASS, LEAD):  # the tune lies on top
        for note in bar.notes:
            if note.track == part:
                ends_tied = note.pitch in goes_on and _reaches_end(note, bar)
                _paint_note(painter, note, look, bar.settled, ends_tied)


def note_rect(note: Note, scale: RollScale, begin_px: float, *, ends_tied: bool = False) -> QRectF:
    """Where a note of a bar that begins at `begin_px` lies. Drums have places of their own."""
    x = begin_px + note.start_beats * scale.px_per_beat
    if note.track == DRUMS:
        size = 5 + 4 * note.velocity / 127
        return QRectF(x + 1, _drum_y(note.pitch, scale) - size / 2, size, size)
    gap = 0.0 if ends_tied else min(_GAP_PX, 0.3 * note.length_beats * scale.px_per_beat)
    width = max(2.5, note.length_beats * scale.px_per_beat - gap)
    row = scale.row_px
    margin = 0.75 if row > 7 else 0.25
    return QRectF(x, scale.y(note.pitch) + margin, width, row - 2 * margin)


def paint_sounding(
    painter: QPainter, note: Note, rect: QRectF, shade: float, key: Key | None
) -> None:
    """A note while it sounds; `shade` falls from 1 to 0 after its beginning."""
    tint = PART_COLOURS.get(note.track, ACCENT)
    grown = 1.0 + 2.0 * shade
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour(tint, 0.30))
    painter.drawRoundedRect(rect.adjusted(-grown, -grown, grown, grown), 5, 5)
    painter.setBrush(_lit(tint, 0.35 + 0.5 * shade))
    painter.drawPath(_shape(note, rect))
    if note.track == LEAD:
        _paint_name(painter, note, rect, key)


def paint_keys(painter: QPainter, look: BarStyle, room: QRectF) -> None:
    """The keys of a piano beside the rows, and what the drums are called."""
    painter.fillRect(room, colour(PANEL))
    for pitch in range(look.scale.lowest, look.scale.highest + 1):
        tint = WHITE_KEY if is_white(pitch) else BLACK_KEY
        painter.fillRect(key_rect(pitch, look.scale, room), colour(tint))
        if _is_named(pitch, look):
            _name_key(painter, pitch, look, room, tint)
    if look.drums:
        _paint_drum_names(painter, look.scale, room)


def paint_pressed_key(
    painter: QPainter, pitch: int, part: str, look: BarStyle, room: QRectF
) -> None:
    """A key while it sounds, in the colour of its part and with its name."""
    tint = PART_COLOURS.get(part, ACCENT)
    painter.fillRect(key_rect(pitch, look.scale, room), colour(tint))
    _name_key(painter, pitch, look, room, tint)


def key_rect(pitch: int, scale: RollScale, room: QRectF) -> QRectF:
    """Where a key lies: black ones are shorter."""
    long = 1.0 if is_white(pitch) else 0.62
    width = room.width() * long - 4
    return QRectF(room.left() + 2, scale.y(pitch) + 0.5, width, scale.row_px - 1)


# -- inside -----------------------------------------------------------------------------------


def _is_named(pitch: int, look: BarStyle) -> bool:
    """One key in an octave: the key's own note."""
    return pitch % 12 == (0 if look.key is None else look.key.tonic)


def _name_key(painter: QPainter, pitch: int, look: BarStyle, room: QRectF, tint: str) -> None:
    scale = look.scale
    if 12 * scale.row_px < _NAME_HIGH_PX:  # one in an octave: the next would be in its way
        return
    painter.setFont(font(max(9, min(12, round(scale.row_px) - 1)), QFont.Weight.DemiBold))
    inside = key_rect(pitch, scale, room)
    lack = max(3.0, (_NAME_HIGH_PX - inside.height()) / 2)
    inside.adjust(0, -lack, -3, lack)
    if scale.row_px < 8:  # over the keys beside it
        painter.fillRect(inside.adjusted(0, 2, 3, -2), colour(tint))
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
    painter.setPen(colour(BACKGROUND if tint != BLACK_KEY else TEXT))
    painter.drawText(inside, flags, note_name(pitch, look.key))


def _paint_rows(painter: QPainter, look: BarStyle, width: float) -> None:
    scale, row = look.scale, look.scale.row_px
    bottom = scale.top + scale.height + (LANE_PX if look.drums else 0)
    painter.fillRect(QRectF(0, 0, width + 1, bottom + 4000), colour(BACKGROUND))
    for pitch in range(scale.lowest, scale.highest + 1):
        if in_scale(pitch, look.key):
            painter.fillRect(QRectF(0, scale.y(pitch), width + 1, row), colour(PANEL))
    painter.setPen(QPen(colour(TRACK), 1))
    tonic = 0 if look.key is None else look.key.tonic
    for pitch in range(scale.lowest, scale.highest + 1):
        if pitch % 12 == tonic:
            y = round(scale.y(pitch) + row) - 0.5
            painter.drawLine(QPointF(0, y), QPointF(width + 1, y))
    if look.drums:
        lane = QRectF(0, scale.top + scale.height, width + 1, LANE_PX)
        painter.fillRect(lane, colour(BACKGROUND))
        painter.fillRect(lane.adjusted(0, LANE_GAP_PX - 2, 0, 0), colour(PANEL))


def _paint_beats(painter: QPainter, bar: RollBar, look: BarStyle) -> None:
    scale = look.scale
    bottom = scale.top + scale.height + (LANE_PX if look.drums else 0)
    count = round(bar.length_beats / look.pulse_beats)
    close = look.pulse_beats * scale.px_per_beat < 9
    for pulse in range(count):
        if pulse and close:
            continue
        x = round(pulse * look.pulse_beats * scale.px_per_beat) + 0.5
        painter.setPen(QPen(colour(TRACK if pulse == 0 else HAIRLINE), 1))
        painter.drawLine(QPointF(x, scale.top), QPointF(x, bottom))


def _paint_note(
    painter: QPainter, note: Note, look: BarStyle, settled: bool, ends_tied: bool
) -> None:
    tint = PART_COLOURS.get(note.track, ACCENT)
    rect = note_rect(note, look.scale, 0.0, ends_tied=ends_tied)
    shape = _shape(note, rect, ends_tied)
    loud = 0.55 + 0.45 * min(1.0, note.velocity / 100)
    if settled:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(tint, round(loud, 2)))
    else:
        painter.setPen(QPen(colour(tint, 0.9), 1.4))
        painter.setBrush(colour(tint, 0.10))
    painter.drawPath(shape)
    if note.track == LEAD:
        _paint_name(painter, note, rect, look.key, outline=not settled)


def _shape(note: Note, rect: QRectF, ends_tied: bool = False) -> QPainterPath:
    """Rounded where it begins and ends, flat where a tie goes over the bar line."""
    path = part_shape(note.track, rect, min(4.0, rect.height() / 3, rect.width() / 2))
    if note.track in (DRUMS, BASS):
        return path
    high = path.boundingRect()
    first = QRectF(rect.left(), high.top(), rect.width() / 2, high.height())
    for flat, side in ((note.tied, first), (ends_tied, first.translated(first.width(), 0))):
        if flat:
            square = QPainterPath()
            square.addRect(side)
            path = path.united(square)
    return path


def _paint_name(
    painter: QPainter, note: Note, rect: QRectF, key: Key | None, outline: bool = False
) -> None:
    wide, high = _NAME_FROM_PX
    if rect.width() < wide or rect.height() < high or note.tied:
        return
    painter.setFont(font(min(15, round(rect.height() - 3)), QFont.Weight.DemiBold))
    painter.setPen(colour(PART_COLOURS[LEAD] if outline else BACKGROUND))
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.drawText(rect.adjusted(4, -2, 0, 2), flags, pitch_name(note.pitch, key))


def _paint_drum_names(painter: QPainter, scale: RollScale, room: QRectF) -> None:
    painter.setFont(font(10))
    painter.setPen(colour(QUIET))
    for index, name in enumerate(DRUM_ROWS):
        y = scale.top + scale.height + LANE_GAP_PX + index * DRUM_ROW_PX
        words = QRectF(room.left() + 2, y, room.width() - 8, DRUM_ROW_PX)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(words, flags, name)


def _drum_y(pitch: int, scale: RollScale) -> float:
    row = _ROW_OF.get(pitch, 0)
    return scale.top + scale.height + LANE_GAP_PX + (row + 0.5) * DRUM_ROW_PX


def _reaches_end(note: Note, bar: RollBar) -> bool:
    return note.start_beats + note.length_beats > bar.length_beats - 1e-6


def _lit(name: str, share: float) -> QColor:
    """The colour, so much nearer to white."""
    tint = colour(name)
    mixed = (round(c + (255 - c) * share) for c in (tint.red(), tint.green(), tint.blue()))
    return QColor(*mixed)
