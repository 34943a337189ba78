"""A few bars of a piano roll as one line of engraved music."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from studio.engraving.pages import Page
from studio.live.ensemble.paper import score_of_bars
from studio.live.ensemble.played import RollBar
from studio.music.files.musicxml import Score
from studio.music.metres import Metre
from studio.music.phrases import Key
from ui.theme import TEXT

_TICKS = 24
"""A beat, in the ids of notes."""
_HEAD = QSize(236, 180)
"""A note head, in a page's units."""


class Content(NamedTuple):
    """What is on a line: as long as it is the same, the line is."""

    bars: tuple[RollBar, ...]
    metre: Metre
    key: Key | None


class Sounding(NamedTuple):
    """A note that sounds: its part, and where its head is on the line, in px."""

    part: str
    rect: QRectF


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
        tick = (place - bars[now].start_beats) * _TICKS
        found = []
        for id, x, y in self.page.places:
            part, bar, start, ticks, _ = id.split("-")
            if int(bar) == now and int(start) <= tick < int(start) + int(ticks):
                head = QRectF(x, y - _HEAD.height() / 2, _HEAD.width(), _HEAD.height())
                rect = QRectF(head.topLeft() * scale, head.size() * scale)
                found.append(Sounding(part, rect))
        return found


def score_of(content: Content) -> Score:
    """What is engraved of it."""
    return replace(score_of_bars(*content), named=False, closed=False)
