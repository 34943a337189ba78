"""What a training had learnt, over time: one picture large, all of them in a strip to scrub."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImageReader, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from ui.theme import ACCENT, BACKGROUND, HAIRLINE, QUIET, colour, font

_FRAME_MS = 120
_STRIP_PX = 52
_KEPT = 64
"""Small pictures that are kept read."""


class FilmStrip(QWidget):
    """The last picture, until a hand scrubs back; then the one under the hand."""

    scrubbed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Samples over time")
        self.setToolTip("What it had learnt, over time: drag along the strip, or use ← and →")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._files: list[Path] = []
        self._place: int | None = None
        """Of the one that is looked at; None for the newest."""
        self._small: dict[Path, QPixmap] = {}
        self._large: tuple[Path, QPixmap] | None = None
        self._film = QTimer(self, interval=_FRAME_MS)
        self._film.timeout.connect(self._next)
        self.setMinimumSize(QSize(220, 220))

    def show_files(self, files: list[Path]) -> None:
        """The samples that there are, oldest first."""
        if files != self._files:
            if not files or not self._files or files[0] != self._files[0]:
                self._place, self._small, self._large = None, {}, None
            self._files = files
            self.update()

    @property
    def place(self) -> int:
        """Of the sample that is shown."""
        return len(self._files) - 1 if self._place is None else self._place

    @property
    def words(self) -> str:
        """Which one it is."""
        if not self._files:
            return ""
        step = int(self._files[self.place].stem)
        return f"Sample {self.place + 1} of {len(self._files)}, step {step}"

    def go_to(self, place: int) -> None:
        """Show one of them; the newest follows what comes."""
        if self._files:
            place = max(0, min(len(self._files) - 1, place))
            self._place = None if place == len(self._files) - 1 else place
            self.setAccessibleDescription(self.words)
            self.scrubbed.emit()
            self.update()

    def play(self) -> None:
        """From the first to the last, or stop where it is."""
        if self._film.isActive():
            self._film.stop()
        elif len(self._files) > 1:
            self.go_to(0)
            self._film.start()

    def _next(self) -> None:
        self.go_to(self.place + 1)
        if self._place is None:
            self._film.stop()

    # -- Qt ------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps:
            self.go_to(self.place + steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._scrub(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._scrub(event)

    def _scrub(self, event: QMouseEvent) -> None:
        self._film.stop()
        share = event.position().x() / max(1, self.width())
        self.go_to(int(share * len(self._files)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), colour(BACKGROUND))
        if not self._files:
            painter.setPen(colour(QUIET))
            painter.setFont(font())
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "No samples yet")
            return
        side = min(self.width(), self.height() - _STRIP_PX - 8)
        large = QRectF((self.width() - side) / 2, 0, side, side)
        painter.drawPixmap(large, self._read(), QRectF(self._read().rect()))
        self._paint_strip(painter)

    def _paint_strip(self, painter: QPainter) -> None:
        top, fitting = self.height() - _STRIP_PX, max(1, self.width() // _STRIP_PX)
        count = len(self._files)
        for number in range(min(fitting, count)):
            place = number if count <= fitting else round(number * (count - 1) / (fitting - 1 or 1))
            left = number * self.width() / min(fitting, count)
            tile = QRectF(left, top, min(_STRIP_PX, self.width() / min(fitting, count)), _STRIP_PX)
            small = self._reduced(self._files[place])
            painter.drawPixmap(tile.adjusted(1, 1, -1, -1), small, QRectF(small.rect()))
        painter.setPen(colour(HAIRLINE))
        painter.drawLine(0, top - 3, self.width(), top - 3)
        at = (self.place + 0.5) / count * self.width()
        painter.fillRect(QRectF(at - 1, top - 5, 3, _STRIP_PX + 5), colour(ACCENT))

    def _read(self) -> QPixmap:
        file = self._files[self.place]
        if self._large is None or self._large[0] != file:
            self._large = (file, QPixmap(str(file)))
        return self._large[1]

    def _reduced(self, file: Path) -> QPixmap:
        if file not in self._small:
            reader = QImageReader(str(file))
            reader.setScaledSize(QSize(_STRIP_PX, _STRIP_PX))
            while len(self._small) >= _KEPT:
                del self._small[next(iter(self._small))]
            self._small[file] = QPixmap.fromImage(reader.read())
        return self._small[file]
