"""The score below the piano roll: the bars that it has, engraved, four on a line.

It stands still while the line plays; the notes that sound are lit. Engraving is done in another
process, a line at a time, and what is not there yet is as it was. While it is edited, `_note_edit`
has the mouse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from studio.document.errors import StudioError
from studio.engraving.engraver import Answer, Engraver
from studio.engraving.pages import check
from studio.live.ensemble.played import RollBar
from studio.live.layers.roll_bars import PART_COLOURS
from studio.music.metres import Metre
from studio.music.phrases import Key
from ui.roll.melody_edit import MelodyEdit
from ui.score._line import Content, Line, Sounding, scaled, score_of
from ui.score._note_edit import ScoreEditor
from ui.theme import ACCENT, PANEL, QUIET, STEP, TEXT, colour, font

BARS_A_LINE = 4
_SPACE_PX = 7.5
"""Between two lines of a staff, where there is room for it."""
_UNITS = 180
"""The same in the units of a page."""
_LEAST_PX = 120
_NOTHING = "The score is written as soon as there are notes."


class ScoreView(QWidget):
    """Shows what it is told; `turn` moves what is lit. Call `close_down` at the end."""

    accessible_role = QAccessible.Role.Canvas

    bar_wanted = Signal(int, QPoint)
    """What can be done with a bar is asked for, and where on the screen."""
    _answered = Signal(int, object)

    def __init__(
        self,
        parent: QWidget | None = None,
        make_engraver: Callable[[Callable[[int, Answer], None]], Engraver] = Engraver,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Score")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._make_engraver = make_engraver
        self._engraver: Engraver | None = None
        self._contents: dict[int, Content] = {}
        self._lines: dict[int, Line] = {}
        self._asked: tuple[int, int, Content] | None = None
        self._failed: Content | None = None
        self._place, self._playing = 0.0, False
        self._lit: tuple[Sounding, ...] = ()
        self._editor: ScoreEditor | None = None
        self._edits = False
        self.words = _NOTHING
        """What is said where there is no score."""
        self._answered.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, _LEAST_PX)

    def close_down(self) -> None:
        """End the process, if there is one."""
        if self._engraver is not None:
            self._engraver.close()
            self._engraver = None

    # -- editing -------------------------------------------------------------------------------

    def edit_by(self, melody: MelodyEdit) -> None:
        """Let hands change the notes of `melody` here, once `set_edits` says so."""
        self._editor = ScoreEditor(melody, self._hit)
        melody.chosen.connect(self.update)

    def set_edits(self, on: bool) -> None:
        """Let hands change notes, or no longer."""
        self._edits = on and self._editor is not None
        self.setCursor(Qt.CursorShape.CrossCursor if on else Qt.CursorShape.ArrowCursor)
        self._let_go()
        self.update()

    @property
    def selected(self) -> QRectF | None:
        """Where the note that is chosen stands, in px; None where it is not to be seen."""
        if self._edits and self._editor is not None:
            for _, line, at in self._rows():
                if (rect := self._editor.rect(line)) is not None:
                    return scaled(rect, self._scale()).translated(QPointF(at))
        return None

    def _hit(self, at: QPointF) -> tuple[Line, QPointF, float] | None:
        scale = self._scale()
        for _, line, corner in self._rows():
            inside = (at - QPointF(corner)) / scale
            if 0 <= inside.y() < line.page.height and line.page.measures:
                return line, inside, scale
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._edits or self._editor is None:
            super().mousePressEvent(event)
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if event.button() == Qt.MouseButton.LeftButton:
            self._editor.press(event.position())
        elif event.button() == Qt.MouseButton.RightButton:
            self._editor.remove(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._editor is not None:
            chromatic, lengthens = (
                bool(event.modifiers() & key)
                for key in (Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)
            )
            self._editor.drag(event.position(), chromatic=chromatic, lengthens=lengthens)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._let_go()
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        melody = None if self._editor is None else self._editor.melody
        if melody is None or not self._edits or not melody.press_key(event, by_step=True):
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        found = self._hit(QPointF(event.pos()))
        number = None if found is None else found[0].number_at(found[1].x())
        if event.reason() == QContextMenuEvent.Reason.Keyboard and self._editor is not None:
            number = (self._editor.melody.selected or (number, 0))[0]
        on_note = self._edits and found is not None and found[0].head_at(found[1]) is not None
        if number is not None and not on_note:  # which the right button takes out
            self.bar_wanted.emit(number, event.globalPos())

    def _let_go(self) -> None:
        if self._editor is not None:
            self._editor.release()

    # -- what it shows -------------------------------------------------------------------------

    def show_bars(self, bars: Sequence[RollBar], metre: Metre, key: Key | None) -> None:
        """Show these bars, in any order; lines that are engraved already cost nothing."""
        grouped: dict[int, list[RollBar]] = {}
        for bar in sorted(bars, key=lambda bar: bar.number):
            if abs(bar.length_beats - metre.bar_beats) < 1e-6 and bar.number >= 0:
                grouped.setdefault(bar.number // BARS_A_LINE, []).append(bar)
        now = {index: Content(tuple(kept), metre, key) for index, kept in grouped.items()}
        if now == self._contents:
            return
        self._contents = now
        self._lines = {index: line for index, line in self._lines.items() if index in now}
        self._ask_next()
        self.update()

    def turn(self, place: float | None, playing: bool) -> None:
        """The playhead is at `place`, in beats. Call it with every frame."""
        if not self.isVisible():
            return
        before = self._shown()
        self._place, self._playing = place or 0.0, playing
        if self._shown() != before:
            self._ask_next()
            self.update()
        lit = tuple(self._sounding()) if playing else ()
        if lit != self._lit:
            for each in (*self._lit, *lit):
                self.update(each.rect.toAlignedRect().adjusted(-6, -6, 6, 6))
            self._lit = lit

    @property
    def lit(self) -> tuple[Sounding, ...]:
        """The notes that are lit, where they stand on the view."""
        return self._lit

    @property
    def engraved(self) -> tuple[int, ...]:
        """The lines that are there as they are wanted, by number."""
        found = (i for i, line in self._lines.items() if line.content == self._contents.get(i))
        return tuple(sorted(found))

    # -- lines ---------------------------------------------------------------------------------

    def _shown(self) -> list[int]:
        """The numbers of the lines that are to be seen: from the one that sounds on, and where
        there are no more, those before it."""
        known = sorted(self._contents)
        if not known:
            return []
        room, now = self._room(), self._line_at(self._place)
        ahead = [index for index in known if index >= now][:room]
        before = [index for index in known if index < now]
        lack = room - len(ahead)
        return [*(before[-lack:] if lack > 0 else []), *ahead]

    def _line_at(self, place: float) -> int:
        metre = next(iter(self._contents.values())).metre
        return metre.bar_at(place).number // BARS_A_LINE

    def _room(self) -> int:
        """How many lines there is room for."""
        line = next(iter(self._lines.values()), None)
        high = 36 * _SPACE_PX if line is None else line.page.height * self._scale()
        return max(1, int((self.height() + STEP) / max(1.0, high)))

    def _scale(self) -> float:
        """Px a unit: as wide as is good to read, and no line wider or higher than the view."""
        pages = [line.page for line in self._lines.values()]
        width, height = (
            max((p.width for p in pages), default=1),
            max((p.height for p in pages), default=1),
        )
        fits = min((self.width() - 4 * STEP) / width, self.height() / height)
        return max(0.01, min(_SPACE_PX / _UNITS, fits))

    def _rows(self) -> Iterator[tuple[int, Line, QPoint]]:
        """The lines that are engraved, and where each is."""
        scale, top = self._scale(), 0.0
        for index in self._shown():
            line = self._lines.get(index)
            if line is not None:
                yield index, line, QPoint(2 * STEP, round(top))
                top += line.page.height * scale

    def _sounding(self) -> Iterator[Sounding]:
        scale = self._scale()
        for _, line, at in self._rows():
            for note in line.sounding(self._place, scale):
                yield note._replace(rect=note.rect.translated(at))

    # -- engraving -----------------------------------------------------------------------------

    def _ask_next(self) -> None:
        """Have the first line that is not as it is wanted engraved, one at a time."""
        if self._asked is not None or not self.isVisible():
            return
        for index in self._shown():
            content, line = self._contents[index], self._lines.get(index)
            if (line is None or line.content != content) and content != self._failed:
                self._ask(index, content)
                return

    def _ask(self, index: int, content: Content) -> None:
        if self._engraver is None:
            try:
                check()
            except StudioError as error:
                self._say(str(error))
                return
            self._engraver = self._make_engraver(self._answered.emit)
        number = self._engraver.engrave(score_of(content))
        self._asked = (number, index, content)

    def _take(self, number: int, answer: Answer) -> None:
        if self._asked is None or self._asked[0] != number:
            return
        (_, index, content), self._asked = self._asked, None
        if isinstance(answer, str):
            self._failed = content
            self._say(answer)
        elif index in self._contents:
            self._lines[index] = Line(content, answer[0])
            self._say("")
        self._ask_next()
        self.update()

    def _say(self, words: str) -> None:
        self.words = words
        self.setAccessibleDescription(words)
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_next()

    def hideEvent(self, event: QHideEvent) -> None:
        self._let_go()  # a hidden widget never hears of the release
        super().hideEvent(event)
        self._lit = ()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    # -- painting ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), colour(PANEL))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale, ratio = self._scale(), self.devicePixelRatioF()
        now = self._line_at(self._place) if self._playing and self._contents else None
        painter.setPen(Qt.PenStyle.NoPen)
        for note in self._lit:
            painter.setBrush(colour(PART_COLOURS.get(note.part, ACCENT), 0.75))
            painter.drawRoundedRect(note.rect.adjusted(-4, -3, 4, 3), 6, 6)
        for index, line, at in self._rows():
            picture = line.picture(scale, ratio)
            painter.setOpacity(0.45 if now is not None and index < now else 1.0)
            painter.drawPixmap(at, picture)
            painter.setPen(colour(QUIET))
            painter.setFont(font(12))
            number = QRectF(4, at.y() + 2, 40, 16)
            painter.drawText(number, str(line.content.bars[0].number + 1))
        painter.setOpacity(1.0)
        self._paint_hand(painter)
        if self.words:
            painter.setPen(colour(TEXT if not self._lines else QUIET))
            painter.setFont(font(15))
            room = QRect(self.rect()).adjusted(2 * STEP, 0, -2 * STEP, 0)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(room, flags, self.words)
        painter.end()

    def _paint_hand(self, painter: QPainter) -> None:
        """The note that is chosen, and that keys come here."""
        painter.setPen(QPen(colour(TEXT), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if (chosen := self.selected) is not None:
            painter.setBrush(colour(ACCENT, 0.35))
            painter.drawRoundedRect(chosen.adjusted(-4, -4, 4, 4), 5, 5)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.hasFocus():
            painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))
