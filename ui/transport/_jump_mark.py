"""A mark on the slot to which a jump waits for the beat."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from studio.live.jumps import Jumps
from ui.theme import ACCENT, BACKGROUND, RADIUS, colour, font

_BADGE_PX = 20


class JumpMark(QObject):
    """Shows on the views of the slots which of them waits: a dashed frame, and how many beats."""

    def __init__(
        self,
        jumps: Jumps,
        slots: Sequence[QWidget],
        front: Callable[[], str],
        parent: QObject,
    ) -> None:
        """`front` gives the key of the deck whose slots are shown."""
        super().__init__(parent)
        self._jumps, self._front = jumps, front
        self.marks = [_Mark(slot) for slot in slots]

    def turn(self) -> None:
        """Show what waits now; with every frame while the transport plays, and once after."""
        waits = self._jumps.waiting(self._front())
        for index, mark in enumerate(self.marks):
            mark.show_beats(waits[1] if waits is not None and waits[0] == index else None)


class _Mark(QWidget):
    """Lies over a slot and lets the mouse through."""

    def __init__(self, slot: QWidget) -> None:
        super().__init__(slot)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.beats: int | None = None
        self._slot = slot
        self.hide()

    def show_beats(self, beats: int | None) -> None:
        """So many are left; None: nothing waits here."""
        if beats == self.beats:
            return
        if self.beats is None:
            self._slot.installEventFilter(self)
            self.setGeometry(self._slot.rect())
        if beats is None:
            self._slot.removeEventFilter(self)
        self.beats = beats
        self.setVisible(beats is not None)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._slot.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = min(self.width(), self.height()) - 6
        frame = QRectF(0, 0, side, side)
        frame.moveCenter(QRectF(self.rect()).center())
        painter.setPen(QPen(colour(ACCENT), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(frame, RADIUS, RADIUS)
        badge = QRectF(0, 0, _BADGE_PX, _BADGE_PX)
        badge.moveCenter(frame.center())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(ACCENT))
        painter.drawEllipse(badge)
        painter.setPen(colour(BACKGROUND))
        painter.setFont(font(12, QFont.Weight.DemiBold))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(self.beats))
