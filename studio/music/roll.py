"""Piano rolls as pixels: thumbnails of phrases, and pictures of them for sheets and exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from colorsys import hsv_to_rgb
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from studio.document.arrays import Pixels
from studio.music.notes import Note
from studio.music.phrases import Phrase
from studio.music.pulses import starts

GROUND = "#14161A"
BAR_LINE = "#2C313A"
BEAT_LINE = "#1B1E24"
PART_COLOURS: Mapping[str, str] = {
    "lead": "#F5B14C",
    "chords": "#8FA7C9",
    "bass": "#7FA69B",
    "drums": "#6B7380",
}
"""What each part is drawn in; the lead has the colour of all that is live."""
_FEWEST_SEMITONES = 12
"""A phrase of few pitches is not blown up beyond an octave."""
_GAP = 0.06
"""The sliver between two notes, in beats, that shows the second beginning."""
_ROOM_FOR_BEATS, _ROOM_FOR_BARS = 48, 8
"""Px a bar from which lines are drawn at beats, and at bars."""
_CONTOUR_BARS = 4
_Colour = NDArray[np.float32]


class _Frame(NamedTuple):
    """Where beats and pitches lie on a drawing, the highest pitch on top."""

    width: int
    height: int
    beats: float
    highest: int
    semitones: int

    def column(self, beat: float) -> float:
        """In px from the left, between two pixels as a rule."""
        return self.width * min(1.0, max(0.0, beat / self.beats))

    def rows(self, pitch: int) -> slice:
        """The rows of a pitch, at least one."""
        top = round(self.height * (self.highest - pitch) / self.semitones)
        bottom = round(self.height * (self.highest - pitch + 1) / self.semitones)
        return slice(max(0, top), max(top + 1, bottom))


def draw(
    phrase: Phrase,
    size: tuple[int, int] = (512, 256),
    *,
    more: Mapping[str, Sequence[Note]] | None = None,
) -> Pixels:
    """`phrase` as a piano roll: uint8 (height, width, 3) for a `size` of (width, height) in px.

    Louder notes are brighter. Lines stand at bars and, where there is room, at beats. `more` has
    other parts by name, drawn behind in colours of their own (`PART_COLOURS`).
    """
    parts = {**(more or {}), "lead": phrase.notes}
    frame = _frame(size, phrase, [note for notes in parts.values() for note in notes])
    canvas = np.empty((frame.height, frame.width, 3), np.uint8)
    canvas[:] = _rgb(GROUND)
    _lines(canvas, phrase, frame)
    for name, notes in parts.items():
        _notes(canvas, notes, _rgb(PART_COLOURS.get(name, PART_COLOURS["lead"])), frame)
    return canvas


def contour(phrase: Phrase, size: tuple[int, int], genre: str = "") -> Pixels:
    """A thumbnail that tells tunes apart: the melody's outline over the first bars, filled.

    uint8 (height, width, 3). Its hue is the genre's, the ground's that of the key on the circle of
    fifths; without a genre it has the lead's colour, without a key the ground of all rolls.
    """
    beats = min(phrase.length_beats, _CONTOUR_BARS * phrase.metre.bar_beats)
    notes = [note for note in phrase.notes if note.start_beats < beats]
    short = Phrase(tuple(notes), beats, phrase.metre)
    frame = _frame(size, short, notes)
    canvas = np.empty((frame.height, frame.width, 3), np.uint8)
    ground = _rgb(GROUND) if phrase.key is None else _shade(phrase.key.tonic * 7 % 12 / 12, 0.2)
    canvas[:] = ground
    tint = _rgb(PART_COLOURS["lead"]) if not genre else _shade(crc32(genre.encode()) % 97 / 97, 0.9)
    for note in notes:
        left, right = (
            frame.column(note.start_beats),
            frame.column(note.start_beats + note.length_beats),
        )
        rows = frame.rows(note.pitch)
        _bar(canvas[rows.start :], left, right, ground + 0.35 * (tint - ground))
        _bar(canvas[rows.start : rows.stop + 1], left, right, tint)
    return canvas


def _shade(hue: float, value: float) -> _Colour:
    """A colour, its parts from 0 to 255, for a hue from 0 to 1."""
    return 255 * np.array(hsv_to_rgb(hue, 0.55, value), np.float32)


def _frame(size: tuple[int, int], phrase: Phrase, notes: Sequence[Note]) -> _Frame:
    pitches = [note.pitch for note in notes] or [60]
    low, high = min(pitches) - 2, max(pitches) + 2
    lack = max(0, _FEWEST_SEMITONES + 4 - (high - low + 1))
    semitones = high - low + 1 + lack
    beats = max(phrase.length_beats, phrase.metre.bar_beats)
    return _Frame(*size, beats, high + (lack + 1) // 2, semitones)


def _lines(canvas: Pixels, phrase: Phrase, frame: _Frame) -> None:
    step = phrase.metre.bar_beats
    bars = max(1, round(frame.beats / step))
    thick = max(1, frame.width // 512)
    if frame.width / bars >= _ROOM_FOR_BEATS:
        for at in (bar * step + begin for bar in range(bars) for begin in starts(phrase.metre)[1:]):
            left = int(frame.column(at))
            canvas[:, left : left + thick] = _rgb(BEAT_LINE)
    if frame.width / bars >= _ROOM_FOR_BARS:
        for bar in range(1, bars):
            left = int(frame.column(bar * step))
            canvas[:, left : left + thick] = _rgb(BAR_LINE)


def _notes(canvas: Pixels, notes: Sequence[Note], colour: _Colour, frame: _Frame) -> None:
    ground = _rgb(GROUND)
    for note in notes:
        rows = frame.rows(note.pitch)
        left = frame.column(note.start_beats)
        right = frame.column(note.start_beats + max(note.length_beats - _GAP, _GAP))
        strength = 0.45 + 0.55 * min(127, max(1, note.velocity)) / 127
        _bar(canvas[rows], left, max(right, left + 1), ground + strength * (colour - ground))


def _bar(rows: Pixels, left: float, right: float, shade: _Colour) -> None:
    """Paint from `left` to `right`, in px; pixels that are covered in part are tinted in part."""
    first, last = int(left), min(rows.shape[1], int(np.ceil(right)))
    if last <= first:
        return
    columns = np.arange(first, last)
    cover = np.clip(np.minimum(columns + 1, right) - np.maximum(columns, left), 0, 1)[:, None]
    under = rows[:, first:last].astype(np.float32)
    rows[:, first:last] = np.rint(under + cover * (shade - under))


def _rgb(colour: str) -> _Colour:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], np.float32)
