"""Draws the piano roll and the text of a preset: the same told, the same pixels, at any size.

A roll is drawn once for as long as its bars stay, in 12 ms at 1280x720; then each picture of it is
that one with what sounds and the playhead, in 0.5 ms (0.9 at 1920x1080).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from studio.live.ensemble.played import Roll, RollBar
from studio.live.layers.roll_bars import (
    BASS,
    CHORDS,
    DRUMS,
    LEAD,
    PART_COLOURS,
    bar_at,
    in_scale,
    pitch_range,
    seen_between,
    span_of,
)
from studio.live.layers.roll_scale import BARS_AT_ONCE, RollScale, followed
from studio.music.notes import Note
from studio.outputs.drawing import fill, fill_box, font, mask_of, rounded, tint_of, wrapped, write
from studio.outputs.mixing import Size
from studio.outputs.sink import Pixels

_SHORT_PX = 720.0
"""Lengths below are those of an output whose shorter side is so long."""
_KEYS_PX, _RULER_PX, _LANE_PX = 46.0, 38.0, 80.0
_GAP_PX, _DRUM_PX = 2.0, 9.0
_PANEL, _LINE, _BEAT = tint_of("#14161A"), tint_of("#2C313A"), tint_of("#1B1E24")
_TEXT, _QUIET = "#E8EAED", "#9AA3AF"
_WHITE_KEY, _BLACK_KEY = tint_of("#868D98"), tint_of("#2A2F37")
_DRUM_BEATS, _FADE_BEATS = 0.12, 0.4
_MARGIN, _TITLE, _NOTES = 0.05, 0.09, 0.035
"""Of the text, as shares of the shorter side."""

_Rows = tuple[int, int, bool]
"""The lowest and the highest pitch, and whether there are drums."""


@dataclass(frozen=True)
class _Look:
    """Where everything of a roll stands."""

    scale: RollScale
    unit: float
    bars: tuple[RollBar, ...]
    now: int | None
    """The bar of the playhead, while it plays."""

    @property
    def lane_top(self) -> float:
        """Of the drums."""
        return self.scale.top + self.scale.height

    def box(self, bar: RollBar, note: Note) -> tuple[float, float, float, float]:
        """Where a note lies."""
        scale, unit = self.scale, self.unit
        x = scale.x(bar.start_beats + note.start_beats)
        if note.track == DRUMS:
            half = unit * _DRUM_PX * (0.5 + 0.5 * note.velocity / 127) / 2
            y = self.lane_top + unit * (12 + (_LANE_PX - 18) * (1 - (note.pitch - 35) % 24 / 24))
            return x, y - half, x + 2 * half, y + half
        width = note.length_beats * scale.px_per_beat
        top, thinner = scale.y(note.pitch), 0.25 if note.track == CHORDS else 0.06
        thin = thinner * scale.row_px
        right = x + max(2 * unit, width - min(_GAP_PX * unit, 0.3 * width))
        return x, top + thin, right, top + scale.row_px - thin


class LayerPainter:
    """For one thread. What it returns is not written to any more."""

    def __init__(self) -> None:
        self._rows: tuple[Roll, _Rows] | None = None
        self._ground: tuple[Roll, _Look, Size] | None = None
        self._standing: Pixels = np.zeros((1, 1, 3), np.uint8)
        self._text: tuple[tuple[str, str], Size, Pixels] | None = None

    def roll(self, roll: Roll, place: float, playing: bool, size: Size) -> Pixels:
        """The bars around the beat `place`, (height, width, 3)."""
        if self._rows is None or self._rows[0] is not roll:
            self._rows = roll, _rows(roll)
        look = _look(roll, self._rows[1], place, playing, size)
        if self._ground is None or self._ground != (roll, look, size):
            self._standing = _drawn(roll, look, size)
            self._ground = roll, look, size
        out = self._standing.copy()
        if playing:
            for bar, note, fresh in _sounding(look, place):
                _paint_note(out, look, bar, note, 1.35 + 0.5 * fresh)
                if note.track != DRUMS:
                    _paint_key(out, look, note.pitch, tint_of(PART_COLOURS[note.track]))
        _paint_head(out, look, place, playing)
        return out

    def text(self, title: str, notes: str, size: Size) -> Pixels:
        """A preset's name and notes at the foot of a black picture, (height, width, 3)."""
        if self._text is None or self._text[:2] != ((title, notes), size):
            self._text = (title, notes), size, _text_picture(title, notes, size)
        return self._text[2]


def _rows(roll: Roll) -> _Rows:
    """Found out once: there may be a thousand bars."""
    drums = any(note.track == DRUMS for bar in roll.bars for note in bar.notes)
    return *pitch_range((span_of(bar) for bar in roll.bars), None), drums


def _look(roll: Roll, rows: _Rows, place: float, playing: bool, size: Size) -> _Look:
    lowest, highest, drums = rows
    unit = min(size) / _SHORT_PX
    shown = BARS_AT_ONCE * roll.metre.bar_beats
    origin = followed(place, roll.metre, shown) if playing else 0.0
    if not playing and roll.bars:
        origin = roll.bars[0].start_beats
    lane = _LANE_PX * unit if drums else 0.0
    left, top = _KEYS_PX * unit, _RULER_PX * unit
    height = max(24.0, size[1] - top - lane - 6 * unit)
    scale = RollScale(left, top, size[0] - left, height, origin, shown, lowest, highest)
    bars = tuple(seen_between(roll.bars, roll.metre, origin, scale.end_beats))
    now = bar_at(roll.bars, roll.metre, place) if playing else None
    return _Look(scale, unit, bars, now)


def _drawn(roll: Roll, look: _Look, size: Size) -> Pixels:
    """All but what moves."""
    out = np.zeros((size[1], size[0], 3), np.uint8)
    scale = look.scale
    for pitch in range(scale.lowest, scale.highest + 1):
        if in_scale(pitch, roll.key):
            fill_box(out, (scale.left, scale.y(pitch), size[0], scale.y(pitch - 1)), _PANEL)
    for bar in look.bars:
        _paint_bar(out, roll, look, bar)
    out[:, : round(scale.left)] = 0
    for pitch in range(scale.lowest, scale.highest + 1):
        _paint_key(out, look, pitch, _WHITE_KEY if in_scale(pitch, None) else _BLACK_KEY)
    return out


def _paint_bar(out: Pixels, roll: Roll, look: _Look, bar: RollBar) -> None:
    scale, unit = look.scale, look.unit
    for pulse in range(round(bar.length_beats / roll.metre.pulse_beats)):
        left = round(scale.x(bar.start_beats + pulse * roll.metre.pulse_beats))
        if 0 <= left < out.shape[1]:
            fill_box(out, (left, scale.top, left + unit, out.shape[0]), _BEAT if pulse else _LINE)
    past = look.now is not None and bar.number < look.now
    for part in (DRUMS, CHORDS, BASS, LEAD):  # the tune lies on top
        for note in bar.notes:
            if note.track == part:
                loud = 0.55 + 0.45 * min(1.0, note.velocity / 100)
                _paint_note(out, look, bar, note, loud * (0.5 if past else 1.0))
    if bar.number >= 0:
        is_now = bar.number == look.now
        tint = tint_of(PART_COLOURS[LEAD] if is_now else _QUIET)
        x, y = scale.x(bar.start_beats) + 7 * unit, scale.top / 2
        write(out, str(bar.number + 1), x, y, 16 * unit, tint, 600)
        for beat, chord in bar.chords:
            beside = 0.0 if beat else (10 * len(str(bar.number + 1)) + 8) * unit
            at = scale.x(bar.start_beats + beat) + 8 * unit + beside
            write(out, chord, at, y, 18 * unit, tint_of(_TEXT if is_now else _QUIET), 500)


def _paint_note(out: Pixels, look: _Look, bar: RollBar, note: Note, share: float) -> None:
    """In the colour of its part; one that is only to come in outline."""
    box = look.box(bar, note)
    tint = tint_of(PART_COLOURS.get(note.track, PART_COLOURS[LEAD]), share)
    fill(out, _shape(note, box, look.unit), tint)
    line = 1.4 * look.unit
    x0, y0, x1, y1 = box
    if not bar.settled and x1 - x0 > 3 * line and y1 - y0 > 3 * line:
        inside = (x0 + line, y0 + line, x1 - line, y1 - line)
        fill(out, _shape(note, inside, look.unit), tint_of("#0E0F12"))


def _shape(
    note: Note, box: tuple[float, float, float, float], unit: float
) -> npt.NDArray[np.float64]:
    x0, y0, x1, y1 = box
    if note.track == DRUMS:
        middle = (x0 + x1) / 2, (y0 + y1) / 2
        return np.array([(middle[0], y0), (x1, middle[1]), (middle[0], y1), (x0, middle[1])])
    return rounded(box, 0.0 if note.track == BASS else min(4 * unit, (y1 - y0) / 3))


def _paint_key(out: Pixels, look: _Look, pitch: int, tint: tuple[int, int, int]) -> None:
    scale, unit = look.scale, look.unit
    long = 1.0 if in_scale(pitch, None) else 0.62
    top, right = scale.y(pitch), 2 * unit + (scale.left - 4 * unit) * long
    fill_box(out, (2 * unit, top + 0.5 * unit, right, top + scale.row_px - 0.5 * unit), tint)


def _sounding(look: _Look, place: float) -> Iterator[tuple[RollBar, Note, float]]:
    """The notes that sound, each with how fresh it is, from 1 down to 0."""
    for bar in look.bars:
        if bar.number == look.now:
            for note in bar.notes:
                since = place - bar.start_beats - note.start_beats
                lasts = _DRUM_BEATS if note.track == DRUMS else note.length_beats
                if 0 <= since < lasts and note.track in PART_COLOURS:
                    yield bar, note, 0.0 if note.tied else max(0.0, 1 - since / _FADE_BEATS)


def _paint_head(out: Pixels, look: _Look, place: float, playing: bool) -> None:
    scale, unit = look.scale, look.unit
    x = scale.x(place)
    if not scale.left <= x < out.shape[1]:
        return
    tint = tint_of(PART_COLOURS[LEAD] if playing else _QUIET)
    top = scale.top - 12 * unit
    line = [(x - unit, top), (x + unit, top), (x + unit, out.shape[0]), (x - unit, out.shape[0])]
    fill(out, np.array(line), tint)
    fill(out, np.array([(x - 6 * unit, top), (x + 6 * unit, top), (x, top + 11 * unit)]), tint)


def _text_picture(title: str, notes: str, size: Size) -> Pixels:
    out = np.zeros((size[1], size[0], 3), np.uint8)
    short = min(size)
    margin = _MARGIN * short
    y = float(size[1] - margin)
    for words, share, weight in ((notes, _NOTES, 400), (title, _TITLE, 600)):
        px = max(8, round(share * short))
        for line in reversed(wrapped(words, font(px, weight, words), size[0] - 2 * margin)):
            height = mask_of(line, px, weight).shape[0]
            write(out, line, margin, y - height / 2, px, (255, 255, 255), weight)
            y -= height
    return out
