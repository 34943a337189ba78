"""A few bars of a piano roll as one line of engraved music."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from studio.engraving.pages import Page
from studio.live.ensemble.paper import score_of_bars
from studio.live.ensemble.played import RollBar
from studio.live.layers.roll_bars import LEAD
from studio.music.files.musicxml import Score
from studio.music.keys import staff_place
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key
from ui.theme import TEXT

TICKS = 24
"""A beat, in the ids of notes."""
HALF_SPACE = 90.0
"""From a line of a staff to the space above it, in a page's units."""
_HEAD = QSize(236, 180)
"""A note head, in a page's units."""
_NEAR = (-40, -45, 40, 45)
"""So near to it counts as on it."""
_TOP_LINE = 45
"""The highest line of a staff with a treble clef, as `staff_place` counts: an F."""


class Content(NamedTuple):
    """What is on a line: as long as it is the same, the line is."""

    bars: tuple[RollBar, ...]
    metre: Metre
    key: Key | None


class Sounding(NamedTuple):
    """A note that sounds: its part, and where its head is on the line, in px."""

    part: str
    rect: QRectF


class Head(NamedTuple):
    """What the id of a note says."""

    part: str
    bar: int
    """On the line, from 0."""
    tick: int
    ticks: int
    pitch: int

    @classmethod
    def of(cls, id: str) -> Head:
        part, *numbers = id.split("-")
        return cls(part, *map(int, numbers))


@dataclass
class Line:
    """A line that has been engraved."""

    content: Content
    page: Page
    _drawn: QPixmap = field(default_factory=QPixmap)
    _drawn_for: tuple[float, float] = (0.0, 0.0)

    def picture(self, scale: float, ratio: float) -> QPixmap:
        """Drawn once for each scale, in px a unit."""
        if self._drawn_for != (scale, ratio):
            size = QSize(round(self.page.width * scale), round(self.page.height * scale))
            drawn = QPixmap((size.toSizeF() * ratio).toSize())
            drawn.setDevicePixelRatio(ratio)
            drawn.fill("transparent")
            painter = QPainter(drawn)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ink = self.page.svg.replace("#000000", TEXT)
            QSvgRenderer(ink.encode()).render(painter, QRectF(QPointF(), size.toSizeF()))
            painter.end()
            self._drawn, self._drawn_for = drawn, (scale, ratio)
        return self._drawn

    def sounding(self, place: float, scale: float) -> list[Sounding]:
        """The notes that sound at `place`, in beats."""
        bars = self.content.bars
        now = next((n for n, b in enumerate(bars) if b.start_beats <= place < b.end_beats), None)
        if now is None:
            return []
        tick = (place - bars[now].start_beats) * TICKS
        found = []
        for id, x, y in self.page.places:
            head = Head.of(id)
            if head.bar == now and head.tick <= tick < head.tick + head.ticks and head.pitch:
                found.append(Sounding(head.part, scaled(_around(x, y), scale)))
        return found

    # -- what stands where, in the page's units ------------------------------------------------

    def number_at(self, x: float) -> int | None:
        """The number of the bar that lies there."""
        measures = zip(self.content.bars, self.page.measures, strict=False)
        return next((bar.number for bar, m in measures if m.left <= x < m.right), None)

    def head_at(self, at: QPointF) -> Head | None:
        """The head of the melody that was hit."""
        heads = ((Head.of(id), _around(x, y)) for id, x, y in self.page.places)
        hit = (
            head for head, rect in heads if head.part == LEAD and rect.adjusted(*_NEAR).contains(at)
        )
        return next(hit, None)

    def beat_at(self, number: int, x: float, step: float) -> float:
        """Which beat of a bar stands at `x`: that of a note or rest there, else between two of
        them, in whole steps."""
        known = self._columns(number)
        x -= _HEAD.width() / 2
        near = min(known, key=lambda beat: abs(known[beat] - x))
        if abs(known[near] - x) < _HEAD.width() / 2:
            return near
        beats = sorted(known)
        return round(float(np.interp(x, [known[beat] for beat in beats], beats)) / step) * step

    def staff_place_at(self, at: QPointF, key: Key) -> int:
        """The line or space of the melody's staff that `at` lies on, as `staff_place` counts."""
        place, y = self._reference(key)
        return place + round((y - at.y()) / HALF_SPACE)

    def rect(self, number: int, note: Note, key: Key) -> QRectF | None:
        """Where the head of a note stands or will stand; None for one of another line."""
        if all(bar.number != number for bar in self.content.bars):
            return None
        known = self._columns(number)
        beats = sorted(known)
        x = float(np.interp(note.start_beats, beats, [known[beat] for beat in beats]))
        place, y = self._reference(key)
        return _around(x, y - (staff_place(note.pitch, key) - place) * HALF_SPACE)

    def _columns(self, number: int) -> dict[float, float]:
        """By the beats of a bar, where what begins there stands; its end last."""
        index = next(i for i, bar in enumerate(self.content.bars) if bar.number == number)
        measure, bar = self.page.measures[index], self.content.bars[index]
        found = {0.0: measure.left, bar.length_beats: measure.right}
        for id, x, _ in sorted(self.page.places, key=lambda place: -place.x):
            head = Head.of(id)
            if head.bar == index:
                found[head.tick / TICKS] = x
        return found

    def _reference(self, key: Key) -> tuple[int, float]:
        """Some place of the melody's staff, and its y."""
        heads = ((Head.of(id), y) for id, _, y in self.page.places)
        known = ((staff_place(h.pitch, key), y) for h, y in heads if h.part == LEAD)
        return next(known, (_TOP_LINE, self.page.measures[0].top))


def scaled(rect: QRectF, scale: float) -> QRectF:
    """A rectangle of a page in px."""
    return QRectF(rect.topLeft() * scale, rect.size() * scale)


def _around(x: float, y: float) -> QRectF:
    """The head at a place."""
    return QRectF(x, y - _HEAD.height() / 2, _HEAD.width(), _HEAD.height())


def score_of(content: Content) -> Score:
    """What is engraved of it."""
    return replace(score_of_bars(*content), named=False, closed=False)
