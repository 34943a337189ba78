"""The steps of a modulator that is drawn by hand: their values, glides and chances."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from studio.document.modulation import STEP_LIMIT, Modulator, Step
from studio.document.parameters import Int
from studio.session import Session
from ui import theme
from ui.modulation._signs import colour_of
from ui.tabs.page import segments
from ui.theme import BACKGROUND, QUIET, TEXT, TRACK, colour
from ui.widgets.drag_field import DragField

_HEIGHT_PX = 76
_COUNT = Int(name="count", label="Steps", low=1, high=STEP_LIMIT, default=8, help="How many.")
_DRAWN = (
    ("Value", "value", "Draw where each step stands"),
    ("Glide", "glide", "Draw how much of each step it slides there from the one before"),
    ("Chance", "chance", "Draw how likely each step is played; else the one before goes on"),
)


class Bars(QWidget):
    """A bar for each step: draw over them, or go with the arrow keys."""

    accessible_role = QAccessible.Role.List

    pressed = Signal()
    released = Signal()
    wanted = Signal(object)
    """A bar's number and what the hand wants of it, 0 to 1; several in a row while it draws."""

    def __init__(self, tint: str) -> None:
        super().__init__()
        self._tint = tint
        self._levels: Sequence[float] = (0.0,)
        self._at = 0
        self._last: tuple[int, float] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("Steps, drawn by hand")
        self.setToolTip("Draw over the bars; or arrow keys: left and right choose, up and down set")
        theme.set_size(self, height=_HEIGHT_PX)

    def show_levels(self, levels: Sequence[float]) -> None:
        """Show the bars, each 0 to 1."""
        self._levels, self._at = levels, min(self._at, len(levels) - 1)
        words = f"step {self._at + 1} of {len(levels)}: {levels[self._at]:.0%}"
        self.setAccessibleDescription(words)
        self.update()

    def frame(self, number: int) -> QRectF:
        """Where a step stands."""
        wide = (self.width() - 2) / len(self._levels)
        return QRectF(1 + number * wide, 2, wide, self.height() - 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour(BACKGROUND))
        for number, level in enumerate(self._levels):
            frame = self.frame(number)
            top = frame.bottom() - max(2.0, level * frame.height())
            gap = 1 if frame.width() > 5 else 0.5
            bar = QRectF(frame.left() + gap, top, frame.width() - 2 * gap, frame.bottom() - top)
            painter.fillRect(bar, colour(self._tint))
            if number % 4 == 0 and number:
                painter.setPen(QPen(colour(TRACK), 1))
                painter.drawLine(frame.topLeft(), frame.bottomLeft())
        if self.hasFocus():
            painter.setPen(QPen(colour(TEXT), 1.5))
            painter.drawRect(self.frame(self._at))
            painter.setPen(QPen(colour(QUIET), 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    # -- the hand ------------------------------------------------------------------------------

    def _under(self, at: QPointF) -> tuple[int, float]:
        share = (at.x() - 1) / max(1, self.width() - 2)
        number = min(len(self._levels) - 1, max(0, int(share * len(self._levels))))
        return number, min(1.0, max(0.0, 1 - (at.y() - 2) / (self.height() - 4)))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit()
            self._draw(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._last is not None:
            self._draw(event.position())

    def _draw(self, at: QPointF) -> None:
        """A fast hand leaves none out."""
        number, level = self._under(at)
        before, start = self._last or (number, level)
        way = 1 if number >= before else -1
        drawn = {
            n: start + (level - start) * (abs(n - before) / max(1, abs(number - before)))
            for n in range(before, number + way, way)
        }
        self._last, self._at = (number, level), number
        self.wanted.emit({**drawn, number: level})

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._let_go()

    def hideEvent(self, event: QHideEvent) -> None:
        self._let_go()  # a hidden widget never hears of the release

    def _let_go(self) -> None:
        if self._last is not None:
            self._last = None
            self.released.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        steps = {Qt.Key.Key_Up: 0.05, Qt.Key.Key_Down: -0.05}
        key = Qt.Key(event.key())
        if key in ways:
            self._at = min(len(self._levels) - 1, max(0, self._at + ways[key]))
            self.show_levels(self._levels)
        elif key in steps:
            level = self._levels[self._at] + steps[key]
            self.wanted.emit({self._at: min(1.0, max(0.0, level))})
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()


class StepsView(QWidget):
    """The bars, what of the steps they show, and how many there are."""

    def __init__(self, session: Session, modulator: Modulator) -> None:
        super().__init__()
        self._session, self._modulator = session, modulator
        self.bars = Bars(colour_of(modulator.id))
        self.bars.wanted.connect(self._take)
        self.bars.pressed.connect(session.history.hold)
        self.bars.released.connect(session.history.release)
        self.count = DragField(_COUNT)
        self.count.wanted.connect(self._resize)
        self.count.refused.connect(session.noticed.emit)
        self.count.pressed.connect(session.history.hold)
        self.count.released.connect(session.history.release)
        choices = ((words, about) for words, _, about in _DRAWN)
        self.shown = segments(self, *choices, changed=self._show)
        for button, (words, _, _) in zip(self.shown, _DRAWN, strict=True):
            button.setAccessibleName(f"Draw: {words}")
        line = QHBoxLayout()
        line.setSpacing(0)
        for button in self.shown:
            line.addWidget(button, 1)
        line.addSpacing(8)
        line.addWidget(QLabel("Steps"))
        line.addSpacing(4)
        line.addWidget(self.count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 4)
        column.addWidget(self.bars)
        column.addLayout(line)
        self.show_modulator(modulator)

    @property
    def _field(self) -> str:
        return next(f for b, (_, f, _) in zip(self.shown, _DRAWN, strict=True) if b.isChecked())

    def show_modulator(self, modulator: Modulator) -> None:
        """Show the steps as they are now."""
        self._modulator = modulator
        self._show()

    def _show(self) -> None:
        steps = self._modulator.steps or (Step(),)
        self.bars.show_levels([getattr(step, self._field) for step in steps])
        self.count.show_value(len(steps))

    def _take(self, levels: dict[int, float]) -> None:
        steps = list(self._modulator.steps or (Step(),))
        for number, level in levels.items():
            steps[number] = steps[number].but(**{self._field: round(level, 3)})
        self._session.modulation.change(self._modulator.id, steps=tuple(steps))

    def _resize(self, count: int) -> None:
        """More steps go on as those that are there."""
        steps = self._modulator.steps or (Step(),)
        new = tuple(steps[n % len(steps)] for n in range(int(count)))
        self._session.modulation.change(self._modulator.id, steps=new)
