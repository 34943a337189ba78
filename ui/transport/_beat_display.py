"""Where the music is: bar and beat in figures, and a pulse on every beat.

It is told the place all the time and paints only what can be seen to differ: some six small
repaints for each beat, whatever the picture beside it costs.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.live.clock.transport import Transport
from studio.music.metres import Metre
from ui.theme import ACCENT, BACKGROUND, QUIET, TEXT, TRACK, colour, font, px

_SHADES = 5
"""In so many steps a pulse fades."""
_FADE = 0.5
"""Of a beat: after that the pulse is at rest."""
_MOST_DOTS = 8
_EDGE = 1e-6


class BeatState(NamedTuple):
    """All that can be seen of a moment."""

    bar: int
    """1 is the first; 0 and less are a count-in's."""
    beat: int
    """In the bar, from 1."""
    beats: int
    state: str
    shade: int
    """How bright the pulse is: 0 is at rest."""

    @property
    def words(self) -> str:
        """Bar and beat, or how many beats are left of the count-in."""
        if self.state == "counting in":
            left = (1 - self.bar) * self.beats - self.beat + 1
            return f"in {left}"
        return f"{self.bar}.{self.beat}"


def seen(place: float, metre: Metre, state: str) -> BeatState:
    """What is seen at `place`, in quarter notes from the first bar's beginning."""
    bar = metre.bar_at(place)
    within = (place - bar.start_beats) / metre.pulse_beats + _EDGE
    beat = min(metre.beats - 1, max(0, math.floor(within)))
    faded = (within - beat) / _FADE
    shade = 0 if state == "stopped" else max(0, math.ceil(_SHADES * (1 - faded)))
    return BeatState(bar.number + 1, beat + 1, metre.beats, state, min(_SHADES, shade))


class BeatDisplay(QWidget):
    """Call `refresh` as often as the display shows pictures while the transport plays."""

    def __init__(self, transport: Transport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._transport = transport
        self._seen = seen(0.0, transport.metre, "stopped")
        # Opaque, so that a pulse does not call for the style sheet's background behind it.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Bar and beat")
        self.setToolTip("Bar and beat; during the count-in, the beats that are left")
        self.refresh()

    @property
    def seen(self) -> BeatState:
        """What it shows."""
        return self._seen

    def refresh(self) -> None:
        """Show where the transport is now."""
        transport, movement = self._transport, self._transport.movement
        # Play leaves its first notes a moment to get ready: that is not yet the bar before.
        place = max(transport.place, movement.start_beat) if movement.playing else transport.place
        state = "playing" if movement.playing else "stopped"
        if movement.playing and place < movement.music_beat:
            state = "counting in"
        now = seen(place, transport.metre, state)
        if now != self._seen or not self.accessibleDescription():
            if now.words != self._seen.words or not self.accessibleDescription():
                self.setAccessibleDescription(f"{now.words}, {now.state}")
            self._seen = now
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(118), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(BACKGROUND))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        live = self._seen.state != "stopped"
        counts_in = self._seen.state == "counting in"
        painter.setPen(colour(ACCENT if counts_in else TEXT if live else QUIET))
        painter.setFont(font(17, QFont.Weight.DemiBold))
        words = QRectF(8, 0, px(56), self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self._seen.words)
        self._paint_pulse(painter, QRectF(px(62), 0, self.width() - px(62) - 6, self.height()))

    def _paint_pulse(self, painter: QPainter, room: QRectF) -> None:
        """A dot for each beat of the bar, or one for all where they are many."""
        shown = self._seen
        count = shown.beats if shown.beats <= _MOST_DOTS else 1
        gap = room.width() / count
        size = min(9.0, gap - 2)
        painter.setPen(Qt.PenStyle.NoPen)
        for index in range(count):
            here = count == 1 or index == shown.beat - 1
            middle = room.left() + gap * (index + 0.5)
            dot = QRectF(middle - size / 2, room.center().y() - size / 2, size, size)
            painter.setBrush(colour(TRACK))
            painter.drawEllipse(dot)
            if here and shown.state != "stopped":
                light = ACCENT if shown.beat == 1 else TEXT
                painter.setBrush(colour(light, 0.35 + 0.65 * shown.shade / _SHADES))
                grown = 2.0 * shown.shade / _SHADES
                painter.drawEllipse(dot.adjusted(-grown, -grown, grown, grown))
