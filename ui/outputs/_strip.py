"""One layer in the mixer: its picture, its name, how much of it is seen, solo and mute."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from studio.document.addresses import layer_address
from studio.document.mix import MUTE, OPACITY, SOLO, Layer
from studio.document.parameters import Toggle
from studio.engine import Pixels
from ui import theme
from ui.theme import ACCENT, HAIRLINE, QUIET, RADIUS, TEXT, TRACK, colour, font
from ui.widgets.elided_label import elided
from ui.widgets.pixmaps import Thumbnail, ThumbnailStyle, pixmap_of
from ui.widgets.slider import Slider
from ui.widgets.value_field import ValueField

_CUT = ThumbnailStyle(4, HAIRLINE)
_NAME_PX, _VALUE_PX, _HEIGHT_PX = 104, 42, 34


class LayerName(QAbstractButton):
    """A layer's picture and name; down while the layer is the chosen one."""

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setText(words)
        self.setToolTip(f"Show the controls of this layer: {words}")
        self.setAccessibleName(f"Layer {words}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.set_size(self, width=_NAME_PX, height=_HEIGHT_PX)
        self._thumbnail = Thumbnail()

    def show_pixels(self, pixels: Pixels | None) -> None:
        """The newest picture of the layer."""
        self._thumbnail.show(None if pixels is None else pixmap_of(pixels))
        self.update()

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        body = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        edge = TEXT if self.hasFocus() else ACCENT if self.isChecked() else HAIRLINE
        painter.setPen(QPen(colour(edge), 1))
        painter.setBrush(colour(TRACK) if self.isChecked() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(body, RADIUS, RADIUS)
        side = body.height() - 8
        self._thumbnail.paint(painter, QRectF(5, 4.5, side, side), _CUT)
        painter.setPen(colour(TEXT if self.isChecked() else QUIET))
        painter.setFont(font())
        left = side + 12
        words = elided(painter, self.text(), body.width() - left - 4)
        room = QRectF(left, 0, body.width() - left, self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)


class LayerStrip(QWidget):
    """Shows what it is told; `wanted(name, value)` is what the hand wants of the layer."""

    wanted = Signal(str, object)
    pressed = Signal()
    released = Signal()
    refused = Signal(str)

    def __init__(self, place: str, words: str, parent: QWidget | None = None) -> None:
        """`place` is what its addresses begin with."""
        super().__init__(parent)
        self.place = place
        self.name = LayerName(words, self)
        self.opacity = Slider(OPACITY, self)
        self.opacity.setAccessibleName(f"{OPACITY.label} of {words}")
        self.opacity.setToolTip(f"{OPACITY.label} of {words}: {OPACITY.help}")
        self.value = ValueField(OPACITY, self)
        theme.set_size(self.value, width=_VALUE_PX)
        self.solo = self._switch(SOLO, "S", words)
        self.mute = self._switch(MUTE, "M", words)
        self.opacity.pressed.connect(self.pressed)
        self.opacity.released.connect(self.released)
        self.opacity.typing.connect(self.value.edit)
        self.value.left.connect(self.opacity.setFocus)
        self.value.refused.connect(self.refused)
        for part in (self.opacity, self.value):
            part.wanted.connect(lambda value: self.wanted.emit(OPACITY.name, value))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 1, 0, 1)
        line.setSpacing(4)
        line.addWidget(self.name)
        line.addWidget(self.opacity, 1)
        line.addWidget(self.value)
        line.addWidget(self.solo)
        line.addWidget(self.mute)

    def _switch(self, parameter: Toggle, letter: str, words: str) -> QPushButton:
        button = QPushButton(letter, self)
        button.setObjectName("tool")
        button.setCheckable(True)
        button.setAccessibleName(f"{parameter.label} {words}")
        button.setToolTip(f"{parameter.label}: {parameter.help}")
        button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.set_size(button, width=28)
        button.clicked.connect(lambda on: self.wanted.emit(parameter.name, on))
        return button

    def show_layer(self, layer: Layer, *, chosen: bool) -> None:
        """Show the layer as it is set."""
        self.opacity.show_value(layer.opacity)
        self.value.show_value(layer.opacity)
        self.solo.setChecked(layer.solo)
        self.mute.setChecked(layer.mute)
        self.name.setChecked(chosen)

    def addresses(self) -> Iterator[tuple[QWidget, str]]:
        """What of it can be learnt."""
        for widget, parameter in ((self.opacity, OPACITY), (self.solo, SOLO), (self.mute, MUTE)):
            yield widget, layer_address(self.place, parameter)
