"""A sheet of paper: what is drawn on it goes into a slot, with every stroke."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui import theme
from ui.theme import STEP
from ui.widgets.drag_data import pixels_of
from ui.widgets.form import quiet

_SIDE_PX = 280
_PEN = 1 / 12
"""As a share of the sheet: as thick as a felt pen's line in a digit."""
_ABOUT = "Draw with the mouse or a pen. With every stroke the slot comes nearest to it."


class Sheet(QWidget):
    """White paper and a black pen."""

    drawn = Signal()
    """A stroke has ended, or the paper is white again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(theme.px(_SIDE_PX), theme.px(_SIDE_PX))
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName("Sheet to draw on")
        self.strokes: list[QPainterPath] = []
        self._drawing = False

    def take_back(self) -> None:
        """Without the last stroke."""
        if self.strokes:
            self.strokes.pop()
            self._changed()

    def clear(self) -> None:
        """White paper again."""
        self.strokes.clear()
        self._changed()

    def image(self) -> QImage:
        """What has been drawn."""
        image = QImage(self.size(), QImage.Format.Format_RGB32)
        painter = QPainter(image)
        self._paint(painter)
        painter.end()
        return image

    def _changed(self) -> None:
        self.update()
        self.drawn.emit()

    def _paint(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), QColor("white"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor("black"), _PEN * self.width())
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        for stroke in self.strokes:
            painter.drawPath(stroke)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._paint(painter)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            stroke = QPainterPath(event.position())
            stroke.lineTo(event.position() + QPointF(0.1, 0))  # a dot is seen, too
            self.strokes.append(stroke)
            self._drawing = True
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drawing:
            self.strokes[-1].lineTo(event.position())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drawing and event.button() == Qt.MouseButton.LeftButton:
            self._drawing = False
            self._changed()


class DrawingDialog(QDialog):
    """Beside the window: what is drawn is taken in at once, and it closes by Escape."""

    drawn = Signal(object)
    """Pixels (H, W, 3) of the sheet, unless it is white."""

    def __init__(self, slot: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Draw into slot {slot}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.sheet = Sheet(self)
        self.sheet.drawn.connect(self._send)
        foot = QHBoxLayout()
        for words, do in (("Undo", self.sheet.take_back), ("Clear", self.sheet.clear)):
            button = QPushButton(words)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, do=do: do())
            foot.addWidget(button)
        foot.addStretch(1)
        done = QPushButton("Done")
        done.clicked.connect(self.close)
        foot.addWidget(done)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * STEP, 2 * STEP, 2 * STEP, STEP)
        column.addWidget(self.sheet, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(quiet(_ABOUT))
        column.addLayout(foot)

    def _send(self) -> None:
        if self.sheet.strokes:
            self.drawn.emit(pixels_of(self.sheet.image()))
