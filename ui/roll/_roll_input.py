"""The piano roll under the hand.

A drag pulls the music along; the blend is moved on the pad. A click takes a bar, a drag along the
ruler several. The wheel zooms, with Shift or sideways it scrolls; two fingers scroll and pinch.
From the keyboard: arrows go from bar to bar, Enter takes the bar, + and - zoom, End follows the
playhead again. While it is edited, `_note_edit` has the mouse below the ruler.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QFocusEvent,
    QHideEvent,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QGestureEvent, QPinchGesture, QWidget

from studio.live.ensemble.played import RollBar
from studio.live.layers.roll_bars import DRUMS, PART_COLOURS
from studio.music.metres import Metre
from studio.music.notes import Note
from studio.music.phrases import Key
from ui.roll._frame import KEYS_PX, RULER_PX
from ui.roll._note_edit import NoteEditor
from ui.roll._painting import note_rect
from ui.roll._view import RollView
from ui.roll.bars import note_name, part_shape
from ui.roll.melody_edit import MelodyEdit
from ui.theme import BACKGROUND, TEXT, TRACK, colour, font
from ui.widgets.value_field import ENTER_KEYS

_ZOOM = 1.25
"""By one notch of the wheel or one press of a key."""
_CHIP_PX = 26.0


class PianoRoll(RollView):
    """A `RollView` that can be played on."""

    accessible_role = QAccessible.Role.Canvas

    bars_taken = Signal(int, int, QPoint)
    """The first and the last bar that were clicked, and where on the screen."""

    def __init__(
        self, parent: QWidget | None = None, clock: Callable[[], float] = perf_counter
    ) -> None:
        super().__init__(parent, clock)
        self._press: QPointF | None = None
        self._last = QPointF()
        self._doing = ""
        self._hovered: tuple[RollBar, Note] | None = None
        self.melody = MelodyEdit(self, self)
        self.melody.chosen.connect(self.update)
        self._editor = NoteEditor(self, self.melody)
        self._edits = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.grabGesture(Qt.GestureType.PinchGesture)

    def show_bars(self, bars: Sequence[RollBar], metre: Metre, key: Key | None) -> None:
        super().show_bars(bars, metre, key)
        if self._hovered is not None and self.bars.get(self._hovered[0].number) != self._hovered[0]:
            self._hover(None)  # the note has gone from under the pointer

    @property
    def edits(self) -> bool:
        """Whether hands change notes, rather than pull the music along."""
        return self._edits

    def set_edits(self, on: bool) -> None:
        """Let hands change notes, or no longer."""
        self._edits = on
        self._let_go()
        self.melody.select(None)
        cross, hand = Qt.CursorShape.CrossCursor, Qt.CursorShape.OpenHandCursor
        self.setCursor(cross if on else hand)

    # -- the mouse -----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._last = event.position()
        if event.button() == Qt.MouseButton.MiddleButton:
            self._pull()
        elif event.button() == Qt.MouseButton.LeftButton:
            self._press = event.position()
            self._doing = "mark" if event.position().y() < RULER_PX else "click"
            if self._doing == "mark":
                self._mark(event.position())
            elif self._edits:
                self._doing = "edit"
                self._hover(None)
                self._editor.press(event.position())
        elif self._edits and event.button() == Qt.MouseButton.RightButton:
            self._editor.remove(event.position())
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        way, self._last = at - self._last, at
        if self._doing == "pull":
            self.scroll_beats(-way.x() / self.scale.px_per_beat)
        elif self._doing == "mark":
            self._mark(at)
        elif self._doing == "edit":
            fine = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._editor.drag(at, fine=bool(fine))
        elif self._doing == "click" and self._press is not None:
            if (at - self._press).manhattanLength() >= QApplication.startDragDistance():
                self._pull()
                self.scroll_beats(-(at - self._press).x() / self.scale.px_per_beat)
        else:
            self._hover(at)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        doing = self._doing
        press, at = self._press, event.globalPosition().toPoint()
        self._let_go()
        if doing == "click" and press is not None:
            self._take(self._bar_under(press), at)
        elif doing == "mark" and self.chosen is not None:
            self.bars_taken.emit(*self.chosen, at)

    def _mark(self, at: QPointF) -> None:
        """Every bar from where the button went down to where the hand is."""
        assert self._press is not None
        ends = sorted((self._bar_under(self._press), self._bar_under(at)))
        self.choose((ends[0], ends[1]))

    def _pull(self) -> None:
        self._doing = "pull"
        self._hover(None)
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def _let_go(self) -> None:
        was, self._doing, self._press = self._doing, "", None
        self._editor.release()
        if was == "pull":
            cross, hand = Qt.CursorShape.CrossCursor, Qt.CursorShape.OpenHandCursor
            self.setCursor(cross if self._edits else hand)

    def hideEvent(self, event: QHideEvent) -> None:
        self._let_go()  # a hidden widget never hears of the release
        super().hideEvent(event)

    def _bar_under(self, at: QPointF) -> int:
        return self.number_at(self.scale.beat(at.x()))

    def _take(self, number: int, at: QPoint) -> None:
        """One bar, if there is one."""
        if number in self.bars:
            self.choose((number, number))
            self.bars_taken.emit(number, number, at)

    # -- scrolling and zooming -----------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()
        turn, fine = event.angleDelta(), event.pixelDelta()
        keys = event.modifiers()
        pad = event.device().type() == QInputDevice.DeviceType.TouchPad
        if keys & Qt.KeyboardModifier.ControlModifier:
            self.zoom(_ZOOM ** (turn.y() / 120), event.position().x())
        elif pad and not fine.isNull():
            self.scroll_beats(-(fine.x() or fine.y()) / self.scale.px_per_beat)
        elif turn.x() or keys & Qt.KeyboardModifier.ShiftModifier or pad:
            self.scroll_beats(-(turn.x() or turn.y()) / 120 * self.metre.bar_beats / 2)
        else:
            self.zoom(_ZOOM ** (turn.y() / 120), event.position().x())

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom(max(0.1, 1 + event.value()), event.position().x())
                return True
        elif isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                middle = self.mapFromGlobal(pinch.centerPoint().toPoint())
                self.zoom(max(0.1, pinch.scaleFactor()), middle.x())
                return True
        elif event.type() == QEvent.Type.Leave:
            self._hover(None)
        return super().event(event)

    # -- the keyboard --------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._edits and self.melody.press_key(event):
            return
        key = Qt.Key(event.key())
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        zooms = {Qt.Key.Key_Plus: _ZOOM, Qt.Key.Key_Equal: _ZOOM, Qt.Key.Key_Minus: 1 / _ZOOM}
        if key in ways:
            self._walk(ways[key])
        elif key in zooms:
            self.zoom(zooms[key])
        elif key == Qt.Key.Key_End:
            self.choose(None)
            self.follow()
        elif key in ENTER_KEYS and self.chosen is not None:
            bar = self.bars.get(self.chosen[0])
            x = KEYS_PX if bar is None else self.scale.x(bar.start_beats)
            self._take(self.chosen[0], self.mapToGlobal(QPoint(round(x), round(RULER_PX))))
        else:
            super().keyPressEvent(event)

    def _walk(self, way: int) -> None:
        """Mark the bar before or after, and see it."""
        here = self.number_at(self.place or 0.0) - way
        number = (here if self.chosen is None else self.chosen[0]) + way
        if number not in self.bars:
            return
        self.choose((number, number))
        bar = self.bars[number]
        if bar.start_beats < self.scale.origin_beats:
            self.scroll_beats(bar.start_beats - self.scale.origin_beats)
        elif bar.end_beats > self.scale.end_beats:
            self.scroll_beats(bar.end_beats - self.scale.end_beats)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    # -- what is under the pointer -------------------------------------------------------------

    @property
    def hovered(self) -> str:
        """What the pointer is on, in words; empty where there is no note."""
        return "" if self._hovered is None else self._words_of(self._hovered[1])

    def _hover(self, at: QPointF | None) -> None:
        found = None if at is None else self._note_under(at)
        if found == self._hovered:
            return
        for each in (self._hovered, found):
            if each is not None:
                self.update(self._chip(*each).toAlignedRect().adjusted(-2, -2, 2, 2))
        self._hovered = found

    def _note_under(self, at: QPointF) -> tuple[RollBar, Note] | None:
        bar = self.bars.get(self._bar_under(at))
        if bar is None or at.x() < KEYS_PX or at.y() < RULER_PX:
            return None
        begin = self.begin_px(bar.start_beats)
        for note in reversed(bar.notes):
            if note_rect(note, self.scale, begin).adjusted(-1, -2, 1, 2).contains(at):
                return bar, note
        return None

    def _words_of(self, note: Note) -> str:
        if note.track == DRUMS:
            return f"drums  ·  velocity {note.velocity}"
        beats = f"{note.length_beats:.2f}".rstrip("0").rstrip(".")
        return f"{note_name(note.pitch)}  ·  {note.track}  ·  {beats} beats"

    def _chip(self, bar: RollBar, note: Note) -> QRectF:
        """Above the note, or below where there is no room."""
        rect = note_rect(note, self.scale, self.begin_px(bar.start_beats))
        width = 9.0 * len(self._words_of(note)) + 12
        x = min(max(rect.left(), KEYS_PX + 2), self.width() - width - 2)
        y = rect.top() - _CHIP_PX - 5
        return QRectF(x, rect.bottom() + 5 if y < RULER_PX else y, width, _CHIP_PX)

    def paint_over(self, painter: QPainter) -> None:
        if self._hovered is not None:
            chip, part = self._chip(*self._hovered), self._hovered[1].track
            painter.setPen(QPen(colour(TRACK), 1))
            painter.setBrush(colour(BACKGROUND, 0.94))
            painter.drawRoundedRect(chip, 5, 5)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(PART_COLOURS.get(part, TEXT)))
            painter.drawPath(part_shape(part, QRectF(chip.left() + 9, chip.center().y() - 4, 8, 8)))
            painter.setFont(font(14))
            painter.setPen(colour(TEXT))
            words = chip.adjusted(24, 0, 0, 0)
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, self.hovered)
        chosen = self._editor.rect()
        if chosen is not None:
            painter.setPen(QPen(colour(TEXT), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(chosen.adjusted(-2, -2, 2, 2), 5, 5)
        if self.hasFocus():
            painter.setPen(QPen(colour(TEXT), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
