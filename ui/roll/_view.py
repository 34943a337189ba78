"""The piano roll: bars go by, the playhead is where the ears are, the next bar is in outline.

The view stands still for a bar at a time, so that a frame paints no more than the playhead and
the notes that begin or end. Bars are pictures, drawn once (`ui/roll/tiles.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from time import perf_counter
from typing import NamedTuple

from PySide6.QtCore import QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from studio.live.ensemble.played import RollBar
from studio.live.layers.roll_bars import DRUMS, PitchSpan, bar_at, seen_between, span_of
from studio.live.layers.roll_scale import RollScale, followed
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key
from ui.roll._bar_pixmaps import BarPixmaps
from ui.roll._frame import HEAD_PX, KEYS_PX, RULER_PX, PianoKeys, paint_head, paint_ruler
from ui.roll._painting import LANE_PX, BarStyle, note_rect, paint_sounding
from ui.roll._viewport import Viewport
from ui.theme import TEXT, colour

_FADE_BEATS = 0.4
"""So long the beginning of a note is seen."""
_SHADES = 4
_DRUM_BEATS = 0.12
"""So long a drum is lit."""
_FRAME_MS = 16


class SoundingNote(NamedTuple):
    """A note while it sounds, as it is painted."""

    bar_beats: float
    """Where its bar begins."""
    note: Note
    shade: int
    """From `_SHADES` at its beginning down to 0."""


class RollView(QWidget):
    """Shows what it is told; `turn` moves the playhead. `_roll_input` is what takes input."""

    moved = Signal()
    """It looks elsewhere, or follows or no longer does."""

    def __init__(
        self, parent: QWidget | None = None, clock: Callable[[], float] = perf_counter
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Piano roll")
        self._bars: dict[int, RollBar] = {}
        self._ordered: tuple[RollBar, ...] = ()
        self._spans: dict[int, PitchSpan | None] = {}
        self._metre = Metre()
        self._key: Key | None = None
        self._drums = False
        self._place: float | None = None
        self._playing = False
        self._sounding: tuple[SoundingNote, ...] = ()
        self._chosen: tuple[int, int] | None = None
        self._keys = PianoKeys()
        self._eye = Viewport(clock)
        self._tiles = BarPixmaps(clock)
        self._late = QTimer(self, singleShot=True, interval=_FRAME_MS)
        self._late.timeout.connect(self.update)
        self._fit()

    # -- what it shows -------------------------------------------------------------------------

    def show_bars(self, bars: Sequence[RollBar], metre: Metre, key: Key | None) -> None:
        """Show these bars, in any order; those that are shown already cost nothing."""
        now = {bar.number: bar for bar in bars}
        whole = (metre, key) != (self._metre, self._key)
        if not whole and now == self._bars:
            return
        first = not self._bars
        before = self._bars
        self._learn(now)
        self._metre, self._key = metre, key
        if self._fit(afresh=first) or self._see_music() or whole:
            self._sounding = ()
            self.update()
            return
        for number in now.keys() | before.keys():
            was, comes = before.get(number), now.get(number)
            if was != comes:
                for bar in (was, comes):
                    if bar is not None:
                        self._update_bar(bar)

    def _learn(self, bars: dict[int, RollBar]) -> None:
        """What a bar needs is found out once: there may be a thousand."""
        for number, bar in bars.items():
            if self._bars.get(number) is not bar:
                self._spans[number] = span_of(bar)
                self._drums = self._drums or any(note.track == DRUMS for note in bar.notes)
        for gone in self._spans.keys() - bars.keys():
            del self._spans[gone]
        self._bars = bars
        self._ordered = tuple(sorted(bars.values(), key=lambda bar: bar.start_beats))

    def turn(self, place: float | None, playing: bool) -> None:
        """The playhead is at `place`, in beats; None hides it. Call it with every frame."""
        if (place, playing) == (self._place, self._playing) and not self._eye.gliding:
            return
        before, self._place = self._place, place
        self._playing = playing
        moved = self._eye.follow(place) if playing and place is not None else self._eye.arrive()
        if self._eye.step() or moved:
            self.update()
            self.moved.emit()
        elif before is None or place is None or self.number_at(before) != self.number_at(place):
            self.update()  # another bar is in front, those behind it are dimmed
            words = "" if place is None else f"bar {self.number_at(place) + 1}"
            self.setAccessibleDescription(words)
        else:
            self._update_head(before)
            self._update_head(place)
        self._listen()

    def forget(self) -> None:
        """Another deck is shown, or the music begins anew."""
        self._tiles.forget()
        self._learn({})
        self._sounding, self._chosen, self._drums = (), None, False
        self._eye.forget()
        self._fit(afresh=True)
        self.update()
        self.moved.emit()

    def choose(self, chosen: tuple[int, int] | None) -> None:
        """Mark the bars from the first to the last of `chosen`."""
        if chosen != self._chosen:
            self._chosen = chosen
            self.update()

    @property
    def chosen(self) -> tuple[int, int] | None:
        """The first and the last bar that are marked."""
        return self._chosen

    @property
    def bars(self) -> Mapping[int, RollBar]:
        """By number."""
        return self._bars

    @property
    def scale(self) -> RollScale:
        """Where everything stands."""
        return self._eye.scale

    @property
    def metre(self) -> Metre:
        return self._metre

    @property
    def key(self) -> Key | None:
        return self._key

    @property
    def place(self) -> float | None:
        """Where the playhead is, in beats."""
        return self._place

    @property
    def sounding(self) -> tuple[Note, ...]:
        """The notes that are lit."""
        return tuple(each.note for each in self._sounding)

    # -- where it looks ------------------------------------------------------------------------

    @property
    def following(self) -> bool:
        """Whether it goes with the playhead."""
        return self._eye.following

    @property
    def gliding(self) -> bool:
        """Whether it is on its way to another bar."""
        return self._eye.gliding

    def follow(self) -> None:
        """Go with the playhead again; while nothing plays, see the beginning."""
        self._eye.following = True
        origin = self._ordered[0].start_beats if self._ordered else 0.0
        if self._playing and self._place is not None:
            origin = followed(self._place, self._metre, self.scale.shown_beats)
        self._eye.look_at(origin)
        self._looked()

    def zoom(self, factor: float, x: float | None = None) -> None:
        """So many times as near, about an x of the widget; about the playhead while it follows."""
        about = self.scale.beat(self.width() / 2 if x is None else x)
        if self.following and self._playing and self._place is not None:
            about = self._place
        self._eye.zoom(factor, about)
        self._looked()

    def scroll_beats(self, beats: float) -> None:
        """Look so much further on, and follow no more."""
        self._eye.scroll(beats)
        self._looked()

    def _looked(self) -> None:
        self.update()
        self.moved.emit()

    def _fit(self, *, afresh: bool = False) -> bool:
        below = LANE_PX + 6 if self._drums else 6
        room = (KEYS_PX, RULER_PX, self.width() - KEYS_PX, self.height() - RULER_PX - below)
        bars = self._ordered
        ends = (bars[0].start_beats, bars[-1].end_beats) if bars else (0.0, 0.0)
        return self._eye.fit(room, self._spans.values(), ends, self._metre, afresh=afresh)

    def _see_music(self) -> bool:
        """While nothing plays and no hand has chosen, some of the music is seen; whether it had to
        be looked for."""
        scale, bars = self.scale, self._ordered
        seen = bars and bars[0].start_beats < scale.end_beats
        seen = seen and bars[-1].end_beats > scale.origin_beats
        if seen or not bars or self._playing or not self.following:
            return False
        return self._eye.look_at(bars[0].start_beats)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    # -- what sounds ---------------------------------------------------------------------------

    def _listen(self) -> None:
        """Light the notes that sound, and paint those that differ."""
        now = tuple(self._heard()) if self._playing and self._place is not None else ()
        if now == self._sounding:
            return
        before, self._sounding = self._sounding, now
        for each in set(before) ^ set(now):
            self.update(_around(self._rect_of(each), 5))
        if {e.note.pitch for e in before} != {e.note.pitch for e in now}:
            self.update(QRect(0, 0, int(KEYS_PX), self.height()))

    def _heard(self) -> Iterator[SoundingNote]:
        place = self._place or 0.0
        bar = self._bars.get(self.number_at(place))
        if bar is None:
            return
        for note in bar.notes:
            since = place - bar.start_beats - note.start_beats
            lasts = _DRUM_BEATS if note.track == DRUMS else note.length_beats
            if 0 <= since < lasts:
                fresh = 0.0 if note.tied else 1 - since / _FADE_BEATS
                yield SoundingNote(bar.start_beats, note, max(0, round(_SHADES * fresh)))

    def _rect_of(self, sounding: SoundingNote) -> QRectF:
        return note_rect(sounding.note, self.scale, self.begin_px(sounding.bar_beats))

    def number_at(self, place: float) -> int:
        """The number of the bar that a beat lies in."""
        return bar_at(self._ordered, self._metre, place)

    # -- painting ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        region, look = event.region(), self._look()
        self._tiles.begin_frame()
        music = QRectF(self.rect()).adjusted(KEYS_PX, 0, 0, 0)
        painter.setClipRect(music, Qt.ClipOperation.IntersectClip)
        for bar in self._seen_bars():
            left, right = self.begin_px(bar.start_beats), self.begin_px(bar.end_beats)
            if region.intersects(QRectF(left, 0, right - left, self.height()).toAlignedRect()):
                self._paint_bar(painter, bar, look, left, right)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for each in self._sounding:
            paint_sounding(painter, each.note, self._rect_of(each), each.shade / _SHADES, self._key)
        if self._place is not None:
            x = self.scale.x(self._place)
            paint_head(painter, x, self.height(), playing=self._playing)
        painter.setClipping(False)
        if region.intersects(QRect(0, 0, int(KEYS_PX), self.height())):
            ratio = self.devicePixelRatioF()
            self._keys.paint(painter, look, self.height(), ratio, self.sounding)
        self.paint_over(painter)
        painter.end()
        if self._tiles.late:
            self._late.start()

    def paint_over(self, painter: QPainter) -> None:
        """What lies over everything; for those who let hands play here."""

    def _look(self) -> BarStyle:
        return BarStyle(self.scale, self._metre.pulse_beats, self._key, self._drums)

    def _seen_bars(self) -> Iterator[RollBar]:
        """From the left edge to the right one; empty ones where there are none."""
        scale = self.scale
        return seen_between(self._ordered, self._metre, scale.origin_beats, scale.end_beats)

    def _paint_bar(
        self, painter: QPainter, bar: RollBar, look: BarStyle, left: float, right: float
    ) -> None:
        following = self._bars.get(bar.number + 1)
        tied = {n.pitch for n in following.notes if n.tied} if following else set()
        height, ratio = self.height(), self.devicePixelRatioF()
        now = None if self._place is None else self.number_at(self._place)
        past = self._playing and now is not None and bar.number < now
        tile = self._tiles.take(bar, look, height, ratio, goes_on=tied, past=past)
        target = QRectF(left, 0, right - left, height)
        source = QRectF(tile.rect())
        if abs(source.width() / ratio - target.width()) < 1.5:  # not stretched, but for a while
            source.setWidth(target.width() * ratio)
        painter.drawPixmap(target, tile, source)
        is_now = self._playing and bar.number == now
        paint_ruler(painter, bar, target, self.scale.px_per_beat, is_now=is_now)
        if self._chosen is not None and self._chosen[0] <= bar.number <= self._chosen[1]:
            painter.fillRect(target.adjusted(1, 0, 0, 0), colour(TEXT, 0.10))

    # -- what is painted again -----------------------------------------------------------------

    def begin_px(self, beat: float) -> float:
        """Where a bar's picture begins: on a whole pixel of the screen."""
        ratio = self.devicePixelRatioF()
        return round(self.scale.x(beat) * ratio) / ratio

    def _update_head(self, place: float) -> None:
        x = round(self.scale.x(place))
        self.update(QRect(x - HEAD_PX, 0, 2 * HEAD_PX, self.height()))

    def _update_bar(self, bar: RollBar) -> None:
        left, right = self.begin_px(bar.start_beats), self.begin_px(bar.end_beats)
        self.update(_around(QRectF(left, 0, right - left, self.height()), 6))


def _around(rect: QRectF, margin: int) -> QRect:
    return rect.toAlignedRect().adjusted(-margin, -margin, margin, margin)
