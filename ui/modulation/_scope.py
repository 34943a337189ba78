"""A modulator's curve: the last bar on the left, the next one on the right, now in the middle."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from studio.document.modulation import Modulator
from studio.document.parameters import Value
from studio.modulation.kinds import KINDS
from studio.modulation.values import value
from studio.session import Session
from studio.session.shown import Now
from ui import theme
from ui.modulation._signs import colour_of, paint_sign
from ui.theme import BACKGROUND, QUIET, TRACK, colour

SCOPE_PX = 34
_INSET_PX = 5
_PER_BAR = 32
"""Places at which a bar is asked for: a kick's envelope falls within two of them."""
_HEARD = ("sound", "macro", "follow", "crowd")
"""Kinds that nobody can know ahead: what they were is remembered, and nothing is said of what they
will be. So it is with what `_BY_HAND` begins."""
_BY_HAND = ("midi", "onset")

Point = tuple[float, float]
"""Bars from now, -1 to 1, and the modulator's value, 0 to 1."""


@dataclass(frozen=True)
class Seen:
    """A modulator around now."""

    past: tuple[Point, ...] = ()
    future: tuple[Point, ...] = ()
    value: float = 0.5
    bar_lines: tuple[float, ...] = ()
    """Bars from now, where it runs with the beat."""


class Curve:
    """Remembers what it has asked for: with each picture only what has come in is reckoned."""

    def __init__(self) -> None:
        self._known: dict[int, float] = {}
        self._of: tuple[object, ...] = ()

    def around(self, modulator: Modulator, settings: Mapping[str, Value], now: Now) -> Seen:
        """The modulator with these settings, as they are played, around `now`."""
        inputs, heard = now.inputs, _is_heard(modulator)
        free = heard or KINDS[modulator.kind].free(modulator.settings)
        bar = inputs.bar_beats * (60 / inputs.bpm if free else 1)
        here = now.seconds if free else now.beat
        if (of := (modulator, inputs.tune, inputs.bpm, bar)) != self._of:
            self._of, self._known = of, {}
        step, known = bar / _PER_BAR, self._known
        first, last = math.ceil((here - bar) / step), math.floor((here + bar) / step)

        def at(place: float) -> float:
            way = place - here
            beats, seconds = (way * inputs.bpm / 60, way) if free else (way, way * 60 / inputs.bpm)
            then = now.beat + beats, now.seconds + seconds
            return value(modulator, *then, inputs, settings=settings)

        present = at(here)
        if heard:
            known[round(here / step)] = present
            last = round(here / step)
        else:
            for k in range(first, last + 1):
                if k not in known:
                    known[k] = at(k * step)
        for gone in [k for k in known if not first <= k <= last]:
            del known[gone]
        points = [((k * step - here) / bar, known[k]) for k in sorted(known)]
        middle = (0.0, present)
        return Seen(
            (*(p for p in points if p[0] < 0), middle),
            (middle, *(p for p in points if p[0] > 0)),
            present,
            () if free else _bar_lines(now.beat / bar),
        )


def _is_heard(modulator: Modulator) -> bool:
    """Whether it goes by what is heard, while the music plays and while it stands."""
    return modulator.kind in _HEARD or modulator.settings.get("trigger") in _BY_HAND


def _bar_lines(bars: float) -> tuple[float, ...]:
    return tuple(k - bars for k in range(math.ceil(bars - 1), math.floor(bars + 1) + 1))


class Scope(QWidget):
    """Painted while it is seen and moves."""

    def __init__(self, session: Session, modulator: Modulator) -> None:
        super().__init__()
        self._session, self._modulator = session, modulator
        self._curve, self._now = Curve(), session.modulation.present()
        theme.set_size(self, height=SCOPE_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setToolTip("The last bar and the next one; the line in the middle is now")

    def show_modulator(self, modulator: Modulator) -> None:
        """Show another one, or this one as it is set now."""
        self._modulator = modulator
        self.turn(self._session.modulation.present())

    def turn(self, now: Now) -> None:
        """It is `now`."""
        self._now = now
        self.update()

    def seen(self) -> Seen:
        """What is painted: reckoned when it is, since most cards may be out of sight."""
        modulator, values = self._modulator, self._session.modulation.values
        try:
            settings = values.settings(modulator.id)
        except KeyError:  # it has just come, and nothing has been stepped since
            settings = modulator.settings
        return self._curve.around(modulator, settings, self._now)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(BACKGROUND))
        seen, middle = self.seen(), self.width() / 2
        painter.setPen(QPen(colour(TRACK), 1))
        for line in seen.bar_lines:
            at = middle * (1 + line)
            painter.drawLine(QPointF(at, 0), QPointF(at, self.height()))
        painter.setPen(QPen(colour(QUIET), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(middle, 0), QPointF(middle, self.height()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tint = colour_of(self._modulator.id)
        painter.setOpacity(1.0 if self._modulator.on else 0.4)
        painter.setPen(QPen(colour(tint, 0.65), 1.5))
        painter.drawPolyline(self._line(seen.past))
        painter.setPen(QPen(colour(tint), 1.5))
        painter.drawPolyline(self._line(seen.future))
        paint_sign(painter, self._line(((0.0, seen.value),)).at(0), 4, self._modulator.id)

    def _line(self, points: Sequence[Point]) -> QPolygonF:
        half, low = self.width() / 2, self.height() - _INSET_PX
        high = self.height() - 2 * _INSET_PX
        return QPolygonF([QPointF(half * (1 + x), low - high * y) for x, y in points])
