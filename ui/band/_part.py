"""A part of a band in one line: its colour, whether and how loud it plays, and its instrument."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from studio.audio.messages import FontSeen
from studio.document.parameters import Value
from studio.document.routes import DRUM_CHANNEL, SOUND, Route
from studio.document.score import LEVELS
from studio.live.layers.roll_bars import DRUMS, PART_COLOURS
from ui import theme
from ui.icons import icon
from ui.roll.bars import part_shape
from ui.settings.general_midi import KITS, NAMES
from ui.theme import QUIET, STEP, colour
from ui.widgets.parameter_rows import ComboBox
from ui.widgets.slider import Slider

_NAME_PX, _PROGRAM_PX = 61, 156
_ABOUT_PROGRAM = "The instrument (≈: the sound font plays the nearest that it has)"
_AS_IT_IS = "as it is"


class PartDot(QWidget):
    """The colour and shape that a part has on the roll; hollow while it is mute."""

    def __init__(self, part: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part, self._on = part, True
        self.setFixedSize(12, 24)

    def show_on(self, on: bool) -> None:
        """Whether the part plays."""
        if on != self._on:
            self._on = on
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tint = colour(PART_COLOURS[self._part] if self._on else QUIET)
        painter.setPen(QPen(tint, 1))
        painter.setBrush(tint if self._on else Qt.BrushStyle.NoBrush)
        painter.drawPath(part_shape(self._part, QRectF(1, 7, 10, 10)))


class PartRow(QWidget):
    """Shows what it is told, and reports what the hand wants."""

    muted = Signal(bool)
    program_wanted = Signal(object)
    """A program's number, or None for the instrument as it is."""

    def __init__(self, part: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.part = part
        name = part.capitalize()
        self._dot = PartDot(part, self)
        label = QLabel(name)
        theme.set_size(label, width=_NAME_PX)
        self.mute = QToolButton(self)
        self.mute.setObjectName("flat")
        self.mute.setCheckable(True)
        self.mute.setIconSize(QSize(16, 16))
        self.mute.setAccessibleName(f"Mute {part}")
        self.mute.setToolTip(f"Mute the {part}")
        self.mute.clicked.connect(self.muted)
        self.level = Slider(LEVELS[part], self)
        self.level.setToolTip(f"{name}: {LEVELS[part].help}")
        self.level.setAccessibleName(f"{name} level")
        self.program = ComboBox(f"{name} instrument", self)
        self.program.setToolTip(_ABOUT_PROGRAM)
        theme.set_size(self.program, min_width=_PROGRAM_PX)
        self.program.activated.connect(
            lambda _: self.program_wanted.emit(self.program.currentData())
        )
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(STEP // 2)
        for widget in (self._dot, label, self.mute):
            line.addWidget(widget)
        line.addWidget(self.level, 1)
        line.addWidget(self.program, 2)

    def show_routes(self, routes: Sequence[Route], level: Value, font: FontSeen | None) -> None:
        """Show the ways out of the part's track, and how loud it is."""
        plays = any(not route.mute for route in routes)
        self._dot.show_on(plays)
        self.mute.setChecked(bool(routes) and not plays)
        self.mute.setEnabled(bool(routes))
        self.mute.setIcon(icon("volume" if plays else "volume-off", 16))
        away = "" if routes else ": it has no route (see Settings, Routes)"
        self.mute.setToolTip(f"{'Mute' if plays else 'Let play'} the {self.part}{away}")
        self.level.show_value(level)
        self.level.setEnabled(plays)
        first = routes[0] if routes else Route(track=self.part, port=SOUND)
        self.program.setEnabled(bool(routes))
        _fill(self.program, programs(self.part, first, font), first.program)


def programs(part: str, route: Route, font: FontSeen | None) -> list[tuple[str, int | None]]:
    """What can be asked for: by the font's names where the font plays, by General MIDI's
    elsewhere."""
    chosen = route.program
    if part == DRUMS or route.channel == DRUM_CHANNEL:
        names = dict(KITS)
    else:
        names = dict(enumerate(NAMES))
        if route.port == SOUND and font is not None:
            names = dict(font.programs)
    if chosen is not None and chosen not in names:
        names[chosen] = f"{NAMES[chosen]} ≈"
    return [(_AS_IT_IS, None), *((names[number], number) for number in sorted(names))]


def _fill(picker: ComboBox, choices: Sequence[tuple[str, int | None]], chosen: int | None) -> None:
    """Only what differs: an open list would close."""
    had = [(picker.itemText(i), picker.itemData(i)) for i in range(picker.count())]
    if had != list(choices):
        picker.clear()
        for words, data in choices:
            picker.addItem(words, data)
        picker.view().setMinimumWidth(picker.view().sizeHintForColumn(0) + 4 * STEP)
    index = next(i for i, (_, data) in enumerate(choices) if data == chosen)
    if index != picker.currentIndex():
        picker.setCurrentIndex(index)
    picker.setToolTip(f"{choices[index][0]}\n{_ABOUT_PROGRAM}")
