"""Bars of a piano roll as finished pictures: a bar is drawn once and then only copied.

Where much is new at once, as while the view is zoomed, a bar whose turn to be drawn has not come
is its old picture for a frame or two, stretched: no frame waits for more than a few bars.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from math import ceil
from time import perf_counter

from PySide6.QtGui import QPainter, QPixmap

from studio.live.ensemble.played import RollBar
from studio.live.layers.roll_scale import RollScale
from ui.roll._painting import BarStyle, paint_bar
from ui.theme import BACKGROUND, colour

_BUDGET_S = 0.002
"""For drawing bars afresh within one frame; one at least is drawn in every frame."""
_MOST = 96
_DIMMED = 0.5


@dataclass(frozen=True, slots=True)
class _Made:
    """All that a picture of a bar depends on."""

    bar: RollBar
    look: BarStyle
    height: int
    ratio: float
    goes_on: tuple[int, ...]
    past: bool


class BarPixmaps:
    """Pictures of bars. Call `begin_frame` before the first `take` of a frame."""

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._tiles: OrderedDict[float, tuple[_Made, QPixmap]] = OrderedDict()
        self._until_s = 0.0
        self._fresh = 0
        self.late = False
        """Whether a bar of this frame is still as it was: the next frame is to draw it."""

    def begin_frame(self) -> None:
        """A new frame with its own time for drawing."""
        self._until_s = self._clock() + _BUDGET_S
        self._fresh, self.late = 0, False

    def take(
        self,
        bar: RollBar,
        look: BarStyle,
        height: int,
        ratio: float,
        *,
        goes_on: Collection[int] = (),
        past: bool = False,
    ) -> QPixmap:
        """The picture of `bar`, of `height` logical px, for a screen of `ratio`.

        Pitches in `goes_on` are tied over its end; a `past` bar is dimmed.
        """
        # Where the view stands does not matter: a bar's picture begins with its bar.
        made = _Made(bar, _unmoved(look), height, ratio, tuple(sorted(goes_on)), past)
        had = self._tiles.get(bar.start_beats)
        if had is not None:
            self._tiles.move_to_end(bar.start_beats)
            if _same(had[0], made):
                return had[1]
            if self._fresh and self._clock() > self._until_s and _near(had[0], made):
                self.late = True
                return had[1]
        self._fresh += 1
        tile = _drawn(made)
        self._tiles[bar.start_beats] = (made, tile)
        while len(self._tiles) > _MOST:
            self._tiles.popitem(last=False)
        return tile

    def forget(self) -> None:
        """Another deck is shown."""
        self._tiles.clear()


def _same(had: _Made, made: _Made) -> bool:
    """Cheap: it is asked for every bar of every frame."""
    return (had.bar is made.bar or had.bar == made.bar) and (
        had.look == made.look
        and (had.height, had.ratio, had.past) == (made.height, made.ratio, made.past)
        and had.goes_on == made.goes_on
    )


def _near(had: _Made, made: _Made) -> bool:
    """Whether the old picture can stand for the new one, stretched, for a frame or two."""
    return (had.bar.length_beats, had.height, had.ratio) == (
        made.bar.length_beats,
        made.height,
        made.ratio,
    )


def _unmoved(look: BarStyle) -> BarStyle:
    scale = look.scale
    per_beat = scale.px_per_beat
    still = RollScale(0, scale.top, per_beat, scale.height, 0.0, 1.0, scale.lowest, scale.highest)
    return BarStyle(still, look.pulse_beats, look.key, look.drums)


def _drawn(made: _Made) -> QPixmap:
    width = made.bar.length_beats * made.look.scale.px_per_beat
    tile = QPixmap(max(1, ceil(width * made.ratio)), max(1, ceil(made.height * made.ratio)))
    tile.setDevicePixelRatio(made.ratio)
    painter = QPainter(tile)
    paint_bar(painter, made.bar, made.look, made.goes_on)
    if made.past:
        painter.fillRect(tile.rect(), colour(BACKGROUND, _DIMMED))
    painter.end()
    return tile
